#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiment/claim.h"
#include "results/result.h"

namespace touchstone {

/// The statistics of study.csv, by name: those that every study has, and those of its claims.
std::vector<std::string> columns_of(const std::vector<Claim>& claims);

/// The decay of an arm's optimizer; 0 if it has none.
double decay_of(const ArmResult& arm);

/// The columns of study.csv that depend on the experiment: a column per configuration key that differs between the
/// arms, then one per statistic.
class StudyColumns {
 public:
  explicit StudyColumns(const ExperimentResult& study);

  const std::vector<std::string>& header() const { return header_; }
  /// Of one run.
  std::vector<std::string> cells(std::size_t arm, const History& history) const;

 private:
  std::vector<Statistic> statistics_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> varied_;  ///< of each arm, the values of the keys
  std::vector<double> decays_;                    ///< of each arm
};

}  // namespace touchstone
