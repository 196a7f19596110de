#include "files/errors.h"

#include <algorithm>

namespace touchstone {
namespace {

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7F; }

std::string on_one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace

UserError::UserError(const std::string& message) : std::runtime_error(on_one_line(message)) {}

}  // namespace touchstone
