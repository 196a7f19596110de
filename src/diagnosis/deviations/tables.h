#pragma once

#include <vector>

#include "data/precision.h"
#include "diagnosis/known_deviation.h"

namespace touchstone {

// One file each.
std::vector<KnownDeviation> sgd_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> rmsprop_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> adagrad_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> adadelta_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> adam_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> adamw_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> adamax_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> nadam_deviations(const UpdateSpec& declared);
std::vector<KnownDeviation> lion_deviations(const UpdateSpec& declared);
/// Of what is around any rule.
std::vector<KnownDeviation> pipeline_deviations(const UpdatePipeline& declared, Precision precision);

}  // namespace touchstone
