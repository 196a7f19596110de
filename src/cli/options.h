#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace touchstone {

/// A parsed command line. Option names have no dashes.
class ParsedOptions {
 public:
  /// Whether the option was given.
  bool has(const std::string& name) const;

  /// Its text, or its default; "" if it has neither.
  std::string text(const std::string& name) const;

  /// The values of a repeatable option, in order.
  std::vector<std::string> texts(const std::string& name) const;

  /// Its text as a whole number within the range. Throws UserError for any other text.
  std::int64_t integer(const std::string& name, std::int64_t minimum, std::int64_t maximum) const;

  /// Its text if that is one of `accepted`. Throws UserError for any other.
  std::string one_of(const std::string& name, const std::vector<std::string>& accepted) const;

 private:
  friend class Options;
  struct Contents;
  explicit ParsedOptions(std::shared_ptr<const Contents> contents) : contents_(std::move(contents)) {}
  std::shared_ptr<const Contents> contents_;
};

/// A subcommand's options: each by its name or "letter,name", a line of help, and a word for its value.
class Options {
 public:
  /// `program`: "touchstone run". `summary`: what the help begins with.
  Options(const std::string& program, const std::string& summary);
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;
  ~Options();

  void flag(const std::string& name, const std::string& description);
  void text(const std::string& name, const std::string& description, const std::string& value_name,
            const std::optional<std::string>& fallback = std::nullopt);
  /// One that may be repeated.
  void texts(const std::string& name, const std::string& description, const std::string& value_name);
  /// A positional argument, one text or several; `value_name` is its name in the help.
  void positional(const std::string& name, const std::string& description, const std::string& value_name);
  void positionals(const std::string& name, const std::string& description, const std::string& value_name);

  /// Prints the help and returns nothing if --help is among the arguments.
  /// Throws UserError with a one-line message for an invalid command line.
  std::optional<ParsedOptions> parse(const std::vector<std::string>& arguments);

 private:
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace touchstone
