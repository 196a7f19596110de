#pragma once

#include <stdexcept>

namespace touchstone {

/// Thrown when a run, a search or a suite is stopped.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace touchstone
