#include "study/study_columns.h"

#include <algorithm>
#include <charconv>

#include "results/csv.h"
#include "results/resolved_settings.h"
#include "study/run_statistic.h"

namespace touchstone {

std::vector<std::string> columns_of(const std::vector<Claim>& claims) {
  std::vector<std::string> names = {"best_val_accuracy", "volatility_val_accuracy", "drops"};
  for (const Claim& claim : claims) {
    if (!is_of_history(claim.statistic) || claim.statistic.type == Statistic::Type::final) continue;
    const std::string name = name_of(claim.statistic);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

double decay_of(const ArmResult& arm) {
  const std::string text = value_at(arm, "optimizer.decay");
  double decay = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), decay);
  return decay;
}

StudyColumns::StudyColumns(const ExperimentResult& study) : header_(setting_keys(study).varied) {
  for (const ArmResult& arm : study.arms) {
    std::vector<std::string>& values = varied_.emplace_back();
    for (const std::string& key : header_) values.push_back(value_at(arm, key));
    decays_.push_back(decay_of(arm));
  }
  for (const std::string& name : study.statistics) {
    statistics_.push_back(statistic_named(name).value());
    header_.push_back(name);
  }
}

std::vector<std::string> StudyColumns::cells(std::size_t arm, const History& history) const {
  std::vector<std::string> cells = varied_[arm];
  for (const Statistic& statistic : statistics_)
    cells.push_back(csv_number(value_of(statistic, history, decays_[arm])));
  return cells;
}

}  // namespace touchstone
