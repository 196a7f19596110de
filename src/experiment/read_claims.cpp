#include "experiment/read_claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

#include "experiment/fail_at.h"
#include "experiment/map_reader.h"
#include "experiment/statistic_types.h"
#include "experiment/suggestion.h"

namespace touchstone {
namespace {

using Expected = Expectation::Type;
using Direction = Expectation::Direction;

/// The claim is about an arm or a key that there is not.
struct NotApplicable : std::runtime_error {
  NotApplicable(const Node& node, const std::string& key, const std::string& message)
      : std::runtime_error(message), origin(node.origin), place(key) {}
  std::string origin;
  std::string place;
};

std::vector<std::string> labels_of(const Experiment& experiment) {
  std::vector<std::string> labels;
  for (const Arm& arm : experiment.arms) labels.push_back(arm.label);
  return labels;
}

std::size_t arm_labelled(const Node& node, const std::string& key, const Experiment& experiment) {
  const std::string label = to_string(node, key, {});
  const std::vector<std::string> labels = labels_of(experiment);
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found != labels.end()) return static_cast<std::size_t>(found - labels.begin());
  throw NotApplicable(node, key,
                      fmt::format("found '{}', expected the label of an arm, one of {}{}", label,
                                  fmt::join(labels, "; "), suggestion(label, labels)));
}

/// A label, a list of labels, "all" or "others" (all that are not in `arms`).
std::vector<std::size_t> read_arms(const Node& node, const std::string& key, const Experiment& experiment,
                                   const std::vector<std::size_t>& arms) {
  std::vector<std::size_t> read;
  if (node.type == Node::Type::list) {
    for (const Node& item : node.items) read.push_back(arm_labelled(item, key, experiment));
    return read;
  }
  const std::string text = to_string(node, key, {});
  if (text != "all" && text != "others") return {arm_labelled(node, key, experiment)};
  for (std::size_t a = 0; a < experiment.arms.size(); ++a) {
    if (text == "all" || std::find(arms.begin(), arms.end(), a) == arms.end()) read.push_back(a);
  }
  return read;
}

bool is_number(const Node& node) {
  double value = 0.0;
  const char* end = node.scalar.data() + node.scalar.size();
  const auto [read_to, error] = std::from_chars(node.scalar.data(), end, value);
  return node.type == Node::Type::scalar && !node.quoted && error == std::errc() && read_to == end;
}

/// `{epochs_to: 0.8, of: val_accuracy}`, `{final: val_loss}`, `{rate_after: 200}` or `drops`.
Statistic read_statistic(const Node& node, const std::string& key) {
  Resolution unused;
  std::vector<std::string> names;
  for (const StatisticType& type : statistic_types()) names.push_back(type.name);
  if (node.type == Node::Type::scalar) {
    const std::string name = to_string(node, key, names);
    const auto type = std::find_if(statistic_types().begin(), statistic_types().end(),
                                   [&](const StatisticType& each) { return each.name == name; });
    if (!type->has_metric && !type->has_number) return {type->type, "", 0.0};
    fail_at(node.origin, key,
            fmt::format("found '{}', expected {{{}: {}}}", name, name, type->has_number ? "NUMBER" : "METRIC"));
  }
  MapReader reader(node, key, unused);
  for (const StatisticType& type : statistic_types()) {
    if (reader.child(type.name) == nullptr) continue;
    Statistic statistic{type.type, "", 0.0};
    if (type.has_number) {
      statistic.number = reader.number(type.name, std::nullopt, type.has_metric ? any_number : at_least_zero);
      if (type.has_metric) statistic.metric = reader.text("of", std::nullopt, statistic_metrics());
    } else {
      statistic.metric = reader.text(type.name, std::nullopt, statistic_metrics());
    }
    reader.finish("this statistic");
    return statistic;
  }
  fail_at(node.origin, key, fmt::format("found {}, expected one of {}", to_text(node), fmt::join(names, ", ")));
}

Direction read_direction(MapReader& reader, const std::string& key) {
  const std::string text = reader.text(key, std::nullopt, {"increasing", "decreasing", "none"});
  return text == "increasing" ? Direction::increasing : text == "decreasing" ? Direction::decreasing : Direction::none;
}

std::string read_over(MapReader& reader, const std::string& key, const Experiment& experiment) {
  const std::string over = reader.text("over", std::nullopt);
  for (const Arm& arm : experiment.arms) {
    const auto value =
        std::find_if(arm.varied.begin(), arm.varied.end(), [&](const auto& varied) { return varied.first == over; });
    const std::string text = value == arm.varied.end() ? "" : value->second;
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) continue;
    throw NotApplicable(*reader.child("over"), key + ".over",
                        fmt::format("found '{}', expected a key that every arm varies, with numbers", over));
  }
  return over;
}

/// What the arms are compared with: other arms or a number.
void read_bound(const Node& node, const std::string& key, const Experiment& experiment, Expectation& expect) {
  const std::vector<std::string> labels = labels_of(experiment);
  const bool is_label = std::find(labels.begin(), labels.end(), node.scalar) != labels.end();
  if (is_number(node) && !is_label) {
    expect.bound = to_number(node, key, any_number);
  } else {
    expect.others = read_arms(node, key, experiment, expect.arms);
  }
}

Expectation read_expectation(const Node& node, const std::string& key, const Experiment& experiment) {
  Resolution unused;
  MapReader reader(node, key, unused);
  Expectation expect;
  const Node* arms = reader.child("arm");
  for (std::size_t a = 0; arms == nullptr && a < experiment.arms.size(); ++a) expect.arms.push_back(a);
  if (arms != nullptr) expect.arms = read_arms(*arms, key + ".arm", experiment, {});
  const auto comparison = [&](Expected type, const char* name) {
    expect.type = type;
    read_bound(*reader.child(name), key + "." + name, experiment, expect);
  };
  if (reader.child("trend") != nullptr || reader.child("spread") != nullptr) {
    const bool is_trend = reader.child("trend") != nullptr;
    expect.type = is_trend ? Expected::trend : Expected::spread;
    expect.direction = read_direction(reader, is_trend ? "trend" : "spread");
    expect.over = read_over(reader, key, experiment);
    if (expect.direction == Direction::none) expect.within = reader.number("within", 0.1, above_zero);
  } else if (reader.child("greater") != nullptr) {
    comparison(Expected::greater, "greater");
  } else if (reader.child("less") != nullptr) {
    comparison(Expected::less, "less");
  } else if (reader.child("equivalent") != nullptr) {
    comparison(Expected::equivalent, "equivalent");
    expect.within = reader.number("within", std::nullopt, above_zero);
  } else if (reader.child("closed") != nullptr) {
    expect.type = Expected::closed;
    expect.bound = reader.number("closed", std::nullopt, any_number);
    expect.within = reader.number("within", 0.0, at_least_zero);
  } else if (reader.child("at_chance") != nullptr) {
    expect.type = Expected::at_chance;
    reader.text("at_chance", std::nullopt, {"one"});
    expect.within = reader.number("within", std::nullopt, above_zero);
  } else if (reader.child("differ") != nullptr) {
    expect.type = Expected::differ;
    reader.text("differ", std::nullopt, {"arms"});
  } else if (reader.child("identical") != nullptr) {
    expect.type = Expected::identical;
    reader.text("identical", std::nullopt, {"arms"});
  } else {
    fail_at(node.origin, key,
            fmt::format("found {}, expected one of trend, spread, greater, less, equivalent, closed, at_chance, "
                        "differ, identical",
                        to_text(node)));
  }
  reader.finish("this expectation");
  return expect;
}

/// Bit for bit, or not at all.
void check_together(const Node& node, const std::string& key, const Claim& claim) {
  const bool is_whole =
      claim.statistic.type == Statistic::Type::history || claim.statistic.type == Statistic::Type::data;
  if (is_whole == (claim.expect.type == Expected::identical)) return;
  fail_at(node.origin, key,
          is_whole ? "found a whole history or data set, expected {identical: arms}"
                   : "found identical, expected it of the statistic history or data");
}

Claim read_claim(const Node& node, const std::string& key, const Experiment& experiment) {
  Resolution unused;
  MapReader reader(node, key, unused);
  Claim claim;
  claim.id = reader.text("id", std::nullopt);
  claim.claim = reader.text("claim", std::nullopt);
  claim.notebook = reader.text("notebook", "");
  claim.note = reader.text("note", "");
  claim.statistic = read_statistic(reader.required_child("statistic", "a statistic"), key + ".statistic");
  const Node& expect = reader.required_child("expect", "a map");
  claim.expect = read_expectation(expect, key + ".expect", experiment);
  check_together(expect, key + ".expect", claim);
  reader.finish("a claim");
  return claim;
}

}  // namespace

std::vector<Claim> read_claims(const Node& claims, const Experiment& experiment, bool may_drop) {
  if (claims.type != Node::Type::list) {
    fail_at(claims.origin, "claims", "found " + describe(claims) + ", expected a list of claims");
  }
  std::vector<Claim> all;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < claims.items.size(); ++i) {
    const std::string key = fmt::format("claims.{}", i);
    try {
      Claim claim = read_claim(claims.items[i], key, experiment);
      if (!ids.insert(claim.id).second) {
        fail_at(claims.items[i].origin, key + ".id", fmt::format("found '{}' a second time", claim.id));
      }
      all.push_back(std::move(claim));
    } catch (const NotApplicable& reason) {
      if (!may_drop) fail_at(reason.origin, reason.place, reason.what());
    }
  }
  return all;
}

}  // namespace touchstone
