#pragma once

#include <functional>
#include <string>

#include "files/errors.h"
#include "plot/terminal.h"

namespace touchstone {

/// Throws EnvironmentError, with a sentence that helps, unless a gnuplot that can draw `format` is on the PATH.
void require_gnuplot(FigureFormat format);

/// The figure that gnuplot prints for `script`, whatever the user's own gnuplot settings are. Throws EnvironmentError
/// with gnuplot's message if it fails or prints nothing, and Interrupted once `stop` says so.
std::string run_gnuplot(const std::string& script, const std::function<bool()>& stop);

}  // namespace touchstone
