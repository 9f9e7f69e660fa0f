// SPDX-License-Identifier: Apache-2.0
// Queries: names, tensors, versions. They read only what decode left.
#include "runtime/core/checked.h"
#include "runtime/core/error.h"
#include "runtime/core/program.h"
#include "runtime/core/verify.h"
#include "runtime/schema/file_layout.h"

#include <cstring>

using namespace lathe;
using namespace lathe::core;

namespace {

struct dtype_row {
  char name[7]; // not a pointer, which would cost a relocation
  uint8_t bytes;
};
constexpr dtype_row dtypes[] = {
    {"?", 0},   {"i1", 1},  {"i8", 1},   {"i16", 2}, {"i32", 4}, {"i64", 8},
    {"u8", 1},  {"u16", 2}, {"u32", 4},  {"u64", 8}, {"f16", 2}, {"bf16", 2},
    {"f32", 4}, {"f64", 8}, {"f8e4m3", 1}, {"f8e5m2", 1}};
static_assert(sizeof(dtypes) / sizeof(dtypes[0]) ==
                  static_cast<size_t>(view::DType::MAX) + 1,
              "one row per element type of the schema");
static_assert(LATHE_DTYPE_F8E5M2 ==
                  static_cast<uint32_t>(view::DType::f8e5m2),
              "the API and the schema number types alike");
static_assert(LATHE_DTYPE_F32 == static_cast<uint32_t>(view::DType::f32),
              "the API and the schema number types alike");

void describe_state(const view::State &state, lathe_tensor_info *out) {
  out->dtype = static_cast<uint32_t>(state.dtype());
  out->rank = state.dims()->size();
  out->name = state.name()->c_str();
  out->bytes_max = state.bytes();
  for (uint32_t i = 0; i < out->rank; ++i) {
    int64_t dim = state.dims()->Get(i);
    out->dims[i] = {dim, dim, 1, nullptr};
  }
}

/// A dimension that is one symbol takes name and multiple from it.
void describe_symbol(const method_record &method, int64_t size,
                     lathe_dim_info *out) {
  if (size >= 0)
    return;
  const expression &code = method.expressions[expression_index(size)];
  if (code.op_count != 1 ||
      code.ops[0] != static_cast<uint8_t>(view::ExpressionOp::symbol))
    return;
  const view::Symbol &symbol = *method.source->symbols()->Get(
      static_cast<uint32_t>(code.operands[0]));
  out->symbol = symbol.name()->c_str();
  out->multiple = symbol.multiple();
}

void describe_tensor(const method_record &method, const view::Tensor &tensor,
                     lathe_tensor_info *out) {
  out->dtype = static_cast<uint32_t>(tensor.dtype());
  out->rank = tensor.dims()->size();
  out->name = tensor.name()->c_str();
  bool bounded = tensor.dims_max()->size() != 0;
  uint64_t bytes = element_bytes(tensor.dtype());
  for (uint32_t i = 0; i < out->rank; ++i) {
    int64_t size = tensor.dims()->Get(i);
    lathe_dim_info &dim = out->dims[i];
    dim = {size, size, 1, nullptr};
    if (bounded && size < 0)
      dim = {tensor.dims_min()->Get(i), tensor.dims_max()->Get(i), 1, nullptr};
    describe_symbol(method, size, &dim);
    bytes *= static_cast<uint64_t>(dim.max); // verified not to overflow
  }
  out->bytes_max = bytes;
  if (const view::Quantization *quantization = tensor.quantization()) {
    out->scales = quantization->scales()->data();
    out->zero_points = quantization->zero_points()->data();
    out->scale_count = quantization->scales()->size();
    out->axis = quantization->axis();
  }
}

} // namespace

namespace lathe::core {

bool read_struct_bytes(const void *in, void *out, uint32_t bytes) {
  memset(out, 0, bytes);
  if (!in)
    return true;
  uint32_t given = 0;
  memcpy(&given, in, sizeof(given));
  memcpy(out, in, given < bytes ? given : bytes);
  return given >= sizeof(given);
}

bool write_struct_bytes(const void *value, void *out, uint32_t bytes) {
  uint32_t given = 0;
  if (out)
    memcpy(&given, out, sizeof(given));
  if (given < sizeof(given))
    return false;
  memcpy(static_cast<uint8_t *>(out) + sizeof(given),
         static_cast<const uint8_t *>(value) + sizeof(given),
         (given < bytes ? given : bytes) - sizeof(given));
  return true;
}

} // namespace lathe::core

uint32_t lathe_version(void) {
  return LATHE_VERSION_MAJOR << 16 | LATHE_VERSION_MINOR << 8 |
         LATHE_VERSION_PATCH;
}

const char *lathe_version_text(void) {
  static_assert(LATHE_VERSION_MAJOR == 0 && LATHE_VERSION_MINOR == 1 &&
                    LATHE_VERSION_PATCH == 0 && LATHE_FORMAT_MAJOR == 1 &&
                    LATHE_FORMAT_MINOR == 0 && LATHE_KERNEL_ABI_VERSION == 1,
                "the text below repeats these numbers");
  return "0.1.0 (format 1.0, kernel abi 1)";
}

const char *lathe_status_name(int32_t status) {
  static const char *const names[] = {
      "LATHE_OK",           "LATHE_ERR_ARGUMENT",
      "LATHE_ERR_MEMORY",   "LATHE_ERR_IO",
      "LATHE_ERR_NOT_FOUND", "LATHE_ERR_ALIGNMENT",
      "LATHE_ERR_FORMAT",   "LATHE_ERR_VERSION",
      "LATHE_ERR_DIGEST",   "LATHE_ERR_METADATA",
      "LATHE_ERR_LIMIT",    "LATHE_ERR_TOO_LARGE",
      "LATHE_ERR_UNSUPPORTED", "LATHE_ERR_CODE_NOT_AUTHORIZED",
      "LATHE_ERR_CODE_FORBIDDEN", "LATHE_ERR_WEIGHTS",
      "LATHE_ERR_SHAPE",    "LATHE_ERR_ASSUMPTION",
      "LATHE_ERR_SIZE",     "LATHE_ERR_UNBOUND",
      "LATHE_ERR_INDEX",    "LATHE_ERR_KERNEL",
      "LATHE_ERR_CANCELLED", "LATHE_ERR_INSTRUCTION_LIMIT",
      "LATHE_ERR_STATE_DIRTY", "LATHE_ERR_BUSY",
      "LATHE_ERR_DEVICE"};
  constexpr int32_t count = sizeof(names) / sizeof(names[0]);
  return status <= 0 && status > -count ? names[-status] : "LATHE_ERR_?";
}

uint32_t lathe_dtype_bytes(uint32_t dtype) {
  return dtype < sizeof(dtypes) / sizeof(dtypes[0]) ? dtypes[dtype].bytes : 0;
}

const char *lathe_dtype_name(uint32_t dtype) {
  return dtype < sizeof(dtypes) / sizeof(dtypes[0]) ? dtypes[dtype].name : "?";
}

const uint8_t *lathe_program_digest(const lathe_program *program) {
  return program->digest;
}

const char *lathe_program_code_name(const lathe_program *program) {
  return program->code_name;
}

int32_t lathe_program_data(const lathe_program *program, const char *name,
                           const void **data, size_t *bytes) {
  if (!program || !name || !data || !bytes)
    return LATHE_ERR_ARGUMENT;
  auto *items = program->root->data();
  for (uint32_t i = 0; !program->linked && i < items->size(); ++i) {
    const view::NamedData &item = *items->Get(i);
    if (strcmp(item.name()->c_str(), name) != 0)
      continue;
    *data = segment_data(*program, item.segment()) + item.offset_bytes();
    *bytes = static_cast<size_t>(item.bytes());
    return LATHE_OK;
  }
  return LATHE_ERR_NOT_FOUND;
}

uint32_t lathe_method_count(const lathe_program *program) {
  return program->method_count;
}

int32_t lathe_method(const lathe_program *program, uint32_t method,
                     lathe_method_info *info) {
  if (!program || !info)
    return LATHE_ERR_ARGUMENT;
  if (method >= program->method_count)
    return LATHE_ERR_NOT_FOUND;
  const method_record &record = program->methods[method];
  lathe_method_info out = {};
  out.input_count = record.input_count;
  out.output_count = record.output_count;
  out.instruction_count = record.instruction_count;
  out.kernel_call_count = record.call_count;
  out.internal = record.internal;
  out.name = record.name;
  return write_struct(out, info) ? LATHE_OK : LATHE_ERR_ARGUMENT;
}

uint32_t lathe_find_method(const lathe_program *program, const char *name) {
  for (uint32_t i = 0; name && i < program->method_count; ++i)
    if (strcmp(program->methods[i].name, name) == 0)
      return i;
  return LATHE_NONE;
}

int32_t lathe_tensor_describe(const lathe_program *program, uint32_t method,
                              uint32_t kind, uint32_t index,
                              lathe_tensor_info *info) {
  if (!program || !info || kind > LATHE_STATE)
    return LATHE_ERR_ARGUMENT;
  lathe_tensor_info out = {};
  out.axis = -1;
  if (kind == LATHE_STATE) {
    auto *states = program->root->states();
    if (!states || index >= states->size())
      return LATHE_ERR_NOT_FOUND;
    describe_state(*states->Get(index), &out);
  } else {
    if (method >= program->method_count)
      return LATHE_ERR_NOT_FOUND;
    const method_record &record = program->methods[method];
    auto *tensors = kind == LATHE_INPUT ? record.source->inputs()
                                        : record.source->outputs();
    if (!tensors || index >= tensors->size())
      return LATHE_ERR_NOT_FOUND;
    describe_tensor(record, *tensors->Get(index), &out);
  }
  out.align = lathe_dtype_bytes(out.dtype);
  return write_struct(out, info) ? LATHE_OK : LATHE_ERR_ARGUMENT;
}

uint32_t lathe_device_count(void) { return 1; }

int32_t lathe_device(uint32_t index, lathe_device_info *info) {
  if (index != 0)
    return LATHE_ERR_NOT_FOUND;
  backend::cpu_description cpu = backend::describe_cpu();
  lathe_device_info out = {};
  out.features = cpu.features;
  out.name = cpu.name;
  return write_struct(out, info) ? LATHE_OK : LATHE_ERR_ARGUMENT;
}
