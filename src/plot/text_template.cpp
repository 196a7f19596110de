#include "plot/text_template.h"

#include <fmt/core.h>

#include <algorithm>

#include "data/epoch_metrics.h"
#include "experiment/placeholders.h"

namespace touchstone {
namespace {

bool is_metric(const std::string& name) {
  return std::find(metric_names().begin(), metric_names().end(), name) != metric_names().end();
}

std::string fill(const TemplatePiece& piece, const ArmResult& arm) {
  if (!piece.placeholder) return piece.text;
  if (piece.text == "label") return arm.label;
  if (is_metric(piece.text)) {
    if (arm.history.epochs.empty()) return "?";
    const double value = metric(arm.history.epochs.back(), piece.text);
    return piece.format == "%" ? fmt::format("{:.1f}%", 100.0 * value) : fmt::format("{:.4g}", value);
  }
  const auto found = std::find_if(arm.resolved.begin(), arm.resolved.end(),
                                  [&](const ResolvedValue& value) { return value.key == piece.text; });
  return found == arm.resolved.end() ? "?" : found->text;
}

}  // namespace

std::string fill_template(const std::string& text, const ArmResult& arm) {
  std::string filled;
  for (const TemplatePiece& piece : split_template(text)) filled += fill(piece, arm);
  if (arm.bands && arm.bands->diverged > 0) return filled + fmt::format(" ({} diverged)", arm.bands->diverged);
  return arm.history.diverged ? filled + " (diverged)" : filled;
}

}  // namespace touchstone
