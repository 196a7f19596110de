#!/usr/bin/env bash
# Everything from a bare Debian 12: installs the packages, builds, reproduces the notebook, tests.
#   ./bootstrap.sh build      packages, configure, build (Release)
#   ./bootstrap.sh reproduce  the same, then the whole notebook into results/ and plots/
#   ./bootstrap.sh test       the same, then every test
#   ./bootstrap.sh packages   the packages only
# Run it as root or as someone who may sudo. Running it again does only what is left to do.
set -euo pipefail
cd "$(dirname "$0")"

# The project's only list of packages. Building, running, and what the tests need on top.
build_packages=(g++ cmake ninja-build ccache git ca-certificates
  libtorch-dev libopenblas0-pthread libcxxopts-dev libyaml-cpp-dev libfmt-dev nlohmann-json3-dev
  libgnuplot-iostream-dev libboost-dev libboost-iostreams-dev libboost-system-dev libboost-filesystem-dev)
run_packages=(gnuplot-nox fonts-dejavu-core)
test_packages=(libgtest-dev libgmock-dev clang-tidy clang-format)

say() { printf '\n== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

build() {
  install_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"
  say 'configuring and building (Release)'
  cmake --preset release
  cmake --build --preset release
}

reproduce() {
  build
  say 'reproducing the notebook'
  build/release/src/touchstone run
  say 'results are in results/, figures in plots/'
}

run_tests() {
  reproduce
  say 'testing'
  ctest --preset release
}

case "${1:-}" in
  packages) install_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}" ;;
  runtime) install_packages libtorch1.13 libopenblas0-pthread libyaml-cpp0.7 libfmt9 libboost-iostreams1.74.0 \
    libboost-filesystem1.74.0 "${run_packages[@]}" ;;
  build) build ;;
  reproduce) reproduce ;;
  test) run_tests ;;
  *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
