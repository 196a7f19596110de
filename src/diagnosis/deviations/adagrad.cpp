#include "optim/adagrad.h"

#include "diagnosis/deviations/sqrt_divisor.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {

std::vector<KnownDeviation> adagrad_deviations(const UpdateSpec& declared) {
  using Options = Adagrad::Options;
  DeviationTable<Options> table(declared);
  table.add(with_number("start", NumberPlace::start("accumulator"), 0.1, "adagrad_accumulator_0.1",
                        "Adagrad's accumulator starts at 0.1 instead of 0",
                        [](double present) { return present == 0.0; }));
  table.add<bool>(
      "state", "Adagrad uses", &Options::uses_previous_state,
      {{true, "adagrad_accumulator_stale", "the previous update's accumulator"}, {false, "", "", "the current one"}});
  table.add<bool>("mean", "Adagrad divides by the square root of", &Options::uses_mean,
                  {{true, "adagrad_mean", "the mean of the squared gradients"}, {false, "", "", "their sum"}});
  add_sqrt_divisor(table, "Adagrad", "adagrad");
  return std::move(table).rows();
}

}  // namespace touchstone
