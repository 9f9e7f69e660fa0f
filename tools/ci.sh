#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The checks of a change.
#
#   tools/ci.sh           tests and demo of the release preset (.ci/run)
#   tools/ci.sh --full    also g++ 12, the sanitizers, the size preset, and the fuzzers
#
# LATHE_FUZZ_SECONDS (60) is the time of each fuzz target.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH=/usr/bin:$PATH
logs=build/ci
mkdir -p "$logs"
failed=()

# step NAME COMMAND...: runs it, keeps its log, and goes on when it fails.
step() {
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s: %s\n' "$name" "$*"
  if "$@" 2>&1 | tee "$logs/$name.log"; then
    printf '== %s: ok, %d s\n' "$name" $((SECONDS - start))
  else
    printf '== %s: FAILED, %d s\n' "$name" $((SECONDS - start))
    failed+=("$name")
  fi
}

preset() {
  tools/build.sh "$1" && ctest --preset "$1"
}

fuzz() {
  local target status=0 found=0
  for target in build/asan/bin/*_fuzz; do
    [[ -x $target ]] || continue
    found=1
    local name corpora=()
    name=$(basename "$target")
    # New inputs go to the first folder; the committed corpus is only read.
    corpora=("build/ci/$name")
    mkdir -p "${corpora[0]}"
    [[ -d test/fuzz/${name%_fuzz} ]] && corpora+=("test/fuzz/${name%_fuzz}")
    "$target" -max_total_time="${LATHE_FUZZ_SECONDS:-60}" -print_final_stats=1 \
      -artifact_prefix="build/ci/$name-" "${corpora[@]}" || status=1
  done
  ((found)) || echo "no fuzz target was built"
  return $status
}

step tests tools/test.sh
step demo tools/demo.sh
if [[ ${1:-} == --full ]]; then
  step setup-full tools/setup.sh --full
  # The tests that need an emulator are registered at configuration.
  rm -f build/release/build.ninja
  step release preset release
  for name in gcc asan tsan minsize; do step "$name" preset "$name"; done
  step fuzz fuzz
fi

printf '\n== summary\n'
for log in tests release gcc asan tsan minsize; do
  [[ -f $logs/$log.log ]] && [[ $log == tests || ${1:-} == --full ]] || continue
  grep -E '% tests passed|^Total Test time' "$logs/$log.log" | sed "s/^/$log: /"
done
if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[*]}"
fi
# The last lines are ctest's own.
grep -E '% tests passed|^Total Test time' "$logs/tests.log" ||
  echo "the tests did not run: see $logs/tests.log"
((${#failed[@]} == 0))
