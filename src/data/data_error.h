#pragma once

#include <stdexcept>

namespace touchstone {

/// What the data folder throws: a file or a parameter set from which no data set can be made.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace touchstone
