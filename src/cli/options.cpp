#include "cli/options.h"

// A value may hold commas (--set "arms=[1,2]"), so cxxopts must not split at them.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cxxopts.hpp>

#include "cli/exit_codes.h"
#include "experiment/suggestion.h"
#include "files/errors.h"

namespace touchstone {

struct ParsedOptions::Contents {
  cxxopts::ParseResult result;
};

struct Options::Contents {
  cxxopts::Options options;
};

bool ParsedOptions::has(const std::string& name) const { return contents_->result.count(name) > 0; }

std::string ParsedOptions::text(const std::string& name) const {
  const cxxopts::OptionValue& value = contents_->result[name];
  return value.count() > 0 || value.has_default() ? value.as<std::string>() : "";
}

std::vector<std::string> ParsedOptions::texts(const std::string& name) const {
  return has(name) ? contents_->result[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::int64_t ParsedOptions::integer(const std::string& name, std::int64_t minimum, std::int64_t maximum) const {
  const std::string written = text(name);
  std::int64_t value = 0;
  // cxxopts would take "5abc" for 5.
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  if (error != std::errc() || end != written.data() + written.size() || value < minimum || value > maximum) {
    throw UserError(
        fmt::format("--{}: found '{}', expected a whole number from {} to {}", name, written, minimum, maximum));
  }
  return value;
}

std::string ParsedOptions::choice(const std::string& name) const {
  const std::vector<std::string>& accepted =
      std::find_if(all_.begin(), all_.end(), [&](const OptionInfo& option) { return option.name == name; })->choices;
  std::string written = text(name);
  if (std::find(accepted.begin(), accepted.end(), written) == accepted.end()) {
    throw UserError(fmt::format("--{}: found '{}', expected one of {}{}", name, written, fmt::join(accepted, ", "),
                                suggestion(written, accepted)));
  }
  return written;
}

Options::Options(const std::string& program, const std::string& summary)
    : contents_(std::make_unique<Contents>(Contents{cxxopts::Options(program, summary)})) {}

Options::~Options() = default;

void Options::note(const std::string& name, const std::string& description, const std::string& value_name,
                   const std::string& fallback) {
  const std::size_t comma = name.find(',');
  const bool has_letter = comma != std::string::npos;
  all_.push_back({has_letter ? name.substr(comma + 1) : name,
                  has_letter ? name.substr(0, comma) : "",
                  description,
                  value_name,
                  fallback,
                  {},
                  false});
}

void Options::flag(const std::string& name, const std::string& description) {
  note(name, description, "", "");
  contents_->options.add_options()(name, description);
}

void Options::text(const std::string& name, const std::string& description, const std::string& value_name,
                   const std::optional<std::string>& fallback) {
  note(name, description, value_name, fallback.value_or(""));
  auto kind = cxxopts::value<std::string>();
  if (fallback) kind->default_value(*fallback);
  contents_->options.add_options()(name, description, kind, value_name);
}

void Options::texts(const std::string& name, const std::string& description, const std::string& value_name) {
  note(name, description, value_name, "");
  contents_->options.add_options()(name, description, cxxopts::value<std::vector<std::string>>(), value_name);
}

void Options::choice(const std::string& name, const std::string& description, const std::string& value_name,
                     const std::vector<std::string>& choices, const std::optional<std::string>& fallback) {
  text(name, description, value_name, fallback);
  all_.back().choices = choices;
}

void Options::positional(const std::string& name, const std::string& description, const std::string& value_name) {
  text(name, description, value_name);
  all_.back().is_positional = true;
  contents_->options.parse_positional({name});
  contents_->options.positional_help(value_name);
}

void Options::positionals(const std::string& name, const std::string& description, const std::string& value_name) {
  texts(name, description, value_name);
  all_.back().is_positional = true;
  contents_->options.parse_positional({name});
  contents_->options.positional_help(value_name);
}

std::optional<ParsedOptions> Options::parse(const std::vector<std::string>& arguments) {
  cxxopts::Options& options = contents_->options;
  options.add_options()("h,help", "print this help");
  std::vector<const char*> argv = {options.program().c_str()};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  try {
    const cxxopts::ParseResult parsed = options.parse(static_cast<int>(argv.size()), argv.data());
    if (parsed.count("help") > 0) {
      fmt::print("{}", options.help());
      return std::nullopt;
    }
    if (!parsed.unmatched().empty()) {
      throw UserError(fmt::format("{}: unexpected argument '{}' (see {} --help)", options.program(),
                                  parsed.unmatched().front(), options.program()));
    }
    return ParsedOptions(std::make_shared<const ParsedOptions::Contents>(ParsedOptions::Contents{parsed}), all_);
  } catch (const cxxopts::exceptions::exception& error) {
    throw UserError(fmt::format("{}: {} (see {} --help)", options.program(), error.what(), options.program()));
  }
}

}  // namespace touchstone
