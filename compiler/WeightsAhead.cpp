// SPDX-License-Identifier: Apache-2.0
#include "compiler/WeightsAhead.h"

using namespace lathe;

WeightsAhead::WeightsAhead(const ProgramWriterOptions &options, std::vector<Request> requests)
    : options(options), requests(std::move(requests)), results(this->requests.size()) {
  if (options.pool && options.pool->getMaxConcurrency() > 1)
    tasks.emplace(*options.pool);
}

WeightsAhead::~WeightsAhead() {
  if (tasks)
    tasks->wait();
}

void WeightsAhead::startMore() {
  while (started < requests.size()) {
    uint64_t bytes = requests[started].bytes;
    if (started > taken && bytesAhead + bytes > kBytesAheadMax)
      return;
    bytesAhead += bytes;
    size_t index = started++;
    results[index].done = tasks->async([this, index] {
      llvm::Expected<std::vector<char>> value = options.evaluateInitializer(requests[index].weight);
      if (value)
        results[index].bytes = std::move(*value);
      else
        results[index].error = llvm::toString(value.takeError());
    });
  }
}

llvm::Expected<std::vector<char>> WeightsAhead::takeNext() {
  if (!tasks)
    return options.evaluateInitializer(requests[taken++].weight);
  startMore();
  Result &result = results[taken];
  // Computes it here, where no thread has begun.
  result.done.wait();
  bytesAhead -= requests[taken++].bytes;
  startMore();
  if (!result.error.empty())
    return llvm::createStringError(llvm::inconvertibleErrorCode(), llvm::Twine(result.error));
  return std::move(result.bytes);
}
