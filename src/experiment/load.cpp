#include "experiment/load.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "experiment/arms.h"
#include "experiment/check_figures.h"
#include "experiment/data_path.h"
#include "experiment/default_figure.h"
#include "experiment/dotted_key.h"
#include "experiment/extends.h"
#include "experiment/fail_at.h"
#include "experiment/kinds.h"
#include "experiment/overrides.h"
#include "experiment/read_claims.h"
#include "experiment/read_config.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

constexpr Range step_counts{1.0, 1e7, false, false};

std::string owner_of_keys(Kind kind) {
  switch (kind) {
    case Kind::definition: return "a definition";
    case Kind::scatter: return "a scatter experiment";
    case Kind::schedule: return "a schedule experiment";
    case Kind::training: break;
  }
  return "a training experiment";
}

/// The sections of one arm's tree. Those that the kind needs must be there; a definition needs none, but
/// what it has must be right.
class ArmReader {
 public:
  ArmReader(const Node& root, Kind kind, const Vocabulary& vocabulary, Resolution& resolution)
      : reader_(root, "", resolution), kind_(kind), vocabulary_(vocabulary), resolution_(resolution) {}

  void read(Arm& arm) {
    for (const char* key :
         {"cell", "kind", "title", "description", "extends", "figures", "arms", "claims", "pair_arms"})
      reader_.child(key);
    RunConfig run;
    ScheduleConfig schedule;
    if (const Node* node = section("data", Kind::training, Kind::scatter)) {
      run.data = read_data(*node, "data", resolution_);
    }
    if (const Node* node = section("model", Kind::training)) {
      run.model = read_model(*node, "model", vocabulary_, resolution_);
      check_classes(*node, run);
    }
    if (const Node* node = section("optimizer", Kind::training)) {
      run.optimizer = read_optimizer(*node, "optimizer", vocabulary_, resolution_);
    }
    if (kind_ == Kind::training || kind_ == Kind::definition) {
      if (const Node* node = reader_.child("callbacks")) {
        run.callbacks = read_callbacks(*node, "callbacks", vocabulary_, resolution_);
      }
    }
    if (const Node* node = section("fit", Kind::training)) run.fit = read_fit(*node, "fit", resolution_);
    if (const Node* node = section("schedule", Kind::schedule)) {
      schedule.schedule = read_schedule(*node, "schedule", vocabulary_, resolution_);
    }
    if (kind_ == Kind::schedule) schedule.steps = reader_.integer("steps", std::nullopt, step_counts);
    if (kind_ == Kind::definition && reader_.child("steps") != nullptr) {
      reader_.integer("steps", std::nullopt, step_counts);
    }
    reader_.finish(owner_of_keys(kind_));

    if (kind_ == Kind::training) arm.config = run;
    if (kind_ == Kind::scatter) arm.config = run.data;
    if (kind_ == Kind::schedule) arm.config = schedule;
  }

 private:
  /// The section, if this kind has it at all.
  const Node* section(const std::string& key, Kind needed_by, std::optional<Kind> or_by = {}) {
    if (kind_ == needed_by || kind_ == or_by) return &reader_.required_child(key, "a map");
    return kind_ == Kind::definition ? reader_.child(key) : nullptr;
  }

  void check_classes(const Node& model_node, const RunConfig& run) {
    const auto* blobs = std::get_if<BlobsParameters>(&run.data.source);
    if (kind_ != Kind::training || blobs == nullptr || run.model.layers.back().units >= blobs->centers) return;
    fail_at(model_node.find("layers")->items.back().find("units")->origin,
            fmt::format("model.layers.{}.units", run.model.layers.size() - 1),
            fmt::format("found {}, expected at least the {} centers of data.make_blobs", run.model.layers.back().units,
                        blobs->centers));
  }

  MapReader reader_;
  Kind kind_;
  const Vocabulary& vocabulary_;
  Resolution& resolution_;
};

std::string label_without_arms(const Node& root, const std::string& title) {
  const Node* optimizer = root.find("optimizer");
  const Node* name = optimizer == nullptr ? nullptr : optimizer->find("name");
  return name == nullptr ? title : to_text(*name);
}

/// By the time there is an override to apply, the bases are read.
void apply(const Override& override, Node& root) {
  if (override.path.front() == "extends") fail_at(override.value.origin, "extends", "cannot be overridden");
  set_at(root, override.path, override.value);
}

}  // namespace

Experiment load_experiment(const fs::path& file, const std::vector<std::string>& overrides,
                           const Vocabulary& vocabulary) {
  Node root = load_extended(file);
  const std::vector<Override> parsed_overrides = parse_overrides(overrides);
  for (const Override& override : parsed_overrides) apply(override, root);

  Experiment experiment;
  experiment.file = file;
  experiment.name = file.stem().string();
  Resolution unused;
  MapReader header(root, "", unused);
  if (header.child("cell") != nullptr) experiment.cell = header.integer("cell", std::nullopt, Range{1, 1e6});
  experiment.kind = kind_named(header.text("kind", std::nullopt, kind_names()));
  experiment.title = header.text("title", std::nullopt);
  experiment.description = header.text("description", "");
  experiment.extends = header.text("extends", "");
  experiment.pair_arms = header.flag("pair_arms", false);
  if (const Node* node = header.child("figures")) experiment.figures = read_figures(*node, "figures");

  const bool has_arms = experiment.kind != Kind::definition;
  for (ArmNode& node : expand_arms(root, parsed_overrides, label_without_arms(root, experiment.title))) {
    make_data_path_absolute(node.root, file.parent_path());
    Arm arm{node.label, node.varied, {}, {}};
    ArmReader(node.root, experiment.kind, vocabulary, arm.resolved).read(arm);
    if (has_arms) experiment.arms.push_back(std::move(arm));
  }
  if (const Node* claims = header.child("claims")) {
    experiment.claims = has_arms ? read_claims(*claims, experiment, !overrides.empty()) : std::vector<Claim>{};
  }
  const Node* figures = root.find("figures");
  if (has_arms && figures != nullptr) check_figures(*figures, experiment);
  if (has_arms && figures == nullptr) experiment.figures = {default_figure(experiment)};
  return experiment;
}

}  // namespace touchstone
