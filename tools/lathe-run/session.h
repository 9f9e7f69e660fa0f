// SPDX-License-Identifier: Apache-2.0
// One open program with one instance, and arrays bound to its method.
#ifndef LATHE_TOOLS_LATHE_RUN_SESSION_H
#define LATHE_TOOLS_LATHE_RUN_SESSION_H

#include "runtime/include/lathe/lathe.h"
#include "tools/lathe-run/compare.h"
#include "tools/lathe-run/npy.h"
#include "tools/lathe-run/options.h"

#include <string>
#include <vector>

namespace lathe::run {

class session : public subject {
public:
  session() = default;
  session(const session &) = delete;
  session &operator=(const session &) = delete;
  ~session() override;

  /// Each returns an exit code, having reported what is wrong.
  int open(const options &opts);
  /// Another method of the same instance: state goes on, arrays stay bound.
  int choose_method(const std::string &name) override;
  /// Binds arrays in the order of the method's inputs.
  int set_inputs(std::vector<array> arrays) override;
  /// Reads the arrays named on the command line.
  int load_inputs(const options &opts);
  /// Zeros. A size is what `sizes` says of its symbol ("s27") or of a dimension
  /// that has it ("x.0", "x[0]"), else the smallest that is not 0 and, with the
  /// others, breaks no assumption of the model.
  int zero_inputs(const std::vector<std::pair<std::string, int64_t>> &sizes);
  /// The inputs that are bound, without their elements.
  std::vector<array> input_shapes() const;
  /// Runs once; checks and outputs see the result in outputs().
  int run() override;
  /// The outputs of the last run.
  std::vector<array> outputs() const override;

  lathe_instance *instance() const { return instance_; }
  const lathe_program *program() const { return program_; }
  uint32_t method() const { return method_; }
  uint32_t thread_count() const;
  std::string method_name() const;
  uint32_t input_count() const override { return static_cast<uint32_t>(bound_[method_].inputs.size()); }
  uint32_t output_count() const override { return static_cast<uint32_t>(bound_[method_].outputs.size()); }
  std::string output_name(uint32_t index) const override {
    return describe(LATHE_OUTPUT, index).name;
  }
  uint32_t output_dtype(uint32_t index) const override {
    return describe(LATHE_OUTPUT, index).dtype;
  }
  void reset_state() override { lathe_state_reset(instance_); }
  lathe_tensor_info describe(uint32_t kind, uint32_t index) const;
  uint64_t load_ns() const { return load_ns_; }

private:
  int check_input(uint32_t index, const array &given) const;
  int bind_outputs();
  /// Puts one size of --dim into the dimensions that it means.
  int choose_size(const std::string &name, int64_t size,
                  std::vector<std::vector<int64_t>> *dims) const;
  std::string expected_inputs() const;
  /// "other sizes: s6 is x.2 (2..64)", of all symbols.
  std::string symbol_places() const;
  /// The sizes of zero_inputs(), which the caller then binds.
  int choose_sizes(const std::vector<std::pair<std::string, int64_t>> &given,
                   std::vector<std::vector<int64_t>> *dims);
  /// Binds zeros of these sizes; the status of the library's own checks.
  int32_t try_sizes(const std::vector<std::vector<int64_t>> &dims);

  lathe_program *program_ = nullptr;
  lathe_instance *instance_ = nullptr;
  lathe_pool *pool_ = nullptr;
  uint32_t method_ = 0;
  uint64_t load_ns_ = 0;
  /// The memory that is bound to a method; empty for methods never chosen.
  struct bound_arrays {
    std::vector<line_bytes> inputs, outputs;
  };
  std::vector<bound_arrays> bound_; // one for each method
};

uint64_t monotonic_ns();

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_SESSION_H
