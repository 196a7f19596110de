#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace touchstone {

/// What one option is, for help in other forms: shell completion and the manual page.
struct OptionInfo {
  std::string name;                  ///< without dashes; of a positional argument too
  std::string letter;                ///< "o" of -o; or empty
  std::string description;           ///< one line
  std::string value_name;            ///< empty for a flag
  std::string fallback;              ///< the value where the option is not given; or empty
  std::vector<std::string> choices;  ///< the only values; empty: any
  bool is_positional = false;
};

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

  /// Its text, if that is one of the option's choices. Throws UserError for any other.
  std::string choice(const std::string& name) const;

 private:
  friend class Options;
  struct Contents;
  ParsedOptions(std::shared_ptr<const Contents> contents, std::vector<OptionInfo> all)
      : contents_(std::move(contents)), all_(std::move(all)) {}
  std::shared_ptr<const Contents> contents_;
  std::vector<OptionInfo> all_;
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
  /// One of `choices`.
  void choice(const std::string& name, const std::string& description, const std::string& value_name,
              const std::vector<std::string>& choices, const std::optional<std::string>& fallback = std::nullopt);
  /// One that may be repeated.
  void texts(const std::string& name, const std::string& description, const std::string& value_name);
  /// A positional argument, one text or several; `value_name` is its name in the help.
  void positional(const std::string& name, const std::string& description, const std::string& value_name);
  void positionals(const std::string& name, const std::string& description, const std::string& value_name);

  /// All of them, in the order in which they were added.
  const std::vector<OptionInfo>& all() const { return all_; }

  /// Prints the help and returns nothing if --help is among the arguments.
  /// Throws UserError with a one-line message for an invalid command line.
  std::optional<ParsedOptions> parse(const std::vector<std::string>& arguments);

 private:
  void note(const std::string& name, const std::string& description, const std::string& value_name,
            const std::string& fallback);

  struct Contents;
  std::unique_ptr<Contents> contents_;
  std::vector<OptionInfo> all_;
};

}  // namespace touchstone
