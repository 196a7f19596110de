#pragma once

#include <optional>
#include <string>
#include <vector>

namespace touchstone {

/// The least and the greatest of some values.
struct ValueRange {
  double low;
  double high;
};

/// The range of the finite values; nothing if there are none.
std::optional<ValueRange> range_of(const std::vector<std::vector<double>>& all);

/// With a little room, and without a negative number below values that are none; of no values, 0 to 1.
ValueRange with_room(const std::optional<ValueRange>& range);

/// The same by factors, of the positive values, for a logarithmic axis.
ValueRange with_room_by_factor(const std::vector<std::vector<double>>& all);

/// `set xtics` with so few ticks that their labels fit beside each other on `pixels`.
std::string x_tics_command(double end, double pixels);

/// `set yrange` and `set ytics` with so few ticks that their labels fit above each other on `pixels`.
std::string y_axis_commands(const ValueRange& range, double pixels);

}  // namespace touchstone
