#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "tolerance/noisy_update.h"

namespace touchstone {

/// The state of an optimizer that a candidate keeps to itself, carried along from the start through its recorded
/// gradients: exactly, and with the rounding of some attempts.
class CarriedState {
 public:
  using Slots = std::vector<UpdateState::Elements>;

  static constexpr std::uint32_t attempts = 8;  ///< besides the exact one

  /// The state before `update` is known.
  bool reaches(std::int64_t update) const { return update == next_; }

  /// What has not been kept of the next update yet.
  bool misses(std::uint32_t attempt) const { return after_.count(attempt) == 0; }

  /// Before the next update.
  const Slots& before(std::uint32_t attempt) const { return states_.at(place_of(attempt)); }

  /// After the next update, as an attempt makes it.
  void keep(std::uint32_t attempt, Slots slots) {
    if (attempt == place_of(attempt)) after_[attempt] = std::move(slots);
  }

  /// The next update is over.
  void advance(std::int64_t update) {
    states_ = std::move(after_);
    after_.clear();
    next_ = update + 1;
  }

 private:
  /// Finer attempts share the states of the first.
  static std::uint32_t place_of(std::uint32_t attempt) { return attempt == 0 ? 0 : 1 + (attempt - 1) % attempts; }

  std::map<std::uint32_t, Slots> states_;
  std::map<std::uint32_t, Slots> after_;
  std::int64_t next_ = 0;
};

}  // namespace touchstone
