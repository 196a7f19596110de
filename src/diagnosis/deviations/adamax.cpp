#include "optim/adamax.h"

#include "diagnosis/deviation_table.h"
#include "diagnosis/deviations/tables.h"

namespace touchstone {

std::vector<KnownDeviation> adamax_deviations(const UpdateSpec& declared) {
  using Options = Adamax::Options;
  using Epsilon = Adamax::Epsilon;
  using To = BiasCorrection;
  DeviationTable<Options> table(declared);
  table.add<Epsilon>("epsilon.place", "Adamax divides by", &Options::epsilon,
                     {{Epsilon::none, "adamax_eps_missing", "u", "u"},
                      {Epsilon::inside_norm, "adamax_eps_in_norm", "u = max(beta_2*u, |g| + epsilon), as PyTorch does,",
                       "u with epsilon inside the maximum"},
                      {Epsilon::beside_norm, "adamax_eps_beside", "u + epsilon, as Keras does,", "u + epsilon"}});
  table.add<To>(
      "correction", "Adamax", &Options::correction,
      {{To::none, "adamax_no_bias_correction", "omits the bias correction"},
       {To::of_next_t, "adamax_correction_late", "corrects bias with t + 1 instead of t; t is 1 in the first update"}});
  table.add<bool>(
      "state", "Adamax uses", &Options::uses_previous_state,
      {{true, "adamax_moments_stale", "the previous update's moments"}, {false, "", "", "the current ones"}});
  table.add<bool>("undamped", "Adamax's m adds", &Options::undamped,
                  {{true, "adamax_m_undamped", "the whole gradient"}, {false, "", "", "(1 - beta_1) times it"}});
  table.add(swapped("beta_1", "beta_2", "betas_swapped"));
  return std::move(table).rows();
}

}  // namespace touchstone
