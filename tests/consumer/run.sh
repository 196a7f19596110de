#!/bin/bash
# Installs the build into a folder, and there configures, builds and runs the consumer project: run.sh BUILD SOURCE WORK
set -eu
cmake --install "$1" --prefix "$3/install" >/dev/null
for file in man/man1/touchstone.1 bash-completion/completions/touchstone zsh/site-functions/_touchstone; do
  test -s "$3/install/share/$file"
done
bash -n "$3/install/share/bash-completion/completions/touchstone"
# No compile option of ours reaches the engine under test: it is compiled as its author compiles it.
if find "$3/install" -name touchstoneTargets.cmake -exec grep -H INTERFACE_COMPILE_OPTIONS {} + ; then exit 1; fi
cmake -S "$2" -B "$3/build" -DCMAKE_PREFIX_PATH="$3/install${CMAKE_PREFIX_PATH:+;$CMAKE_PREFIX_PATH}" -DCMAKE_BUILD_TYPE=Release
cmake --build "$3/build"
"$3/build/consumer_test"
