#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// The notebook's colours of train and test curves: matplotlib's first two.
inline constexpr const char* train_color = "#1f77b4";
inline constexpr const char* test_color = "#ff7f0e";

/// `count` colours that colour-blind readers can tell apart (Okabe and Ito, 2008), repeated beyond seven.
std::vector<std::string> distinct_colors(std::size_t count);

/// matplotlib's `cm.rainbow(linspace(0, 1, count))`, which the notebook gives to cell 17's panels.
std::vector<std::string> rainbow_colors(std::size_t count);

}  // namespace touchstone
