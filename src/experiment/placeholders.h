#pragma once

#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/node.h"

namespace touchstone {

/// A template such as "Accuracy = {val_accuracy:%}, Batch Size = {fit.batch_size}" in pieces.
struct TemplatePiece {
  std::string text;  ///< literal, or a placeholder's name
  bool placeholder = false;
  std::string format;  ///< after the colon: "%" or nothing
};

std::vector<TemplatePiece> split_template(const std::string& text);

/// Throws UserError unless each placeholder is `label`, a final metric of a training (loss, accuracy,
/// val_loss, val_accuracy, lr), or a key that every arm's configuration has, and its format is none or %.
void check_placeholders(const Node& text, const std::string& key, const Experiment& experiment);

}  // namespace touchstone
