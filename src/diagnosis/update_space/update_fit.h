#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check/candidate.h"
#include "diagnosis/free_parameter.h"

namespace touchstone {

/// Recorded updates, against which a rule is held and its numbers are solved for: of each the gradients, the state and
/// parameters before and after it. A few updates, and of each a few dozen elements: what is found is to be verified on
/// all.
class UpdateFit {
 public:
  /// Takes the first updates, from `from_update` on, and some later ones, and of each about `max_elements`.
  UpdateFit(const Candidate& candidate, std::int64_t from_update, std::size_t max_elements);

  /// No update is recorded with all that it takes.
  bool empty() const { return updates_.empty(); }
  /// State after an update is recorded.
  bool records_state() const;

  /// How far `update` is from what was recorded, in units in the last place: of the state, and of the
  /// parameters. A state that is not recorded is carried from the start.
  struct Residuals {
    std::vector<double> state;
    std::vector<double> step;
  };
  Residuals residuals(const UpdateSpec& update) const;

  enum class Of { state, all };
  struct Fitted {
    UpdateSpec update;
    double mean_square = 0.0;
    double largest = 0.0;
  };
  /// `update` with the values of `numbers` with which its rule comes nearest to what was recorded (Gauss and Newton);
  /// nothing if nothing could be compared.
  std::optional<Fitted> solve(const UpdateSpec& update, const std::vector<FreeParameter>& numbers, Of of) const;

  /// What the parameters' rest, got less predicted, goes with: "the parameter", "the gradient's sign" ...; nothing if
  /// with none of them.
  std::optional<std::string> residual_correlate(const UpdateSpec& spec) const;

 private:
  using Elements = std::vector<std::vector<double>>;
  struct Update {
    std::int64_t index = 0;
    double lr = 0.0;
    Elements before;
    Elements gradients;
    Elements after;
    std::vector<double> gradient_squares;
    std::map<std::string, Elements> slots_before;
    std::map<std::string, Elements> slots_after;
  };

  Elements some(const Elements& all) const;
  std::optional<Elements> some_recorded(const std::string& prefix, std::int64_t update) const;
  std::vector<double> residuals_of(const UpdateSpec& update, Of of) const;
  template <typename Add>
  void predict(const UpdateSpec& spec, const Add& add) const;

  const Candidate& candidate_;
  std::size_t stride_ = 1;  ///< one element of so many is looked at
  std::vector<bool> is_kernel_;
  std::size_t reserved_ = 0;  ///< so many residuals there are at most
  std::vector<Update> updates_;
};

}  // namespace touchstone
