#include "optim/lion.h"

#include "diagnosis/deviation_table.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {

std::vector<KnownDeviation> lion_deviations(const UpdateSpec& declared) {
  using Options = Lion::Options;
  DeviationTable<Options> table(declared);
  table.add<bool>("direction", "Lion steps by", &Options::has_sign,
                  {{false, "lion_sign_missing", "beta_1*m + (1-beta_1)*g"}, {true, "", "", "its sign"}});
  table.add<bool>("order", "Lion steps by the sign of", &Options::averages_before_step,
                  {{true, "lion_m_updated_first", "m, after its update,"}, {false, "", "", "beta_1*m + (1-beta_1)*g"}});
  table.add(swapped("beta_1", "beta_2", "betas_swapped"));
  table.add(with_number("weight_decay", NumberPlace::argument("weight_decay"), 0.0, "weight_decay_ignored",
                        "ignores weight_decay"));
  return std::move(table).rows();
}

}  // namespace touchstone
