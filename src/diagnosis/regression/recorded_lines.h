#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "check/candidate.h"

namespace touchstone {

/// One recorded update, with what it began from: values of some elements of all parameters.
struct RecordedLine {
  std::int64_t t = 0;  ///< its number, from 1
  double lr = 0.0;
  std::vector<double> before;
  std::vector<double> after;
  std::vector<double> gradients;
  std::map<std::string, std::vector<double>> slots_before;
  std::map<std::string, std::vector<double>> slots_after;
};

/// Some recorded updates from `from_update` on, the first and the last among them, of which all is recorded: gradients,
/// rate, parameters, and the state, if `slots` has any. Of a state before update 0 nothing is recorded, so that update
/// is left out then. At most `max_updates` and about `max_elements` of each.
std::vector<RecordedLine> recorded_lines(const Candidate& candidate, const std::vector<std::string>& slots,
                                         std::int64_t from_update, std::size_t max_updates, std::size_t max_elements);

/// The slots whose values are recorded update by update, in order of their names.
std::vector<std::string> recorded_slots(const Candidate& candidate);

}  // namespace touchstone
