#include "report/html.h"

#include <fmt/core.h>

#include <boost/algorithm/string/replace.hpp>

#include "files/printable.h"

namespace touchstone {
namespace {

/// The text between two marks; empty if they are not there.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t at = text.find(begin);
  if (at == std::string::npos) return "";
  const std::size_t from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

void erase_element(std::string& text, const std::string& name) {
  const std::size_t begin = text.find("<" + name + ">");
  const std::string close = "</" + name + ">";
  const std::size_t end = text.find(close);
  if (begin != std::string::npos && end != std::string::npos) text.erase(begin, end + close.size() - begin);
}

}  // namespace

std::string escaped(const std::string& text) {
  constexpr std::size_t max_bytes = 4000;
  std::string safe;
  for (const char c : printable(text, max_bytes)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string inline_svg(const std::string& svg, const std::string& prefix, const std::string& label) {
  const std::size_t begin = svg.find("<svg");
  const std::size_t end = svg.find('>', begin);
  if (begin == std::string::npos || end == std::string::npos) return "";
  const std::string view_box = between(svg, "viewBox=\"", "\"");
  std::string inside = svg.substr(end + 1);
  for (const char* element : {"title", "desc"}) erase_element(inside, element);
  for (const char* reference : {" id='", " id=\"", "href='#", "href=\"#", "url(#", "url('#"}) {
    boost::replace_all(inside, reference, reference + prefix);
  }
  boost::replace_all(inside, "xlink:href=", "href=");
  boost::replace_all(inside, " = '", "='");  // as HTML writes attributes
  return fmt::format(R"(<svg role="img" aria-label="{}" viewBox="{}">{})", escaped(label), escaped(view_box), inside);
}

}  // namespace touchstone
