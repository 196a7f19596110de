#include "results/remove_result.h"

#include <fmt/core.h>

#include <system_error>

#include "files/errors.h"

namespace touchstone {

void remove_result(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (!error || error == std::errc::directory_not_empty || error == std::errc::not_a_directory) return;
  throw EnvironmentError(fmt::format("{}: cannot be removed: {}", path.string(), error.message()));
}

}  // namespace touchstone
