// Every text of a figure lies on its page, and none over another.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>

#include "plot/figure.h"
#include "plot/study_figures.h"
#include "results/csv.h"
#include "svg_texts.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

class FigureTexts : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<std::string> faults(const ExperimentResult& result) const {
    std::vector<std::string> all;
    for (const fs::path& file : draw_figures(result, folder_, folder_, FigureFormat::svg)) {
      for (const std::string& fault : faults_of_texts(read_saved_file(file)))
        all.push_back(file.filename().string() + ": " + fault);
    }
    return all;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_texts_" + std::to_string(getpid()));
};

ExperimentResult overlay_of(std::size_t arms, const std::string& label) {
  ExperimentResult result;
  result.name = "overlay";
  result.kind = Kind::schedule;
  FigureConfig figure;
  figure.type = FigureConfig::Type::overlay;
  figure.size = {7, 5};
  figure.title = "Learning rate under time-based decay";
  figure.legend = "{label}";
  figure.x_label = "update";
  figure.y_label = "learning rate";
  result.figures = {figure};
  for (std::size_t i = 0; i < arms; ++i) {
    ArmResult arm;
    arm.label = label + std::to_string(i);
    for (int step = 0; step < 50; ++step) arm.rates.push_back(0.01 / (1.0 + 0.01 * static_cast<double>(i) * step));
    result.arms.push_back(arm);
  }
  return result;
}

TEST_F(FigureTexts, OfAnOverlayWithAnyLegend) {
  for (const std::size_t arms : {1U, 3U, 4U, 5U, 8U, 13U, 40U}) {
    for (const char* label :
         {"", "decay = 0.00", "a much longer label, with two of its settings = 0.1 ",
          "a label that alone is wider than the page that it is to be printed on, by far, and so is cut "}) {
      EXPECT_THAT(faults(overlay_of(arms, label)), testing::IsEmpty()) << arms << " arms, " << label;
    }
  }
}

TEST(SvgTexts, FindWhatIsWrong) {
  const auto text_at = [](const char* place, const char* anchor, const char* text) {
    return std::string("<g transform=\"translate(") + place +
           ")\" stroke=\"none\" font-size=\"12.00\"  text-anchor=\"" + anchor + "\">\n<text> " + text + "</text></g>\n";
  };
  const std::string page = R"(<svg width="700" height="500">)";
  EXPECT_THAT(faults_of_texts(page + text_at("10,490", "start", "a") + text_at("10,470", "start", "b")),
              testing::IsEmpty());
  EXPECT_THAT(faults_of_texts(page + text_at("10,505", "start", "low")),
              testing::ElementsAre(testing::HasSubstr("leaves")));
  EXPECT_THAT(faults_of_texts(page + text_at("10,90", "end", "left of it")),
              testing::ElementsAre(testing::HasSubstr("leaves")));
  EXPECT_THAT(faults_of_texts(page + text_at("90,90", "start", "one") + text_at("95,95", "start", "two")),
              testing::ElementsAre("'two' overlaps 'one'"));
}

}  // namespace
}  // namespace touchstone
