#pragma once

#include <string>

#include "diagnosis/deviation_table.h"
#include "optim/sqrt_divisor.h"

namespace touchstone {

/// The rows of RMSprop and Adagrad, which divide by the square root of an accumulator. `prefix`: of the names.
template <typename Options>
void add_sqrt_divisor(DeviationTable<Options>& table, const std::string& optimizer, const std::string& prefix) {
  table.template add<Epsilon>(
      "epsilon.place", optimizer + " adds epsilon", &Options::epsilon,
      {{Epsilon::inside_sqrt, prefix + "_eps_inside_root", "inside the square root, sqrt(a + epsilon),", "inside"},
       {Epsilon::outside_sqrt, prefix + "_eps_outside_root", "outside the square root, sqrt(a) + epsilon,", "outside"},
       {Epsilon::none, prefix + "_eps_missing", "nowhere, or one too small to show,"}});
  table.template add<bool>(
      "root", optimizer + " divides by", &Options::has_sqrt,
      {{false, prefix + "_root_missing", "the accumulator", "the accumulator"}, {true, "", "", "its square root"}});
}

}  // namespace touchstone
