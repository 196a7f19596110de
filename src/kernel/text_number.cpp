#include "kernel/text_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace touchstone {

std::string number_text(double value) { return fmt::format("{:.15g}", value); }

TextNumber::TextNumber(double value) : text_(number_text(value)), value_(value) {}
TextNumber::TextNumber(std::string text) : text_(std::move(text)) {}
TextNumber::TextNumber(std::string name, Statements& statements) : text_(std::move(name)), statements_(&statements) {}
TextNumber::TextNumber(const TextNumber& other) : text_(other.text_), binding_(other.binding_), value_(other.value_) {}
TextNumber::TextNumber(TextNumber&& other) noexcept
    : text_(std::move(other.text_)), binding_(other.binding_), value_(other.value_) {}

TextNumber& TextNumber::operator=(const TextNumber& other) {
  if (this == &other) return *this;
  if (statements_ != nullptr) {
    statements_->push_back(text_ + " = " + other.text_);
    return *this;
  }
  text_ = other.text_;
  binding_ = other.binding_;
  value_ = other.value_;
  return *this;
}

std::string TextNumber::in(Binding least) const { return binding_ < least ? "(" + text_ + ")" : text_; }

TextNumber operator+(const TextNumber& a, const TextNumber& b) {
  if (a.value_ && b.value_) return TextNumber(*a.value_ + *b.value_);
  if (a.value_ == 0.0) return b;
  if (b.value_ == 0.0) return a;
  return {a.text_ + " + " + b.text_, TextNumber::Binding::sum};
}

TextNumber operator-(const TextNumber& a, const TextNumber& b) {
  if (a.value_ && b.value_) return TextNumber(*a.value_ - *b.value_);
  if (b.value_ == 0.0) return a;
  return {a.text_ + " - " + b.in(TextNumber::Binding::product), TextNumber::Binding::sum};
}

TextNumber operator*(const TextNumber& a, const TextNumber& b) {
  using Binding = TextNumber::Binding;
  if (a.value_ && b.value_) return TextNumber(*a.value_ * *b.value_);
  if (a.value_ == 0.0 || b.value_ == 0.0) return TextNumber(0.0);
  if (a.value_ == 1.0) return b;
  if (b.value_ == 1.0) return a;
  if (a.text_ == b.text_) return TextNumber(a.in(Binding::whole) + "^2");
  return {a.in(Binding::product) + "*" + b.in(Binding::product), Binding::product};
}

TextNumber operator/(const TextNumber& a, const TextNumber& b) {
  using Binding = TextNumber::Binding;
  if (a.value_ && b.value_) return TextNumber(*a.value_ / *b.value_);
  if (b.value_ == 1.0) return a;
  return {a.in(Binding::product) + "/" + b.in(Binding::whole), Binding::product};
}

TextNumber sqrt(const TextNumber& a) { return TextNumber("sqrt(" + a.text_ + ")"); }
TextNumber max(const TextNumber& a, const TextNumber& b) { return TextNumber("max(" + a.text_ + ", " + b.text_ + ")"); }
TextNumber abs(const TextNumber& a) { return TextNumber("abs(" + a.text_ + ")"); }
TextNumber sign(const TextNumber& a) { return TextNumber("sign(" + a.text_ + ")"); }

Statements in_branches(const TextBranch& branch, const Statements& then, const Statements& otherwise) {
  if (then == otherwise) return then;
  const auto [here, there] = std::mismatch(then.begin(), then.end(), otherwise.begin(), otherwise.end());
  Statements statements(then.begin(), here);
  statements.insert(statements.end(), branch.before.begin(), branch.before.end());
  statements.push_back(fmt::format("if {} {{{}}} else {{{}}}", branch.condition, fmt::join(here, then.end(), "; "),
                                   fmt::join(there, otherwise.end(), "; ")));
  return statements;
}

std::vector<TextNumber> named_numbers(const std::vector<std::string>& names, Statements& statements) {
  std::vector<TextNumber> numbers;
  numbers.reserve(names.size());  // a number that is moved is a copy, which is no longer reported
  for (const std::string& name : names) numbers.emplace_back(name, statements);
  return numbers;
}

}  // namespace touchstone
