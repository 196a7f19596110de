#pragma once

#include <string>

#include "results/result.h"

namespace touchstone {

/// Fills a template of an experiment file, such as "Accuracy = {val_accuracy:%}, Decay = {optimizer.decay}":
/// {label}; a metric after the last epoch, to four digits, or with :% as a percentage with one decimal; or a
/// configuration key as it was written. An arm that diverged says so.
std::string fill_template(const std::string& text, const ArmResult& arm);

}  // namespace touchstone
