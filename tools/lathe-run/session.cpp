// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/session.h"

#include "tools/lathe-run/model_file.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace lathe::run {

namespace {

/// Capacity that an output gets beyond what its known dimensions need, for
/// dimensions that depend on data.
constexpr uint64_t spare_bytes_max = uint64_t{256} << 20;

/// What to do about a file that the library refuses.
const char *advice_for(const lathe_error &error) {
  switch (error.status) {
  case LATHE_ERR_NOT_FOUND:
    return "check the path, or compile the model: lathec MODEL.pt2 -o MODEL.lathe";
  case LATHE_ERR_FORMAT:
  case LATHE_ERR_DIGEST:
  case LATHE_ERR_METADATA:
    return "copy the file again, or compile the model again with lathec";
  case LATHE_ERR_UNSUPPORTED:
    // A method without code for this machine; else it is the file that is newer.
    if (error.method != LATHE_NONE && error.instruction == LATHE_NONE)
      return "compile the model on this machine, or for levels that it has: "
             "lathec --cpu=x86-64-v4,x86-64-v2 puts code for both into one program";
    [[fallthrough]];
  case LATHE_ERR_VERSION:
    return "compile the model again with the lathec of this version (lathe-run --version)";
  case LATHE_ERR_WEIGHTS:
    return "put the .lathew file of the same compilation beside the program, or name it with --weights";
  default:
    return "";
  }
}

int runtime_failure(const std::string &model, const lathe_error &error) {
  int code = kExitRuntime;
  switch (error.status) {
  case LATHE_ERR_NOT_FOUND:
  case LATHE_ERR_FORMAT:
  case LATHE_ERR_VERSION:
  case LATHE_ERR_DIGEST:
  case LATHE_ERR_METADATA:
  case LATHE_ERR_LIMIT:
  case LATHE_ERR_WEIGHTS:
  case LATHE_ERR_SHAPE:
  case LATHE_ERR_ASSUMPTION:
    code = kExitBadInput;
    break;
  case LATHE_ERR_IO:
    code = kExitIo;
    break;
  default:
    break;
  }
  return report(code, "'" + model + "': " + error.text + " [" +
                          lathe_status_name(error.status) + "]",
                advice_for(error));
}

std::string dim_text(const lathe_dim_info &dim) {
  if (dim.min == dim.max)
    return std::to_string(dim.min);
  return std::string(dim.symbol ? dim.symbol : "?") + "=" +
         std::to_string(dim.min) + ".." + std::to_string(dim.max);
}

std::string tensor_text(const lathe_tensor_info &info) {
  std::string text = std::string(info.name) + ": " +
                     lathe_dtype_name(info.dtype) + " (.npy of " +
                     npy_type(info.dtype) + ") (";
  for (uint32_t i = 0; i < info.rank; ++i)
    text += (i ? ", " : "") + dim_text(info.dims[i]);
  return text + ")";
}

} // namespace

uint64_t monotonic_ns() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u +
         static_cast<uint64_t>(now.tv_nsec);
}

session::~session() {
  lathe_instance_destroy(instance_);
  lathe_pool_destroy(pool_);
  lathe_program_close(program_);
}

uint32_t session::thread_count() const {
  return pool_ ? lathe_pool_thread_count(pool_) : 1;
}

std::string session::method_name() const {
  lathe_method_info info = {};
  info.struct_bytes = sizeof(info);
  lathe_method(program_, method_, &info);
  return info.name;
}

lathe_tensor_info session::describe(uint32_t kind, uint32_t index) const {
  lathe_tensor_info info = {};
  info.struct_bytes = sizeof(info);
  lathe_tensor_describe(program_, method_, kind, index, &info);
  return info;
}

int session::choose_method(const std::string &name) {
  uint32_t chosen = LATHE_NONE;
  std::string known;
  bound_.resize(lathe_method_count(program_));
  for (uint32_t i = 0; i < bound_.size(); ++i) {
    lathe_method_info info = {};
    info.struct_bytes = sizeof(info);
    lathe_method(program_, i, &info);
    if (info.internal)
      continue;
    known += std::string(known.empty() ? "" : ", ") + info.name;
    bool wanted = name.empty() ? chosen == LATHE_NONE ||
                                     strcmp(info.name, "forward") == 0
                               : name == info.name;
    if (!wanted)
      continue;
    chosen = i;
    bound_[i].inputs.resize(info.input_count);
    bound_[i].outputs.resize(info.output_count);
  }
  if (chosen == LATHE_NONE)
    return report(kExitUsage, "the program has no method '" + name + "'",
                  "one of: " + known);
  method_ = chosen;
  return kExitOk;
}

int session::open(const options &opts) {
  lathe_error error = {};
  uint64_t begin = monotonic_ns();
  lathe_options open_options = {};
  open_options.struct_bytes = sizeof(open_options);
  open_options.flags = LATHE_TRUST_CODE;
  open_options.weights_path = opts.weights.empty() ? nullptr : opts.weights.c_str();
  if (lathe_program_open_file(opts.model.c_str(), &open_options, &program_,
                              &error) != LATHE_OK) {
    model_file other;
    if (error.status == LATHE_ERR_FORMAT)
      other = recognise_model(opts.model);
    if (!other.what.empty())
      return report(kExitBadInput, "'" + opts.model + "' is " + other.what, other.advice);
    return runtime_failure(opts.model, error);
  }
  int code = choose_method(opts.method);
  if (code != kExitOk)
    return code;
  if (opts.threads != 1 &&
      lathe_pool_create(opts.threads, nullptr, &pool_, &error) != LATHE_OK)
    return runtime_failure(opts.model, error);
  lathe_instance_options instance_options = {};
  instance_options.struct_bytes = sizeof(instance_options);
  instance_options.pool = pool_;
  if (lathe_instance_create(program_, &instance_options, &instance_, &error) !=
      LATHE_OK)
    return runtime_failure(opts.model, error);
  load_ns_ = monotonic_ns() - begin;
  return kExitOk;
}

std::string session::expected_inputs() const {
  std::string text;
  for (uint32_t i = 0; i < input_count(); ++i)
    text += (i ? "\n       " : "") + ("--input " + tensor_text(describe(LATHE_INPUT, i)));
  return text;
}

int session::check_input(uint32_t index, const array &given) const {
  lathe_tensor_info info = describe(LATHE_INPUT, index);
  std::string wrong;
  if (given.type != npy_type(info.dtype))
    wrong = "has elements of type " + given.type;
  if (given.dims.size() != info.rank)
    wrong = "has shape " + dims_text(given.dims);
  for (uint32_t i = 0; wrong.empty() && i < info.rank; ++i)
    if (given.dims[i] < info.dims[i].min || given.dims[i] > info.dims[i].max ||
        given.dims[i] % info.dims[i].multiple != 0)
      wrong = "has shape " + dims_text(given.dims);
  if (wrong.empty())
    return kExitOk;
  return report(kExitBadInput, std::string("input '") + info.name + "' " + wrong,
                tensor_text(info));
}

int session::set_inputs(std::vector<array> arrays) {
  if (arrays.size() != input_count())
    return report(kExitBadInput,
                  "there are " + std::to_string(arrays.size()) + " of " +
                      std::to_string(input_count()) + " inputs",
                  expected_inputs());
  for (uint32_t i = 0; i < input_count(); ++i) {
    int code = check_input(i, arrays[i]);
    if (code != kExitOk)
      return code;
    size_t bytes = arrays[i].data.size();
    // An address even without elements.
    bound_[method_].inputs[i] = bytes == 0 ? line_bytes(1) : std::move(arrays[i].data);
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    tensor.rank = static_cast<uint32_t>(arrays[i].dims.size());
    tensor.data = bound_[method_].inputs[i].data();
    tensor.bytes = bytes;
    std::copy(arrays[i].dims.begin(), arrays[i].dims.end(), tensor.dims);
    lathe_error error = {};
    if (lathe_bind(instance_, method_, LATHE_INPUT, i, &tensor, &error) != LATHE_OK)
      return runtime_failure("input", error);
  }
  return bind_outputs();
}

int session::bind_outputs() {
  lathe_error error = {};
  int32_t status = lathe_prepare(instance_, method_, &error);
  if (status == LATHE_ERR_ASSUMPTION)
    return report(kExitBadInput, std::string("inputs: ") + error.text + " [LATHE_ERR_ASSUMPTION]",
                  symbol_places());
  if (status != LATHE_OK)
    return runtime_failure("inputs", error);
  for (uint32_t i = 0; i < output_count(); ++i) {
    lathe_tensor_info info = describe(LATHE_OUTPUT, i);
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    if (lathe_tensor_get(instance_, method_, LATHE_OUTPUT, i, &tensor) != LATHE_OK)
      return report(kExitRuntime, "the size of output " + std::to_string(i) + " is unknown");
    uint64_t bytes = lathe_dtype_bytes(info.dtype);
    for (uint32_t d = 0; d < tensor.rank; ++d)
      bytes *= static_cast<uint64_t>(tensor.dims[d]);
    bytes = std::max(bytes, std::min(info.bytes_max, spare_bytes_max));
    bound_[method_].outputs[i].resize(std::max<size_t>(bytes, 1));
    tensor.data = bound_[method_].outputs[i].data();
    tensor.bytes = bound_[method_].outputs[i].size();
    if (lathe_bind(instance_, method_, LATHE_OUTPUT, i, &tensor, &error) != LATHE_OK)
      return runtime_failure("output", error);
  }
  return kExitOk;
}

int session::load_inputs(const options &opts) {
  std::vector<array> arrays(input_count());
  std::vector<bool> given(input_count());
  for (const auto &[name, path] : opts.inputs) {
    uint32_t index = 0;
    while (index < input_count() && name != describe(LATHE_INPUT, index).name)
      ++index;
    if (index == input_count())
      return report(kExitUsage, "there is no input '" + name + "'",
                    expected_inputs());
    if (given[index])
      return report(kExitUsage, "input '" + name + "' is given twice");
    given[index] = true;
    std::string reason;
    if (!read_npy(path, &arrays[index], &reason))
      return report(kExitBadInput, reason);
  }
  for (uint32_t i = 0; i < input_count(); ++i)
    if (!given[i])
      return report(kExitUsage,
                    std::string("input '") + describe(LATHE_INPUT, i).name +
                        "' is missing",
                    expected_inputs());
  return set_inputs(std::move(arrays));
}

int session::choose_size(const std::string &name, int64_t size,
                         std::vector<std::vector<int64_t>> *dims) const {
  bool found = false;
  std::string symbol; // of the dimension that is named
  auto place = [](const lathe_tensor_info &info, uint32_t axis, char open, const char *close) {
    return std::string(info.name) + open + std::to_string(axis) + close;
  };
  for (int pass = 0; pass < 2; ++pass) // the name, then what shares its symbol
    for (uint32_t i = 0; i < input_count(); ++i) {
      lathe_tensor_info info = describe(LATHE_INPUT, i);
      for (uint32_t d = 0; d < info.rank; ++d) {
        const lathe_dim_info &dim = info.dims[d];
        std::string own = dim.symbol ? dim.symbol : "";
        bool meant = pass == 0 ? name == own || name == place(info, d, '.', "") ||
                                     name == place(info, d, '[', "]")
                               : !symbol.empty() && symbol == own;
        if (!meant)
          continue;
        if (size < dim.min || size > dim.max || size % dim.multiple != 0)
          return report(kExitUsage, "--dim " + name + "=" + std::to_string(size) +
                                        " is none of its sizes", tensor_text(info));
        found = true;
        symbol = own;
        (*dims)[i][d] = size;
      }
    }
  if (found)
    return kExitOk;
  return report(kExitUsage, "no input has a size '" + name + "'",
                "--dim with a symbol or a dimension such as x.0 of\n       " + expected_inputs());
}

std::vector<array> session::input_shapes() const {
  std::vector<array> shapes(input_count());
  for (uint32_t i = 0; i < input_count(); ++i) {
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    lathe_tensor_get(instance_, method_, LATHE_INPUT, i, &tensor);
    shapes[i].type = npy_type(describe(LATHE_INPUT, i).dtype);
    shapes[i].dims.assign(tensor.dims, tensor.dims + tensor.rank);
  }
  return shapes;
}

int session::run() {
  lathe_error error = {};
  if (lathe_run(instance_, method_, &error) != LATHE_OK)
    return runtime_failure(method_name(), error);
  return kExitOk;
}

std::vector<array> session::outputs() const {
  std::vector<array> result;
  for (uint32_t i = 0; i < output_count(); ++i) {
    lathe_tensor_info info = describe(LATHE_OUTPUT, i);
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    lathe_tensor_get(instance_, method_, LATHE_OUTPUT, i, &tensor);
    array out;
    out.type = npy_type(info.dtype);
    size_t bytes = lathe_dtype_bytes(info.dtype);
    for (uint32_t d = 0; d < tensor.rank; ++d) {
      out.dims.push_back(tensor.dims[d]);
      bytes *= static_cast<size_t>(tensor.dims[d]);
    }
    auto *data = static_cast<const uint8_t *>(tensor.data);
    out.data.assign(data, data + bytes);
    result.push_back(std::move(out));
  }
  return result;
}

} // namespace lathe::run
