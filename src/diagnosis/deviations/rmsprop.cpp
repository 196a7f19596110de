#include "optim/rmsprop.h"

#include "diagnosis/deviations/sqrt_divisor.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {

std::vector<KnownDeviation> rmsprop_deviations(const UpdateSpec& declared) {
  using Options = RmsProp::Options;
  DeviationTable<Options> table(declared);
  table.add<bool>("undamped", "RMSprop's accumulator adds", &Options::undamped,
                  {{true, "rmsprop_undamped", "the whole squared gradient"}, {false, "", "", "(1 - rho) times it"}});
  table.add<bool>(
      "state", "RMSprop uses", &Options::uses_previous_state,
      {{true, "rmsprop_accumulator_stale", "the previous update's accumulator"}, {false, "", "", "the current one"}});
  table.add<bool>("centered", "RMSprop", &Options::centered,
                  {{true, "rmsprop_centred",
                    "subtracts the squared mean gradient (centered), which the configuration does not request"},
                   {false, "rmsprop_not_centered", "ignores centered"}});
  table.add<bool>("correction", "RMSprop", &Options::bias_corrected,
                  {{true, "rmsprop_corrected", "corrects the accumulator's bias, as Adam does for v"}});
  const NumberPlace momentum = NumberPlace::argument("momentum");
  KnownDeviation with_momentum =
      with_number("momentum", momentum, 0.9, "rmsprop_momentum",
                  "RMSprop adds momentum, v = momentum*v + step, which the configuration does not request",
                  [](double present) { return present == 0.0; });
  with_momentum.numbers = {{momentum, "momentum", "", "", 0.9, FreeParameter::Kind::share, {1e-4, 0.3}}};
  table.add(with_momentum);
  table.add(with_number("momentum", momentum, 0.0, "momentum_ignored", "ignores momentum",
                        [](double present) { return present > 0.0; }));
  using Momentum = RmsProp::Momentum;
  table.add<Momentum>("rate.place", "applies the learning rate", &Options::momentum,
                      {{Momentum::rate_outside, "torch_momentum",
                        "outside the velocity, as PyTorch does (v = momentum*v + step; p -= lr*v),", "outside"},
                       {Momentum::rate_inside, "keras_momentum",
                        "inside the velocity, as Keras does (v = momentum*v + lr*step; p -= v),",
                        "inside (they differ as soon as the rate changes)"}},
                      [](const Options& o) { return o.momentum != Momentum::none; });
  add_sqrt_divisor(table, "RMSprop", "rmsprop");
  return std::move(table).rows();
}

}  // namespace touchstone
