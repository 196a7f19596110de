#pragma once

#include <functional>
#include <vector>

namespace touchstone {

/// The mean of the squares; infinite if one is not finite.
double mean_square(const std::vector<double>& values);

/// Looks for the numbers at which a function of them, of many values, is nearest to 0 (Gauss and Newton, with
/// Levenberg's and Marquardt's damping).
class GaussNewton {
 public:
  using Function = std::function<std::vector<double>(const std::vector<double>&)>;
  GaussNewton(Function function, std::vector<double> start);

  /// At most so many steps more.
  void solve(int steps);

  const std::vector<double>& at() const { return at_; }
  const std::vector<double>& values() const { return values_; }
  double sum() const { return sum_; }  ///< mean_square of the values

 private:
  std::vector<double> slopes() const;
  std::vector<double> step_from(std::vector<double> slopes) const;
  void take(const std::vector<double>& step);

  Function function_;
  std::vector<double> at_;
  std::vector<double> values_;
  double sum_;
};

}  // namespace touchstone
