#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configures a preset if that was not done yet, and builds it.
#
#   tools/build.sh [PRESET [TARGET...]]     default: release, everything
set -euo pipefail
cd "$(dirname "$0")/.."
# Debian's cmake and ninja first: others in PATH may be older than what the
# presets need (3.25).
PATH=/usr/bin:$PATH

preset=${1:-release}
shift || true
[[ -f build/$preset/build.ninja ]] || cmake --preset "$preset"
if (($#)); then
  cmake --build --preset "$preset" --target "$@"
else
  cmake --build --preset "$preset"
fi
