#pragma once

#include <string>
#include <vector>

#include "trace/setup.h"

namespace touchstone {

/// A number of an update that an engine may have otherwise than declared, to be solved for from recorded updates.
struct UpdateNumber {
  std::string name;      ///< of the mistake: "epsilon_mistaken"
  std::string sentence;  ///< told to the user
  std::string symbol;    ///< what the number is called: "epsilon"
  double declared = 0.0;
  /// The numbers that it may be: above 0 and, if `below_one`, below 1.
  bool below_one = false;
  std::vector<double> starts;  ///< from which it is looked for
  /// The run with this number.
  Setup (*with)(const Setup& right, const std::string& symbol, double value);
};

/// Every number of the optimizer of `right`: its arguments, the rate that it takes, and weight decays that nobody asked
/// for.
std::vector<UpdateNumber> update_numbers(const Setup& right);

}  // namespace touchstone
