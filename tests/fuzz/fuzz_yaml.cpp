// Feeds arbitrary text to the reader of experiment files: whatever it is, it either becomes a tree or is refused
// with a UserError of one line.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "experiment/parse_node.h"
#include "files/errors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace touchstone;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  for (Node (*parse)(const std::string&, const std::string&) : {&parse_yaml, &parse_json}) {
    try {
      parse(text, "input");
    } catch (const UserError& error) {
      if (std::string(error.what()).find('\n') != std::string::npos) std::abort();
    }
  }
  return 0;
}
