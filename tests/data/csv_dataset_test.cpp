#include "data/csv_dataset.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "data/dataset.h"
#include "files/errors.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

class CsvDataset : public testing::Test {
 protected:
  Dataset read(const std::string& text, const std::string& label = "class") {
    std::ofstream(file_, std::ios::binary) << text;
    return read_csv_dataset(file_, label);
  }

  /// What the error says after the file's name.
  std::string error(const std::string& text, const std::string& label = "class") {
    try {
      read(text, label);
    } catch (const UserError& data_error) {
      const std::string message = data_error.what();
      EXPECT_THAT(message, testing::StartsWith(file_.string()));
      return message.substr(file_.string().size());
    }
    return "no error";
  }

  const fs::path file_ = fs::path(testing::TempDir()) /
                         (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".csv");
};

TEST_F(CsvDataset, ReadsFeaturesAroundTheLabel) {
  const Dataset data = read("x0,class,x1\n1.5,0,-2e3\n0.1,2,+4\n");
  EXPECT_EQ(data.features, 2U);
  EXPECT_THAT(data.x, testing::ElementsAre(1.5, -2000.0, 0.1, 4.0));
  EXPECT_THAT(data.y, testing::ElementsAre(0, 2));
}

TEST_F(CsvDataset, NumbersTextLabelsInSortedOrder) {
  const Dataset data = read("a,class\n1,virginica\n2,setosa\n3,virginica\n");
  EXPECT_THAT(data.y, testing::ElementsAre(1, 0, 1));
}

TEST_F(CsvDataset, UnderstandsQuotesByteOrderMarkCrLfAndBlankLines) {
  const Dataset data = read("\xEF\xBB\xBF\"a, \"\"b\"\"\",class\r\n\r\n\"1\",\"x\ny\"\r\n2,z");
  EXPECT_THAT(data.x, testing::ElementsAre(1.0, 2.0));
  EXPECT_THAT(data.y, testing::ElementsAre(0, 1));
}

TEST_F(CsvDataset, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(error("a,class\n1,0\nfast,0\n"), ":3:1: a: found 'fast', expected a finite number");
  EXPECT_EQ(error("class,a\n0,NaN\n"), ":2:3: a: found 'NaN', expected a finite number");
  EXPECT_EQ(error("class,a\n0,inf\n"), ":2:3: a: found 'inf', expected a finite number");
  EXPECT_EQ(error("class,a\n0,1e999\n"), ":2:3: a: found '1e999', expected a finite number");
  EXPECT_EQ(error("class,a\n0,1.5x\n"), ":2:3: a: found '1.5x', expected a finite number");
  EXPECT_EQ(error("class,a\n0,\n"), ":2:3: a: found '', expected a finite number");
  EXPECT_EQ(error("class,a\n,1\n"), ":2:1: class: found no label");
  EXPECT_EQ(error("class,a\n0,1\n0,1,2\n"), ":3:1: found 3 cells, expected 2 as in the header");
  EXPECT_EQ(error("a,b\n0,1\n"), ":1:1: found no column 'class', expected the label among: a, b");
  EXPECT_EQ(error("a,class,a\n"), ":1:9: found column 'a' a second time");
  EXPECT_EQ(error("class\n0\n"), ":1:1: found only the label, expected at least one feature column");
  EXPECT_EQ(error("class,a\n"), ":1:1: found a header without rows");
  EXPECT_EQ(error(""), ":1:1: found an empty file, expected a header and rows");
  EXPECT_EQ(error("class,a\n0,\"1\n"), ":2:3: found a quote that is never closed");
  EXPECT_EQ(error("class,a\n0,\"1\"2\n"), ":2:6: found text after a closing quote, expected a comma");
}

TEST_F(CsvDataset, SaysThatAFileIsMissingOrAFolder) {
  EXPECT_THROW(read_csv_dataset("/nonexistent/data.csv", "class"), UserError);
  EXPECT_THROW(read_csv_dataset(testing::TempDir(), "class"), UserError);
}

}  // namespace
}  // namespace touchstone
