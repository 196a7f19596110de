#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "diagnosis/hypothesis.h"

namespace touchstone {

/// Hypotheses, one after the other, each made when it is asked for; none: the list is at its end.
using Hypotheses = std::function<std::optional<Hypothesis>()>;

Hypotheses listed(std::vector<Hypothesis> hypotheses);

/// Those that `make` returns for 0, 1, ..., `count` - 1.
Hypotheses lazily(std::size_t count, std::function<std::vector<Hypothesis>(std::size_t)> make);

/// One list after the other.
Hypotheses joined(std::vector<Hypotheses> lists);

}  // namespace touchstone
