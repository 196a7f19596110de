#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace touchstone {

/// A linear combination of features that gives a target, update by update.
struct FittedLine {
  std::vector<std::size_t> features;               ///< which of those that were given
  std::vector<std::vector<double>> coefficients;   ///< [update][feature]
  std::vector<std::vector<double>> uncertainties;  ///< of each coefficient: how far it may be off
};

/// A target over the elements of one update, with the features that it may be made of, and how far rounding may have
/// moved it.
struct LineData {
  std::vector<double> target;
  std::vector<std::vector<double>> features;
  double noise = 0.0;
};

/// The fewest features, at most `max_features`, of which a combination gives the target of every update, by least
/// squares. Of as many, the one that comes nearest. Nothing if none does; no feature if every target is 0.
std::optional<FittedLine> fit_line(const std::vector<LineData>& updates, std::size_t max_features);

}  // namespace touchstone
