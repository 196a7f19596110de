#include "optim/nadam.h"

#include "diagnosis/deviation_table.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {

std::vector<KnownDeviation> nadam_deviations(const UpdateSpec& declared) {
  using Options = Nadam::Options;
  using Momentum = Nadam::Momentum;
  DeviationTable<Options> table(declared);
  table.add<Epsilon>("epsilon.place", "Nadam adds epsilon", &Options::epsilon,
                     {{Epsilon::outside_corrected_sqrt, "", "", "outside the square root of the corrected v"},
                      {Epsilon::inside_corrected_sqrt, "nadam_eps_inside_root", "inside the square root"},
                      {Epsilon::outside_sqrt, "nadam_eps_before_correction", "before the bias correction"},
                      {Epsilon::none, "nadam_eps_missing", "nowhere, or one too small to show,"}});
  table.add<bool>("correction", "Nadam", &Options::corrects_v,
                  {{false, "nadam_v_uncorrected", "omits the bias correction of v"}});
  table.add<Momentum>("momentum", "Nadam's momentum is", &Options::momentum,
                      {{Momentum::scheduled, "", "", "the schedule's value"},
                       {Momentum::constant, "nadam_schedule_missing", "the constant beta_1"}});
  table.add<Momentum>("momentum", "computes", &Options::momentum,
                      {{Momentum::scheduled, "", "", "Nadam: Nesterov's momentum is missing"},
                       {Momentum::of_adam, "nadam_as_adam", "Adam"}});
  table.add(swapped("beta_1", "beta_2", "betas_swapped"));
  return std::move(table).rows();
}

}  // namespace touchstone
