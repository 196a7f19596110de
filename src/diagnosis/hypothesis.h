#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "training/training_spec.h"

namespace touchstone {

/// A number of an edit, which the trace gave.
struct FoundNumber {
  std::string label;  ///< "epsilon"
  double value = 0.0;
  std::string text;   ///< "epsilon 1e-08 instead of 1e-07"; "" if the edit's sentence has it
  double from = 0.0;  ///< every value from here on explains the trace too,
  double to = 0.0;    ///< up to this
};

/// One difference from what was declared.
struct Edit {
  std::string name;      ///< of the finding
  std::string sentence;  ///< for the user: what the engine computes, and what it should
  std::vector<FoundNumber> numbers = {};
  int solved = 0;                ///< how many of the numbers were solved for: as many observations say nothing for them
  std::string convention = {};   ///< if the edit is to follow another optimizer.convention
  std::string declaration = {};  ///< with which the edit would be declared: "optimizer.epsilon: 1e-08"; "" if none is
};

/// A supposed variant of the declared training.
struct Hypothesis {
  TrainingSpec spec;
  std::vector<Edit> edits = {};
  std::optional<std::int64_t> from_update = {};  ///< the training deviates only from there on

  bool has(const std::string& name) const;
  bool is_convention() const { return edits.size() == 1 && !edits.front().convention.empty(); }
  int solved() const;
};

/// The names of the edits, in their order.
std::vector<std::string> names_of(const Hypothesis& hypothesis);
std::vector<std::string> sentences_of(const Hypothesis& hypothesis);
/// "beta_1 0.8 instead of 0.9, epsilon 2e-05 instead of 1e-07"; "" if there are no numbers.
std::string numbers_of(const Hypothesis& hypothesis);

/// Whether they name the same edits.
bool have_same_edits(const Hypothesis& a, const Hypothesis& b);

/// With an edit more.
Hypothesis with(Hypothesis hypothesis, TrainingSpec spec, Edit edit);

/// The two in one, each an edit of `declared`; nothing if they edit the same thing otherwise.
std::optional<Hypothesis> merged(const TrainingSpec& declared, const Hypothesis& a, const Hypothesis& b);

}  // namespace touchstone
