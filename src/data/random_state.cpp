#include "data/random_state.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace touchstone {
namespace {

constexpr std::size_t state_words = 624;

/// init_by_array (Matsumoto and Nishimura, mt19937ar.c).
std::array<std::uint32_t, state_words> state_from_key(const std::vector<std::uint32_t>& key) {
  std::array<std::uint32_t, state_words> state{};
  state[0] = 19650218U;
  for (std::uint32_t i = 1; i < state_words; ++i) {
    state[i] = 1812433253U * (state[i - 1] ^ (state[i - 1] >> 30U)) + i;
  }
  const auto mixed = [&state](std::size_t i, std::uint32_t factor) {
    return state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30U)) * factor);
  };
  std::size_t i = 1;
  const auto advance = [&] {
    if (++i >= state_words) {
      state[0] = state[state_words - 1];
      i = 1;
    }
  };
  std::uint32_t j = 0;
  for (std::size_t k = std::max(state_words, key.size()); k > 0; --k) {
    state[i] = mixed(i, 1664525U) + key[j] + j;
    j = (j + 1) % static_cast<std::uint32_t>(key.size());
    advance();
  }
  for (std::size_t k = state_words - 1; k > 0; --k) {
    state[i] = mixed(i, 1566083941U) - static_cast<std::uint32_t>(i);
    advance();
  }
  state[0] = 0x80000000U;
  return state;
}

/// Hands the engine its state word by word: with 32-bit words, seeding from a sequence copies them.
class StateSequence {
 public:
  using result_type = std::uint32_t;

  explicit StateSequence(std::array<std::uint32_t, state_words> state) : state_(state) {}

  template <typename Iterator>
  void generate(Iterator begin, Iterator end) {
    std::copy_n(state_.begin(), end - begin, begin);
  }

 private:
  std::array<std::uint32_t, state_words> state_;
};

/// The smallest 2^n - 1 that is not below `max`.
std::uint64_t mask_of(std::uint64_t max) {
  std::uint64_t mask = max;
  for (unsigned shift = 1; shift < 64; shift *= 2) mask |= mask >> shift;
  return mask;
}

}  // namespace

RandomState::Bits RandomState::seeded_by(const std::vector<std::uint32_t>& key) {
  StateSequence sequence(state_from_key(key));
  return Bits(sequence);
}

RandomState::RandomState(std::uint32_t seed) : bits_(seed) {}

RandomState::RandomState(const std::vector<std::uint32_t>& key) : bits_(seeded_by(key)) {}

std::uint32_t RandomState::next_uint32() { return bits_(); }

double RandomState::random_sample() {
  const double high = next_uint32() >> 5U;
  const double low = next_uint32() >> 6U;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

double RandomState::uniform(double low, double high) { return low + (high - low) * random_sample(); }

std::vector<double> RandomState::uniform(double low, double high, std::size_t size) {
  std::vector<double> draws(size);
  for (double& draw : draws) draw = uniform(low, high);
  return draws;
}

double RandomState::standard_normal() {
  if (cached_normal_) {
    const double cached = *cached_normal_;
    cached_normal_.reset();
    return cached;
  }
  double x1 = 0.0;
  double x2 = 0.0;
  double r2 = 0.0;
  do {
    x1 = 2.0 * random_sample() - 1.0;
    x2 = 2.0 * random_sample() - 1.0;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1.0 || r2 == 0.0);
  const double scale = std::sqrt(-2.0 * std::log(r2) / r2);
  cached_normal_ = scale * x1;
  return scale * x2;
}

double RandomState::normal(double mean, double deviation) { return mean + deviation * standard_normal(); }

std::uint64_t RandomState::random_interval(std::uint64_t max) {
  if (max == 0) return 0;
  const std::uint64_t mask = mask_of(max);
  const bool narrow = max <= 0xffffffffU;
  std::uint64_t value = 0;
  do {
    const std::uint64_t first = next_uint32();
    value = (narrow ? first : (first << 32U) | next_uint32()) & mask;
  } while (value > max);
  return value;
}

// Each i, from the last, changes places with random_interval(i), drawn without branching on what is rejected: most of a
// study's time that is not arithmetic is spent here.
[[gnu::flatten]] void RandomState::shuffle(std::vector<std::int64_t>& items) {
  std::vector<std::uint64_t> draws(items.size());
  std::size_t i = items.empty() ? 0 : items.size() - 1;
  for (; i > 0xffffffffU; --i) draws[i] = random_interval(i);
  while (i > 0) {
    const auto mask = static_cast<std::uint32_t>(mask_of(i));
    while (i > mask / 2) {
      draws[i] = bits_() & mask;
      i -= draws[i] <= i ? 1 : 0;
    }
  }
  for (i = items.size(); i-- > 1;) std::swap(items[i], items[draws[i]]);
}

std::vector<std::int64_t> RandomState::permutation(std::size_t n) {
  std::vector<std::int64_t> order(n);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  shuffle(order);
  return order;
}

}  // namespace touchstone
