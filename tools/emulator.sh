#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Unpacks Bochs 3.0 and what makes its disc from Debian 13, and a kernel for it
# from this system's own release. Nothing is installed.
#
#   tools/emulator.sh FOLDER    FOLDER/bochs and FOLDER/kernel; no work where both are there
#
# apt brings the packages with lists of its own, signed by Debian: the emulator
# and all its libraries, down to the C library, so that it runs on any system.
set -euo pipefail
[[ $# == 1 && $1 != -* ]] || { sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# apt's state, apart from the system's: no installed package, one archive.
write_apt_state() {
  local apt=$1
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status"
  echo "deb [signed-by=$keyring] http://deb.debian.org/debian trixie main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
Dir::Cache::archives "$apt/archives";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Debug::NoLocking "1";
CONF
}

unpack_bochs() {
  local apt package
  apt=$(mktemp -d)
  trap 'rm -rf "$apt"' RETURN
  write_apt_state "$apt"
  APT_CONFIG=$apt/apt.conf apt-get update -q
  APT_CONFIG=$apt/apt.conf apt-get install -y -q --download-only \
    bochs bochs-term bochsbios vgabios xorriso isolinux syslinux-common
  rm -rf "$folder/bochs.new"
  mkdir "$folder/bochs.new"
  for package in "$apt"/archives/*.deb; do dpkg -x "$package" "$folder/bochs.new"; done
  mv "$folder/bochs.new" "$folder/bochs"
}

unpack_kernel() {
  local package
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/ {print $2; exit}')
  mkdir -p "$folder/kernel"
  (cd "$folder/kernel" && apt-get download "$package" && dpkg -x "$package"_*.deb .)
}

[[ $(uname -m) == x86_64 ]] || exit 0
[[ -d $folder/bochs ]] || unpack_bochs
compgen -G "$folder/kernel/boot/vmlinuz-*" >/dev/null || unpack_kernel
