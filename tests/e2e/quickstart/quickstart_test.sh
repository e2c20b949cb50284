#!/usr/bin/env bash
# deploy/quickstart with the programs of this build, twice on one folder, and
# the commands of the README on what it leaves.
# Usage: quickstart_test.sh REPOSITORY BIN_DIR
set -euo pipefail

quickstart="$(realpath -- "$1")/deploy/quickstart"
bin_dir="$(realpath -- "$2")"
readme="$(realpath -- "$1")/README.md"
readonly quickstart bin_dir readme
work="$(mktemp -d /tmp/labslot-quickstart-XXXXXX)"
readonly work
readonly data="$work/data"

tidy_up() {
  "$quickstart" --stop --data-dir "$data" >/dev/null || true
  rm -rf -- "$work"
}
trap tidy_up EXIT

fail() {
  printf '%s\n---- output ----\n' "FAILED: $*"
  cat -- "$work/output"
  exit 1
}

# expect CODE WORDS...: runs the quickstart, keeps its output, checks its exit code.
expect() {
  local wanted="$1" code=0
  shift
  (cd / && "$quickstart" "$@") >"$work/output" 2>&1 || code=$?
  [ "$code" -eq "$wanted" ] || fail "quickstart $* ended with $code instead of $wanted"
}

# says TIMES TEXT: the output has that many lines with the text.
says() {
  local found
  found="$(grep -cF -e "$2" -- "$work/output" || true)"
  [ "$found" -eq "$1" ] || fail "'$2' is in $found lines instead of $1"
}

client() { "$bin_dir/labslot" --server "unix:$data/labslotd.sock" "$@"; }

the_story_is_told() {
  says 2 '(exit code 3)'
  says 7 'labslot -q book test-rigs'
  says 1 'labslot calendar make-lab'
  says 1 'labslot utilisation'
  says 1 "deploy/quickstart --stop --data-dir $data"
}

# Every command line of the README, but for the two that say where things are.
# Those that it shows as refused have to be.
the_readme_works() {
  local i command wanted code count=0
  local -a lines
  mapfile -t lines <"$readme"
  export PATH="$bin_dir:$PATH" LABSLOT_SERVER="unix:$data/labslotd.sock"
  for i in "${!lines[@]}"; do
    [[ "${lines[i]}" == '$ labslot '* ]] || continue
    command="${lines[i]#'$ '}"
    wanted=0
    [[ "${lines[i + 1]}" != "labslot: refused"* ]] || wanted=3
    code=0
    bash -c "$command" >"$work/output" 2>&1 || code=$?
    [ "$code" -eq "$wanted" ] || fail "README: $command: ended with $code instead of $wanted"
    count=$((count + 1))
  done
  [ "$count" -ge 6 ] || fail "only $count commands were found in the README"
}

expect 0 --help
says 1 'Usage: deploy/quickstart'

expect 1 --no-such-option
says 1 "what is '--no-such-option'?"

expect 1 --data-dir "$data" --bin-dir "$work/nothing"
says 1 "there is no labslotd in $work/nothing"

mkdir "$work/photos" && touch "$work/photos/cat.jpeg"
expect 1 --data-dir "$work/photos" --bin-dir "$bin_dir" --fresh
says 1 'is not empty and not of an earlier run'
[ -e "$work/photos/cat.jpeg" ] || fail "a stranger's file was removed"

expect 0 --stop --data-dir "$data"
says 1 'No labslotd of a quickstart runs'

expect 0 --data-dir "$data" --bin-dir "$bin_dir"
the_story_is_told
client status >/dev/null || fail "the daemon was not left running"
first="$(client -q list | wc -l)"
[ "$first" -eq 9 ] || fail "after the first run there are $first reservations instead of 9"

expect 0 --data-dir "$data" --bin-dir "$bin_dir"
the_story_is_told
second="$(client -q list | wc -l)"
[ "$second" -eq 18 ] || fail "after the second run there are $second reservations instead of 18"

says 1 '134 unchanged'

expect 0 --data-dir "$data" --bin-dir "$bin_dir" --fresh
third="$(client -q list | wc -l)"
[ "$third" -eq 9 ] || fail "after a fresh run there are $third reservations instead of 9"
the_readme_works

expect 0 --stop --data-dir "$data"
says 1 'Stopped labslotd'
client status >/dev/null 2>&1 && fail "the daemon still answers after --stop"
echo "all that deploy/quickstart says is true"
