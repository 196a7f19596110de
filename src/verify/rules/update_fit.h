#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "verify/compare/candidate.h"
#include "verify/rules/update_number.h"

namespace touchstone {

/// Recorded updates, against which a rule's numbers are solved for: of each the gradients, the state and parameters
/// before and after it. A few updates, and of each a few dozen elements: what is found is to be verified on all.
class UpdateFit {
 public:
  /// Takes the first updates and some later ones.
  explicit UpdateFit(const Candidate& candidate);

  /// No update is recorded with all that it takes.
  bool empty() const { return updates_.empty(); }

  /// The values of `numbers`, one each, with which the rule of `right` comes nearest to what was recorded (Gauss and
  /// Newton, on their logarithms); nothing if it comes nowhere near.
  std::optional<std::vector<double>> solve(const Setup& right, const std::vector<UpdateNumber>& numbers) const;

 private:
  using Elements = std::vector<std::vector<double>>;
  struct Update {
    std::int64_t index = 0;
    double lr = 0.0;
    Elements before;
    Elements gradients;
    Elements after;
    std::map<std::string, Elements> slots_before;
    std::map<std::string, Elements> slots_after;
  };

  Elements some(Elements all) const;
  std::optional<Elements> some_recorded(const std::string& prefix, std::int64_t update) const;
  std::vector<double> residuals(const Setup& setup) const;

  const Candidate& candidate_;
  std::size_t stride_ = 1;  ///< one element of so many is looked at
  std::vector<Update> updates_;
};

}  // namespace touchstone
