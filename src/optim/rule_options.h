#pragma once

#include <any>
#include <utility>

namespace touchstone {

/// The options of a rule, whichever it is.
class RuleOptions {
 public:
  template <typename Options>
  static RuleOptions of(Options options) {
    RuleOptions any;
    any.options_ = std::move(options);
    any.are_equal_ = [](const std::any& a, const std::any& b) {
      return std::any_cast<const Options&>(a) == std::any_cast<const Options&>(b);
    };
    return any;
  }

  /// Throws std::bad_any_cast if they are another rule's.
  template <typename Options>
  const Options& as() const {
    return std::any_cast<const Options&>(options_);
  }
  template <typename Options>
  Options& as() {
    return std::any_cast<Options&>(options_);
  }

  friend bool operator==(const RuleOptions& a, const RuleOptions& b) {
    return a.are_equal_ == b.are_equal_ && a.are_equal_(a.options_, b.options_);
  }

 private:
  std::any options_;
  bool (*are_equal_)(const std::any&, const std::any&) = nullptr;
};

}  // namespace touchstone
