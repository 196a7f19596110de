// Every text of a figure lies on its page, and none over another.
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
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

/// Panels of 30 epochs; with bands, as of a study.
ExperimentResult panels_of(std::size_t arms, const std::string& label, bool has_bands) {
  ExperimentResult result;
  result.name = "panels";
  FigureConfig figure;
  figure.series = {"accuracy", "val_accuracy"};
  figure.title = "Panels of an experiment with a title of some length, which may need more than one line";
  figure.panel_title = "Accuracy = {val_accuracy:%}, {label}";
  figure.y_label = "training accuracy";
  result.figures = {figure};
  for (std::size_t i = 0; i < arms; ++i) {
    ArmResult arm;
    arm.label = label + std::to_string(i);
    for (int e = 0; e < 130; ++e) {
      const double accuracy = 0.123456 + 0.005 * e;
      arm.history.epochs.push_back({1.0, accuracy, 1.0, accuracy - 0.02, 0.01});
    }
    arm.varied = {{"optimizer.lr", std::to_string(0.001 * static_cast<double>(i + 1))}};
    if (has_bands) arm.bands.emplace(Bands{arm.history.epochs, arm.history.epochs, arm.history.epochs, 0, {}});
    result.arms.push_back(arm);
  }
  return has_bands ? with_band_figures(result) : result;
}

TEST_F(FigureTexts, OfPanelsOfAnySizeAndTitle) {
  for (const bool has_bands : {false, true}) {
    for (const std::array<int, 2> layout : {std::array{1, 1}, std::array{2, 5}, std::array{4, 2}, std::array{2, 3}}) {
      for (const char* label :
           {"", "batch size = 12", "a longer label, of several settings, such as decay = 0.0001 "}) {
        ExperimentResult result = panels_of(static_cast<std::size_t>(layout[0] * layout[1]), label, has_bands);
        result.figures[0].layout = layout;
        result.figures[0].size = layout[0] == 4 ? std::array{8.0, 11.0} : std::array{8.0, 5.0};
        EXPECT_THAT(faults(result), testing::IsEmpty()) << layout[0] << " x " << layout[1] << ", " << label;
      }
    }
  }
}

TEST_F(FigureTexts, OfASweepAndOfAnOverlayWithBands) {
  for (const FigureConfig::Type type : {FigureConfig::Type::sweep, FigureConfig::Type::overlay}) {
    for (const std::size_t arms : {2U, 8U, 20U}) {
      ExperimentResult result = panels_of(arms, "an arm with a name ", true);
      result.figures[0].type = type;
      result.figures[0].series = {"val_accuracy"};
      result.figures[0].legend = "{label} {val_accuracy:%}";
      result.figures[0].size = {7, 5};
      EXPECT_THAT(faults(result), testing::IsEmpty()) << name_of(type) << ", " << arms << " arms";
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
