#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace touchstone {

/// NumPy's legacy `numpy.random.RandomState`, bit for bit: MT19937 and the distributions NumPy has
/// frozen (numpy/random/src/legacy/legacy-distributions.c, numpy/random/_mt19937.pyx).
class RandomState {
 public:
  /// `RandomState(seed)`: init_genrand.
  explicit RandomState(std::uint32_t seed);
  /// `RandomState([k0, k1, ...])`: init_by_array. The key must not be empty.
  explicit RandomState(const std::vector<std::uint32_t>& key);

  /// `randint`'s 32 raw bits.
  std::uint32_t next_uint32();
  /// [0, 1) with 53 bits.
  double random_sample();
  /// low + (high - low) * random_sample().
  double uniform(double low, double high);
  /// `size` draws of `uniform`, in C order.
  std::vector<double> uniform(double low, double high, std::size_t size);
  /// The polar method; every second call returns the value cached by the first.
  double standard_normal();
  double normal(double mean, double deviation);
  /// `random_interval`: uniform on 0..max inclusive, by masked rejection.
  std::uint64_t random_interval(std::uint64_t max);
  /// `shuffle` of a one-dimensional array, in place.
  void shuffle(std::vector<std::int64_t>& items);
  /// `permutation(n)`: a shuffled 0..n-1.
  std::vector<std::int64_t> permutation(std::size_t n);

 private:
  /// std::mt19937, in words of 32 bits, where that one takes 64.
  using Bits = std::mersenne_twister_engine<std::uint32_t, 32, 624, 397, 31, 0x9908b0df, 11, 0xffffffff, 7, 0x9d2c5680,
                                            15, 0xefc60000, 18, 1812433253>;
  static Bits seeded_by(const std::vector<std::uint32_t>& key);

  Bits bits_;
  std::optional<double> cached_normal_;
};

}  // namespace touchstone
