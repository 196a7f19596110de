#pragma once

#include <cstddef>

namespace touchstone {
namespace {  // each kernel's own: see vector_math.h

template <std::size_t N>
struct Width {
  static constexpr std::size_t value = N;
};

/// Calls f(Width, begin) for blocks of the first of the sizes, and with what is left for those of the next, to 1.
template <std::size_t Size, std::size_t... Smaller, typename F>
void in_blocks(std::size_t count, std::size_t begin, const F& f) {
  for (; begin + Size <= count; begin += Size) f(Width<Size>(), begin);
  if constexpr (sizeof...(Smaller) > 0) in_blocks<Smaller...>(count, begin, f);
}

}  // namespace
}  // namespace touchstone
