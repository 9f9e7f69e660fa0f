// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_PROGRAM_PROGRAMOPS_TD
#define LATHE_DIALECTS_PROGRAM_PROGRAMOPS_TD

include "dialects/Program/ProgramDialect.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

// Attributes of the graph dialect. Its .td is not included: enum generation has
// no filter by dialect.
def Program_Size : Attr<CPred<"::llvm::isa<::lathe::graph::ExprAttr>($_self)">, "size expression"> {
  let storageType = "::lathe::graph::ExprAttr";
  let returnType = "::lathe::graph::ExprAttr";
  let convertFromStorage = "$_self";
}
def Program_Sizes : Attr<CPred<"::llvm::isa<::lathe::graph::DimsAttr>($_self)">, "size expressions"> {
  let storageType = "::lathe::graph::DimsAttr";
  let returnType = "::lathe::graph::DimsAttr";
  let convertFromStorage = "$_self";
}

class Program_Op<string mnemonic, list<Trait> traits = []> : Op<ProgramDialect, mnemonic, traits>;
class Program_ModuleOp<string mnemonic, list<Trait> traits = []>
    : Program_Op<mnemonic, traits # [HasParent<"::mlir::ModuleOp">]>;
class Program_MethodPart<string mnemonic, list<Trait> traits = []>
    : Program_Op<mnemonic, traits # [HasParent<"MethodOp">]>;
class Program_VariantPart<string mnemonic, list<Trait> traits = []>
    : Program_Op<mnemonic, traits # [HasParent<"VariantOp">]>;
// One element of the instruction union. `location` is a list of the segment of
// source locations.
class Program_Instruction<string mnemonic, list<Trait> traits = []>
    : Program_VariantPart<mnemonic, traits>;

//===-- Module level ------------------------------------------------------===//

def Program_InfoOp : Program_ModuleOp<"info"> {
  let summary = "what the root table holds itself";
  let description = "`slots` are the segments that weight slots name; `locations` the segment of source locations.";
  let arguments = (ins StrAttr:$producer, DefaultValuedAttr<I64Attr, "0">:$features, I64Attr:$state_bytes,
                       TypedArrayAttrBase<FlatSymbolRefAttr, "segments">:$slots,
                       OptionalAttr<FlatSymbolRefAttr>:$locations);
  let assemblyFormat = [{
    `producer` $producer (`features` custom<Bits>($features)^)? `state_bytes` custom<Plain>($state_bytes)
        `slots` $slots (`locations` $locations^)? attr-dict
  }];
}
def Program_SegmentOp : Program_ModuleOp<"segment", [Symbol, NoTerminator, SingleBlock, NoRegionArguments]> {
  let summary = "a contiguous part of the program file or of its sidecar";
  let description = "Chunks are sorted and do not overlap; bytes outside them are zero.";
  let arguments = (ins SymbolNameAttr:$sym_name, Program_SegmentKindAttr:$kind, Program_SegmentFileAttr:$file,
                       I64Attr:$bytes);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name $kind `in` $file `bytes` custom<Plain>($bytes) attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}
def Program_ChunkOp : Program_Op<"chunk", [HasParent<"SegmentOp">]> {
  let summary = "content of a segment, from the WeightStore or from a graph.weight's initializer";
  let arguments = (ins I64Attr:$offset_bytes, I64Attr:$bytes, OptionalAttr<StrAttr>:$key,
                       OptionalAttr<FlatSymbolRefAttr>:$weight);
  let assemblyFormat = [{
    `at` custom<Plain>($offset_bytes) `bytes` custom<Plain>($bytes) (`key` $key^)? (`weight` $weight^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_WeightOp : Program_ModuleOp<"weight"> {
  let summary = "a weight by its name: type of the payload, slot, offset in the slot's segment";
  let arguments = (ins StrAttr:$name, TypeAttrOf<RankedTensorOf<[AnyType]>>:$type, I64Attr:$slot,
                       I64Attr:$offset_bytes, I64Attr:$bytes, OptionalAttr<StrAttr>:$format);
  let assemblyFormat = [{
    $name `:` $type `slot` custom<Plain>($slot) `at` custom<Plain>($offset_bytes)
        `bytes` custom<Plain>($bytes) (`format` $format^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_StateOp : Program_ModuleOp<"state"> {
  let summary = "a value that outlives a run, at an offset in the state region";
  let description = "`initial` is the position of a program.weight; absent means zeros.";
  let arguments = (ins StrAttr:$name, TypeAttrOf<RankedTensorOf<[AnyType]>>:$type, I64Attr:$offset_bytes,
                       I64Attr:$bytes, OptionalAttr<I64Attr>:$initial);
  let assemblyFormat = [{
    $name `:` $type `at` custom<Plain>($offset_bytes) `bytes` custom<Plain>($bytes)
        (`initial` custom<Plain>($initial)^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_ImageOp : Program_ModuleOp<"image", [Symbol]> {
  let summary = "a position-independent image of machine code";
  let description = [{
    Code generation leaves the image's bytes in the WeightStore under `key`
    (`bytes` long); planning moves them to a `segment`. `text` is the range that
    kernel entries lie in. `weight_segments` replaces the slots of program.info.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Program_ImageFormatAttr:$format, I64Attr:$features, I64Attr:$abi,
                       DefaultValuedAttr<I64Attr, "0">:$text_offset_bytes, DefaultValuedAttr<I64Attr, "0">:$text_bytes,
                       OptionalAttr<FlatSymbolRefAttr>:$segment, OptionalAttr<StrAttr>:$key,
                       OptionalAttr<I64Attr>:$bytes,
                       OptionalAttr<TypedArrayAttrBase<FlatSymbolRefAttr, "segments">>:$weight_segments);
  let assemblyFormat = [{
    $sym_name $format `features` custom<Bits>($features) `abi` custom<Plain>($abi)
        (`text` custom<Plain>($text_offset_bytes)^)? (`text_bytes` custom<Plain>($text_bytes)^)?
        (`in` $segment^)? (`key` $key^)? (`bytes` custom<Plain>($bytes)^)?
        (`weight_segments` $weight_segments^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_KernelOp : Program_ModuleOp<"kernel", [Symbol]> {
  let summary = "code that instructions call";
  let description = [{
    `entries` has one offset for each program.image (in a linked image: an index
    of the kernel table). `in_place` holds (input, output) argument pairs that
    may be one buffer.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Program_DeviceAttr:$device, DenseI64ArrayAttr:$entries,
                       Program_ArgumentArrayAttr:$kernel_arguments, DefaultValuedAttr<I64Attr, "0">:$size_count,
                       DefaultValuedAttr<I64Attr, "0">:$scratch_bytes, UnitAttr:$may_fail,
                       OptionalAttr<DenseI64ArrayAttr>:$in_place,
                       DefaultValuedAttr<I64Attr, "20000">:$parallel_min_ns,
                       OptionalAttr<Program_ShaderArrayAttr>:$shaders);
  let assemblyFormat = [{
    $sym_name `on` $device `entries` custom<IntegerList>($entries) `arguments` custom<Arguments>($kernel_arguments)
        (`sizes` custom<Plain>($size_count)^)? (`scratch_bytes` custom<Plain>($scratch_bytes)^)?
        (`may_fail` $may_fail^)? (`in_place` custom<IntegerList>($in_place)^)?
        (`parallel_min_ns` custom<Plain>($parallel_min_ns)^)? (`shaders` $shaders^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_DataOp : Program_ModuleOp<"data"> {
  let summary = "bytes for the application, found by name";
  let arguments = (ins StrAttr:$name, FlatSymbolRefAttr:$segment, I64Attr:$offset_bytes, I64Attr:$bytes);
  let assemblyFormat = [{
    $name `in` $segment `at` custom<Plain>($offset_bytes) `bytes` custom<Plain>($bytes) attr-dict
  }];
}

//===-- Methods -----------------------------------------------------------===//

def Program_MethodOp : Program_ModuleOp<"method", [Symbol, NoTerminator, SingleBlock, NoRegionArguments]> {
  let summary = "a function of the program: symbols, inputs, outputs and plans";
  let arguments = (ins SymbolNameAttr:$sym_name, UnitAttr:$internal);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`internal` $internal^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}
def Program_SymbolOp : Program_MethodPart<"symbol"> {
  let summary = "an integer known only at run time, with its inclusive range";
  let arguments = (ins StrAttr:$name, I64Attr:$min, I64Attr:$max, DefaultValuedAttr<I64Attr, "1">:$multiple);
  let assemblyFormat = [{
    $name `[` custom<Plain>($min) `,` custom<Plain>($max) `]` (`multiple` custom<Plain>($multiple)^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_AssumeOp : Program_MethodPart<"assume"> {
  let summary = "a relation of sizes, checked when a run is prepared";
  let arguments = (ins Program_Size:$lhs, Program_RelationAttr:$relation, Program_Size:$rhs,
                       OptionalAttr<StrAttr>:$text);
  let assemblyFormat = "custom<Size>($lhs) `,` $relation `,` custom<Size>($rhs) (`text` $text^)? attr-dict";
}
def Program_BindOp : Program_MethodPart<"bind"> {
  let summary = "symbol = (dimension `axis` of input `input` - addend) / divisor, exactly";
  let arguments = (ins StrAttr:$symbol, I64Attr:$input, I64Attr:$axis, DefaultValuedAttr<I64Attr, "1">:$divisor,
                       DefaultValuedAttr<I64Attr, "0">:$addend);
  let assemblyFormat = [{
    $symbol `from` `input` custom<Plain>($input) `axis` custom<Plain>($axis)
        (`divisor` custom<Plain>($divisor)^)? (`addend` custom<Plain>($addend)^)? attr-dict
  }];
}
class Program_Tensor<string mnemonic> : Program_MethodPart<mnemonic> {
  let description = [{
    Sizes stand in the type; `min` and `max` bound them and are present exactly
    when one of them is no constant. Element types are storage types.
  }];
  let arguments = (ins StrAttr:$name, TypeAttrOf<RankedTensorOf<[AnyType]>>:$type,
                       OptionalAttr<DenseI64ArrayAttr>:$min, OptionalAttr<DenseI64ArrayAttr>:$max,
                       OptionalAttr<DenseF32ArrayAttr>:$scales, OptionalAttr<DenseI32ArrayAttr>:$zero_points,
                       DefaultValuedAttr<I64Attr, "-1">:$axis);
  let assemblyFormat = [{
    $name `:` $type (`min` custom<IntegerList>($min)^)? (`max` custom<IntegerList>($max)^)?
        (`scales` $scales^ `zero_points` $zero_points)? (`axis` custom<Plain>($axis)^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_InputOp : Program_Tensor<"input"> { let summary = "an input of the method, by position"; }
def Program_OutputOp : Program_Tensor<"output"> { let summary = "an output of the method, by position"; }
def Program_AliasOp : Program_MethodPart<"alias"> {
  let summary = "the output may be bound to the memory of the input";
  let arguments = (ins I64Attr:$output, I64Attr:$input);
  let assemblyFormat = "`output` custom<Plain>($output) `input` custom<Plain>($input) attr-dict";
}
def Program_VariantOp : Program_MethodPart<"variant", [NoTerminator, SingleBlock, NoRegionArguments]> {
  let summary = "a complete plan of the method for one ordered list of devices";
  let description = "Buffers, then plans, then instructions.";
  let arguments = (ins TypedArrayAttrBase<Program_DeviceAttr, "devices">:$devices);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "custom<Devices>($devices) attr-dict-with-keyword $body";
  let hasVerifier = 1;
}
def Program_BufferOp : Program_VariantPart<"buffer"> {
  let summary = "bytes [offset, offset + bytes) of a region";
  let description = [{
    `index` is a weight slot, an input or an output. `at` is the constant part
    of the offset; in the arena each plan holds it. `plus` is the part that may
    depend on symbols.

    Until memory is planned, arena buffers with equal `storage` share memory.
  }];
  let arguments = (ins Program_RegionAttr:$region, DefaultValuedAttr<I64Attr, "0">:$index,
                       DefaultValuedAttr<I64Attr, "0">:$offset_bytes, OptionalAttr<Program_Size>:$view_offset_bytes,
                       Program_Size:$bytes, OptionalAttr<I64Attr>:$storage);
  let results = (outs Program_BufferType:$result);
  let assemblyFormat = [{
    $region (custom<OptionalPlain>($index)^)? (`at` custom<Plain>($offset_bytes)^)?
        (`plus` custom<Size>($view_offset_bytes)^)? `bytes` custom<Size>($bytes)
        (`storage` custom<Plain>($storage)^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_PlanOp : Program_VariantPart<"plan"> {
  let summary = "where the arena's buffers lie, for sizes up to `max`";
  let description = [{
    One offset for each buffer of the arena, in order. `max` has one bound for
    each symbol of the method; absent means each symbol's own.
  }];
  let arguments = (ins OptionalAttr<DenseI64ArrayAttr>:$symbol_max, I64Attr:$arena_bytes, DenseI64ArrayAttr:$offsets);
  let assemblyFormat = [{
    (`max` custom<IntegerList>($symbol_max)^)? `arena_bytes` custom<Plain>($arena_bytes)
        `offsets` custom<IntegerList>($offsets) attr-dict
  }];
}

//===-- Instructions ------------------------------------------------------===//

def Program_LabelOp : Program_VariantPart<"label"> {
  let summary = "a branch target: the next instruction, or the end; takes no place in the file";
  let arguments = (ins StrAttr:$name);
  let assemblyFormat = "$name attr-dict";
}
def Program_CallKernelOp : Program_Instruction<"call_kernel"> {
  let summary = "runs tiles [0, tiles) of a kernel in any order on any threads";
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Program_BufferType>:$buffers,
                       OptionalAttr<Program_Sizes>:$sizes, Program_Size:$tiles,
                       OptionalAttr<Program_Size>:$tile_cost_ns, DefaultValuedAttr<I64Attr, "0">:$device,
                       OptionalAttr<I64Attr>:$location);
  let assemblyFormat = [{
    $kernel `(` $buffers `)` (`sizes` custom<SizeList>($sizes)^)? `tiles` custom<Size>($tiles)
        (`cost_ns` custom<Size>($tile_cost_ns)^)? (`device` custom<Plain>($device)^)?
        (`location` custom<Plain>($location)^)? attr-dict
  }];
}
def Program_CallMethodOp : Program_Instruction<"call_method", [AttrSizedOperandSegments]> {
  let summary = "runs an earlier method on buffers of this one";
  let arguments = (ins FlatSymbolRefAttr:$method, Variadic<Program_BufferType>:$inputs,
                       Variadic<Program_BufferType>:$outputs, Optional<Program_BufferType>:$arena,
                       OptionalAttr<Program_Sizes>:$symbols, OptionalAttr<I64Attr>:$location);
  let assemblyFormat = [{
    $method `(` $inputs `)` `to` `(` $outputs `)` (`arena` $arena^)? (`symbols` custom<SizeList>($symbols)^)?
        (`location` custom<Plain>($location)^)? attr-dict
  }];
}
def Program_CopyOp : Program_Instruction<"copy"> {
  let summary = "copies all bytes of a buffer to another of the same size";
  let arguments = (ins Program_BufferType:$source, Program_BufferType:$destination, OptionalAttr<I64Attr>:$location);
  let assemblyFormat = "$source `to` $destination (`location` custom<Plain>($location)^)? attr-dict";
}
def Program_FillOp : Program_Instruction<"fill"> {
  let summary = "repeats the low `value_bytes` bytes of a value";
  let arguments = (ins Program_BufferType:$destination, I64Attr:$value, DefaultValuedAttr<I64Attr, "1">:$value_bytes,
                       OptionalAttr<I64Attr>:$location);
  let assemblyFormat = [{
    $destination `with` custom<Bits>($value) (`value_bytes` custom<Plain>($value_bytes)^)?
        (`location` custom<Plain>($location)^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_BranchOp : Program_Instruction<"branch"> {
  let summary = "continues at a label";
  let arguments = (ins StrAttr:$target, OptionalAttr<I64Attr>:$location);
  let assemblyFormat = "$target (`location` custom<Plain>($location)^)? attr-dict";
}
def Program_BranchIfOp : Program_Instruction<"branch_if"> {
  let summary = "continues at a label when a byte, or else a size, is not 0 (with negate: is 0)";
  let arguments = (ins StrAttr:$target, Optional<Program_BufferType>:$buffer, OptionalAttr<Program_Size>:$condition,
                       UnitAttr:$negate, OptionalAttr<I64Attr>:$location);
  let assemblyFormat = [{
    (`not` $negate^)? (`buffer` $buffer^)? (`size` custom<Size>($condition)^)? `to` $target
        (`location` custom<Plain>($location)^)? attr-dict
  }];
  let hasVerifier = 1;
}
def Program_WaitOp : Program_Instruction<"wait"> {
  let summary = "waits until all work given to a device is done";
  let arguments = (ins I64Attr:$device, OptionalAttr<I64Attr>:$location);
  let assemblyFormat = "custom<Plain>($device) (`location` custom<Plain>($location)^)? attr-dict";
}
def Program_BindSymbolOp : Program_Instruction<"bind_symbol"> {
  let summary = "symbol = the i32 or i64 at the start of a buffer";
  let arguments = (ins StrAttr:$symbol, Program_BufferType:$buffer, TypeAttrOf<AnyTypeOf<[I32, I64]>>:$type,
                       OptionalAttr<I64Attr>:$location);
  let assemblyFormat = [{
    $symbol `from` $buffer `as` $type (`location` custom<Plain>($location)^)? attr-dict
  }];
}
def Program_SetSymbolOp : Program_Instruction<"set_symbol"> {
  let summary = "symbol = size";
  let arguments = (ins StrAttr:$symbol, Program_Size:$value, OptionalAttr<I64Attr>:$location);
  let assemblyFormat = [{
    $symbol `to` custom<Size>($value) (`location` custom<Plain>($location)^)? attr-dict
  }];
}

#endif // LATHE_DIALECTS_PROGRAM_PROGRAMOPS_TD
