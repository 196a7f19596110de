#include <fmt/core.h>

#include <variant>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/training_options.h"
#include "cli/version.h"
#include "experiment/locate.h"
#include "files/atomic_file.h"
#include "files/errors.h"
#include "run/loaded_experiment.h"
#include "trace/make_case.h"
#include "trace/replay.h"
#include "trace/trace_file.h"
#include "training/parallel.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

const RunConfig& training_arm(const Experiment& experiment, std::size_t arm) {
  if (experiment.kind != Kind::training) {
    throw UserError(
        fmt::format("touchstone trace: {} does not train; expected an experiment of kind training", experiment.name));
  }
  if (arm >= experiment.arms.size()) {
    throw UserError(fmt::format("--arm: found {}, expected 0 to {}: {} has {} arms", arm, experiment.arms.size() - 1,
                                experiment.name, experiment.arms.size()));
  }
  return std::get<RunConfig>(experiment.arms[arm].config);
}

/// Runs the case and adds the observations to the trace.
void record(Trace& trace, const RunConfig& config, const TrainOptions& train, std::int64_t steps, bool slots) {
  const std::int64_t updates = count_updates(config, trace.rows());
  ReplayOptions options;
  options.precision = train.precision;
  options.device = train.device;
  options.stop_requested = &interrupted;
  options.plan = {count_from_zero(steps == 0 ? updates : std::min(steps, updates)), count_from_zero(config.fit.epochs),
                  slots};
  const Trace observed = replay(trace, config, train.engine, options);
  trace.arrays.insert(observed.arrays.begin(), observed.arrays.end());
}

void add_trace_options(Options& options) {
  options.positional("name", "experiment or file", "NAME or FILE");
  add_training_options(options);
  add_seed_option(options);
  options.text("arm", "which arm, from 0", "N", "0");
  options.text("steps", "record the first N updates (0: all)", "N", "0");
  options.flag("slots", "also record the optimizer's state");
  options.text("o,output", "the trace's file (default: NAME_arm_II.safetensors)", "FILE");
}

int record_trace(const ParsedOptions& parsed) {
  if (!parsed.has("name")) throw UserError("touchstone trace: expected the NAME of an experiment or a FILE");

  const TrainingOptions training = read_training_options(parsed);
  const auto [experiment, data] = load_with_data(locate_experiment(parsed.text("name")), training.overrides);
  const auto arm = static_cast<std::size_t>(parsed.integer("arm", 0, 1000000));
  const std::int64_t steps = parsed.integer("steps", 0, INT64_MAX);
  const RunConfig& config = training_arm(experiment, arm);
  const std::string file =
      parsed.has("output") ? parsed.text("output") : fmt::format("{}_arm_{:02}.safetensors", experiment.name, arm);

  use_one_thread();
  catch_interrupts();
  Trace trace = make_case(config, *data[arm], read_seed(parsed), stream_of(experiment, arm),
                          training.train.precision == Precision::float32 ? DType::f32 : DType::f64);
  trace.engine = fmt::format("touchstone {}, {} on {}, {}", versions().at("touchstone"), training.engine,
                             training.train.device, training.dtype);
  record(trace, config, training.train, steps, parsed.has("slots"));
  remove_temporary_files(std::filesystem::path(file).parent_path());
  write_trace(file, trace);
  fmt::print("{}: {} updates and {} epochs of {}, arm {} ({})\n", file, trace.recorded_updates().size(),
             config.fit.epochs, experiment.name, arm, experiment.arms[arm].label);
  return exit_done;
}

}  // namespace

Command trace_command() {
  return {"trace", "records one arm's run, update by update, as a trace",
          "Records one arm's run as a trace (touchstone-trace/1).", &add_trace_options, &record_trace};
}

}  // namespace touchstone
