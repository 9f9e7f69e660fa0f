// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/Winograd.h"

using namespace lathe::graph;

// clang-format off
static const double kInput2[] = {1,  0, -1,  0,
                                 0,  1,  1,  0,
                                 0, -1,  1,  0,
                                 0,  1,  0, -1};
static const double kFilter2[] = {1,    0,   0,
                                  0.5,  0.5, 0.5,
                                  0.5, -0.5, 0.5,
                                  0,    0,   1};
static const double kOutput2[] = {1, 1,  1,  0,
                                  0, 1, -1, -1};
static const double kInput4[] = {4,  0, -5,  0, 1, 0,
                                 0, -4, -4,  1, 1, 0,
                                 0,  4, -4, -1, 1, 0,
                                 0, -2, -1,  2, 1, 0,
                                 0,  2, -1, -2, 1, 0,
                                 0,  4,  0, -5, 0, 1};
static const double kFilter4[] = { 1.0 / 4,   0,         0,
                                  -1.0 / 6,  -1.0 / 6,  -1.0 / 6,
                                  -1.0 / 6,   1.0 / 6,  -1.0 / 6,
                                   1.0 / 24,  1.0 / 12,  1.0 / 6,
                                   1.0 / 24, -1.0 / 12,  1.0 / 6,
                                   0,         0,         1};
static const double kOutput4[] = {1, 1,  1, 1,  1, 0,
                                  0, 1, -1, 2, -2, 0,
                                  0, 1,  1, 4,  4, 0,
                                  0, 1, -1, 8, -8, 1};
// clang-format on

const WinogradMatrices *lathe::graph::findWinogradMatrices(int64_t outputs) {
  static const WinogradMatrices two{2, kInput2, kFilter2, kOutput2};
  static const WinogradMatrices four{4, kInput4, kFilter4, kOutput4};
  return outputs == 2 ? &two : outputs == 4 ? &four : nullptr;
}
