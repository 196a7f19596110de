#include "plot/script.h"

#include <fmt/core.h>

#include <cmath>

namespace touchstone {

std::string data_block(const std::string& name, const std::vector<double>& values, int first_x) {
  std::string block = fmt::format("${} << END\n", name);
  int x = first_x;
  for (const double value : values) {
    block += std::isfinite(value) ? fmt::format("{} {:.9g}\n", x, value) : fmt::format("{} NaN\n", x);
    ++x;
  }
  return block + "END\n";
}

std::vector<double> series_values(const ArmResult& arm, const std::string& series) {
  if (!arm.rates.empty()) return arm.rates;
  std::vector<double> values;
  for (const EpochMetrics& epoch : arm.history.epochs) values.push_back(metric(epoch, series));
  return values;
}

std::string style_commands() {
  return "set border 3 linecolor rgb '#555555'\n"
         "set tics nomirror textcolor rgb '#222222'\n"
         "set grid linecolor rgb '#dddddd' linetype 1 linewidth 0.6\n"
         "set style data lines\n";
}

}  // namespace touchstone
