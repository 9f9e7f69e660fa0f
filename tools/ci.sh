#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The checks of a change.
#
#   tools/ci.sh           tests and demo of the release preset (.ci/run)
#   tools/ci.sh --full    also other machines, g++ 12, the sanitizers, the size preset, and the fuzzers
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
    local name corpora options=()
    name=$(basename "$target" _fuzz)
    name=${name#lathe_}
    # New inputs go to the first folder; committed seeds are only read.
    corpora=("$logs/fuzz/$name")
    mkdir -p "${corpora[0]}"
    [[ -d test/fuzz/${name}_seeds ]] && corpora+=("test/fuzz/${name}_seeds")
    [[ -f test/fuzz/$name.dict ]] && options+=("-dict=test/fuzz/$name.dict")
    "$target" -max_total_time="${LATHE_FUZZ_SECONDS:-60}" -print_final_stats=1 \
      -artifact_prefix="$logs/fuzz/$name-" "${options[@]}" "${corpora[@]}" || status=1
  done
  ((found)) || echo "no fuzz target was built"
  return $status
}

step tests tools/test.sh
step demo tools/demo.sh
if [[ ${1:-} == --full ]]; then
  step setup-full tools/setup.sh --full
  # These were skipped above where a cross compiler or an emulator was missing.
  step machines ctest --preset release -R '^machine_'
  for name in gcc asan tsan minsize; do step "$name" preset "$name"; done
  step fuzz fuzz
fi

printf '\n== summary\n'
for log in tests machines gcc asan tsan minsize; do
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
