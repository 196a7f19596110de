#include "program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace touchstone {

namespace fs = std::filesystem;

Workplace::Workplace() {
  std::string name = (fs::temp_directory_path() / "touchstone_cli_XXXXXX").string();
  folder_ = mkdtemp(name.data());
}

Workplace::~Workplace() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Outcome Workplace::run(const std::string& arguments, const std::string& environment, const std::string& before) const {
  const std::string command = "cd '" + folder_.string() + "' && " + before + "TOUCHSTONE_EXPERIMENTS='" +
                              TOUCHSTONE_SOURCE_DIR + "/experiments' " + environment + " '" + TOUCHSTONE_PROGRAM +
                              "' " + arguments + " >.out 2>.err </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(".out"), read(".err")};
}

void Workplace::write(const std::string& file, const std::string& text) const {
  fs::create_directories((folder_ / file).parent_path());
  std::ofstream(folder_ / file) << text;
}

std::string Workplace::read(const std::string& file) const {
  std::ifstream stream(folder_ / file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> Workplace::files_in(const std::string& folder) const {
  std::vector<std::string> files;
  if (!fs::is_directory(folder_ / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / folder)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder_ / folder).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace touchstone
