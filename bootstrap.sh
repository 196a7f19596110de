#!/usr/bin/env bash
# Everything from a bare Debian 12: installs the packages, builds, reproduces the notebook, tests.
#   ./bootstrap.sh build      packages, configure, build the program (Release) and nothing else
#   ./bootstrap.sh reproduce  the same, then the whole notebook into results/ and plots/
#   ./bootstrap.sh test       the same, then the tests
#   ./bootstrap.sh test-long  what takes too long for every day: twenty seeds of every correct engine, 5,000 traces that follow no rule
#   ./bootstrap.sh tidy       clang-format and clang-tidy over all sources
# Run it as root or as someone who may sudo. Running it again does only what is left to do.
set -euo pipefail
cd "$(dirname "$0")"

# The project's only list of packages.
compile_packages=(g++ cmake ninja-build ccache git ca-certificates
  libcxxopts-dev libyaml-cpp-dev libfmt-dev nlohmann-json3-dev
  libgnuplot-iostream-dev libboost-dev libboost-iostreams-dev libboost-system-dev libboost-filesystem-dev)
torch_packages=(libtorch-dev libopenblas0-pthread)
run_packages=(gnuplot-nox fonts-dejavu-core)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev python3 python3-numpy
  tiny-dnn libcereal-dev libstb-dev libgemmlowp-dev)  # tiny-dnn as an engine, with what it vendors
tidy_packages=(clang-tidy clang-format)
torch2_packages=(python3-venv)  # for tests/torch2/run, which takes a newer LibTorch from PyPI
distribution_packages=(python3-scipy)  # for tests/distribution/run
cluster_packages=(slurm-wlm munge parallel)  # for tests/cluster/run
frameworks_packages=(python3-venv)  # for tests/engines/frameworks/run, which takes its frameworks from registries
command -v npm >/dev/null || frameworks_packages+=(nodejs npm)
program_packages=("${compile_packages[@]}" "${torch_packages[@]}" "${run_packages[@]}")
all_packages=("${program_packages[@]}" "${test_packages[@]}")
# What a finished image needs (Debian 12), and what the CUDA image takes from Ubuntu 24.04 instead of Debian.
image_packages=(libtorch1.13 libopenblas0-pthread libyaml-cpp0.7 libfmt9 libboost-iostreams1.74.0
  libboost-filesystem1.74.0 "${run_packages[@]}")
cuda_image_packages=(libyaml-cpp0.8 libfmt9 libboost-iostreams1.83.0 libboost-filesystem1.83.0 libgomp1
  "${run_packages[@]}")

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

# Several files at a time take half as long from nothing. After a change to one, each by itself is quicker, which is
# what `cmake --preset release` goes back to.
configure() { cmake --preset release -DCMAKE_UNITY_BUILD=ON "$@"; }

build() {
  install_packages "${program_packages[@]}"
  say 'configuring and building the program (Release)'
  configure -DTOUCHSTONE_BUILD_TESTS=OFF -DTOUCHSTONE_REVISION="${TOUCHSTONE_REVISION:-}"
  cmake --build --preset release
}

build_tests() {
  install_packages "${all_packages[@]}"
  say 'configuring and building the tests (Release)'
  configure -DTOUCHSTONE_BUILD_TESTS=ON
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
  build_tests
  say 'testing'
  ctest --preset release -LE long
}

case "${1:-}" in
  packages) install_packages "${all_packages[@]}" ;;
  torch2-packages) install_packages "${all_packages[@]}" "${torch2_packages[@]}" ;;
  frameworks-packages) install_packages "${all_packages[@]}" "${frameworks_packages[@]}" ;;
  distribution-packages) install_packages "${all_packages[@]}" "${distribution_packages[@]}" ;;
  cluster-packages) install_packages "${program_packages[@]}" "${cluster_packages[@]}" ;;
  program-packages) install_packages "${program_packages[@]}" ;;
  image-packages) install_packages "${image_packages[@]}" ;;
  cuda-packages) install_packages "${compile_packages[@]}" wget unzip ;;
  cuda-image-packages) install_packages "${cuda_image_packages[@]}" ;;
  tidy)
    build_tests
    install_packages "${tidy_packages[@]}"
    say 'clang-format and clang-tidy'
    git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run -Werror
    cmake --workflow --preset tidy
    ;;
  build) build ;;
  reproduce) reproduce ;;
  test) run_tests ;;
  test-long)
    build_tests
    ctest --preset release -L long
    ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
