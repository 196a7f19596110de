// Runs every seed of the fuzzer through the readers. A seed's name says what must happen: tests/fuzz/seeds/
// safetensors/make_seeds.py.

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "files/read_file.h"
#include "trace/trace_file.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

bool is(const fs::path& seed, const std::string& prefix) { return seed.filename().string().rfind(prefix, 0) == 0; }

std::vector<fs::path> seeds(const std::string& prefix) {
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(TOUCHSTONE_SOURCE_DIR "/tests/fuzz/seeds/safetensors")) {
    if (file.path().extension() == ".safetensors" && is(file.path(), prefix)) files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Messages go to terminals and logs: one line of plain ASCII, whatever the file says.
bool is_one_plain_line(const std::string& message) {
  return message.size() < 1000 &&
         std::all_of(message.begin(), message.end(), [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

class Seed : public testing::TestWithParam<fs::path> {};

TEST_P(Seed, IsReadOrRefusedAsItsNameSays) {
  const std::string bytes = read_file(GetParam());
  if (is(GetParam(), "bad_file_")) {
    EXPECT_THROW(parse_safetensors(bytes, "seed"), UserError);
  } else {
    EXPECT_NO_THROW(parse_safetensors(bytes, "seed"));
  }
  try {
    parse_trace(bytes, "seed");
    EXPECT_TRUE(is(GetParam(), "ok_")) << "was read as a trace";
  } catch (const UserError& error) {
    EXPECT_TRUE(is(GetParam(), "bad_")) << error.what();
    EXPECT_THAT(error.what(), testing::StartsWith("seed: "));
    EXPECT_TRUE(is_one_plain_line(error.what())) << error.what();
  }
}

class ReadableSeed : public testing::TestWithParam<fs::path> {};

TEST_P(ReadableSeed, IsRefusedWhenCutAnywhere) {
  const std::string bytes = read_file(GetParam());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THROW(parse_safetensors(std::string_view(bytes).substr(0, length), "seed"), UserError) << length;
  }
}

std::string seed_name(const testing::TestParamInfo<fs::path>& seed) { return seed.param.stem().string(); }

INSTANTIATE_TEST_SUITE_P(Corpus, Seed, testing::ValuesIn(seeds("")), seed_name);
INSTANTIATE_TEST_SUITE_P(Corpus, ReadableSeed, testing::ValuesIn(seeds("ok_")), seed_name);

TEST(Corpus, HasSeedsOfEachKind) {
  for (const char* prefix : {"ok_", "bad_trace_", "bad_file_"}) EXPECT_GT(seeds(prefix).size(), 5U) << prefix;
  EXPECT_EQ(seeds("").size(), seeds("ok_").size() + seeds("bad_trace_").size() + seeds("bad_file_").size());
}

}  // namespace
}  // namespace touchstone
