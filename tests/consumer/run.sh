#!/bin/sh
# Installs the build into a folder, and there configures, builds and runs the consumer project: run.sh BUILD SOURCE WORK
set -eu
cmake --install "$1" --prefix "$3/install" >/dev/null
cmake -S "$2" -B "$3/build" -DCMAKE_PREFIX_PATH="$3/install${CMAKE_PREFIX_PATH:+;$CMAKE_PREFIX_PATH}" -DCMAKE_BUILD_TYPE=Release
cmake --build "$3/build"
"$3/build/consumer_test"
