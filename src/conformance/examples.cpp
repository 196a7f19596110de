#include "conformance/examples.h"

#include <map>

namespace touchstone {
namespace {

using Groups = std::set<CaseGroup>;

/// "arguments": the same rule with other numbers. Optional arguments (RMSprop's momentum) are left out: an adapter that
/// does not know them would be failed for what it never claimed.
const std::map<std::string, std::vector<OptimizerExample>>& examples() {
  static const Groups all = {CaseGroup::conventions, CaseGroup::shapes, CaseGroup::plateaus, CaseGroup::clipping,
                             CaseGroup::losses};
  static const Groups conventions = {CaseGroup::conventions};
  static const std::map<std::string, std::vector<OptimizerExample>> by_optimizer = {
      {"SGD",
       {{"", {{"lr", 0.05}}, {CaseGroup::conventions, CaseGroup::losses}},
        {"momentum",
         {{"lr", 0.02}, {"momentum", 0.9}},
         {CaseGroup::conventions, CaseGroup::shapes, CaseGroup::plateaus, CaseGroup::clipping}},
        {"momentum_0.5", {{"lr", 0.05}, {"momentum", 0.5}}, conventions},
        {"nesterov", {{"lr", 0.02}, {"momentum", 0.9}, {"nesterov", true}}, conventions}}},
      {"RMSprop", {{"", {{"lr", 0.005}}}, {"arguments", {{"lr", 0.01}, {"rho", 0.5}, {"epsilon", 1e-3}}, {}}}},
      {"Adagrad", {{"", {{"lr", 0.05}}}, {"arguments", {{"lr", 0.02}, {"epsilon", 1e-2}}, {}}}},
      {"Adadelta", {{"", {}}, {"arguments", {{"lr", 0.5}, {"rho", 0.8}, {"epsilon", 1e-4}}, {}}}},
      {"Adam",
       {{"", {{"lr", 0.01}}, all},
        {"amsgrad", {{"lr", 0.02}, {"amsgrad", true}}, conventions},
        {"arguments", {{"lr", 0.01}, {"beta_1", 0.5}, {"beta_2", 0.9}, {"epsilon", 1e-3}}, {}}}},
      {"Adamax",
       {{"", {{"lr", 0.01}}}, {"arguments", {{"lr", 0.01}, {"beta_1", 0.8}, {"beta_2", 0.95}, {"epsilon", 1e-3}}, {}}}},
      {"Nadam",
       {{"", {{"lr", 0.01}}},
        {"arguments", {{"lr", 0.01}, {"beta_1", 0.8}, {"beta_2", 0.95}, {"schedule_decay", 0.1}}, {}}}},
      {"AdamW",
       {{"", {{"lr", 0.01}, {"weight_decay", 0.1}}},
        {"amsgrad", {{"lr", 0.02}, {"weight_decay", 0.1}, {"amsgrad", true}}, conventions}}},
      {"Lion", {{"", {{"lr", 0.002}}}, {"arguments", {{"lr", 0.002}, {"beta_1", 0.8}, {"weight_decay", 0.1}}, {}}}},
  };
  return by_optimizer;
}

}  // namespace

std::vector<OptimizerExample> examples_of(const std::string& optimizer) {
  const auto found = examples().find(optimizer);
  return found == examples().end() ? std::vector<OptimizerExample>{{"", {}}} : found->second;
}

}  // namespace touchstone
