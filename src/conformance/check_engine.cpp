#include "conformance/check_engine.h"

#include <algorithm>
#include <stdexcept>

#include "conformance/judge.h"
#include "diagnosis/report.h"
#include "experiment/run_json.h"

namespace touchstone {

Engine updating_engine(const Optimizer& optimizer) {
  return [optimizer](const Trace& given) {
    if (!given.has_given_gradients())
      throw std::invalid_argument("the case gives no gradients, expected an update case");
    const std::vector<std::string> names = given.parameters();
    Elements parameters;
    for (const std::string& name : names) parameters.push_back(given.find("init/" + name)->values);
    const MakeUpdate update = optimizer(optimizer_of_run(given.experiment), parameters);
    Trace trace = given;
    const std::vector<double>& rates = given.find("step/lr")->values;
    for (std::size_t t = 0; t < rates.size(); ++t) {
      Elements gradients;
      for (const std::string& name : names) gradients.push_back(given.find("step/grad/" + name)->record(t));
      update(parameters, gradients, rates[t]);
      for (std::size_t i = 0; i < names.size(); ++i) {
        Array& recorded = trace.arrays["step/param/" + names[i]];
        recorded.shape = given.find("step/grad/" + names[i])->shape;
        recorded.values.insert(recorded.values.end(), parameters[i].begin(), parameters[i].end());
      }
    }
    return trace;
  };
}

std::vector<std::string> conformance_case_names() {
  std::vector<std::string> names;
  for (const ConformanceCase& each : conformance_cases()) names.push_back(each.name);
  return names;
}

std::string mismatch(const Engine& engine, const std::string& case_name, std::uint32_t seed) {
  const std::vector<ConformanceCase> cases = conformance_cases();
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const ConformanceCase& each) { return each.name == case_name; });
  if (found == cases.end()) throw std::out_of_range("no conformance case is called '" + case_name + "'");
  const Trace given = trace_of(*found, seed);
  const CaseResult result = judge_observations(given, engine(given), case_name);
  if (result.outcome == CaseResult::Outcome::passed) return "";
  return result.message + (result.diagnosis ? "\n" + to_text(*result.diagnosis) : "");
}

}  // namespace touchstone
