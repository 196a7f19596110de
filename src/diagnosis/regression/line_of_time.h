#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "diagnosis/regression/fit_line.h"
#include "diagnosis/regression/recorded_lines.h"
#include "optim/linear_rule.h"

namespace touchstone {

/// What lines are read off, and how strictly.
struct Reading {
  const std::vector<RecordedLine>& lines;
  const std::vector<std::string>& slots;
  double ulp = 0.0;
  double tolerance = 0.0;          ///< of what a line adds up, how far rounding may move it
  double rounding = 0.0;           ///< by which share of its uncertainty a number may be rounded to fewer digits
  std::vector<double> bases = {};  ///< of the averages known so far, for what depends on t
};

std::vector<double> values_of(const Reading& reading, const LinearRule::Quantity& quantity, const RecordedLine& line);

std::vector<double> each(const std::vector<double>& values, const std::function<double(double)>& function);
std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b);
double largest_size(const std::vector<double>& values);

/// The coefficient of a feature of `fitted`, one for each of the lines, as a function of the rate and of t; nothing if
/// it is none. `prefers_rate`: if the data cannot tell whether it has the rate.
std::optional<LinearRule::Coefficient> coefficient_of(const Reading& reading, const FittedLine& fitted,
                                                      std::size_t feature, bool prefers_rate);

}  // namespace touchstone
