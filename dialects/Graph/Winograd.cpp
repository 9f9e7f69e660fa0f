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
static const double kInput4[] = {81. / 64,  0,        -45. / 16,  0,        1, 0,
                                 0,        -27. / 16, -9. / 4,    3. / 4,   1, 0,
                                 0,         27. / 16, -9. / 4,   -3. / 4,   1, 0,
                                 0,        -27. / 32, -9. / 16,   3. / 2,   1, 0,
                                 0,         27. / 32, -9. / 16,  -3. / 2,   1, 0,
                                 0,         81. / 64,  0,        -45. / 16, 0, 1};
static const double kFilter4[] = {  64. / 81,    0,         0,
                                  -128. / 243, -32. / 81,  -8. / 27,
                                  -128. / 243,  32. / 81,  -8. / 27,
                                    32. / 243,  16. / 81,   8. / 27,
                                    32. / 243, -16. / 81,   8. / 27,
                                    0,           0,         1};
static const double kOutput4[] = {1, 1,         1,        1,        1,       0,
                                  0, 3. / 4,   -3. / 4,   3. / 2,  -3. / 2,  0,
                                  0, 9. / 16,   9. / 16,  9. / 4,   9. / 4,  0,
                                  0, 27. / 64, -27. / 64, 27. / 8, -27. / 8, 1};
// clang-format on

const WinogradMatrices *lathe::graph::findWinogradMatrices(int64_t outputs) {
  static const WinogradMatrices two{2, kInput2, kFilter2, kOutput2};
  static const WinogradMatrices four{4, kInput4, kFilter4, kOutput4};
  return outputs == 2 ? &two : outputs == 4 ? &four : nullptr;
}
