#include "files/read_file.h"

#include <fmt/core.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace touchstone {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::string& message) {
  throw UserError(fmt::format("{}: {}", file.string(), message));
}

}  // namespace

std::string read_file(const fs::path& file, std::uint64_t max_bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) fail(file, "no such file");
  if (error) fail(file, fmt::format("cannot be read: {}", error.message()));
  if (fs::is_directory(status)) fail(file, "found a folder, expected a file");
  if (!fs::is_regular_file(status)) fail(file, "found no regular file, expected one");
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) fail(file, fmt::format("cannot be read: {}", error.message()));
  if (size > max_bytes) fail(file, fmt::format("found {} bytes, expected at most {}", size, max_bytes));
  std::string bytes(size, '\0');
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(size)) && size > 0) {
    fail(file, fmt::format("cannot be read: {}", std::generic_category().message(errno)));
  }
  return bytes;
}

}  // namespace touchstone
