#pragma once

// A value may hold commas (--set "arms=[1,2]"), so cxxopts must not split at them.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cstdint>
#include <cxxopts.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace touchstone {

/// The value of an option that is a text, and of one that may be repeated.
inline std::shared_ptr<cxxopts::Value> text() { return cxxopts::value<std::string>(); }
inline std::shared_ptr<cxxopts::Value> text_or(const std::string& fallback) { return text()->default_value(fallback); }
inline std::shared_ptr<cxxopts::Value> texts() { return cxxopts::value<std::vector<std::string>>(); }

/// Parses a subcommand's arguments. Prints the help and returns nothing if --help is among them.
/// Throws UsageError, in one line, for what cxxopts does not understand.
std::optional<cxxopts::ParseResult> parse(cxxopts::Options& options, const std::vector<std::string>& arguments);

/// The option's text as a whole number within the range; UsageError otherwise (cxxopts would take "5abc").
std::int64_t integer_option(const cxxopts::ParseResult& parsed, const std::string& name, std::int64_t minimum,
                            std::int64_t maximum);

/// The option's text if it is one of `choices`; UsageError otherwise.
std::string choice_option(const cxxopts::ParseResult& parsed, const std::string& name,
                          const std::vector<std::string>& choices);

}  // namespace touchstone
