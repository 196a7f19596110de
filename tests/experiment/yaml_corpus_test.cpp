// Runs every seed of the YAML fuzzer (tests/fuzz) through the reader.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "experiment/parse_node.h"
#include "files/errors.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

std::string error_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  try {
    parse_yaml({std::istreambuf_iterator<char>(stream), {}}, "seed");
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

TEST(YamlCorpus, IsReadOrRefusedInOneLine) {
  std::size_t seeds = 0;
  for (const auto& entry : fs::directory_iterator(TOUCHSTONE_SOURCE_DIR "/tests/fuzz/seeds/yaml")) {
    const std::string error = error_of(entry.path());
    EXPECT_EQ(error.find('\n'), std::string::npos) << entry.path() << error;
    EXPECT_THAT(error, testing::AnyOf("", testing::StartsWith("seed:"))) << entry.path();
    ++seeds;
  }
  EXPECT_GT(seeds, 10U);
}

TEST(YamlCorpus, RefusesWhatIsNoExperiment) {
  const fs::path seeds = TOUCHSTONE_SOURCE_DIR "/tests/fuzz/seeds/yaml";
  for (const char* bad : {"self_alias.yaml", "duplicate.yaml", "documents.yaml", "complex_key.yaml", "broken.yaml"}) {
    EXPECT_NE(error_of(seeds / bad), "") << bad;
  }
  for (const char* good : {"alias.yaml", "scalars.yaml", "run.json"}) EXPECT_EQ(error_of(seeds / good), "") << good;
}

}  // namespace
}  // namespace touchstone
