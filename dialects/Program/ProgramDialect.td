// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_PROGRAM_PROGRAMDIALECT_TD
#define LATHE_DIALECTS_PROGRAM_PROGRAMDIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def ProgramDialect : Dialect {
  let name = "program";
  let cppNamespace = "::lathe::program";
  let summary = "Where and when: the text form of a program file.";
  let description = [{
    Each operation is one table of runtime/schema/program.fbs; the writer and
    the reader in compiler/ translate one to the other and decide nothing.
    Sizes are `#graph.expr` expressions over the method's own symbols; buffers
    are SSA values; branch targets are labels. What the file derives from
    content (offsets of segments, digests, the order of expressions) has no
    text form.

    ```mlir
    program.info producer "lathec 0.1" state_bytes 0 slots [@weights]
    program.segment @weights weights in program bytes 128 {
      program.chunk at 0 bytes 16 key "9c2f"
    }
    program.weight "fc.bias" : tensor<4xf32> slot 0 at 0 bytes 16
    program.image @linked linked features 0x0 abi 1
    program.kernel @add_f32 on cpu entries [0]
        arguments [<input, read, 4>, <input, read, 4>, <output, write, 4>]
    program.method @forward {
      program.input "x" : tensor<4xf32>
      program.output "y" : tensor<4xf32>
      program.variant [cpu] {
        %x = program.buffer input 0 bytes 16
        %b = program.buffer weights 0 bytes 16
        %y = program.buffer output 0 bytes 16
        program.plan arena_bytes 0 offsets []
        program.call_kernel @add_f32(%x, %b, %y) tiles 1
      }
    }
    ```
  }];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let dependentDialects = ["::lathe::graph::GraphDialect"];
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerOperations();
  }];
}

class Program_Attr<string name, string attrMnemonic> : AttrDef<ProgramDialect, name> {
  let mnemonic = attrMnemonic;
}

def Program_BufferType : TypeDef<ProgramDialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "bytes at an offset of a region";
}

//===-- Enumerations: names and numbers of program.fbs --------------------===//

class Program_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::lathe::program";
  let genSpecializedAttr = 0;
}
class Program_EnumAttr<EnumAttrInfo info, string attrMnemonic>
    : EnumAttr<ProgramDialect, info, attrMnemonic> {
  let assemblyFormat = "$value";
}

def Program_SegmentKind : Program_Enum<"SegmentKind", "what a segment holds", [
    I32EnumAttrCase<"Weights", 0, "weights">, I32EnumAttrCase<"Code", 1, "code">,
    I32EnumAttrCase<"Spirv", 2, "spirv">, I32EnumAttrCase<"Data", 3, "data">,
    I32EnumAttrCase<"Locations", 4, "locations">, I32EnumAttrCase<"Debug", 5, "debug">]>;
def Program_SegmentKindAttr : Program_EnumAttr<Program_SegmentKind, "segment_kind">;

def Program_SegmentFile : Program_Enum<"SegmentFile", "the file a segment lies in", [
    I32EnumAttrCase<"Program", 0, "program">, I32EnumAttrCase<"Sidecar", 1, "sidecar">]>;
def Program_SegmentFileAttr : Program_EnumAttr<Program_SegmentFile, "segment_file">;

def Program_ImageFormat : Program_Enum<"ImageFormat", "machine of a code image", [
    I32EnumAttrCase<"RawX86_64", 1, "raw_x86_64">, I32EnumAttrCase<"RawAarch64", 2, "raw_aarch64">,
    I32EnumAttrCase<"RawRiscv64", 3, "raw_riscv64">, I32EnumAttrCase<"Linked", 4, "linked">]>;
def Program_ImageFormatAttr : Program_EnumAttr<Program_ImageFormat, "image_format">;

def Program_Device : Program_Enum<"Device", "what runs a kernel", [
    I32EnumAttrCase<"Cpu", 0, "cpu">, I32EnumAttrCase<"Vulkan", 1, "vulkan">,
    I32EnumAttrCase<"Webgpu", 2, "webgpu">]>;
def Program_DeviceAttr : Program_EnumAttr<Program_Device, "device">;

def Program_ArgumentKind : Program_Enum<"ArgumentKind", "role of a kernel's buffer", [
    I32EnumAttrCase<"Input", 0, "input">, I32EnumAttrCase<"Output", 1, "output">,
    I32EnumAttrCase<"Weight", 2, "weight">, I32EnumAttrCase<"State", 3, "state">]>;
def Program_Access : Program_Enum<"Access", "what a kernel does to a buffer", [
    I32EnumAttrCase<"Read", 0, "read">, I32EnumAttrCase<"Write", 1, "write">,
    I32EnumAttrCase<"ReadWrite", 2, "read_write">]>;

def Program_Region : Program_Enum<"Region", "memory that a buffer lies in", [
    I32EnumAttrCase<"Arena", 0, "arena">, I32EnumAttrCase<"Weights", 1, "weights">,
    I32EnumAttrCase<"State", 2, "state">, I32EnumAttrCase<"Input", 3, "input">,
    I32EnumAttrCase<"Output", 4, "output">]>;
def Program_RegionAttr : Program_EnumAttr<Program_Region, "region">;

def Program_Relation : Program_Enum<"Relation", "relation of two sizes", [
    I32EnumAttrCase<"Equal", 0, "eq">, I32EnumAttrCase<"NotEqual", 1, "ne">,
    I32EnumAttrCase<"Less", 2, "lt">, I32EnumAttrCase<"LessEqual", 3, "le">]>;
def Program_RelationAttr : Program_EnumAttr<Program_Relation, "relation">;

//===-- Structured attributes ---------------------------------------------===//

def Program_ArgumentAttr : Program_Attr<"Argument", "argument"> {
  let summary = "a buffer of a kernel: role, access, alignment in bytes";
  let parameters = (ins EnumParameter<Program_ArgumentKind>:$kind,
                        EnumParameter<Program_Access>:$access, "uint32_t":$alignment);
  let assemblyFormat = "`<` $kind `,` $access `,` $alignment `>`";
}
def Program_ArgumentArrayAttr : TypedArrayAttrBase<Program_ArgumentAttr, "kernel arguments">;

def Program_ShaderAttr : Program_Attr<"Shader", "shader"> {
  let summary = "a compute shader of a SPIR-V segment";
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$segment, "::mlir::StringAttr":$entryPoint,
                        "uint32_t":$localSizeX, "uint32_t":$localSizeY, "uint32_t":$localSizeZ,
                        "uint32_t":$pushConstantBytes, "uint64_t":$features);
  let assemblyFormat = [{
    `<` $segment `,` $entryPoint `,` $localSizeX `x` $localSizeY `x` $localSizeZ `,`
        `push` $pushConstantBytes `,` `features` $features `>`
  }];
}
def Program_ShaderArrayAttr : TypedArrayAttrBase<Program_ShaderAttr, "shaders">;

#endif // LATHE_DIALECTS_PROGRAM_PROGRAMDIALECT_TD
