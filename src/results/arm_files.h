#pragma once

#include <filesystem>

#include "results/result.h"

namespace touchstone {

/// `folder/arm_II`.
std::filesystem::path arm_folder(const std::filesystem::path& folder, std::size_t index);

/// Reads into `arm` what write_arm wrote. Throws UserError.
void read_arm(const std::filesystem::path& folder, Kind kind, std::size_t index, ArmResult& arm);

}  // namespace touchstone
