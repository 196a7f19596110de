#pragma once

#include <memory>
#include <string>
#include <vector>

namespace touchstone {

struct Experiment;
struct Split;

/// The data of each arm, loaded once and shared between arms with the same data; null for an arm without data.
using ExperimentData = std::vector<std::shared_ptr<const Split>>;

/// Draws or reads the data of every arm, splits them, and checks that its model fits them. Throws UserError for a file
/// that is no data set, and UserError, naming the place in the experiment's file, for data that it cannot be run on.
ExperimentData load_data(const Experiment& experiment);

/// What a user should know of the data: training rows that lack a class. One text per different warning, with the
/// place in the experiment's file.
std::vector<std::string> data_warnings(const Experiment& experiment, const ExperimentData& data);

}  // namespace touchstone
