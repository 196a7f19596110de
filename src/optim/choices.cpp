#include "optim/choices.h"

#include <utility>

namespace touchstone {

std::string choice(const OptimizerConfig& config, std::string_view argument) {
  const auto found = config.arguments.find(argument);
  return found == config.arguments.end() ? "" : std::get<std::string>(found->second);
}

bool is_chosen(const OptimizerConfig& config, std::string_view argument, std::string_view value) {
  const auto found = config.arguments.find(argument);
  return found != config.arguments.end() && std::get<std::string>(found->second) == value;
}

OptimizerConfig with(OptimizerConfig config, const std::string& argument, Value value) {
  config.arguments[argument] = std::move(value);
  return config;
}

OptimizerMistake taking(const std::string& axis, const Arguments& arguments, const std::string& name,
                        const std::string& sentence, const Applies& applies) {
  return {axis, name, sentence, [arguments, applies](const OptimizerConfig& right) -> std::optional<OptimizerConfig> {
            if (applies && !applies(right)) return std::nullopt;
            OptimizerConfig config = right;
            for (const auto& [argument, value] : arguments) config.arguments[argument] = value;
            return config;
          }};
}

OptimizerMistake chosen(const std::string& argument, const std::string& value, const std::string& name,
                        const std::string& sentence, const Applies& applies) {
  return taking(argument, {{argument, value}}, name, sentence, applies);
}

OptimizerMistake swapped(const std::string& one, const std::string& other, const std::string& name) {
  return {name, name, one + " and " + other + " are swapped",
          [one, other](const OptimizerConfig& right) -> std::optional<OptimizerConfig> {
            if (right.number(one) == right.number(other)) return std::nullopt;
            return with(with(right, one, right.number(other)), other, right.number(one));
          }};
}

}  // namespace touchstone
