#include <fmt/format.h>
#include <gmock/gmock.h>

#include "experiment/parse_node.h"
#include "files/errors.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string yaml_error(const std::string& text) {
  try {
    parse_yaml(text, "x.yaml");
  } catch (const UserError& config_error) {
    return config_error.what();
  }
  return "no error";
}

TEST(ParseYaml, CountsLinesAndColumnsFromOne) {
  const Node root = parse_yaml("a: 1\nb:\n  - x\n  - {c: 'y'}\n", "x.yaml");
  EXPECT_EQ(root.origin, "x.yaml:1:1");
  EXPECT_EQ(root.find("a")->origin, "x.yaml:1:4");
  EXPECT_EQ(root.members[1].origin, "x.yaml:2:1");
  const Node& list = *root.find("b");
  EXPECT_EQ(list.items[0].origin, "x.yaml:3:5");
  EXPECT_EQ(list.items[1].members[0].origin, "x.yaml:4:6");
  EXPECT_EQ(list.items[1].find("c")->origin, "x.yaml:4:9");
}

TEST(ParseYaml, KeepsOrderAndTellsQuotedFromPlain) {
  const Node root = parse_yaml("z: '1'\na: 1\nm: \"\"\nn: >-\n  folded\n  text\n", "x.yaml");
  ASSERT_EQ(root.members.size(), 4U);
  EXPECT_EQ(root.members[0].key, "z");
  EXPECT_TRUE(root.members[0].value.quoted);
  EXPECT_EQ(root.members[0].value.scalar, "1");
  EXPECT_FALSE(root.members[1].value.quoted);
  EXPECT_EQ(root.members[2].value.type, Node::Type::scalar);
  EXPECT_EQ(root.members[3].value.scalar, "folded text");
}

TEST(ParseYaml, KnowsNull) {
  for (const char* text : {"", "# only a comment\n", "~", "null", "---\n...\n"}) {
    EXPECT_EQ(parse_yaml(text, "x.yaml").type, Node::Type::null) << text;
  }
  EXPECT_EQ(parse_yaml("a:\n", "x.yaml").find("a")->type, Node::Type::null);
}

TEST(ParseYaml, ExpandsAliases) {
  const Node root = parse_yaml("a: &here {b: [1, 2]}\nc: *here\n", "x.yaml");
  ASSERT_NE(root.find("c")->find("b"), nullptr);
  EXPECT_EQ(root.find("c")->find("b")->items[1].scalar, "2");
}

TEST(ParseYaml, RefusesDuplicateKeysAtAnyLevel) {
  EXPECT_EQ(yaml_error("a: 1\nb: 2\na: 3\n"), "x.yaml:3:1: a: found this key a second time");
  EXPECT_EQ(yaml_error("a: [{b: 1, b: 1}]\n"), "x.yaml:1:12: b: found this key a second time");
  EXPECT_EQ(yaml_error("a: 1\n'a': 3\n"), "x.yaml:2:1: a: found this key a second time");
}

TEST(ParseYaml, RefusesWhatExperimentFilesHaveNoUseFor) {
  EXPECT_THAT(yaml_error("a: !!int 3\n"), HasSubstr("found the tag tag:yaml.org,2002:int, expected none"));
  EXPECT_THAT(yaml_error("!mine a: 3\n"), HasSubstr("found the tag !mine, expected none"));
  EXPECT_EQ(yaml_error("[a, b]: 3\n"), "x.yaml:1:1: found a key that is no plain text");
  EXPECT_EQ(yaml_error("~: 3\n"), "x.yaml:1:1: found a key that is no plain text");
  EXPECT_EQ(yaml_error("a: 1\n---\nb: 2\n"), "x.yaml:2:1: found more after the end, expected one document");
}

TEST(ParseYaml, SaysWhereTextIsNoYaml) {
  EXPECT_THAT(yaml_error("a: [1, 2\nb: 3\n"), testing::MatchesRegex("x\\.yaml:[0-9]+:[0-9]+: not YAML: .+"));
  for (const char* open : {"a: 'open", "a: \"open\n", "a: 'open \n\n", "a: 'open\nb: 3\n", "a: {b: 1\n"}) {
    EXPECT_THAT(yaml_error(open), testing::MatchesRegex("x\\.yaml:[0-9]+:[0-9]+: not YAML: .+")) << open;
  }
  EXPECT_EQ(yaml_error("a: 1\nb: \xff\n"), "x.yaml:2: found bytes that are no UTF-8");
  EXPECT_THAT(yaml_error("a: \"\\q\"\n"), HasSubstr("not YAML"));
}

TEST(ParseYaml, AnswersInOneLine) {
  EXPECT_THAT(yaml_error("\"a\\nb\": 1\n\"a\\nb\": 1\n"), testing::Not(HasSubstr("\n")));
}

TEST(ParseYaml, BoundsWhatAliasesExpandTo) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'j'; ++name) {
    const std::string alias = std::string("*") + static_cast<char>(name - 1);
    text += fmt::format("{0}: &{0} [{1}{2}]\n", name, repeated(alias + ", ", 9), alias);
  }
  EXPECT_THAT(yaml_error(text), HasSubstr("found more than 20000 values"));
  EXPECT_EQ(yaml_error("&a [1, *a]"), "x.yaml:1:8: found an alias inside what it stands for");
}

// Text that makes yaml-cpp's own LoadAll run for ever, or until the stack ends.
TEST(ParseYaml, EndsOnHostileText) {
  EXPECT_EQ(yaml_error(", a\n"), "x.yaml:1:1: found more after the end, expected one document");
  for (const char* part : {"[", "{", "- ", "? ", "&a [", "{[", "[,", "- ? "}) {
    EXPECT_THAT(yaml_error(repeated(part, 100000)), HasSubstr("found more than 64 levels")) << part;
  }
  for (const char* part : {"!", "! ", "{a: ", "&a ", "*a ", "|\n", "---\n", "-\n", "a:\n", "{?", "!<"}) {
    EXPECT_NE(yaml_error(repeated(part, 100000)), "no error") << part;
  }
}

TEST(ParseYaml, BoundsTheTextsLength) {
  EXPECT_EQ(yaml_error("#" + std::string(1U << 20U, 'x')), "x.yaml: found 1048577 bytes, expected at most 1048576");
  EXPECT_EQ(yaml_error("#" + std::string((1U << 20U) - 1, 'x')), "no error");
}

TEST(ParseYamlFile, NeedsAFile) {
  EXPECT_THROW(parse_yaml_file("no/such/file.yaml"), UserError);
  EXPECT_THROW(parse_yaml_file(testing::TempDir()), UserError);
  EXPECT_THROW(parse_yaml_file(std::string(5000, 'x')), UserError);
}

}  // namespace
}  // namespace touchstone
