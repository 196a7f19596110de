#include "trace/safetensors.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "files/read_file.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

using std::string_literals::operator""s;  // NOLINT(misc-unused-using-decls): of literals below
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// A file of this header, unpadded, and so many bytes of data.
std::string file_of(const std::string& header, std::size_t data_size = 0) {
  std::string length(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> (8 * i) & 0xff);
  return length + header + std::string(data_size, '\0');
}

std::string refusal_of(const std::string& bytes) {
  try {
    parse_safetensors(bytes, "f.safetensors");
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

/// `"a": {"dtype": "F32", "shape": [2], "data_offsets": [0,8]}` with one of these replaced.
std::string entry(const std::string& name = "a", const std::string& offsets = "[0,8]", const std::string& shape = "[2]",
                  const std::string& dtype = "\"F32\"") {
  return "\"" + name + R"(":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

fs::path temporary_file(const std::string& name) { return fs::path(testing::TempDir()) / name; }

struct Hostile {
  const char* name;
  std::string bytes;
  std::string message;
};

class HostileFile : public testing::TestWithParam<Hostile> {};

TEST_P(HostileFile, IsRefusedWithTheReason) {
  EXPECT_THAT(refusal_of(GetParam().bytes),
              AllOf(testing::StartsWith("f.safetensors: "), HasSubstr(GetParam().message)));
}

std::string many_tensors(int count) {
  std::string header = "{";
  for (int i = 0; i < count; ++i) header += (i == 0 ? "" : ",") + entry("t" + std::to_string(i), "[0,0]", "[0]");
  return file_of(header + "}");
}

std::string many_texts(int count) {
  std::string header = R"({"__metadata__":{)";
  for (int i = 0; i < count; ++i) header += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(":"")";
  return file_of(header + "}}");
}

INSTANTIATE_TEST_SUITE_P(
    Length, HostileFile,
    testing::Values(Hostile{"Empty", "", "found 0 bytes, expected a safetensors file (at least 8)"},
                    Hostile{"SevenBytes", "\2\0\0\0\0\0\0"s, "found 7 bytes"},
                    Hostile{"HeaderBeyondFile", "\3\0\0\0\0\0\0\0{}"s, "a header of 3 bytes, but only 2 follow"},
                    Hostile{"HeaderAboveLimit", "\1\xe1\xf5\5\0\0\0\0{}"s,
                            "a header of 100000001 bytes, expected at most 100000000"},
                    Hostile{"HeaderOf64Bits", std::string(8, '\xff') + "{}", "a header of 18446744073709551615 bytes"},
                    Hostile{"AnotherFormat", "PK\3\4\24\0\0\0\0\0\0\0"s, "is this a safetensors file?"},
                    Hostile{"NoHeader", file_of(""), "does not begin with '{'"},
                    Hostile{"DataCutOff", file_of("{" + entry() + "}", 7),
                            R"("a": data_offsets [0, 8] reach beyond the file's 7 bytes of data: is it truncated?)"},
                    Hostile{"DataLeftOver", file_of("{" + entry() + "}", 9), "1 bytes of data follow the last tensor"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Json, HostileFile,
    testing::Values(
        Hostile{"Array", file_of("[]"), "does not begin with '{'"},
        Hostile{"BlankFirst", file_of(" {}"), "does not begin with '{'"},
        Hostile{"ByteOrderMark", file_of("\xef\xbb\xbf{}"), "does not begin with '{'"},
        Hostile{"Unclosed", file_of("{" + entry()), "not valid JSON in UTF-8, at its byte 54"},
        Hostile{"SecondDocument", file_of("{}{}"), "not valid JSON in UTF-8, at its byte 3"},
        Hostile{"NulPadding", file_of("{}\0"s), "not valid JSON in UTF-8, at its byte 3"},
        Hostile{"InvalidUtf8", file_of("{\"\xff\":1}"), "not valid JSON in UTF-8, at its byte 3"},
        Hostile{"LoneSurrogate", file_of(R"({"\ud800":1})"), "not valid JSON in UTF-8"},
        Hostile{"DuplicateTensor", file_of("{" + entry() + "," + entry() + "}", 8), R"("a": found a second time)"},
        Hostile{"DuplicateBehindEscape", file_of("{" + entry() + "," + entry("\\u0061") + "}", 8),
                R"("a": found a second time)"},
        Hostile{"DuplicateField", file_of(R"({"a":{"shape":[],"shape":[]}})"), R"("a" "shape": found a second time)"},
        Hostile{"DuplicateMetadata", file_of(R"({"__metadata__":{},"__metadata__":{}})"),
                R"("__metadata__": found a second time)"},
        Hostile{"DuplicateText", file_of(R"({"__metadata__":{"k":"1","k":"1"}})"),
                R"("__metadata__" "k": found a second time)"},
        Hostile{"MetadataNumber", file_of(R"({"__metadata__":{"k":1}})"),
                R"("__metadata__" "k": found 1, expected a text)"},
        Hostile{"MetadataNested", file_of(R"({"__metadata__":{"k":{}}})"),
                R"("__metadata__" "k": found an object, expected a text)"},
        Hostile{"MetadataIsText", file_of(R"({"__metadata__":"k"})"),
                R"("__metadata__": found the text "k", expected an object of texts)"},
        Hostile{"TooManyTexts", many_texts(1001), "one text more than the 1000 allowed"},
        Hostile{"TooManyTensors", many_tensors(10'001), "one tensor more than the 10000 allowed"},
        Hostile{"DeepNesting", file_of(R"({"a":{"shape":)" + std::string(1'000'000, '[')),
                R"("a" "shape": found an array, expected a whole number)"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Tensor, HostileFile,
    testing::Values(
        Hostile{"IsNull", file_of(R"({"a":null})"), R"("a": found null, expected an object that describes a tensor)"},
        Hostile{"HalfPrecision", file_of("{" + entry("a", "[0,4]", "[2]", "\"F16\"") + "}", 4),
                R"("a" "dtype": found "F16", expected F32, F64 or I64)"},
        Hostile{"DtypeNumber", file_of("{" + entry("a", "[0,8]", "[2]", "32") + "}", 8),
                R"("a" "dtype": found 32, expected F32, F64 or I64)"},
        Hostile{"NoDtype", file_of(R"({"a":{"shape":[],"data_offsets":[0,4]}})", 4), R"("a" "dtype": missing)"},
        Hostile{"NoShape", file_of(R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4), R"("a" "shape": missing)"},
        Hostile{"NoOffsets", file_of(R"({"a":{"dtype":"F32","shape":[]}})"), R"("a" "data_offsets": missing)"},
        Hostile{"UnknownField", file_of(R"({"a":{"stride":[1]}})"),
                R"("a" "stride": unknown field, expected dtype, shape or data_offsets)"},
        Hostile{"NegativeDimension", file_of("{" + entry("a", "[0,8]", "[-2]") + "}", 8),
                R"("a" "shape": found -2, expected a whole number)"},
        Hostile{"FractionalDimension", file_of("{" + entry("a", "[0,8]", "[2.0]") + "}", 8),
                R"("a" "shape": found the number "2.0", expected a whole number)"},
        Hostile{"DimensionOf64Bits", file_of("{" + entry("a", "[0,8]", "[9223372036854775808]") + "}", 8),
                "expected dimensions of at most 63 bits"},
        Hostile{"DimensionOf65Bits", file_of("{" + entry("a", "[0,8]", "[18446744073709551616]") + "}", 8),
                R"(found the number "18446744073709551616")"},
        Hostile{"ProductOverflows", file_of("{" + entry("a", "[0,0]", "[4294967296,4294967296]") + "}"),
                "more elements than 64 bits can count"},
        Hostile{"BytesOverflow", file_of("{" + entry("a", "[0,8]", "[4611686018427387906]") + "}", 8),
                "more elements than 64 bits can count"},
        Hostile{"NineDimensions", file_of("{" + entry("a", "[0,8]", "[1,1,1,1,1,1,1,1,2]") + "}", 8),
                "more than 8 dimensions"},
        Hostile{"TooShort", file_of("{" + entry("a", "[0,8]", "[3]") + "}", 8),
                R"("a": found 8 bytes of data, expected 12 for F32 [3])"},
        Hostile{"TooLong", file_of("{" + entry("a", "[0,8]", "[]") + "}", 8),
                R"("a": found 8 bytes of data, expected 4 for F32 [])"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Offsets, HostileFile,
    testing::Values(
        Hostile{"OnlyOne", file_of("{" + entry("a", "[0]") + "}", 8),
                R"("a" "data_offsets": found 1 number(s), expected [begin, end])"},
        Hostile{"Three", file_of("{" + entry("a", "[0,8,8]") + "}", 8), "more than two numbers"},
        Hostile{"Reversed", file_of("{" + entry("a", "[8,0]") + "}", 8),
                R"("a": data_offsets [8, 0] end before they begin)"},
        Hostile{"Negative", file_of("{" + entry("a", "[-8,0]") + "}", 8), R"("a" "data_offsets": found -8)"},
        Hostile{"BeyondFile", file_of("{" + entry("a", "[18446744073709551600,18446744073709551608]") + "}", 8),
                "reach beyond the file's 8 bytes"},
        Hostile{"Overlap", file_of("{" + entry() + "," + entry("b", "[4,12]") + "}", 12),
                R"("b": begins at byte 4 of the data, inside another tensor)"},
        Hostile{"SamePlace", file_of("{" + entry() + "," + entry("b") + "}", 8),
                R"(begins at byte 0 of the data, inside another tensor)"},
        Hostile{"Hole", file_of("{" + entry() + "," + entry("b", "[16,24]") + "}", 24),
                R"("b": begins at byte 16 of the data, but no tensor holds bytes 8 to 15)"},
        Hostile{"HoleAtBegin", file_of("{" + entry("a", "[8,16]") + "}", 16), "no tensor holds bytes 0 to 7"}),
    [](const auto& test) { return test.param.name; });

TEST(Safetensors, MessagesShowHostileNamesHarmlessly) {
  EXPECT_THAT(refusal_of(file_of(R"({"\u001b[2J\n\u009b":null})")), HasSubstr(R"("\u001b[2J\n\u009b": found null)"));
  EXPECT_LT(refusal_of(file_of("{\"" + std::string(1'000'000, 'x') + "\":null}")).size(), 300U);
}

TEST(Safetensors, TheLimitsThemselvesAreAllowed) {
  EXPECT_EQ(parse_safetensors(many_tensors(10'000), "f").tensors.size(), 10'000U);
  EXPECT_EQ(parse_safetensors(many_texts(1000), "f").metadata.size(), 1000U);
}

TEST(Safetensors, EmptyDimensionsHaveNoDataWhateverTheOthers) {
  const Safetensors contents =
      parse_safetensors(file_of("{" + entry("a", "[0,0]", "[0,4294967296,4294967296]") + "}"), "f");
  EXPECT_THAT(contents.tensors.at("a").shape, ElementsAre(0, 4294967296, 4294967296));
  EXPECT_TRUE(contents.tensors.at("a").data.empty());
}

TEST(Safetensors, ReadsTensorsInAnyOrderOfTheirData) {
  std::string bytes = file_of(R"({"b":{"shape":[2],"data_offsets":[8,24],"dtype":"F64"},)"
                              R"("a":{"data_offsets":[0,8],"dtype":"I64","shape":[1]},)"
                              R"("c":{"dtype":"F32","shape":[],"data_offsets":[24,28]}}   )");
  bytes += "\xfe\xff\xff\xff\xff\xff\xff\xff"s;                      // -2
  bytes += "\0\0\0\0\0\0\xf0\x3f\x9a\x99\x99\x99\x99\x99\xb9\x3f"s;  // 1, 0.1
  bytes += "\0\0\x20\x41"s;                                          // 10
  const Safetensors contents = parse_safetensors(bytes, "f");
  EXPECT_THAT(integers_of(contents.tensors.at("a")), ElementsAre(-2));
  EXPECT_THAT(reals_of(contents.tensors.at("b")), ElementsAre(1.0, 0.1));
  EXPECT_THAT(reals_of(contents.tensors.at("c")), ElementsAre(10.0));
  EXPECT_TRUE(contents.tensors.at("c").shape.empty());
}

// The bytes that the format's own library is tested to write (safetensors/src/tensor.rs, its unit tests).
TEST(Safetensors, WritesTheBytesOfTheFormatsOwnLibrary) {
  const std::string data = "\0\0\0\0\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40\0\0\xa0\x40"s;  // 0 to 5
  Safetensors contents;
  EXPECT_EQ(format_safetensors(contents, "f"), "\x8\0\0\0\0\0\0\0{}      "s);
  contents.metadata["framework"] = "pt";
  EXPECT_EQ(format_safetensors(contents, "f"), "\x28\0\0\0\0\0\0\0{\"__metadata__\":{\"framework\":\"pt\"}}     "s);
  contents.metadata.clear();
  contents.tensors["attn.0"] = tensor_of_reals(DType::f32, {1, 2, 3}, {0, 1, 2, 3, 4, 5});
  EXPECT_EQ(format_safetensors(contents, "f"),
            "\x40\0\0\0\0\0\0\0"s + R"({"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}})" + data);
  contents.tensors.clear();
  contents.tensors["attn0"] = tensor_of_reals(DType::f32, {1, 1, 2, 3}, {0, 1, 2, 3, 4, 5});
  EXPECT_EQ(
      format_safetensors(contents, "f"),
      "\x48\0\0\0\0\0\0\0"s + R"({"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       )" + data);
}

TEST(Safetensors, WidestElementsComeFirstSoThatAllAreAligned) {
  Safetensors contents;
  contents.tensors["a"] = tensor_of_reals(DType::f32, {1}, {1});
  contents.tensors["c"] = tensor_of_reals(DType::f64, {1}, {1});
  contents.tensors["b"] = tensor_of_reals(DType::f64, {1}, {1});
  contents.tensors["d"] = tensor_of_integers({1}, {1});
  EXPECT_THAT(format_safetensors(contents, "f"),
              HasSubstr(R"({"d":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},)"
                        R"("b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]},)"
                        R"("c":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},)"
                        R"("a":{"dtype":"F32","shape":[1],"data_offsets":[24,28]}})"));
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  const double infinity = std::numeric_limits<double>::infinity();
  Safetensors contents;
  contents.metadata = {{"text", "line\n\"quoted\" \x1f Grüße 你好"}, {"", ""}};
  contents.tensors["reals"] = tensor_of_reals(DType::f64, {2, 2}, {-0.0, 5e-324, infinity, -infinity});
  contents.tensors["none"] = tensor_of_reals(DType::f32, {3, 0}, {});
  contents.tensors["integers/"] = tensor_of_integers({2}, {INT64_MIN, INT64_MAX});
  const fs::path file = temporary_file("read_back.safetensors");
  write_safetensors(file, contents);
  const Safetensors read = read_safetensors(file);
  EXPECT_EQ(read.metadata, contents.metadata);
  EXPECT_EQ(read.tensors, contents.tensors);
}

TEST(Safetensors, SinglePrecisionIsHeldExactlyInDouble) {
  const TensorEntry tensor = tensor_of_reals(DType::f32, {4}, {0.1, 1e-45, NAN, 3.4028234663852886e38});
  const std::vector<double> values = reals_of(tensor);
  EXPECT_EQ(values[0], static_cast<double>(0.1F));
  EXPECT_EQ(values[1], std::ldexp(1.0, -149));
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_EQ(values[3], static_cast<double>(std::numeric_limits<float>::max()));
  EXPECT_EQ(tensor_of_reals(DType::f32, {4}, values), tensor);
}

TEST(Safetensors, RefusesToWriteWhatNobodyCouldRead) {
  Safetensors contents;
  contents.tensors["a"] = tensor_of_reals(DType::f64, {3}, {1, 2});
  EXPECT_THAT([&] { format_safetensors(contents, "f"); },
              testing::ThrowsMessage<UserError>(HasSubstr("\"a\": found 16 bytes of data, expected 24 for F64 [3]")));
  contents.tensors = {{"a", {DType::f64, {-1}, {}}}};
  EXPECT_THAT([&] { format_safetensors(contents, "f"); },
              testing::ThrowsMessage<UserError>(HasSubstr("shape [-1] has a negative dimension")));
  contents.tensors = {{"__metadata__", {DType::f64, {0}, {}}}};
  EXPECT_THAT([&] { format_safetensors(contents, "f"); }, testing::ThrowsMessage<UserError>(HasSubstr("reserves")));
  contents.tensors.clear();
  contents.metadata["engine"] = "\xff";
  EXPECT_THAT([&] { format_safetensors(contents, "f"); }, testing::ThrowsMessage<UserError>(HasSubstr("not UTF-8")));
}

TEST(Safetensors, FilesThatCannotBeReadSayWhy) {
  EXPECT_THAT([] { read_safetensors(temporary_file("absent.safetensors")); },
              testing::ThrowsMessage<UserError>(HasSubstr("absent.safetensors: no such file")));
  EXPECT_THAT([] { read_safetensors(testing::TempDir()); },
              testing::ThrowsMessage<UserError>(HasSubstr("found a folder, expected a file")));
  EXPECT_THAT([] { read_safetensors("/dev/zero"); },
              testing::ThrowsMessage<UserError>(HasSubstr("found no regular file")));
}

TEST(Safetensors, OversizedFileIsRefusedBeforeItIsRead) {
  const fs::path file = temporary_file("sparse.safetensors");
  std::ofstream(file) << "{}";
  fs::resize_file(file, max_file_bytes + 1);  // a hole: it takes no room on disk
  EXPECT_THAT([&] { read_safetensors(file); },
              testing::ThrowsMessage<UserError>(HasSubstr("found 4294967297 bytes, expected at most 4294967296")));
  fs::remove(file);
}

}  // namespace
}  // namespace touchstone
