#include "experiment/load.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "experiment/arms.h"
#include "experiment/extends.h"
#include "experiment/overrides.h"
#include "experiment/placeholders.h"
#include "experiment/read_config.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

constexpr Range step_counts{1.0, 1e7, false, false};

Kind kind_of(const std::string& name) {
  if (name == "definition") return Kind::definition;
  if (name == "scatter") return Kind::scatter;
  if (name == "schedule") return Kind::schedule;
  return Kind::training;
}

/// The sections of one arm's tree. Those that the kind needs must be there; a definition needs none, but
/// what it has must be right.
class ArmReader {
 public:
  ArmReader(const Node& root, Kind kind, const Vocabulary& vocabulary, Resolution& resolution)
      : reader_(root, "", resolution), kind_(kind), vocabulary_(vocabulary), resolution_(resolution) {}

  void read(Arm& arm) {
    for (const char* key : {"cell", "kind", "title", "description", "extends", "figures", "arms"}) reader_.child(key);
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
    reader_.finish(kind_ == Kind::training ? "a training experiment" : "an experiment of this kind");

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
    fail_at(model_node.origin, fmt::format("model.layers.{}.units", run.model.layers.size() - 1),
            fmt::format("found {}, expected at least the {} centers of data.make_blobs",
                        run.model.layers.back().units, blobs->centers));
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

void check_figures(const Node& root, const Experiment& experiment) {
  const Node* figures = root.find("figures");
  if (figures == nullptr) return;
  for (std::size_t i = 0; i < experiment.figures.size(); ++i) {
    const Node& node = figures->items[i];
    for (const char* key : {"panel_title", "legend"}) {
      if (const Node* text = node.find(key)) check_placeholders(*text, fmt::format("figures.{}.{}", i, key), experiment);
    }
  }
}

}  // namespace

Experiment load_experiment(const fs::path& file, const std::vector<std::string>& overrides,
                           const Vocabulary& vocabulary) {
  Node root = load_extended(file);
  const std::vector<Override> parsed_overrides = parse_overrides(overrides);
  for (const Override& override : parsed_overrides) set_at(root, override.path, override.value);

  Experiment experiment;
  experiment.file = file;
  experiment.name = file.stem().string();
  Resolution unused;
  MapReader header(root, "", unused);
  if (header.child("cell") != nullptr) experiment.cell = header.integer("cell", std::nullopt, Range{1, 1e6});
  experiment.kind =
      kind_of(header.text("kind", std::nullopt, {"definition", "scatter", "training", "schedule"}));
  experiment.title = header.text("title", std::nullopt);
  experiment.description = header.text("description", "");
  experiment.extends = header.text("extends", "");
  if (const Node* figures = header.child("figures")) experiment.figures = read_figures(*figures, "figures");

  const bool has_arms = experiment.kind != Kind::definition;
  for (const ArmNode& node : expand_arms(root, parsed_overrides, label_without_arms(root, experiment.title))) {
    Arm arm{node.label, node.varied, {}, {}};
    ArmReader(node.root, experiment.kind, vocabulary, arm.resolved).read(arm);
    if (has_arms) experiment.arms.push_back(std::move(arm));
  }
  if (has_arms) check_figures(root, experiment);
  return experiment;
}

std::vector<fs::path> experiment_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml" && entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace touchstone
