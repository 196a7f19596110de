#pragma once

#include <string>
#include <vector>

#include "report/reported_experiment.h"

namespace touchstone {

/// One self-contained HTML page: how to read it, the claims with their verdicts, each experiment with its figures,
/// tables and settings, and how all of it was made. It loads nothing, and has no scripts but one that copies commands.
std::string html_page(const std::string& title, const std::vector<ReportedExperiment>& experiments);

/// The page of plots/: links to the figures' files, and the table of claims.
std::string markdown_page(const std::vector<ReportedExperiment>& experiments);

}  // namespace touchstone
