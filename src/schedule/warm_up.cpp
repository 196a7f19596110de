#include "schedule/warm_up.h"

namespace touchstone {
namespace {

constexpr double pytorchs_start = 1.0 / 3.0;

}  // namespace

double WarmUp::share(std::int64_t step) const {
  const auto count = static_cast<double>(steps);
  if (form == Form::next_step) return static_cast<double>(step + 1) / count;
  if (form == Form::next_of_one_more) return static_cast<double>(step + 1) / (count + 1.0);
  return start + (1.0 - start) * static_cast<double>(step) / count;
}

std::vector<ArgumentSpec> warm_up_arguments() {
  ArgumentSpec epochs{"warmup_epochs", std::int64_t{0}, Range{0.0, 1e7, false, false}};
  ArgumentSpec start{"warmup_start", pytorchs_start, Range{0.0, 1.0, false, false}};
  epochs.optional = start.optional = true;
  return {epochs, start};
}

WarmUp warm_up_of(const Component& arguments) {
  const auto steps = arguments.arguments.find("warmup_epochs");
  if (steps == arguments.arguments.end()) return {};
  const auto form = arguments.arguments.find(WarmUp::form_argument);
  return {std::get<std::int64_t>(steps->second), arguments.number_or("warmup_start", pytorchs_start),
          form == arguments.arguments.end() ? WarmUp::Form::from_start_share
                                            : static_cast<WarmUp::Form>(std::get<std::int64_t>(form->second))};
}

}  // namespace touchstone
