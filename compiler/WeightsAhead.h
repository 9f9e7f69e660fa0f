// SPDX-License-Identifier: Apache-2.0
//
// The weights that a program computes, in the order of the file, computed by
// other threads ahead of the one that writes. How far ahead is bounded in
// bytes, so that memory does not grow with the model.
#ifndef LATHE_COMPILER_WEIGHTSAHEAD_H
#define LATHE_COMPILER_WEIGHTSAHEAD_H

#include "compiler/ProgramWriter.h"

namespace lathe {

class WeightsAhead {
public:
  /// Bytes of weights that wait to be written, or are being computed, unless a
  /// single weight is larger.
  static constexpr uint64_t kBytesAheadMax = uint64_t(32) << 20;

  /// One weight: its operation and the bytes that the program reserves for it.
  struct Request {
    graph::WeightOp weight;
    uint64_t bytes;
  };

  /// `options.evaluateInitializer` must be set when there are requests. Nothing
  /// runs ahead without a pool of at least two threads.
  WeightsAhead(const ProgramWriterOptions &options, std::vector<Request> requests);
  /// Waits for what is being computed.
  ~WeightsAhead();

  /// The bytes of the next request; requests are taken in their order.
  llvm::Expected<std::vector<char>> takeNext();

private:
  struct Result {
    std::vector<char> bytes;
    std::string error; ///< empty: none
    std::shared_future<void> done;
  };
  void startMore();

  const ProgramWriterOptions &options;
  std::vector<Request> requests;
  std::vector<Result> results;
  size_t started = 0, taken = 0;
  uint64_t bytesAhead = 0;
  std::optional<llvm::ThreadPoolTaskGroup> tasks;
};

} // namespace lathe

#endif // LATHE_COMPILER_WEIGHTSAHEAD_H
