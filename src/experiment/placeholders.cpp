#include "experiment/placeholders.h"

#include <algorithm>

#include "data/epoch_metrics.h"
#include "experiment/fail_at.h"
#include "experiment/suggestion.h"

namespace touchstone {
namespace {

std::vector<std::string> known_in(const Arm& arm, Kind kind) {
  std::vector<std::string> known = {"label"};
  if (kind == Kind::training) known.insert(known.end(), metric_names().begin(), metric_names().end());
  for (const ResolvedValue& value : arm.resolved) known.push_back(value.key);
  return known;
}

void check_piece(const TemplatePiece& piece, const Node& text, const std::string& key, const Experiment& experiment) {
  if (!piece.placeholder) {
    if (piece.text.find_first_of("{}") == std::string::npos) return;
    fail_at(text.origin, key, "found a brace alone, expected {NAME} or {NAME:%}");
  }
  if (!piece.format.empty() && piece.format != "%") {
    fail_at(text.origin, key, "found the format '" + piece.format + "', expected none or %");
  }
  for (const Arm& arm : experiment.arms) {
    const std::vector<std::string> known = known_in(arm, experiment.kind);
    if (std::find(known.begin(), known.end(), piece.text) != known.end()) continue;
    fail_at(text.origin, key,
            "found the placeholder {" + piece.text +
                "}, expected label, a final metric or a key of every arm's configuration" +
                suggestion(piece.text, known));
  }
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
  for (const TemplatePiece& piece : split_template(text.scalar)) check_piece(piece, text, key, experiment);
}

}  // namespace touchstone
