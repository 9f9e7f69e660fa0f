#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that Lathe needs and that are missing. Nothing is
# installed twice and nothing but apt is used, so a second call takes no time.
#
#   tools/setup.sh          what building, the demo and the tests need
#   tools/setup.sh --full   also what tools/ci.sh --full needs
#   tools/setup.sh --list   prints the packages and installs nothing
set -euo pipefail

packages=(
  # The build: one compiler, one linker, CMake and Ninja.
  clang-22 lld-22 cmake ninja-build git
  # What the compiler is made of.
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools liblld-22-dev
  zlib1g-dev libzstd-dev libminizip-dev rapidjson-dev
  libflatbuffers-dev flatbuffers-compiler
  # The tests and the scripts.
  libgtest-dev libgmock-dev libbenchmark-dev spirv-tools python3 pkg-config
)
full_packages=(
  g++ libclang-rt-22-dev
  # The runtime for other machines, and their emulators. The cross compilers
  # bring the C libraries.
  g++-aarch64-linux-gnu libc6-dev-arm64-cross g++-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-user
  # The completions for it.
  zsh
)

fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

list_only=0
for argument in "$@"; do
  case "$argument" in
    --full) packages+=("${full_packages[@]}") ;;
    --list) list_only=1 ;;
    -h | --help) sed -n '3,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "unknown argument '$argument'" "try: tools/setup.sh --help" ;;
  esac
done
if ((list_only)); then
  printf '%s\n' "${packages[@]}"
  exit 0
fi

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
  fail "this script installs Debian packages, and there is no apt here" \
    "try: a Debian 12 container, or install what 'tools/setup.sh --list' names"

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [[ $status == "install ok installed" ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail "these packages are missing and you are not root: ${missing[*]}" \
      "try: run tools/setup.sh as root once, or install sudo"
  as_root=(sudo)
fi

echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get update -q ||
  echo "warning: apt-get update failed; going on with the package lists that are here" >&2

# Sets `unknown` to the packages of which apt has no candidate.
find_unknown() {
  unknown=()
  local package
  for package in "${missing[@]}"; do
    apt-cache show "$package" >/dev/null 2>&1 || unknown+=("$package")
  done
}

find_unknown
security_list=/etc/apt/sources.list.d/lathe-debian-security.list
if ((${#unknown[@]})) && [[ ! -e $security_list ]] && grep -q '^VERSION_CODENAME=bookworm$' /etc/os-release &&
  ! apt-cache policy | grep -q 'n=bookworm-security'; then
  # A minimal debootstrap has the main archive alone; LLVM and MLIR 22 are in
  # the security archive that every other installation of Debian 12 has.
  echo "Adding Debian's own security archive, which this system does not have yet: $security_list"
  echo "deb http://deb.debian.org/debian-security bookworm-security main" |
    "${as_root[@]}" tee "$security_list" >/dev/null
  "${as_root[@]}" apt-get update -q || true
  find_unknown
fi
if ((${#unknown[@]})); then
  fail "apt does not know: ${unknown[*]}" \
    "why: LLVM and MLIR 22 come from Debian 12's security archive, the rest from its main archive" \
    "try: these lines in /etc/apt/sources.list.d/lathe.list, then run this again:" \
    "     deb http://deb.debian.org/debian bookworm main" \
    "     deb http://deb.debian.org/debian-security bookworm-security main"
fi

# --no-install-recommends keeps the download to what is used.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" ||
  fail "apt could not install the packages" \
    "try: read apt's message above; the network is needed this once"
