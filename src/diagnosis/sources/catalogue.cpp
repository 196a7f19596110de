#include "diagnosis/sources/mistake.h"

namespace touchstone {

const std::vector<Mistake>& catalogue() {
  static const std::vector<Mistake> all = [] {
    std::vector<Mistake> mistakes;
    for (const auto& list : {rate_mistakes(), batch_mistakes(), gradient_mistakes()}) {
      mistakes.insert(mistakes.end(), list.begin(), list.end());
    }
    return mistakes;
  }();
  return all;
}

}  // namespace touchstone
