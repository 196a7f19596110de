// What the verifier makes of updates that do otherwise than asked: everything that the space of updates knows is
// injected in the C++ example engine, one, two and three at a time, for every optimizer, in both precisions, with and
// without the state recorded. Prints the table of tests/engines/README.md, and each that was not found on stderr.
//   touchstone_identification ENGINE [COMBINATIONS] [FIRST_SEED] [KEEP: a folder in which the traces stay]
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>

#include "check/verify.h"
#include "conformance/cases.h"
#include "diagnosis/known_deviations.h"
#include "diagnosis/report.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "trace/trace_file.h"
#include "training/parallel.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// Numbers that are injected, each as an engine's author may have it.
double planted_number(const FreeParameter& number) {
  static const std::map<std::string, double> of_deviations = {
      {"weight_decay", 0.03}, {"clipvalue", 0.004}, {"clipnorm", 0.02}, {"momentum", 0.8}, {"dampening", 0.3}};
  static const std::map<std::string, double> of_arguments = {
      {"epsilon", 2e-5},    {"beta_1", 0.8},        {"beta_2", 0.98},         {"rho", 0.97},     {"momentum", 0.7},
      {"rate factor", 0.3}, {"weight_decay", 0.05}, {"schedule_decay", 0.02}, {"clipnorm", 0.2}, {"clipvalue", 0.01}};
  return (number.name.empty() ? of_deviations : of_arguments).at(number.label);
}

/// One thing that is injected: its name, on its axis, and the engine's option.
struct Injection {
  std::string axis;
  std::string name;
  std::string option;
  std::function<std::optional<UpdateSpec>(const UpdateSpec&)> edit;
};

std::vector<Injection> injections_of(const UpdateSpec& declared, Precision precision) {
  std::vector<Injection> injections;
  for (const KnownDeviation& deviation : known_deviations(declared, precision)) {
    if (!deviation.edit(declared)) continue;
    Injection injection{deviation.axis, deviation.name, deviation.name, deviation.edit};
    for (const FreeParameter& number : deviation.numbers) {
      const double value = planted_number(number);
      injection.option += fmt::format("={:g}", value);
      injection.edit = [own = deviation.edit, number, value](const UpdateSpec& before) {
        auto update = own(before);
        if (update) number.place.set(*update, value);
        return update;
      };
    }
    injections.push_back(injection);
  }
  for (const FreeParameter& number : free_parameters(declared)) {
    if (number.name == "start_mistaken" || !(number.declared > 0.0)) continue;
    const double value = planted_number(number);
    injections.push_back({number.label, number.name, fmt::format("{}={:g}", number.name, value),
                          [number, value](UpdateSpec update) -> std::optional<UpdateSpec> {
                            number.place.set(update, value);
                            return update;
                          }});
  }
  return injections;
}

struct Trial {
  ConformanceCase run;
  std::vector<Injection> injections;
  bool private_state = false;
};

enum class Outcome { invisible, exact, tie, unknown, wrong };

struct Counts {
  std::map<Outcome, int> of;
  int all() const {
    int sum = 0;
    for (const auto& [outcome, count] : of) sum += count;
    return sum;
  }
  int at(Outcome outcome) const { return of.count(outcome) > 0 ? of.at(outcome) : 0; }
};

std::string options_of(const Trial& trial) {
  std::string text = trial.run.name + (trial.private_state ? ", private state:" : ":");
  for (const Injection& injection : trial.injections) text += " --inject " + injection.option;
  return text;
}

/// Arguments are held in float32 after all else that is done to them.
UpdateSpec injected_update(const Trial& trial, const UpdateSpec& declared) {
  UpdateSpec update = declared;
  for (const bool last : {false, true}) {
    for (const Injection& injection : trial.injections) {
      if ((injection.axis == "precision") != last) continue;
      if (const auto next = injection.edit(update)) update = *next;
    }
  }
  return update;
}

/// Both are of one argument: one of them would undo the other.
bool undo_each_other(const std::string& axis, const std::string& other) {
  return axis == other || (axis == "betas_swapped" && other.rfind("beta_", 0) == 0) ||
         (other == "betas_swapped" && axis.rfind("beta_", 0) == 0);
}

class Trier {
 public:
  Trier(std::string engine, std::filesystem::path folder, bool keeps)
      : engine_(std::move(engine)), folder_(std::move(folder)), keeps_(keeps) {}

  Outcome run(const Trial& trial, std::size_t number) const {
    const auto given = folder_ / fmt::format("{}.case.safetensors", number);
    const auto written = folder_ / fmt::format("{}.trace.safetensors", number);
    write_trace(given, trace_of(trial.run, 0));
    std::string command = fmt::format("{} {} {}", engine_, given.string(), written.string());
    for (const Injection& injection : trial.injections) command += " --inject " + injection.option;
    if (trial.private_state) command += " --private-state yes";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);  // NOLINT
    const Outcome outcome = judged(trial, Candidate(read_trace(written), written.string()));
    std::filesystem::remove(given);
    if (!keeps_) std::filesystem::remove(written);
    return outcome;
  }

 private:
  static Outcome judged(const Trial& trial, const Candidate& candidate) {
    Scope scope;
    scope.only = Part::update;
    const TrainingSpec declared = spec_of(candidate.config);
    const Verdict verdict = verify(candidate, declared, scope, 1);
    if (verdict.agrees()) return Outcome::invisible;
    const Diagnosis diagnosis = diagnose(candidate, verdict, std::chrono::seconds(0), 1);
    const std::vector<Hypothesis>& found = diagnosis.parts.front().explanations;
    const bool has_convention = !diagnosis.parts.front().conventions.empty();
    if (found.empty() && !has_convention) return print_and_count(trial, diagnosis, Outcome::unknown);
    std::vector<std::string> names;
    for (const Injection& injection : trial.injections) names.push_back(injection.name);
    const auto is_planted = [&](const Hypothesis& explanation) {
      const std::vector<std::string> found_names = names_of(explanation);
      return std::is_permutation(names.begin(), names.end(), found_names.begin(), found_names.end());
    };
    const bool contains = std::any_of(found.begin(), found.end(), is_planted);
    if (contains && found.size() == 1) return Outcome::exact;
    if (contains) return Outcome::tie;
    // What is found accounts for every update. If what was injected does so too and is no simpler, nothing recorded
    // can print_and_count them apart.
    scope.stop_at_first = true;
    TrainingSpec injected = declared;
    injected.update = injected_update(trial, declared.update);
    const bool both = verify(candidate, injected, scope, 1).agrees();
    const bool no_simpler = found.empty() || found.front().edits.size() <= names.size();
    return both && no_simpler ? Outcome::tie : print_and_count(trial, diagnosis, Outcome::wrong);
  }

  static Outcome print_and_count(const Trial& trial, const Diagnosis& diagnosis, Outcome outcome) {
    fmt::print(stderr, "{} {}\n{}", outcome == Outcome::wrong ? "wrong" : "unknown", options_of(trial),
               to_text(diagnosis));
    return outcome;
  }

  std::string engine_;
  std::filesystem::path folder_;
  bool keeps_;
};

/// The cases whose optimizer is injected into: those with constant rates and with changing ones, and with clipping.
std::vector<ConformanceCase> cases() {
  std::vector<ConformanceCase> chosen;
  for (const ConformanceCase& each : conformance_cases()) {
    const std::string schedule = each.name.substr(each.name.find('.') + 1);
    const bool is_wanted =
        schedule.rfind("constant", 0) == 0 || schedule.rfind("decay", 0) == 0 || schedule.rfind("clipnorm", 0) == 0;
    if (!is_wanted) continue;
    for (const DType dtype : {DType::f32, DType::f64}) {
      chosen.push_back(each);
      chosen.back().dtype = dtype;
      chosen.back().name = each.name.substr(0, each.name.rfind('.')) + (dtype == DType::f32 ? ".f32" : ".f64");
    }
  }
  return chosen;
}

std::optional<Trial> drawn(const std::vector<ConformanceCase>& all, std::mt19937_64& random) {
  Trial trial;
  trial.run = all[random() % all.size()];
  trial.private_state = random() % 2 == 0;
  const Candidate given(trace_of(trial.run, 0), trial.run.name);
  const std::vector<Injection> injections =
      injections_of(UpdateSpec::of(given.config.optimizer), precision_of(trial.run.dtype));
  const std::size_t size = 1 + random() % 3;
  std::vector<std::string> axes;
  UpdateSpec update = UpdateSpec::of(given.config.optimizer);
  while (trial.injections.size() < size) {
    const Injection& injection = injections[random() % injections.size()];
    if (std::any_of(axes.begin(), axes.end(),
                    [&](const std::string& axis) { return undo_each_other(axis, injection.axis); })) {
      continue;
    }
    const auto next = injection.edit(update);
    if (!next) return std::nullopt;
    update = *next;
    axes.push_back(injection.axis);
    trial.injections.push_back(injection);
  }
  return trial;
}

std::string row(const std::string& name, const Counts& counts) {
  const int caught = counts.all() - counts.at(Outcome::invisible);
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {:.1f} % |\n", name, counts.all(), caught,
                     counts.at(Outcome::exact), counts.at(Outcome::tie), counts.at(Outcome::unknown),
                     counts.at(Outcome::wrong),
                     100.0 * (counts.at(Outcome::exact) + counts.at(Outcome::tie)) / std::max(caught, 1));
}

/// A folder that goes when this does.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name) : path_(std::filesystem::temp_directory_path() / name) {
    std::filesystem::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

int run(const std::string& engine, std::size_t combinations, std::uint64_t seed, const std::string& keep) {
  const TemporaryFolder folder(fmt::format("touchstone_identification_{}", seed));
  const std::vector<ConformanceCase> all = cases();
  std::mt19937_64 random(seed);
  std::vector<Trial> trials;
  while (trials.size() < combinations) {
    if (auto trial = drawn(all, random)) trials.push_back(std::move(*trial));
  }
  std::array<std::map<std::string, Counts>, 3> tables;
  Counts total;
  std::mutex counting;
  const bool keeps = !keep.empty();
  if (keeps) std::filesystem::create_directories(keep);
  const Trier trier(engine, keeps ? std::filesystem::path(keep) : folder.path(), keeps);
  parallel_for(trials.size(), 2, [&](std::size_t i) {
    const Trial& trial = trials[i];
    const Outcome outcome = trier.run(trial, i);
    const std::lock_guard lock(counting);
    ++total.of[outcome];
    ++tables[0][trial.run.optimizer].of[outcome];
    ++tables[1][fmt::format("{} injected, {}, {}", trial.injections.size(), dtype_name(trial.run.dtype),
                            trial.private_state ? "state private" : "state recorded")]
          .of[outcome];
    for (const Injection& injection : trial.injections) ++tables[2][injection.axis].of[outcome];
  });
  const std::array<const char*, 3> heads = {"optimizer", "combination", "axis"};
  for (std::size_t t = 0; t < 3; ++t) {
    fmt::print("| {} | injected | caught | exact | tie | unknown | wrong | exact or tie |\n", heads[t]);
    fmt::print("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (const auto& [name, counts] : tables[t]) fmt::print("{}", row(name, counts));
    fmt::print("{}\n", row("all", total));
  }
  return total.at(Outcome::wrong) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace touchstone

int main(int argc, char** argv) {
  try {
    if (argc < 2)
      throw std::runtime_error("expected the engine: touchstone_identification ENGINE [COMBINATIONS] [SEED] [KEEP]");
    return touchstone::run(argv[1], argc > 2 ? std::stoull(argv[2]) : 2000, argc > 3 ? std::stoull(argv[3]) : 1,
                           argc > 4 ? argv[4] : "");
  } catch (const std::exception& error) {
    fmt::print(stderr, "touchstone_identification: {}\n", error.what());
    return 2;
  }
}
