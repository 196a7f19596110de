#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

/// Reads tests/data/golden/NAME, which generate.py beside it has written.
inline nlohmann::json golden_json(const std::string& name) {
  return nlohmann::json::parse(std::ifstream(TOUCHSTONE_SOURCE_DIR "/tests/data/golden/" + name));
}
