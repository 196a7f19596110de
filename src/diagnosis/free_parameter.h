#pragma once

#include <string>
#include <variant>
#include <vector>

#include "training/update_spec.h"

namespace touchstone {

/// Where a number of an update stands.
class NumberPlace {
 public:
  static NumberPlace argument(std::string name) { return {Argument{std::move(name)}}; }
  static NumberPlace start(std::string slot) { return {Start{std::move(slot)}}; }
  static NumberPlace of(double UpdatePipeline::*member) { return {member}; }
  static NumberPlace of(double Clipping::*member) { return {member}; }

  double value(const UpdateSpec& spec) const;
  void set(UpdateSpec& spec, double value) const;

  friend bool operator==(const NumberPlace& a, const NumberPlace& b) { return a.place_ == b.place_; }

 private:
  struct Argument {
    std::string name;
    bool operator==(const Argument& other) const { return name == other.name; }
  };
  struct Start {
    std::string slot;
    bool operator==(const Start& other) const { return slot == other.slot; }
  };
  using Place = std::variant<Argument, Start, double UpdatePipeline::*, double Clipping::*>;
  NumberPlace(Place place) : place_(std::move(place)) {}  // NOLINT(google-explicit-constructor)

  Place place_;
};

/// A number of an update that an engine may have otherwise than declared, to be solved for from recorded updates.
struct FreeParameter {
  /// What it is solved for as: anything, a number above 0, or one between 0 and 1.
  enum class Kind { any, positive, share };

  NumberPlace place;
  std::string label;     ///< "epsilon"
  std::string name;      ///< of the finding: "epsilon_mistaken"; "" if it belongs to a deviation
  std::string sentence;  ///< for the user
  double declared = 0.0;
  Kind kind = Kind::any;
  std::vector<double> starts = {};  ///< from which it is looked for, besides its present value

  /// As a number that may be anything, and back.
  double to_unconstrained(double value) const;
  double from_unconstrained(double free) const;
};

/// Every number of the update that is declared: arguments, the rate that it takes, and what its state starts from.
std::vector<FreeParameter> free_parameters(const UpdateSpec& declared);

}  // namespace touchstone
