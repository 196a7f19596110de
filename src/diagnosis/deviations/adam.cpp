#include "optim/adam.h"

#include "diagnosis/deviation_table.h"
#include "diagnosis/deviations/tables.h"
#include "optim/adamw.h"

namespace touchstone {
namespace {

template <typename Options>
void add_corrections(DeviationTable<Options>& table) {
  using To = BiasCorrection;
  table.template add<BiasCorrections>(
      "correction", "Adam", &Options::corrections,
      {{{To::none, To::none}, "adam_no_bias_correction", "omits the bias correction sqrt(1-b2^t)/(1-b1^t)"},
       {{To::of_next_t, To::of_next_t},
        "adam_corrections_late",
        "corrects bias with t + 1 instead of t; t is 1 in the first update"},
       {{To::none, To::of_t}, "adam_m_uncorrected", "omits the bias correction of m, 1/(1-b1^t)"},
       {{To::of_t, To::none}, "adam_v_uncorrected", "omits the bias correction of v, sqrt(1-b2^t)"},
       {{To::of_next_t, To::of_t}, "adam_m_correction_late", "corrects m's bias with t + 1 instead of t"},
       {{To::of_t, To::of_next_t}, "adam_v_correction_late", "corrects v's bias with t + 1 instead of t"},
       {{To::of_previous_t, To::of_previous_t},
        "adam_corrections_behind",
        "corrects bias with t - 1 (at least 1) instead of t; t is 1 in the first update"}});
}

KnownDeviation counted(UpdatePipeline::Counter counter, const char* name, const char* sentence) {
  return {"counter", name, sentence, [counter](UpdateSpec spec) -> std::optional<UpdateSpec> {
            spec.pipeline.counter = counter;
            return spec;
          }};
}

template <typename Options>
DeviationTable<Options> adam_table(const UpdateSpec& declared) {
  DeviationTable<Options> table(declared);
  table.template add<Epsilon>(
      "epsilon.place", "Adam adds epsilon", &Options::epsilon,
      {{Epsilon::outside_corrected_sqrt, "adam_eps_after_correction",
        "after the bias correction, sqrt(v/(1-b2^t)) + epsilon, as PyTorch and the paper's algorithm 1 do,",
        "after the bias correction, sqrt(v/(1-b2^t)) + epsilon"},
       {Epsilon::outside_sqrt, "adam_eps_before_correction",
        "before the bias correction, sqrt(v) + epsilon, as Keras does,",
        "before the bias correction, sqrt(v) + epsilon"},
       {Epsilon::inside_sqrt, "adam_eps_inside_root", "inside the square root, sqrt(v + epsilon),"},
       {Epsilon::inside_corrected_sqrt, "adam_eps_inside_corrected_root",
        "inside the square root of the corrected v, sqrt(v/(1-b2^t) + epsilon),"},
       {Epsilon::none, "adam_eps_missing", "nowhere, or one too small to show,"}});
  add_corrections(table);
  table.add(counted(UpdatePipeline::Counter::per_tensor, "bias_correction_per_tensor",
                    "Adam counts a step per parameter tensor instead of a step per update"));
  table.add(
      counted(UpdatePipeline::Counter::per_tensor_from_two, "bias_correction_per_tensor_late",
              "Adam counts a step per parameter tensor, also before the first one, instead of a step per update"));
  table.template add<bool>("root", "Adam divides by", &Options::has_sqrt,
                           {{false, "adam_root_missing", "v"}, {true, "", "", "its square root"}});
  table.template add<bool>(
      "state", "Adam uses", &Options::uses_previous_state,
      {{true, "adam_moments_stale", "the previous update's moments"}, {false, "", "", "the current ones"}});
  table.template add<bool>("undamped_m", "Adam's m adds", &Options::undamped_m,
                           {{true, "adam_m_undamped", "the whole gradient"}, {false, "", "", "(1 - beta_1) times it"}});
  table.template add<bool>(
      "undamped_v", "Adam's v adds", &Options::undamped_v,
      {{true, "adam_v_undamped", "the whole squared gradient"}, {false, "", "", "(1 - beta_2) times it"}});
  table.template add<bool>("nesterov", "Adam uses", &Options::nesterov,
                           {{true, "adam_nesterov", "Nesterov's beta_1*m + (1-beta_1)*g"}, {false, "", "", "m"}});
  table.template add<bool>("rectified", "Adam", &Options::rectified,
                           {{true, "adam_rectified", "rectifies the step, as RAdam does"}});
  table.template add<bool>("maximum", "AMSGrad takes the maximum of", &Options::maximum_of_corrected,
                           {{true, "amsgrad_of_corrected", "the corrected v"}, {false, "", "", "v"}},
                           [](const Options& o) { return o.amsgrad; });
  table.template add<bool>(
      "amsgrad", "divides by", &Options::amsgrad,
      {{false, "amsgrad_ignored", "v, although amsgrad is true", ""},
       {true, "amsgrad_unasked", "the running maximum of v (AMSGrad), although amsgrad is false"}});
  table.add(swapped("beta_1", "beta_2", "betas_swapped"));
  return table;
}

/// PyTorch's default.
KnownDeviation with_epsilon_of_torch() {
  return with_number("epsilon", NumberPlace::argument("epsilon"), 1e-8, "adam_eps_1e-8",
                     "Adam's epsilon is 1e-8, PyTorch's default, instead of the configured one");
}

/// AdamW's rule decays every tensor, so that one that decays some leaves it to the pipeline.
KnownDeviation with_decay_of_kernels() {
  return {"weight_decay",
          "weight_decay_on_kernels",
          "decays kernels only instead of all parameters",
          [](UpdateSpec spec) -> std::optional<UpdateSpec> {
            if (spec.config.convention == Convention::paper) return std::nullopt;
            spec.option_edits.emplace_back(
                [](RuleOptions& options) { options.as<AdamW::Options>().weight_decay = AdamW::WeightDecay::none; });
            spec.pipeline.weight_decay = UpdatePipeline::WeightDecay::by_rate;
            spec.pipeline.decay = spec.config.number("weight_decay");
            spec.pipeline.decays_kernels_only = true;
            return spec;
          },
          {}};
}

}  // namespace

std::vector<KnownDeviation> adam_deviations(const UpdateSpec& declared) {
  auto table = adam_table<Adam::Options>(declared);
  table.add(with_epsilon_of_torch());
  return std::move(table).rows();
}

std::vector<KnownDeviation> adamw_deviations(const UpdateSpec& declared) {
  using WeightDecay = AdamW::WeightDecay;
  auto table = adam_table<AdamW::Options>(declared);
  table.add<WeightDecay>("weight_decay", "applies weight decay", &AdamW::Options::weight_decay,
                         {{WeightDecay::before_step, "", "", "before it"},
                          {WeightDecay::after_step, "decay_after_step", "after the step"}});
  table.add<WeightDecay>("weight_decay", "adds weight decay", &AdamW::Options::weight_decay,
                         {{WeightDecay::before_step, "", "", "decoupling it from them"},
                          {WeightDecay::in_gradient, "decay_in_gradient", "to the gradient, and so to the moments,"}});
  table.add<bool>(
      "weight_decay", "the parameters decay by", &AdamW::Options::decays_by_rate,
      {{false, "decay_without_rate", "weight_decay"}, {true, "", "", "the learning rate times weight_decay"}});
  table.add(with_number("weight_decay", NumberPlace::argument("weight_decay"), 0.0, "weight_decay_ignored",
                        "ignores weight_decay"));
  table.add(with_decay_of_kernels());
  table.add(with_epsilon_of_torch());
  return std::move(table).rows();
}

}  // namespace touchstone
