#pragma once

#include <string>

namespace touchstone {

/// A resolved value and where it came from, for `show` and the manifest.
struct ResolvedValue {
  std::string key;     ///< dotted, e.g. "optimizer.lr", "model.layers.0.units"
  std::string text;    ///< as YAML would write it
  std::string origin;  ///< "cell_03_batch_size.yaml:7:15", "--set optimizer.lr", "Keras default"
};

}  // namespace touchstone
