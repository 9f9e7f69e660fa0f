// SPDX-License-Identifier: Apache-2.0
// Operators with sizes, strides, margins and groups of any value, through the
// whole compiler: each graph is refused with a fault of its own, or compiled.
#include "test/fuzz/compile_text.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;

namespace {
/// The bytes as numbers, half of them such that arithmetic likes least.
class Numbers {
public:
  Numbers(const uint8_t *data, size_t bytes) : data(data), bytes(bytes) {}

  int64_t next() {
    constexpr int64_t ends[] = {0, 1, 2, 3, -1, 7, 8, 16, 64, 255, 4096, 65537, INT32_MAX, int64_t(1) << 32,
                                int64_t(1) << 47, int64_t(1) << 62, INT64_MAX, INT64_MIN, -2, 48};
    uint8_t value = byte();
    return value < std::size(ends) ? ends[value] : value % 24;
  }
  uint8_t byte() { return at < bytes ? data[at++] : 1; }

private:
  const uint8_t *data;
  size_t bytes, at = 0;
};

std::string tensor(std::initializer_list<__int128> dims) {
  std::string text = "tensor<";
  for (__int128 dim : dims)
    text += std::to_string(int64_t(dim < 0 ? 1 : dim > INT64_MAX ? INT64_MAX : dim)) + "x";
  return text + "f32>";
}

std::string conv(Numbers &n) {
  __int128 b = n.next(), c = n.next(), h = n.next(), o = n.next(), k = n.next(), s = n.next(), low = n.next(),
           high = n.next(), d = n.next(), g = n.next(), more = n.next();
  bool transposed = n.byte() & 1;
  __int128 size = transposed ? (h - 1) * s - low - high + d * (k - 1) + more + 1
                             : (s ? (h + low + high - d * (k - 1) - 1) / s + 1 : 1);
  __int128 in = transposed ? c : o, out = g ? (transposed ? o / g : c / g) : 1;
  return llvm::formatv("%y = graph.conv %x, %w {{strides = array<i64: {0}>, padding_low = array<i64: {1}>, "
                       "padding_high = array<i64: {2}>, dilations = array<i64: {3}>, groups = {4} : i64{5}} : ({6}, {7}) -> {8}",
                       int64_t(s), int64_t(low), int64_t(high), int64_t(d), int64_t(g),
                       transposed ? llvm::formatv(", transposed, output_padding = array<i64: {0}>", int64_t(more)).str() : "",
                       tensor({b, c, h}), tensor({in, out, k}), tensor({b, o, size}));
}

std::string pool(Numbers &n) {
  __int128 b = n.next(), c = n.next(), h = n.next(), k = n.next(), s = n.next(), low = n.next(), high = n.next();
  __int128 size = s ? (h + low + high - k) / s + 1 : 1;
  return llvm::formatv("%y = graph.{0} %x {{kernel = array<i64: {1}>, strides = array<i64: {2}>, padding_low = "
                       "array<i64: {3}>, padding_high = array<i64: {4}>{5}} : ({6}) -> {7}",
                       n.byte() & 1 ? "max_pool" : "avg_pool", int64_t(k), int64_t(s), int64_t(low), int64_t(high),
                       n.byte() & 1 ? ", dilations = array<i64: 1>" : "", tensor({b, c, h}), tensor({b, c, size}));
}

std::string matmul(Numbers &n) {
  __int128 b = n.next(), m = n.next(), k = n.next(), o = n.next();
  return llvm::formatv("%y = graph.matmul %x, %w : ({0}, {1}) -> {2}", tensor({b, m, k}), tensor({b, k, o}), tensor({b, m, o}));
}

std::string pad(Numbers &n) {
  __int128 h = n.next(), w = n.next(), low = n.next(), high = n.next();
  const char *modes[] = {"constant", "reflect", "replicate", "circular"};
  unsigned mode = n.byte() % 4;
  return llvm::formatv("%y = graph.pad %x {{low = array<i64: {0}, 0>, high = array<i64: {1}, 0>, mode = "
                       "#graph.pad_mode<{2}>{3}} : ({4}) -> {5}",
                       int64_t(low), int64_t(high), modes[mode], mode ? "" : ", value = 1.0 : f32", tensor({h, w}), tensor({h + low + high, w}));
}

std::string slice(Numbers &n) {
  int64_t h = n.next(), w = n.next(), start = n.next(), size = n.next(), step = n.next();
  return llvm::formatv("%y = graph.slice %x {{starts = #graph.dims<[{0}, 0]>, sizes = #graph.dims<[{1}, {2}]>, steps = "
                       "array<i64: {3}, 1>} : ({4}) -> {5}", start, size, w, step, tensor({h, w}), tensor({size, w}));
}

std::string reduce(Numbers &n) {
  __int128 h = n.next(), w = n.next(), d = n.next();
  const char *kinds[] = {"sum", "max", "mean", "prod"};
  return llvm::formatv("%y = graph.reduce %x {{kind = #graph.reduce_kind<{0}>, dims = array<i64: 1>} : ({1}) -> {2}",
                       kinds[n.byte() % 4], tensor({h, w, d}), tensor({h, d}));
}

std::string broadcast(Numbers &n) {
  int64_t h = n.next(), w = n.next();
  return llvm::formatv("%y = graph.broadcast %x {{dims = #graph.dims<[{0}, {1}]>} : ({2}) -> {3}", h, w, tensor({1, w}), tensor({h, w}));
}

std::string concat(Numbers &n) {
  __int128 h = n.next(), w = n.next(), d = n.next();
  return llvm::formatv("%y = graph.concat %x, %w {{dim = 0 : i64} : ({0}, {1}) -> {2}", tensor({h, d}), tensor({w, d}), tensor({h + w, d}));
}

std::string cumsum(Numbers &n) {
  __int128 h = n.next(), w = n.next();
  return llvm::formatv("%y = graph.cumsum %x {{dim = {0} : i64} : ({1}) -> {1}", int64_t(n.next()), tensor({h, w}));
}

/// The operator's types are those of %x, of %w where there is one, and of %y.
std::string moduleOf(const std::string &line) {
  llvm::StringRef types = llvm::StringRef(line).split(" : (").second;
  for (size_t at; (at = types.find(" : (")) != llvm::StringRef::npos;)
    types = types.drop_front(at + 4);
  auto [operands, result] = types.split(") -> ");
  auto [x, w] = operands.split(", ");
  return llvm::formatv("func.func @main(%x: {0}{1}{2}) -> {3} {{\n  {4}\n  %z = graph.relu %y : ({3}) -> {3}\n  return %z : {3}\n}\n",
                       x, w.empty() ? "" : ", %w: ", w, result, line);
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  Numbers numbers(data, bytes);
  std::string (*const makers[])(Numbers &) = {conv, pool, matmul, pad, slice, reduce, broadcast, concat, cumsum};
  std::string text = moduleOf(makers[numbers.byte() % std::size(makers)](numbers));
  test::compileText("model.mlir", text);
  return 0;
}
