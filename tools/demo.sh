#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, compiles the trained model of handwritten
# digits that lies in test/models, runs it on real pictures and shows the result.
#
#   tools/demo.sh [DIGIT...]                default: 2 5 8
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=/usr/bin:$PATH

tools/setup.sh
tools/build.sh release lathec lathe-run lathe-inspect
exec python3 tools/demo.py --tools build/release/bin --work build/demo "$@"
