#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "results/result.h"
#include "study/claims_table.h"

namespace touchstone {

/// A drawn figure.
struct ReportedFigure {
  std::string title;
  std::string svg;   ///< as gnuplot writes it
  std::string file;  ///< that the command leaves: "plots/cell_03_batch_size_bands.png"
};

/// All that a report says of one experiment.
struct ReportedExperiment {
  Experiment experiment;
  std::vector<std::string> users;          ///< of a definition: the experiments that extend it
  std::optional<ExperimentResult> result;  ///< of a study or a run; nothing for a definition
  std::vector<ClaimRow> claims;
  std::vector<ReportedFigure> figures;
  std::string command;  ///< that repeats results and figures; empty for a definition
};

/// "Cell 3", or "Text" for what the notebook shows without a cell, or nothing for other experiments.
std::string place_of(const Experiment& experiment);

/// What the arms vary: "fit.batch_size: 5, 10, 16"; empty for one arm.
std::string varied_text(const Experiment& experiment);

}  // namespace touchstone
