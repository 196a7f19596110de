#include "plot/figure.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

#include "plot/gnuplot.h"
#include "plot/palette.h"
#include "plot/study_figures.h"
#include "plot/text_template.h"
#include "plot/text_width.h"
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
  EXPECT_EQ(count(script, "linewidth 0.5"), 32U);      // and the borders of each band
  const std::string plot = script.substr(script.find("\nplot "));
  EXPECT_LT(plot.find("$arm_00_val_accuracy_band"), plot.find("$arm_00_accuracy using"));
}

TEST_F(Figures, OfAStudyStayWhatTheyAre) {
  ExperimentResult study = eight_bands();
  study.figures[0].type = FigureConfig::Type::overlay;
  study.figures[0].series = {"val_accuracy"};
  study.figures[0].legend = "{label} {val_accuracy:%}";
  study.arms[2].bands->diverged = 5;
  const ExperimentResult shown = with_band_figures(study);
  const std::string svg = read_saved_file(draw(shown, FigureFormat::svg)[0]);
  EXPECT_THAT(svg, HasSubstr("numbers: median of final test accuracy"));
  EXPECT_THAT(svg, HasSubstr("arm 7 81.0%"));
  EXPECT_THAT(svg, HasSubstr("(5 diverged)"));
  const std::string script = figure_script(shown, shown.figures[0], FigureFormat::svg, "x.svg");
  EXPECT_EQ(count(script, "with filledcurves"), 8U);
  EXPECT_EQ(count(script, "train"), 0U);
}

/// Six arms over two keys: rates by factors of ten, and two optimizers.
ExperimentResult sweep_of(bool is_study) {
  ExperimentResult result;
  result.name = "sweep";
  FigureConfig figure;
  figure.type = FigureConfig::Type::sweep;
  figure.size = {7, 5};
  figure.series = {"val_accuracy"};
  figure.title = "Rates";
  result.figures = {figure};
  for (const char* name : {"Adam", "SGD"}) {
    for (const char* lr : {"0.1", "0.001", "0.01"}) {
      ArmResult arm = damped_curve(std::string(name) + lr, 0.1);
      arm.varied = {{"optimizer.name", name}, {"optimizer.lr", lr}};
      if (is_study) {
        arm.bands.emplace().mean = arm.history.epochs;
        arm.bands->p05 = arm.bands->p95 = arm.history.epochs;
        arm.bands->half_width.val_accuracy = 0.01;
      }
      result.arms.push_back(arm);
    }
  }
  return result;
}

TEST_F(Figures, OfASweepHaveTheVariedKeyOnTheXAxis) {
  const ExperimentResult result = sweep_of(false);
  const std::string script = figure_script(result, result.figures[0], FigureFormat::svg, "x.svg");
  EXPECT_THAT(script, HasSubstr("set logscale x"));
  EXPECT_THAT(script, HasSubstr("set xlabel \"optimizer.lr\""));
  EXPECT_THAT(script, HasSubstr("title \"name=Adam\""));
  EXPECT_THAT(script, HasSubstr("title \"name=SGD\""));
  EXPECT_EQ(count(script, "with linespoints"), 2U);
  EXPECT_LT(script.find("\n0.001 "), script.find("\n0.01 "));  // in order, whatever that of the arms
  const ExperimentResult study = with_band_figures(sweep_of(true));
  const std::string with_intervals = figure_script(study, study.figures[0], FigureFormat::svg, "x.svg");
  EXPECT_EQ(count(with_intervals, "with yerrorlines"), 2U);
  EXPECT_THAT(with_intervals, HasSubstr("mean of 0 seeds and its 95 % interval"));
  const double mean = study.arms[0].bands->mean.back().val_accuracy;
  EXPECT_THAT(with_intervals, HasSubstr(fmt::format("0.1 {:.9g} {:.9g} {:.9g}", mean, mean - 0.01, mean + 0.01)));
  draw(study, FigureFormat::svg);
}

TEST_F(Figures, OfASweepWithoutNumbersNameTheArms) {
  ExperimentResult result = sweep_of(false);
  for (ArmResult& arm : result.arms) arm.varied = {{"optimizer.name", arm.label}};
  const std::string svg = read_saved_file(draw(result, FigureFormat::svg)[0]);
  EXPECT_THAT(svg, HasSubstr("val"));
}

TEST_F(Figures, HaveOneYAxisOrOnePerPanel) {
  ExperimentResult result = eight_panels();
  for (EpochMetrics& epoch : result.arms[0].history.epochs) epoch.accuracy = epoch.val_accuracy = 0.5;
  const auto ranges = [&] {
    const std::string script = figure_script(result, result.figures[0], FigureFormat::png, "x.png");
    std::set<std::string> all;
    for (auto at = script.find("set yrange"); at != std::string::npos; at = script.find("set yrange", at + 1)) {
      all.insert(script.substr(at, script.find('\n', at) - at));
    }
    return all;
  };
  EXPECT_EQ(ranges().size(), 1U);
  result.figures[0].y_axis = FigureConfig::YAxis::own;
  EXPECT_GT(ranges().size(), 2U);
}

TEST_F(Figures, DrawRatesAsSteps) {
  ExperimentResult result = eight_panels();
  result.figures[0].series = {"lr"};
  EXPECT_THAT(figure_script(result, result.figures[0], FigureFormat::png, "x.png"), HasSubstr("with steps"));
  result.figures[0].type = FigureConfig::Type::schedule;
  EXPECT_EQ(count(figure_script(result, result.figures[0], FigureFormat::png, "x.png"), "with steps"), 8U);
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

using Color = std::array<double, 3>;

/// Linear light of "#rrggbb".
Color linear(const std::string& color) {
  Color light{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double value = std::stoi(color.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    light[i] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  }
  return light;
}

Color times(const std::array<Color, 3>& matrix, const Color& color) {
  Color product{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) product[i] += matrix[i][j] * color[j];
  }
  return product;
}

/// CIE L*a*b* (1976), white D65.
Color lab(const Color& light) {
  const Color xyz = times({{{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}}, light);
  const auto f = [](double t) { return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0; };
  const double x = f(std::max(xyz[0], 0.0) / 0.95047);
  const double y = f(std::max(xyz[1], 0.0));
  const double z = f(std::max(xyz[2], 0.0) / 1.08883);
  return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

/// As seen with normal sight, without red cones, without green cones (Machado, Oliveira and Fernandes 2009).
const std::vector<std::array<Color, 3>> visions = {
    {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}}};

double distance(const std::string& a, const std::string& b, const std::array<Color, 3>& vision) {
  const auto seen = [&](const std::string& color) {
    Color light = times(vision, linear(color));
    for (double& channel : light) channel = std::clamp(channel, 0.0, 1.0);
    return lab(light);
  };
  const Color from = seen(a);
  const Color to = seen(b);
  return std::hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
}

TEST(Palette, TellsTwentyCurvesApartWithoutRedOrGreenCones) {
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const CurveStyle a = curve_style(i);
      const CurveStyle b = curve_style(j);
      if (a.dash != b.dash) continue;
      for (const auto& vision : visions) EXPECT_GT(distance(a.color, b.color, vision), 15.0) << a.color << b.color;
    }
  }
  // Without the dashes, orange and green would be one colour.
  EXPECT_LT(distance(curve_style(1).color, curve_style(2).color, visions[1]), 15.0);
}

// By fontTools: the advance of "Accuracy = 82.0%" in DejaVu Sans is 9.2333984375 em.
TEST(TextWidth, IsThatOfTheFont) {
  EXPECT_NEAR(text_width("Accuracy = 82.0%", 12.0), 9.2333984375 * 16.0, 0.2);
  EXPECT_EQ(text_width("", 12.0), 0.0);
  EXPECT_NEAR(text_width("\xC3\xA9", 12.0), 16.0, 1e-9);  // one character, whatever its bytes
}

TEST(TextWidth, WrapsAfterCommasAndCuts) {
  using testing::ElementsAre;
  EXPECT_THAT(wrapped("short", 12.0, 100.0, 2), ElementsAre("short"));
  EXPECT_THAT(wrapped("Accuracy = 82.0%, Batch Size = 5", 12.0, 200.0, 2),
              ElementsAre("Accuracy = 82.0%,", "Batch Size = 5"));
  EXPECT_THAT(wrapped("one two three four", 12.0, 80.0, 1), ElementsAre(testing::EndsWith("...")));
  for (const std::string& line :
       wrapped("a label of many words, and commas, and more words than there is room", 12.0, 90.0, 3)) {
    EXPECT_LE(text_width(line, 12.0), 90.0) << line;
  }
}

}  // namespace
}  // namespace touchstone
