#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace touchstone {

/// What a formula does, a statement each: "m = 0.9*m + 0.1*g".
using Statements = std::vector<std::string>;

/// On what it depends which statements an update has.
struct TextBranch {
  std::string condition = "t == 1";
  Statements before = {};  ///< what the condition needs
  std::int64_t first = 1;  ///< an update for which it holds, that is read for all of these
};

/// What is the same in both, then "if CONDITION {...} else {...}", if anything is left.
Statements in_branches(const TextBranch& branch, const Statements& then, const Statements& otherwise);

/// With as many digits as a formula needs to be evaluated: fifteen, without zeros at the end.
std::string number_text(double value);

/// A formula's number as text: reading a formula over it writes the formula down. What is known is worked out; a named
/// one reports what is assigned to it, and keeps its name.
class TextNumber {
 public:
  explicit TextNumber(double value);
  explicit TextNumber(std::string text);
  /// Assignments to it are appended to `statements`, which must outlive it.
  TextNumber(std::string name, Statements& statements);
  /// A copy no longer reports.
  TextNumber(const TextNumber& other);
  TextNumber(TextNumber&& other) noexcept;
  TextNumber& operator=(const TextNumber& other);
  // It is written down, which may throw. NOLINTNEXTLINE(performance-noexcept-move-constructor)
  TextNumber& operator=(TextNumber&& other) { return *this = static_cast<const TextNumber&>(other); }
  ~TextNumber() = default;

  const std::string& text() const { return text_; }

  friend TextNumber operator+(const TextNumber& a, const TextNumber& b);
  friend TextNumber operator-(const TextNumber& a, const TextNumber& b);
  friend TextNumber operator*(const TextNumber& a, const TextNumber& b);
  friend TextNumber operator/(const TextNumber& a, const TextNumber& b);
  friend TextNumber sqrt(const TextNumber& a);
  friend TextNumber max(const TextNumber& a, const TextNumber& b);
  friend TextNumber abs(const TextNumber& a);
  friend TextNumber sign(const TextNumber& a);

  TextNumber& operator+=(const TextNumber& b) { return *this = *this + b; }
  TextNumber& operator-=(const TextNumber& b) { return *this = *this - b; }
  TextNumber& operator*=(const TextNumber& b) { return *this = *this * b; }

 private:
  enum class Binding { sum, product, whole };  ///< how tightly the text holds together
  TextNumber(std::string text, Binding binding) : text_(std::move(text)), binding_(binding) {}
  std::string in(Binding least) const;  ///< in brackets, if it holds less tightly than that

  std::string text_;
  Binding binding_ = Binding::whole;
  std::optional<double> value_;
  Statements* statements_ = nullptr;
};

/// Named ones, in order, whose assignments are appended to `statements`, which must outlive them.
std::vector<TextNumber> named_numbers(const std::vector<std::string>& names, Statements& statements);

}  // namespace touchstone
