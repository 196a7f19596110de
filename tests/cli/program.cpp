#include "program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/program.h"

namespace touchstone {

namespace fs = std::filesystem;

namespace {

const std::string experiments = TOUCHSTONE_SOURCE_DIR "/experiments";

/// What a shell makes of the arguments.
std::vector<std::string> words_of(const std::string& arguments, const fs::path& file) {
  if (arguments.empty()) return {};
  const std::string command = "printf '%s\\0' " + arguments + " >'" + file.string() + "'";
  if (std::system(command.c_str()) != 0) return {"the shell refuses the arguments"};
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(stream, word, '\0');) words.push_back(word);
  stream.close();
  fs::remove(file);
  return words;
}

/// Makes this process, a child, what the program finds itself in.
void become(const fs::path& folder, const std::string& environment) {
  fs::current_path(folder);
  setenv("TOUCHSTONE_EXPERIMENTS", experiments.c_str(), 1);
  const auto equals = environment.find('=');
  if (equals != std::string::npos) {
    setenv(environment.substr(0, equals).c_str(), environment.substr(equals + 1).c_str(), 1);
  }
  const auto open_as = [](const char* file, int flags, int descriptor) {
    const int opened = open(file, flags, 0666);
    dup2(opened, descriptor);
    close(opened);
  };
  open_as("/dev/null", O_RDONLY, STDIN_FILENO);
  open_as(".out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  open_as(".err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
}

}  // namespace

Workplace::Workplace() {
  std::string name = (fs::temp_directory_path() / "touchstone_cli_XXXXXX").string();
  folder_ = mkdtemp(name.data());
}

Workplace::~Workplace() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Outcome Workplace::outcome_of(int status) const {
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(".out"), read(".err")};
}

Outcome Workplace::run_by_shell(const std::string& before, const std::string& arguments) const {
  const std::string command = "cd '" + folder_.string() + "' && " + before + " env TOUCHSTONE_EXPERIMENTS='" +
                              experiments + "' '" TOUCHSTONE_PROGRAM "' " + arguments + " >.out 2>.err </dev/null";
  return outcome_of(std::system(command.c_str()));
}

Outcome Workplace::run(const std::string& arguments, const std::string& environment, void (*before)()) const {
  const std::vector<std::string> words = words_of(arguments, folder_ / ".words");
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    become(folder_, environment);
    if (before != nullptr) before();
    const int exit_code = run_program(words);
    std::fflush(nullptr);
    _exit(exit_code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return outcome_of(status);
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

std::map<std::string, std::string> Workplace::contents_of(const std::string& folder) const {
  std::map<std::string, std::string> contents;
  for (const std::string& file : files_in(folder)) contents[file] = read((fs::path(folder) / file).string());
  return contents;
}

}  // namespace touchstone
