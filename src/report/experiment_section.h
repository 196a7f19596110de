#pragma once

#include <string>

#include "report/reported_experiment.h"

namespace touchstone {

/// An experiment's section of the HTML page: what is varied, figures, tables, claims, settings and command.
std::string experiment_section(const ReportedExperiment& reported);

/// The identifiers of the section and of a claim in it, for links.
std::string section_anchor(const ReportedExperiment& reported);
std::string claim_anchor(const ReportedExperiment& reported, const ClaimRow& row);

}  // namespace touchstone
