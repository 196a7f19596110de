#include "plot/figure.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "plot/gnuplot.h"
#include "plot/palette.h"
#include "plot/study_figures.h"
#include "plot/text_template.h"
#include "results/csv.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string nasty_label = "lr_1^{2} \"'\\ @ & ~ %d `id` $x é";

ArmResult damped_curve(const std::string& label, double speed) {
  ArmResult arm;
  arm.label = label;
  for (int epoch = 0; epoch < 40; ++epoch) {
    const double accuracy = 0.83 - 0.5 * std::exp(-speed * epoch);
    arm.history.epochs.push_back({1.0 - accuracy, accuracy, 1.05 - accuracy, accuracy - 0.02, 0.01});
  }
  return arm;
}

ExperimentResult eight_panels() {
  ExperimentResult result;
  result.name = "panels";
  FigureConfig figure;
  figure.size = {12, 12};
  figure.layout = {4, 2};
  figure.series = {"accuracy", "val_accuracy"};
  figure.title = "Eight";
  figure.panel_title = "Accuracy = {val_accuracy:%}, {label}";
  figure.y_label = "accuracy";
  result.figures = {figure};
  for (int i = 0; i < 8; ++i) result.arms.push_back(damped_curve("arm " + std::to_string(i), 0.05 * (i + 1)));
  return result;
}

class Figures : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(folder_); }
  std::vector<fs::path> draw(const ExperimentResult& result, FigureFormat format) const {
    return draw_figures(result, folder_ / "results", folder_ / "plots", format);
  }
  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone_plot_" + std::to_string(getpid()));
};

/// Width and height from a PNG's header.
std::pair<unsigned, unsigned> png_size(const fs::path& file) {
  const std::string bytes = read_saved_file(file);
  const auto number = [&](std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value * 256 + static_cast<unsigned char>(bytes.at(at + i));
    return value;
  };
  return {number(16), number(20)};
}

TEST_F(Figures, HaveTheNotebooksSize) {
  const auto files = draw(eight_panels(), FigureFormat::png);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].filename(), "panels.png");
  EXPECT_EQ(png_size(files[0]), std::make_pair(1200U, 1200U));
}

TEST_F(Figures, GrowByARowForFurtherArms) {
  ExperimentResult result = eight_panels();
  result.arms.push_back(damped_curve("arm 8", 0.5));
  EXPECT_EQ(png_size(draw(result, FigureFormat::png)[0]), std::make_pair(1200U, 1500U));
  EXPECT_THAT(read_saved_file(draw(result, FigureFormat::svg)[0]), HasSubstr("arm 8"));
}

TEST_F(Figures, AreTheSameBytesEveryTime) {
  for (const FigureFormat format : {FigureFormat::png, FigureFormat::svg}) {
    const std::string first = read_saved_file(draw(eight_panels(), format)[0]);
    EXPECT_EQ(first, read_saved_file(draw(eight_panels(), format)[0]));
  }
}

TEST_F(Figures, ShowEveryPanelsTitleAndOneLegend) {
  const std::string svg = read_saved_file(draw(eight_panels(), FigureFormat::svg)[0]);
  for (int i = 0; i < 8; ++i) EXPECT_THAT(svg, HasSubstr("arm " + std::to_string(i)));
  std::size_t legends = 0;
  for (auto at = svg.find(">train<"); at != std::string::npos; at = svg.find(">train<", at + 1)) ++legends;
  EXPECT_EQ(legends, 1U);
}

TEST_F(Figures, ShowLabelsLiterally) {
  ExperimentResult result = eight_panels();
  result.arms[3].label = nasty_label;
  const std::string svg = read_saved_file(draw(result, FigureFormat::svg)[0]);
  EXPECT_THAT(svg, HasSubstr("lr_1^{2} \"'\\ @ &amp; ~ %d `id` $x é"));
}

TEST_F(Figures, ShowADivergedArmAsAGap) {
  ExperimentResult result = eight_panels();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (EpochMetrics& epoch : result.arms[2].history.epochs) epoch = {nan, nan, nan, nan, 0.01};
  result.arms[2].history.diverged = true;
  const std::string svg = read_saved_file(draw(result, FigureFormat::svg)[0]);
  EXPECT_THAT(svg, HasSubstr("(diverged)"));
  EXPECT_THAT(svg, HasSubstr("arm 7"));
}

TEST_F(Figures, PutTheLegendOfAnOverlayBelow) {
  ExperimentResult result = eight_panels();
  result.figures[0].type = FigureConfig::Type::overlay;
  result.figures[0].series = {"val_accuracy"};
  result.figures[0].size = {12, 6};
  result.figures[0].legend = "{label} {val_accuracy:%}";
  const auto files = draw(result, FigureFormat::svg);
  EXPECT_THAT(read_saved_file(files[0]), HasSubstr("arm 7 81.0%"));
}

/// Eight arms of a study: each with a band around its curve.
ExperimentResult eight_bands() {
  ExperimentResult study = eight_panels();
  study.provenance.seeds = 12;
  for (ArmResult& arm : study.arms) {
    Bands& bands = arm.bands.emplace();
    bands.mean = bands.p05 = bands.p95 = arm.history.epochs;
    for (EpochMetrics& epoch : bands.p05) epoch.accuracy -= 0.1;
    for (EpochMetrics& epoch : bands.p95) epoch.val_accuracy += 0.1;
  }
  return study;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST_F(Figures, OfAStudyShowBandsBelowTheirMedians) {
  const ExperimentResult study = with_band_figures(eight_bands());
  const auto files = draw(study, FigureFormat::svg);
  EXPECT_EQ(files[0].filename(), "panels_bands.svg");
  EXPECT_THAT(read_saved_file(files[0]), HasSubstr("Eight: median and 5-95 % of 12 seeds"));
  const std::string script = read_saved_file(folder_ / "results" / "figures" / "panels_bands.gp");
  EXPECT_EQ(count(script, "with filledcurves"), 16U);  // of eight arms, train and test
  EXPECT_EQ(count(script, "dashtype '-'"), 8U);        // test, for grey prints
  const std::string plot = script.substr(script.find("\nplot "));
  EXPECT_LT(plot.find("$arm_00_val_accuracy_band"), plot.find("$arm_00_accuracy using"));
}

TEST_F(Figures, OfAStudyHaveTrainAndTestInAPanelForEachArm) {
  ExperimentResult study = eight_bands();
  study.figures[0].type = FigureConfig::Type::overlay;
  study.figures[0].series = {"val_accuracy"};
  study.figures[0].legend = "{label} {val_accuracy:%}";
  study.arms[2].bands->diverged = 5;
  const std::string svg = read_saved_file(draw(with_band_figures(study), FigureFormat::svg)[0]);
  EXPECT_THAT(svg, HasSubstr("arm 7 81.0%"));
  EXPECT_THAT(svg, HasSubstr("(5 diverged)"));
  EXPECT_EQ(count(svg, ">train<"), 1U);
  EXPECT_EQ(count(svg, ">test<"), 1U);
}

TEST_F(Figures, OfAStudyLeaveAGapWhereNoSeedIsFinite) {
  ExperimentResult study = eight_bands();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t e = 10; e < 20; ++e) study.arms[0].bands->p05[e].accuracy = nan;
  const ExperimentResult shown = with_band_figures(study);
  const std::string script = figure_script(shown, shown.figures[0], FigureFormat::png, "x.png");
  EXPECT_THAT(script, testing::Not(HasSubstr("nan")));
  draw(shown, FigureFormat::png);
}

// The script that is kept must redraw the figure by itself.
TEST_F(Figures, ScriptRedrawsWithPlainGnuplot) {
  const auto files = draw(eight_panels(), FigureFormat::png);
  const std::string command = "cd '" + (folder_ / "results" / "figures").string() + "' && gnuplot panels.gp";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read_saved_file(folder_ / "results" / "figures" / "panels.png"), read_saved_file(files[0]));
}

TEST_F(Figures, MissingGnuplotIsToldBeforeAnythingIsDrawn) {
  const char* found = std::getenv("PATH");
  const std::string path = found == nullptr ? "" : found;
  setenv("PATH", "/nonexistent", 1);
  try {
    require_gnuplot(FigureFormat::png);
    ADD_FAILURE();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("gnuplot is not on the PATH"));
  }
  setenv("PATH", path.c_str(), 1);
}

TEST_F(Figures, LeaveNothingBehindWhenTheyCannotBeDrawn) {
  ExperimentResult result = eight_panels();
  result.figures[0].size = {1e6, 1e6};  // no terminal is that large
  try {
    draw(result, FigureFormat::png);
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
  }
  EXPECT_FALSE(fs::exists(folder_ / "plots"));
}

TEST(Template, FillsLabelsMetricsAndKeys) {
  ArmResult arm = damped_curve("a", 10.0);
  arm.resolved = {{"optimizer.lr", "1e-07", "x"}};
  EXPECT_EQ(fill_template("{label}: {val_accuracy:%} {accuracy} at {optimizer.lr}", arm), "a: 81.0% 0.83 at 1e-07");
  arm.history.diverged = true;
  EXPECT_EQ(fill_template("{label}", arm), "a (diverged)");
}

// Printed by matplotlib: [matplotlib.colors.to_hex(c) for c in cm.rainbow(numpy.linspace(0, 1, 4))].
TEST(Palette, RainbowIsMatplotlibs) {
  EXPECT_THAT(rainbow_colors(4), testing::ElementsAre("#8000ff", "#2adddd", "#d4dd80", "#ff0000"));
}

}  // namespace
}  // namespace touchstone
