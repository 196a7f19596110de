#include "diagnosis/deviation_table.h"

namespace touchstone {

KnownDeviation with_number(const std::string& axis, const NumberPlace& place, double value, const std::string& name,
                           const std::string& sentence, bool (*applies)(double present)) {
  return {axis, name, sentence, [place, value, applies](UpdateSpec spec) -> std::optional<UpdateSpec> {
            const double present = place.value(spec);
            if (present == value || (applies != nullptr && !applies(present))) return std::nullopt;
            place.set(spec, value);
            return spec;
          }};
}

KnownDeviation swapped(const std::string& one, const std::string& other, const std::string& name) {
  return {name, name, one + " and " + other + " are swapped",
          [one, other](UpdateSpec spec) -> std::optional<UpdateSpec> {
            if (spec.config.number(one) == spec.config.number(other)) return std::nullopt;
            std::swap(spec.config.arguments.at(one), spec.config.arguments.at(other));
            return spec;
          }};
}

}  // namespace touchstone
