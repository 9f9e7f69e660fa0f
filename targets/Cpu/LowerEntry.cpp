// SPDX-License-Identifier: Apache-2.0
#include "runtime/include/lathe/kernel_abi.h"
#include "targets/Cpu/Passes.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_LOWERENTRY
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

/// The first fields of lathe_kernel_args: pointers, so their offsets scale.
enum ArgsField { buffersField = 0, sizesField = 1, statusField = 2 };
static_assert(LATHE_KERNEL_ARGS_BUFFERS_OFFSET == buffersField * sizeof(void *) &&
              LATHE_KERNEL_ARGS_SIZES_OFFSET == sizesField * sizeof(void *) &&
              LATHE_KERNEL_ARGS_STATUS_OFFSET == statusField * sizeof(void *));

struct LowerEntryPass : impl::LowerEntryBase<LowerEntryPass> {
  using LowerEntryBase::LowerEntryBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> kernels(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp kernel : kernels)
      if (failed(lower(kernel)))
        return signalPassFailure();
  }

private:
  LogicalResult lower(func::FuncOp kernel) {
    Location loc = kernel.getLoc();
    OpBuilder builder(kernel);
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    Type i32 = builder.getI32Type();
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(&getContext()), {pointer, i32, i32, pointer});
    auto entry =
        LLVM::LLVMFuncOp::create(builder, loc, kernel.getName(), type);
    // Else some machines' objects refer to a personality routine.
    entry.setNoUnwind(true);
    for (NamedAttribute attribute : kernel->getDiscardableAttrs())
      entry->setDiscardableAttr(attribute.getName(), attribute.getValue());
    Block *block = entry.addEntryBlock(builder);
    builder.setInsertionPointToStart(block);
    SmallVector<Value> arguments;
    if (failed(readArguments(kernel, block, builder, arguments)))
      return failure();
    Block &body = kernel.front();
    for (auto [argument, value] : llvm::zip(body.getArguments(), arguments))
      argument.replaceAllUsesWith(value);
    Operation *ret = body.getTerminator();
    OpBuilder atEnd(ret);
    LLVM::ReturnOp::create(atEnd, ret->getLoc(), ValueRange());
    ret->erase();
    block->getOperations().splice(block->end(), body.getOperations());
    lowerAsserts(entry, block->getArgument(0));
    kernel.erase();
    return success();
  }

  LogicalResult readArguments(func::FuncOp kernel, Block *entry,
                              OpBuilder &builder,
                              SmallVectorImpl<Value> &arguments) {
    Location loc = kernel.getLoc();
    Value args = entry->getArgument(0);
    Value buffers = loadField(builder, loc, args, buffersField);
    Value sizes = loadField(builder, loc, args, sizesField);
    arguments.resize(kernel.getNumArguments());
    // Index values first: dynamic buffers refer to them.
    int64_t nextSize = 0;
    for (BlockArgument argument : kernel.getArguments()) {
      if (!argument.getType().isIndex())
        continue;
      unsigned number = argument.getArgNumber();
      Value value;
      if (kernel.getArgAttr(number, "lathe.tile_begin"))
        value = arith::IndexCastUIOp::create(
            builder, loc, builder.getIndexType(), entry->getArgument(1));
      else if (kernel.getArgAttr(number, "lathe.tile_end"))
        value = arith::IndexCastUIOp::create(
            builder, loc, builder.getIndexType(), entry->getArgument(2));
      else
        value = arith::IndexCastOp::create(
            builder, loc, builder.getIndexType(),
            loadElement(builder, loc, sizes, wordType(builder), nextSize++));
      arguments[number] = value;
    }
    int64_t nextBuffer = 0;
    for (BlockArgument argument : kernel.getArguments()) {
      auto type = dyn_cast<MemRefType>(argument.getType());
      if (!type)
        continue;
      bool isScratch =
          static_cast<bool>(kernel.getArgAttr(argument.getArgNumber(), "lathe.scratch"));
      Value base = isScratch
                       ? entry->getArgument(3)
                       : loadElement(builder, loc, buffers,
                                     entry->getArgument(0).getType(),
                                     nextBuffer++);
      FailureOr<Value> memref =
          describe(kernel, argument, type, base, arguments, builder);
      if (failed(memref))
        return failure();
      arguments[argument.getArgNumber()] = *memref;
    }
    return success();
  }

  static Value loadElement(OpBuilder &builder, Location loc, Value array,
                           Type type, int64_t index) {
    Value address = LLVM::GEPOp::create(
        builder, loc, array.getType(), type, array,
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
    return LLVM::LoadOp::create(builder, loc, type, address);
  }

  /// intptr_t of the machine.
  Type wordType(OpBuilder &builder) { return builder.getIntegerType(pointerBits); }

  Value loadField(OpBuilder &builder, Location loc, Value args,
                  ArgsField field) {
    int32_t offsetBytes = field * pointerBits / 8;
    Value address = LLVM::GEPOp::create(builder, loc, args.getType(),
                                        builder.getI8Type(), args,
                                        ArrayRef<LLVM::GEPArg>{offsetBytes});
    return LLVM::LoadOp::create(builder, loc, args.getType(), address);
  }

  /// A dense row-major memref of `type` at `base`.
  FailureOr<Value> describe(func::FuncOp kernel, BlockArgument argument,
                            MemRefType type, Value base,
                            ArrayRef<Value> arguments, OpBuilder &builder) {
    Location loc = kernel.getLoc();
    LowerToLLVMOptions options(&getContext());
    options.overrideIndexBitwidth(pointerBits);
    LLVMTypeConverter converter(&getContext(), options);
    auto descriptor = MemRefDescriptor::poison(builder, loc,
                                               converter.convertType(type));
    descriptor.setAllocatedPtr(builder, loc, base);
    descriptor.setAlignedPtr(builder, loc, base);
    descriptor.setConstantOffset(builder, loc, 0);
    auto positions = kernel.getArgAttrOfType<DenseI64ArrayAttr>(
        argument.getArgNumber(), "lathe.dim_args");
    bool isScratch =
        static_cast<bool>(kernel.getArgAttr(argument.getArgNumber(), "lathe.scratch"));
    Type word = wordType(builder);
    auto wordConstant = [&](int64_t value) -> Value {
      return LLVM::ConstantOp::create(builder, loc, word,
                                      builder.getIntegerAttr(word, value));
    };
    Value stride = wordConstant(1);
    for (int64_t dim = type.getRank(); dim-- > 0;) {
      Value size;
      if (!type.isDynamicDim(dim) || isScratch) {
        int64_t extent =
            isScratch ? kernel->getAttrOfType<IntegerAttr>("lathe.scratch_bytes").getInt()
                      : type.getDimSize(dim);
        size = wordConstant(extent);
      } else if (positions && positions[dim] >= 0) {
        size = arith::IndexCastOp::create(builder, loc, word,
                                          arguments[positions[dim]]);
      } else {
        return kernel.emitError("argument ")
               << argument.getArgNumber()
               << " has a dynamic dimension that 'lathe.dim_args' does not bind";
      }
      descriptor.setSize(builder, loc, dim, size);
      descriptor.setStride(builder, loc, dim, stride);
      if (dim > 0)
        stride = builder.createOrFold<LLVM::MulOp>(loc, stride, size);
    }
    Value value = descriptor;
    return UnrealizedConversionCastOp::create(builder, loc, type, value)
        .getResult(0);
  }

  /// A failed assertion sets the status word and goes on: the code around it
  /// has clamped what it asserts about.
  void lowerAsserts(LLVM::LLVMFuncOp entry, Value args) {
    SmallVector<cf::AssertOp> asserts;
    entry.walk([&](cf::AssertOp op) { asserts.push_back(op); });
    for (cf::AssertOp op : asserts) {
      OpBuilder builder(op);
      Location loc = op.getLoc();
      Value no = arith::ConstantIntOp::create(builder, loc, builder.getI1Type(), 0);
      Value bad = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::eq, op.getArg(), no);
      auto branch = scf::IfOp::create(builder, loc, bad, false);
      builder.setInsertionPointToStart(branch.thenBlock());
      Value status =
          loadField(builder, loc, args, statusField);
      int64_t code = op.getMsg().starts_with("size")
                         ? LATHE_KERNEL_BAD_SIZE
                         : LATHE_KERNEL_INDEX_OUT_OF_RANGE;
      Value value = LLVM::ConstantOp::create(
          builder, loc, builder.getI32Type(), builder.getI32IntegerAttr(code));
      LLVM::StoreOp::create(builder, loc, value, status, /*alignment=*/4,
                            /*isVolatile=*/false, /*isNonTemporal=*/false,
                            /*isInvariantGroup=*/false,
                            LLVM::AtomicOrdering::monotonic);
      op.erase();
    }
    if (!asserts.empty())
      entry->setDiscardableAttr("lathe.may_fail",
                                UnitAttr::get(entry.getContext()));
  }
};

} // namespace
} // namespace lathe::cpu
