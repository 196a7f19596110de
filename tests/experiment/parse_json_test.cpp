#include <gmock/gmock.h>

#include "experiment/map_reader.h"
#include "experiment/parse_node.h"
#include "files/errors.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

std::string json_error(const std::string& text) {
  try {
    parse_json(text, "trace.safetensors");
  } catch (const UserError& config_error) {
    return config_error.what();
  }
  return "no error";
}

TEST(ParseJson, MakesTheTreeThatYamlMakes) {
  const std::string text = R"({"z": [1, 2.5, true, null, "7"], "a": {"b": "x"}})";
  const Node tree = parse_json(text, "source");
  EXPECT_EQ(to_text(tree), to_text(parse_yaml(text, "source")));
  EXPECT_EQ(tree.origin, "source");
  EXPECT_FALSE(tree.find("z")->items[0].quoted);
  EXPECT_TRUE(tree.find("z")->items[4].quoted);
}

TEST(ParseJson, KeepsEveryBitOfANumber) {
  const Node tree = parse_json("[0.1, 1e-07, 0.00078125, 1.7976931348623157e+300, 4]", "source");
  const std::vector<double> expected = {0.1, 1e-07, 0.00078125, 1.7976931348623157e+300, 4.0};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(to_number(tree.items[i], "key", Range{-1e301, 1e301}), expected[i]);
  }
}

TEST(ParseJson, RefusesDuplicateKeysDepthAndNonsense) {
  EXPECT_EQ(json_error(R"({"a": {"b": 1, "b": 2}})"), "trace.safetensors: b: found this key a second time");
  EXPECT_EQ(json_error(R"([{"b": 1}, {"b": 2}])"), "no error");
  EXPECT_THAT(json_error(std::string(100000, '[')), HasSubstr("found more than 64 levels"));
  EXPECT_THAT(json_error("{"), HasSubstr("trace.safetensors: not JSON: "));
  EXPECT_THAT(json_error(""), HasSubstr("not JSON"));
  EXPECT_THAT(json_error("1e999"), HasSubstr("not JSON"));
  EXPECT_THAT(json_error("\"\xff\""), HasSubstr("not JSON"));
}

}  // namespace
}  // namespace touchstone
