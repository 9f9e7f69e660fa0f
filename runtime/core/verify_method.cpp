// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/expression.h"
#include "runtime/core/verifier.h"

#include <cstring>

namespace lathe::core {

using namespace view;

bool verifier::check_size(int64_t size, const char *what) {
  if (size >= 0)
    return true;
  uint64_t index = expression_index(size);
  return index < method_->expressions()->size() ||
         reject("% is expression % of %", what, index, method_->expressions()->size());
}

bool verifier::check_symbols() {
  auto *symbols = method_->symbols();
  if (!limit(symbols->size(), LATHE_MAX_SYMBOLS, "symbols"))
    return false;
  for (uint32_t i = 0; i < symbols->size(); ++i) {
    const Symbol &symbol = *symbols->Get(i);
    if (!check_name(symbol.name(), "symbol name"))
      return false;
    if (symbol.min() < 0 || symbol.min() > symbol.max())
      return reject("symbol % has the range % to %", i, symbol.min(), symbol.max());
    if (!limit(static_cast<uint64_t>(symbol.max()), LATHE_MAX_DIMENSION,
               "the largest value of a symbol"))
      return false;
    if (symbol.multiple() < 1 || symbol.multiple() > LATHE_MAX_DIMENSION)
      return reject("symbol % is a multiple of %", i, symbol.multiple());
  }
  return true;
}

bool verifier::check_expression(const Expression &expression) {
  auto *ops = expression.ops();
  auto *operands = expression.operands();
  if (!take(ops) || !take(operands) ||
      !limit(ops->size(), LATHE_MAX_EXPRESSION_OPS, "operations"))
    return false;
  uint32_t depth = 0;
  uint32_t used = 0;
  for (uint32_t i = 0; i < ops->size(); ++i) {
    auto op = static_cast<ExpressionOp>(ops->Get(i));
    if (op > ExpressionOp::MAX)
      return reject("an expression has an unknown operation");
    if (op > ExpressionOp::symbol) {
      if (depth < 2)
        return reject("an expression takes a value that is not there");
      --depth;
      continue;
    }
    if (used == operands->size())
      return reject("an expression has too few operands");
    int64_t operand = operands->Get(used++);
    if (op == ExpressionOp::symbol &&
        (operand < 0 || operand >= int64_t{method_->symbols()->size()}))
      return reject("an expression uses symbol % of %", operand, method_->symbols()->size());
    if (++depth > LATHE_MAX_EXPRESSION_DEPTH)
      return reject(LATHE_ERR_LIMIT, "an expression is too deep");
  }
  if (depth != 1)
    return reject("an expression leaves % values", depth);
  if (used != operands->size())
    return reject("an expression has too many operands");
  return true;
}

bool verifier::check_assumptions() {
  auto *assumptions = method_->assumptions();
  if (!limit(assumptions->size(), LATHE_MAX_ASSUMPTIONS, "assumptions"))
    return false;
  for (uint32_t i = 0; i < assumptions->size(); ++i) {
    const Assumption &assumption = *assumptions->Get(i);
    if (assumption.relation() > Relation::MAX)
      return reject("assumption % has an unknown relation", i);
    if (!check_size(assumption.left(), "an assumption") ||
        !check_size(assumption.right(), "an assumption") ||
        !check_name(assumption.text(), "assumption text"))
      return false;
  }
  return true;
}

bool verifier::check_bindings() {
  memset(bound_symbols_, 0, sizeof(bound_symbols_));
  auto *bindings = method_->bindings();
  if (!limit(bindings->size(), LATHE_MAX_SYMBOLS, "symbol bindings"))
    return false;
  for (uint32_t i = 0; i < bindings->size(); ++i) {
    const SymbolBinding &binding = *bindings->Get(i);
    if (!check_index(binding.symbol(), method_->symbols()->size(), "binding % is of symbol % of %", i))
      return false;
    if (is_bound_symbol(binding.symbol()))
      return reject("symbol % is bound twice", binding.symbol());
    bound_symbols_[binding.symbol() / 64] |= uint64_t{1}
                                             << (binding.symbol() % 64);
    if (!check_index(binding.input(), method_->inputs()->size(), "binding % reads input % of %", i))
      return false;
    const Tensor &input = *method_->inputs()->Get(binding.input());
    if (!check_index(binding.axis(), input.dims()->size(), "binding % reads axis % of a tensor of rank %", i))
      return false;
    if (binding.divisor() < 1)
      return reject("binding % divides by %", i, binding.divisor());
  }
  return true;
}

bool verifier::check_tensor_bounds(const Tensor &tensor) {
  uint32_t rank = tensor.dims()->size();
  if (!take(tensor.dims_min()) || !take(tensor.dims_max()))
    return false;
  bool bounded = tensor.dims_min()->size() == rank &&
                 tensor.dims_max()->size() == rank;
  bool absent = tensor.dims_min()->size() == 0 && tensor.dims_max()->size() == 0;
  if (!bounded && !absent)
    return reject("a tensor has bounds of another rank");
  for (uint32_t i = 0; i < rank; ++i) {
    int64_t dim = tensor.dims()->Get(i);
    if (dim < 0 && absent)
      return reject("dimension % has no bounds", i);
    if (absent)
      continue;
    int64_t low = tensor.dims_min()->Get(i), high = tensor.dims_max()->Get(i);
    if (low < 0 || low > high || (dim >= 0 && (dim < low || dim > high)))
      return reject("dimension % has the bounds % to %", i, low, high);
  }
  return true;
}

bool verifier::check_quantization(const Tensor &tensor) {
  const Quantization *quantization = tensor.quantization();
  if (!quantization)
    return true;
  if (!take(quantization->scales()) || !take(quantization->zero_points()))
    return false;
  uint32_t scales = quantization->scales()->size();
  if (scales == 0 || scales != quantization->zero_points()->size())
    return reject("a tensor has % scales and % zero points", scales, quantization->zero_points()->size());
  int32_t axis = quantization->axis();
  if (axis < -1 || axis >= static_cast<int32_t>(tensor.dims()->size()))
    return reject("a tensor is quantized along axis %", axis);
  int64_t wanted = axis < 0 ? 1 : tensor.dims()->Get(static_cast<uint32_t>(axis));
  if (wanted != int64_t{scales})
    return reject("a tensor has % scales for %", scales, wanted);
  return true;
}

bool verifier::check_tensor(const Tensor &tensor) {
  uint32_t element = element_bytes(tensor.dtype());
  if (element == 0)
    return reject("a tensor has an unknown dtype");
  auto *dims = tensor.dims();
  if (!check_name(tensor.name(), "tensor name") || !take(dims) ||
      !limit(dims->size(), LATHE_MAX_RANK, "rank"))
    return false;
  for (uint32_t i = 0; i < dims->size(); ++i)
    if (!check_size(dims->Get(i), "a dimension"))
      return false;
  uint64_t bytes = 0;
  return check_tensor_bounds(tensor) &&
         check_dims(tensor.dims_max()->size() ? tensor.dims_max() : dims,
                    element, &bytes) &&
         check_quantization(tensor);
}

bool verifier::check_buffer_region(const Buffer &buffer) {
  uint32_t limit_of_index = 1;
  switch (buffer.region()) {
  case Region::arena:
    if (buffer.offset_bytes() != 0)
      return reject("a buffer of the arena has an offset outside the plans");
    break;
  case Region::weights:
    limit_of_index = program_->weight_slots()->size();
    break;
  case Region::state:
    break;
  case Region::input:
    limit_of_index = method_->inputs()->size();
    break;
  case Region::output:
    limit_of_index = method_->outputs()->size();
    break;
  default:
    return reject("a buffer is in an unknown region");
  }
  if (buffer.index() >= limit_of_index)
    return reject("a buffer is in region % of %", buffer.index(), limit_of_index);
  return true;
}

/// Sizes that are constants are checked here; the others at prepare, by the
/// same rule.
bool verifier::check_constant_range(const Buffer &buffer, uint32_t ordinal) {
  if (buffer.view_offset_bytes() < 0 || buffer.bytes() < 0)
    return true;
  // At most LATHE_MAX_REGION_BYTES and an int64_t: no overflow.
  uint64_t offset = buffer.offset_bytes() +
                    static_cast<uint64_t>(buffer.view_offset_bytes());
  auto bytes = static_cast<uint64_t>(buffer.bytes());
  if (buffer.region() == Region::weights) {
    uint64_t segment = slot_segment(buffer.index())->bytes();
    if (segment < LATHE_READ_SLACK_BYTES ||
        !range_fits(offset, bytes, segment - LATHE_READ_SLACK_BYTES))
      return reject("a buffer leaves its weight segment");
  } else if (buffer.region() == Region::state) {
    if (!range_fits(offset, bytes, program_->state_bytes()))
      return reject("a buffer leaves the state region");
  } else if (buffer.region() == Region::arena) {
    for (uint32_t i = 0; i < variant_->plans()->size(); ++i) {
      const Plan &plan = *variant_->plans()->Get(i);
      uint64_t start = 0;
      if (!add(plan.offsets_bytes()->Get(ordinal), offset, &start) ||
          !range_fits(start, bytes, plan.arena_bytes()))
        return reject("a buffer leaves the arena of plan %", i);
    }
  }
  return true;
}

bool verifier::check_buffers() {
  auto *buffers = variant_->buffers();
  uint32_t ordinal = 0;
  for (uint32_t i = 0; i < buffers->size(); ++i) {
    const Buffer &buffer = *buffers->Get(i);
    if (!check_buffer_region(buffer) ||
        !check_size(buffer.view_offset_bytes(), "a buffer's offset") ||
        !check_size(buffer.bytes(), "a buffer's size"))
      return false;
    if (!limit(buffer.offset_bytes(), LATHE_MAX_REGION_BYTES, "offset bytes") ||
        !check_constant_range(buffer, ordinal))
      return false;
    ordinal += buffer.region() == Region::arena;
  }
  return true;
}

bool verifier::check_plans() {
  auto *plans = variant_->plans();
  uint32_t arena_buffers = 0;
  for (uint32_t i = 0; i < variant_->buffers()->size(); ++i)
    arena_buffers += variant_->buffers()->Get(i)->region() == Region::arena;
  if (plans->size() == 0)
    return reject("a variant has no plan");
  if (!limit(plans->size(), LATHE_MAX_PLANS, "plans"))
    return false;
  uint32_t symbols = method_->symbols()->size();
  for (uint32_t i = 0; i < plans->size(); ++i) {
    const Plan &plan = *plans->Get(i);
    if (!take(plan.symbol_max()) || !take(plan.offsets_bytes()) ||
        !limit(plan.arena_bytes(), LATHE_MAX_REGION_BYTES, "arena bytes"))
      return false;
    needs_arena_[method_index_] |= plan.arena_bytes() != 0;
    if (plan.offsets_bytes()->size() != arena_buffers)
      return reject("plan % has % offsets for % buffers", i, plan.offsets_bytes()->size(), arena_buffers);
    for (uint32_t b = 0; b < arena_buffers; ++b)
      if (plan.offsets_bytes()->Get(b) % LATHE_REGION_ALIGNMENT != 0)
        return reject("plan % has a misaligned offset", i);
    bool covers_all = plan.symbol_max()->size() == 0;
    if (!covers_all && plan.symbol_max()->size() != symbols)
      return reject("plan % bounds % of % symbols", i, plan.symbol_max()->size(), symbols);
    for (uint32_t s = 0; !covers_all && s < symbols; ++s) {
      bool full = plan.symbol_max()->Get(s) >= method_->symbols()->Get(s)->max();
      if (!full && is_runtime_symbol(s))
        return reject("plan % bounds symbol %, which is set while running", i, s);
      if (!full && i + 1 == plans->size())
        return reject("the last plan does not cover symbol %", s);
    }
  }
  return true;
}

bool verifier::find_runtime_symbols(const Method &method) {
  memset(runtime_symbols_, 0, sizeof(runtime_symbols_));
  for (uint32_t v = 0; v < method.variants()->size(); ++v) {
    auto *instructions = method.variants()->Get(v)->instructions();
    for (uint32_t i = 0; i < instructions->size(); ++i) {
      uint32_t symbol = symbol_set_by(*instructions->Get(i));
      if (symbol == LATHE_NONE)
        continue;
      if (!check_index(symbol, method.symbols()->size(), "an instruction sets symbol % of %"))
        return false;
      if (is_bound_symbol(symbol))
        return reject("an instruction sets symbol %, which an input binds", symbol);
      runtime_symbols_[symbol / 64] |= uint64_t{1} << (symbol % 64);
    }
  }
  return true;
}

bool verifier::check_variant(const Variant &variant) {
  variant_ = &variant;
  if (!take(variant.devices()) ||
      !limit(variant.devices()->size(), LATHE_MAX_DEVICES, "devices"))
    return false;
  for (uint32_t i = 0; i < variant.devices()->size(); ++i)
    if (static_cast<Device>(variant.devices()->Get(i)) > Device::MAX)
      return reject("a variant is for an unknown device");
  if (!limit(variant.buffers()->size(), LATHE_MAX_BUFFERS, "buffers") ||
      !check_plans() || !check_buffers())
    return false;
  auto *instructions = variant.instructions();
  instruction_count_ += instructions->size();
  if (!limit(instruction_count_, LATHE_MAX_INSTRUCTIONS, "instructions"))
    return false;
  for (uint32_t i = 0; i < instructions->size(); ++i) {
    instruction_index_ = i;
    if (!check_instruction(*instructions->Get(i)))
      return false;
  }
  instruction_index_ = LATHE_NONE;
  return true;
}

bool verifier::check_method(const Method &method) {
  method_ = &method;
  call_depth_[method_index_] = 1;
  if (method.name()->size() == 0)
    return reject("a method has no name");
  if (!check_name(method.name(), "method name"))
    return false;
  for (uint32_t i = 0; i < method_index_; ++i)
    if (strcmp(program_->methods()->Get(i)->name()->c_str(),
               method.name()->c_str()) == 0)
      return reject("two methods have the same name");
  if (!check_symbols() ||
      !limit(method.expressions()->size(), LATHE_MAX_EXPRESSIONS, "expressions"))
    return false;
  for (uint32_t i = 0; i < method.expressions()->size(); ++i)
    if (!check_expression(*method.expressions()->Get(i)))
      return false;
  const reader::Vector<reader::Offset<Tensor>> *tensors[] = {
      method.inputs(), method.outputs()};
  for (auto *list : tensors) {
    if (!limit(list->size(), LATHE_MAX_METHOD_TENSORS, "inputs or outputs"))
      return false;
    for (uint32_t i = 0; i < list->size(); ++i)
      if (!check_tensor(*list->Get(i)))
        return false;
  }
  if (!check_assumptions() || !check_bindings() ||
      !find_runtime_symbols(method))
    return false;
  for (uint32_t i = 0; i < method.aliases()->size(); ++i) {
    const OutputAlias &alias = *method.aliases()->Get(i);
    if (alias.output() >= method.outputs()->size() ||
        alias.input() >= method.inputs()->size())
      return reject("an alias names a missing input or output");
  }
  if (!limit(method.variants()->size(), LATHE_MAX_VARIANTS, "variants"))
    return false;
  for (uint32_t i = 0; i < method.variants()->size(); ++i)
    if (!check_variant(*method.variants()->Get(i)))
      return false;
  return true;
}

} // namespace lathe::core
