#pragma once

#include "experiment/component.h"

namespace touchstone {

/// Names, arguments and defaults as Keras 2.3's documentation has them, written out again so that these tests
/// stand without optim and schedule.
const Vocabulary& keras_vocabulary();

}  // namespace touchstone
