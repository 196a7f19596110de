#pragma once

#include <stdexcept>

namespace touchstone {

/// What the plot folder throws: gnuplot missing, or a figure that it could not draw.
class PlotError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace touchstone
