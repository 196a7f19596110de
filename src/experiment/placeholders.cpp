#include "experiment/placeholders.h"

#include <algorithm>

#include "experiment/config_error.h"
#include "experiment/suggestion.h"

namespace touchstone {
namespace {

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = {"label", "loss", "accuracy", "val_loss", "val_accuracy", "lr"};
  return names;
}

}  // namespace

std::vector<TemplatePiece> split_template(const std::string& text) {
  std::vector<TemplatePiece> pieces;
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t open = text.find('{', position);
    const std::size_t close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) {
      pieces.push_back({text.substr(position), false, ""});
      break;
    }
    if (open > position) pieces.push_back({text.substr(position, open - position), false, ""});
    const std::string inside = text.substr(open + 1, close - open - 1);
    const std::size_t colon = inside.find(':');
    pieces.push_back({inside.substr(0, colon), true, colon == std::string::npos ? "" : inside.substr(colon + 1)});
    position = close + 1;
  }
  return pieces;
}

void check_placeholders(const Node& text, const std::string& key, const Experiment& experiment) {
  for (const TemplatePiece& piece : split_template(text.scalar)) {
    if (!piece.placeholder) continue;
    if (!piece.format.empty() && piece.format != "%") {
      fail_at(text.origin, key, "found the format '" + piece.format + "', expected none or %");
    }
    for (const Arm& arm : experiment.arms) {
      std::vector<std::string> known = metric_names();
      for (const ResolvedValue& value : arm.resolved) known.push_back(value.key);
      if (std::find(known.begin(), known.end(), piece.text) == known.end()) {
        fail_at(text.origin, key, "found the placeholder {" + piece.text +
                                      "}, expected label, a metric or a key of the configuration" +
                                      suggestion(piece.text, known));
      }
    }
  }
}

}  // namespace touchstone
