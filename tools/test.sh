#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and runs every test.
#
#   tools/test.sh [CTEST ARGUMENT...]       for example: tools/test.sh -R lit
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=/usr/bin:$PATH

tools/setup.sh
tools/build.sh release
ctest --preset release "$@"
