#include "trace/tensor_place.h"

#include <fmt/format.h>

namespace touchstone {

std::string place_in(const std::vector<std::int64_t>& shape, std::int64_t element) {
  std::vector<std::int64_t> index(shape.size());
  for (std::size_t i = shape.size(); i-- > 0;) {
    index[i] = element % shape[i];
    element /= shape[i];
  }
  return shape.empty() ? "" : fmt::format("[{}]", fmt::join(index, ","));
}

}  // namespace touchstone
