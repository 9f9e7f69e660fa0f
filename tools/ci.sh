#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The checks of a change.
#
#   tools/ci.sh           tests and demo of the release preset (.ci/run)
#   tools/ci.sh --full    also random graphs, other machines, g++ 12, the sanitizers, the size preset,
#                         and the fuzzers
#
# Every step runs, also after one that failed; the summary says which failed and
# how long each took, and build/ci/<step>.log has its output.
# LATHE_FUZZ_SECONDS (60) is the time of each fuzz target and of the random graphs.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH=/usr/bin:$PATH
logs=build/ci
mkdir -p "$logs"
failed=()
summary=()

# step NAME COMMAND...: runs it, keeps its log, and goes on when it fails.
step() {
  local name=$1 start=$SECONDS result=ok line tests
  shift
  printf '\n== %s: %s\n' "$name" "$*"
  "$@" 2>&1 | tee "$logs/$name.log" || { result=FAILED; failed+=("$name"); }
  printf -v line '%s: %s, %d s' "$name" "$result" $((SECONDS - start))
  tests=$(grep -E '% tests passed' "$logs/$name.log" | tail -n 1)
  summary+=("$line${tests:+; $tests}")
  printf '== %s\n' "$line"
}

preset() {
  tools/build.sh "$1" && ctest --preset "$1"
}

fuzz() {
  local target status=0 found=0
  for target in build/asan/bin/*_fuzz; do
    [[ -x $target ]] || continue
    found=1
    local name corpora options=(-timeout=60 -rss_limit_mb=4096)
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
  if ((!found)); then
    echo "no fuzz target was built"
    status=1
  fi
  return $status
}

# Other graphs in each run; what fails names its seed.
random_graphs() {
  python3 -B test/random/random_graphs.py build/release/bin --seed "$(date +%s)" \
    --seconds "${LATHE_FUZZ_SECONDS:-60}" --out "$logs/random-graphs"
}

step tests tools/test.sh
step demo tools/demo.sh
if [[ ${1:-} == --full ]]; then
  step random-graphs random_graphs
  step setup-full tools/setup.sh --full
  step emulator tools/emulator.sh build/machines
  # These were skipped above where a cross compiler or an emulator was missing.
  step machines ctest --preset release -R '^machine_'
  # The runtime alone first: minutes, where the whole compiler takes many.
  for name in minsize tsan gcc asan; do step "$name" preset "$name"; done
  step fuzz fuzz
fi

printf '\n== summary\n'
printf '%s\n' "${summary[@]}"
if ((${#failed[@]})); then
  printf 'FAILED: %s\n' "${failed[*]}"
fi
# The last lines are ctest's own.
grep -E '% tests passed|^Total Test time' "$logs/tests.log" ||
  echo "the tests did not run: see $logs/tests.log"
((${#failed[@]} == 0))
