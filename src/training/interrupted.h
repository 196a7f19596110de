#pragma once

#include <stdexcept>

namespace touchstone {

/// Thrown out of a run, a search or a suite that was asked to stop.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace touchstone
