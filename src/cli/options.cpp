#include "cli/options.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "cli/errors.h"
#include "experiment/suggestion.h"

namespace touchstone {

std::optional<cxxopts::ParseResult> parse(cxxopts::Options& options, const std::vector<std::string>& arguments) {
  options.add_options()("h,help", "print this help");
  std::vector<const char*> argv = {options.program().c_str()};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  try {
    cxxopts::ParseResult parsed = options.parse(static_cast<int>(argv.size()), argv.data());
    if (parsed.count("help") > 0) {
      fmt::print("{}", options.help());
      return std::nullopt;
    }
    return parsed;
  } catch (const cxxopts::exceptions::exception& error) {
    throw UsageError(
        fmt::format("{}: {} ({} --help tells the options)", options.program(), error.what(), options.program()));
  }
}

std::int64_t integer_option(const cxxopts::ParseResult& parsed, const std::string& name, std::int64_t minimum,
                            std::int64_t maximum) {
  const auto& text = parsed[name].as<std::string>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < minimum || value > maximum) {
    throw UsageError(
        fmt::format("--{}: found '{}', expected a whole number from {} to {}", name, text, minimum, maximum));
  }
  return value;
}

std::string choice_option(const cxxopts::ParseResult& parsed, const std::string& name,
                          const std::vector<std::string>& choices) {
  const auto& text = parsed[name].as<std::string>();
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
    throw UsageError(fmt::format("--{}: found '{}', expected one of {}{}", name, text, fmt::join(choices, ", "),
                                 suggestion(text, choices)));
  }
  return text;
}

}  // namespace touchstone
