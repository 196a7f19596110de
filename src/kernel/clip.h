#pragma once

#include "kernel/dense_plan.h"

namespace touchstone {

/// Scales the gradients that begin at `first` to the norm `norm` if theirs is at least that, then cuts each element to
/// [-value, value]; 0: not. `each`: each kernel and each bias by its own norm. The padding is left out of the norm. A
/// norm that is NaN changes nothing. `step`: from one element to the next. T: float or double.
template <typename T>
void clip(const DensePlan& plan, T* first, double norm, double value, bool each, std::size_t step = 1);

}  // namespace touchstone
