// SPDX-License-Identifier: Apache-2.0
#include "compiler/HashBeside.h"

using namespace lathe;

HashBeside::HashBeside(llvm::ThreadPoolInterface *pool) {
  if (pool && pool->getMaxConcurrency() > 1)
    tasks.emplace(*pool);
}

HashBeside::~HashBeside() {
  if (tasks)
    tasks->wait();
}

// Under the lock, by whoever comes first: a task of the pool, or the writer
// when it has to wait anyway.
void HashBeside::hashWaiting(std::unique_lock<std::mutex> &lock) {
  isHashing = true;
  while (!waiting.empty()) {
    std::vector<char> bytes = std::move(waiting.front());
    waiting.pop_front();
    lock.unlock();
    hash.update(llvm::ArrayRef<char>(bytes));
    lock.lock();
    bytesWaiting -= bytes.size();
    advanced.notify_all();
  }
  isHashing = false;
  advanced.notify_all();
}

void HashBeside::waitUntil(uint64_t bytesLeft) {
  std::unique_lock<std::mutex> lock(mutex);
  while (bytesWaiting > bytesLeft || (bytesLeft == 0 && isHashing)) {
    if (isHashing)
      advanced.wait(lock);
    else
      hashWaiting(lock);
  }
}

void HashBeside::update(std::vector<char> bytes) {
  if (!tasks)
    return hash.update(llvm::ArrayRef<char>(bytes));
  waitUntil(kBytesWaitingMax);
  std::unique_lock<std::mutex> lock(mutex);
  bytesWaiting += bytes.size();
  waiting.push_back(std::move(bytes));
  if (isHashing || waiting.size() > 1)
    return; // who hashes finds it; or the task that was asked for
  tasks->async([this] {
    std::unique_lock<std::mutex> lock(mutex);
    if (!isHashing)
      hashWaiting(lock);
  });
}

void HashBeside::updateNow(llvm::ArrayRef<char> bytes) {
  waitUntil(0);
  hash.update(bytes);
}

std::array<uint8_t, 32> HashBeside::final() {
  waitUntil(0);
  return hash.final();
}
