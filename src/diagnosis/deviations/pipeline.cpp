#include <string>

#include "diagnosis/deviation_table.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {
namespace {

using Rows = std::vector<KnownDeviation>;

/// What `edit` does to the pipeline; where `applies` says so.
template <typename Edit>
KnownDeviation around(const std::string& axis, const std::string& name, const std::string& sentence, const Edit& edit,
                      bool (*applies)(const UpdatePipeline&) = nullptr,
                      const std::vector<FreeParameter>& numbers = {}) {
  return {axis, name, sentence,
          [edit, applies, numbers](UpdateSpec spec) -> std::optional<UpdateSpec> {
            if (applies != nullptr && !applies(spec.pipeline)) return std::nullopt;
            edit(spec.pipeline);
            for (const FreeParameter& number : numbers) number.place.set(spec, number.declared);
            return spec;
          },
          numbers};
}

bool clips(const UpdatePipeline& pipeline) { return pipeline.clipping.any(); }
bool clips_nothing(const UpdatePipeline& pipeline) { return !pipeline.clipping.any(); }

FreeParameter bound(const std::string& label, double Clipping::*member) {
  return {NumberPlace::of(member),
          label,
          "",
          "",
          0.1,
          FreeParameter::Kind::positive,
          {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.3, 1.0}};
}

void add_clipping(Rows& rows) {
  rows.push_back(around(
      "clipping", "clipping_ignored", "ignores clipping", [](UpdatePipeline& p) { p.clipping = {}; }, &clips));
  rows.push_back(around(
      "clipping", "clipnorm_of_each",
      "clips each tensor's gradient by its own norm, as tf.keras does, instead of by the norm of all "
      "gradients together, as Keras 2.3 does",
      [](UpdatePipeline& p) { p.clipping.each = true; },
      [](const UpdatePipeline& p) { return p.clipping.norm > 0.0 && !p.clipping.each; }));
  rows.push_back(around("clipping", "clipped_by_value",
                        "clips each element of the gradient, which the configuration does not request",
                        [](UpdatePipeline&) {}, &clips_nothing, {bound("clipvalue", &Clipping::value)}));
  rows.push_back(around("clipping", "clipped_by_norm",
                        "clips gradients by the norm of all together, which the configuration does not request",
                        [](UpdatePipeline&) {}, &clips_nothing, {bound("clipnorm", &Clipping::norm)}));
  rows.push_back(around("clipping", "clipped_by_norm_of_each",
                        "clips each tensor's gradient by its own norm, which the configuration does not request",
                        [](UpdatePipeline& p) { p.clipping.each = true; }, &clips_nothing,
                        {bound("clipnorm", &Clipping::norm)}));
}

using Place = UpdatePipeline::WeightDecay;

/// A place of the weight decay, in words.
struct PlaceRow {
  Place place;
  std::string name;      ///< of the deviation
  std::string computed;  ///< "adds it ..."
};

const std::vector<PlaceRow>& places() {
  static const std::vector<PlaceRow> all = {
      {Place::in_gradient, "weight_decay_in_update", "adds weight decay to the gradient after recording it"},
      {Place::by_rate, "weight_decay_decoupled", "parameters decay by a multiple of the learning rate before the step"},
      {Place::by_itself, "weight_decay_without_rate",
       "parameters decay by a constant fraction at each update, independent of the learning rate"},
      {Place::after, "weight_decay_after_step", "parameters decay by a multiple of the learning rate after the step"}};
  return all;
}

bool decays(const UpdatePipeline& pipeline) { return pipeline.weight_decay != Place::none; }
bool decays_nothing(const UpdatePipeline& pipeline) { return !decays(pipeline); }

/// What the configuration does not request.
void add_undeclared_decays(Rows& rows) {
  const FreeParameter decay = {NumberPlace::of(&UpdatePipeline::decay), "weight_decay", "", "", 1e-2,
                               FreeParameter::Kind::positive,           {1e-4, 0.3}};
  for (const bool kernels_only : {false, true}) {
    for (const auto& [place, name, computed] : places()) {
      rows.push_back(
          around("weight_decay", kernels_only ? name + "_of_kernels" : name,
                 computed + ", which the configuration does not request" + (kernels_only ? " (kernels only)" : ""),
                 [place = place, kernels_only](UpdatePipeline& p) {
                   p.weight_decay = place;
                   p.decays_kernels_only = kernels_only;
                 },
                 &decays_nothing, {decay}));
    }
  }
}

/// Another place than the declared one.
void add_other_places(Rows& rows, Place declared) {
  for (const auto& [place, name, computed] : places()) {
    if (place == declared) continue;
    rows.push_back(around(
        "weight_decay", name,
        computed + " instead of " +
            (declared == Place::in_gradient ? "adding it to the gradient"
                                            : "by a multiple of the rate before the step"),
        [place = place](UpdatePipeline& p) { p.weight_decay = place; }, &decays));
  }
}

void add_decays(Rows& rows, const UpdatePipeline& declared) {
  if (decays_nothing(declared)) return add_undeclared_decays(rows);
  add_other_places(rows, declared.weight_decay);
  rows.push_back(around(
      "weight_decay", "weight_decay_ignored", "ignores weight_decay",
      [](UpdatePipeline& p) { p.weight_decay = Place::none; }, &decays));
  const bool kernels_only = declared.decays_kernels_only;
  rows.push_back(around(
      "weight_decay_on", kernels_only ? "weight_decay_on_all" : "weight_decay_on_kernels",
      kernels_only ? "decays all parameters instead of kernels only" : "decays kernels only instead of all parameters",
      [kernels_only](UpdatePipeline& p) { p.decays_kernels_only = !kernels_only; }, &decays));
}

void add_steps(Rows& rows) {
  rows.push_back(around("times", "updated_twice", "applies each update twice", [](UpdatePipeline& p) { p.times = 2; }));
  rows.push_back(around("times", "never_updated", "does not apply the update", [](UpdatePipeline& p) { p.times = 0; }));
  rows.push_back(around("sign", "gradient_ascended", "steps along the gradient instead of against it",
                        [](UpdatePipeline& p) { p.sign = -1.0; }));
  rows.push_back(around("rate", "initial_rate_taken",
                        "the update uses the initial learning rate instead of the recorded one",
                        [](UpdatePipeline& p) { p.uses_initial_rate = true; }));
}

double in_float(double number) { return static_cast<double>(static_cast<float>(number)); }

/// Every argument as float32 holds it, but for the rate; what is no argument (an undeclared decay) stays as it is.
std::optional<UpdateSpec> with_arguments_in_float(UpdateSpec spec) {
  const auto round_if_argument = [&](const char* argument, double& number) {
    if (number == spec.config.number_or(argument, 0.0)) number = in_float(number);
  };
  round_if_argument("clipnorm", spec.pipeline.clipping.norm);
  round_if_argument("clipvalue", spec.pipeline.clipping.value);
  round_if_argument("weight_decay", spec.pipeline.decay);
  for (auto& [name, value] : spec.config.arguments) {
    double* number = std::get_if<double>(&value);
    if (number != nullptr && name != "lr") *number = in_float(*number);
  }
  return spec;
}

void add_precision(Rows& rows) {
  rows.push_back({"precision", "arguments_in_float32",
                  "stores the optimizer's arguments in float32, although the run is in float64",
                  &with_arguments_in_float});
  rows.push_back(around("rounding", "rate_in_float32",
                        "rounds the learning rate to float32, although the run is in float64",
                        [](UpdatePipeline& p) { p.rounds_rate = true; }));
}

}  // namespace

std::vector<KnownDeviation> pipeline_deviations(const UpdatePipeline& declared, Precision precision) {
  Rows rows;
  add_clipping(rows);
  add_decays(rows, declared);
  add_steps(rows);
  if (precision == Precision::float64) add_precision(rows);
  return rows;
}

}  // namespace touchstone
