// SPDX-License-Identifier: Apache-2.0
// Array files of any content; what is accepted survives a round trip.
#include "tools/lathe-run/npy.h"

#include <cstdlib>

using namespace lathe::run;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  array first, second;
  std::string reason;
  if (!parse_npy(data, size, &first, &reason))
    return 0;
  std::vector<uint8_t> written = format_npy(first);
  if (!parse_npy(written.data(), written.size(), &second, &reason) ||
      first.type != second.type || first.dims != second.dims ||
      first.data != second.data)
    abort();
  return 0;
}
