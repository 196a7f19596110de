// What a hostile input, a full disk or an odd environment does: one line, the right exit code, nothing lost or forged.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "program.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const std::string small_scatter =
    "kind: scatter\ntitle: t\n"
    "data: {make_blobs: {n_samples: 20, centers: 3, n_features: 2, random_state: 2}, n_train: 10}\n";

int lines_of(const std::string& text) { return static_cast<int>(std::count(text.begin(), text.end(), '\n')); }

TEST(Arguments, ThatAreTooManyAreRefused) {
  const Workplace workplace;
  for (const char* line : {"verify a b c", "trace 3 4", "show 3 4", "list 3", "conformance --list adam"}) {
    const Outcome outcome = workplace.run(line);
    EXPECT_EQ(outcome.exit_code, 2) << line;
    EXPECT_THAT(outcome.err, HasSubstr("unexpected argument")) << line;
  }
}

TEST(Output, ThatCannotBeWrittenIsAnError) {
  const Workplace workplace;
  for (const char* line : {"list", "--version", "run cell_13 --dry-run"}) {
    const Outcome outcome = workplace.run_by_shell("", std::string(line) + " >/dev/full; exit $?; :");
    EXPECT_EQ(outcome.exit_code, 3) << line;
  }
}

TEST(Output, ClosedOrFullStderrEndsNothing) {
  const Workplace workplace;
  EXPECT_EQ(workplace.run_by_shell("", "verify /nonexistent >.out 2>&-; exit $?; :").exit_code, 2);
  EXPECT_EQ(workplace.run_by_shell("", "run cell_13 --results r --format none >.out 2>/dev/full; exit $?; :").exit_code,
            0);
  EXPECT_EQ(workplace
                .run_by_shell("",
                              "study cell_07 --seeds 2 --engine fused --set fit.epochs=2 --format none "
                              ">.out 2>/dev/full; exit $?; :")
                .exit_code,
            0);
}

// A limit on the size of files stands in for a full disk: gnuplot ends with 0 though its writes fail.
TEST(Figures, AreWholeOrAbsentOnAFullDisk) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run("run cell_07 --set fit.epochs=2 --format none").exit_code, 0);
  for (const char* format : {"png", "svg", "pdf"}) {
    const Outcome outcome = workplace.run_by_shell(
        "ulimit -f 20; trap '' XFSZ;", "plot results/cell_07_choosing_an_optimizer --format " + std::string(format));
    EXPECT_EQ(outcome.exit_code, 3) << format;
    EXPECT_THAT(outcome.err, HasSubstr("cannot be written: File too large"));
    EXPECT_THAT(workplace.files_in("plots"), testing::IsEmpty());
  }
}

TEST(Figures, HaveTitlesWithAnyCharacters) {
  const Workplace workplace;
  for (const char* title : {"''t Hooft", "a ''quoted'' b", R"(back\slash `date` "$HOME" @a %s)", "]]>"}) {
    workplace.write("own.yaml", small_scatter + "figures: [{type: scatter, title: '" + title + "'}]\n");
    const Outcome outcome = workplace.run("run own.yaml --format svg");
    EXPECT_EQ(outcome.exit_code, 0) << title << ": " << outcome.err;
  }
}

TEST(Figures, AreXmlWhateverTheirTitle) {
  const Workplace workplace;
  workplace.write("own.yaml", small_scatter + "figures: [{type: scatter, title: \"a\\uFFFF b ]]> \\uFFFE <&>\"}]\n");
  const Outcome outcome = workplace.run("run own.yaml --format svg");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string svg = workplace.read("plots/own.svg");
  EXPECT_THAT(svg, Not(HasSubstr("\xEF\xBF\xBF")));
  EXPECT_THAT(svg, Not(HasSubstr("\xEF\xBF\xBE")));
  EXPECT_THAT(svg, Not(HasSubstr("b ]]>")));
  EXPECT_EQ(std::system(("/usr/bin/python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' '" +
                         (workplace.folder() / "plots/own.svg").string() + "'")
                            .c_str()),
            0);
}

TEST(Figures, DoNotDependOnTheUsersGnuplot) {
  const Workplace workplace;
  workplace.write(".gnuplot", "set datafile separator ','\nset terminal dumb\n");
  const std::string run = "run cell_13 --format png --quiet";
  EXPECT_EQ(workplace.run(run, "HOME=" + workplace.folder().string()).exit_code, 0);
  EXPECT_EQ(workplace.run(run, "GNUTERM=x11").exit_code, 0);
}

TEST(Texts, FromFilesCannotPaintTheTerminal) {
  const Workplace workplace;
  workplace.write("own.yaml",
                  "kind: scatter\ntitle: \"\\e[2J\\nagrees: all\"\n"
                  "data: {make_blobs: {n_samples: 20, centers: 3, n_features: 2, random_state: 2}, n_train: 10}\n");
  for (const char* line : {"show own.yaml", "run own.yaml --format none", "run own.yaml --dry-run",
                           "run $(printf 'a\\033[2J\\nb')", "verify $(printf 'a\\033[2J\\nb')"}) {
    const Outcome outcome = workplace.run(line);
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("\x1b"))) << line;
    EXPECT_THAT(outcome.out, Not(HasSubstr("\nagrees"))) << line;
    if (outcome.exit_code != 0) {
      EXPECT_EQ(lines_of(outcome.err), 1) << line;
    }
  }
}

TEST(Results, ThatAreNoRegularFilesAreRefusedUnread) {
  const Workplace workplace;
  ASSERT_EQ(workplace.run("run cell_13 --format none").exit_code, 0);
  const fs::path manifest = workplace.folder() / "results/cell_13_decayed_rates/manifest.json";
  fs::remove(manifest);
  ASSERT_EQ(mkfifo(manifest.c_str(), 0600), 0);
  EXPECT_EQ(workplace.run("plot results/cell_13_decayed_rates").exit_code, 2);
  fs::remove(manifest);
  fs::create_symlink("/dev/zero", manifest);
  EXPECT_EQ(workplace.run("plot results/cell_13_decayed_rates").exit_code, 2);
  fs::remove(manifest);
  fs::create_directory(manifest);
  const Outcome outcome = workplace.run("plot results/cell_13_decayed_rates");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("found a folder, expected a file"));
}

TEST(Results, OfALinkedFolderAreNotRemovedThroughIt) {
  const Workplace workplace;
  workplace.write("elsewhere/history.csv", "the user's");
  fs::create_directories(workplace.folder() / "results/cell_13_decayed_rates");
  fs::create_directory_symlink(workplace.folder() / "elsewhere",
                               workplace.folder() / "results/cell_13_decayed_rates/arm_00");
  ASSERT_EQ(workplace.run("run cell_13 --format none").exit_code, 0);
  EXPECT_EQ(workplace.read("elsewhere/history.csv"), "the user's");
  EXPECT_THAT(workplace.files_in("elsewhere"), testing::ElementsAre("history.csv"));
}

TEST(Results, OfAFileThatAsksForTooMuchAreNotComputed) {
  const Workplace workplace;
  std::string yaml = "kind: scatter\ntitle: t\nx: [";
  for (int i = 0; i < 4000; ++i) yaml += "1,";
  yaml += "1]\narms: {data.n_train: [";
  for (int i = 1; i < 900; ++i) yaml += std::to_string(i) + ",";
  workplace.write("own.yaml", yaml + "900]}\n");
  const Outcome outcome = workplace.run("show own.yaml");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("expected at most 1000000 in all"));
}

TEST(Conformance, OfAnEngineThatSupportsNothingFails) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("conformance --filter 'update.sgd*' --engine 'exit 77; : {case} {trace}'");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("supports none of"));
}

TEST(Conformance, IsNotRunForAReportThatCannotBeWritten) {
  const Workplace workplace;
  const Outcome outcome =
      workplace.run("conformance --filter 'update.sgd*' --junit /proc/x.xml --engine 'touch ran; : {case} {trace}'");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_FALSE(fs::exists(workplace.folder() / "ran"));
}

TEST(Conformance, BlamesTheFolderThatHasTheBlank) {
  const Workplace workplace;
  fs::create_directory(workplace.folder() / "a b");
  const Outcome outcome = workplace.run("conformance --serve --engine cat --filter 'update.sgd*'",
                                        "TMPDIR=" + (workplace.folder() / "a b").string());
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("TMPDIR: found"));
}

TEST(Conformance, OfATraceThatIsALinkToItselfGoesOn) {
  const Workplace workplace;
  const Outcome outcome =
      workplace.run("conformance --filter 'update.sgd*' --engine 'ln -s {trace} {trace}; : {case}'");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("Too many levels of symbolic links"));
}

// A closed terminal: the engine ends, and its folder goes.
TEST(Conformance, EndsWithAllThatItStartedOnSighup) {
  const Workplace workplace;
  fs::create_directory(workplace.folder() / "tmp");
  const Outcome outcome = workplace.run(
      "conformance --jobs 1 --filter 'update.sgd*' --engine 'kill -HUP $PPID; sleep 1000; : {case} {trace}'",
      "TMPDIR=" + (workplace.folder() / "tmp").string());
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_TRUE(fs::is_empty(workplace.folder() / "tmp"));
}

TEST(Study, IsRefusedWhereItWouldDeleteKeptSeeds) {
  const Workplace workplace;
  const std::string study = "study cell_07 --engine fused --set fit.epochs=2 --format none --quiet --seeds ";
  ASSERT_EQ(workplace.run(study + "4").exit_code, 0);
  const auto kept = workplace.contents_of("results");
  for (const char* other : {"3", "2 --first-seed 9", "4 --dtype float64", "4 --set optimizer.decay=0.5"}) {
    const Outcome outcome = workplace.run(study + other);
    EXPECT_EQ(outcome.exit_code, 2) << other;
    EXPECT_THAT(outcome.err, HasSubstr("--resume to continue that study, --fresh to delete it")) << other;
    EXPECT_EQ(workplace.contents_of("results"), kept) << other;
  }
  EXPECT_EQ(workplace.run(study + "4").exit_code, 0);
  EXPECT_EQ(workplace.run(study + "3 --fresh").exit_code, 0);
  EXPECT_EQ(workplace.run(study + "3 --fresh --resume").exit_code, 2);
}

TEST(Study, ThatIsAbsurdIsCountedRight) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("study cell_07 --dry-run --seeds 4294967296 --set fit.epochs=1000000");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(" updates"));
  EXPECT_THAT(outcome.out, Not(testing::ContainsRegex("-[0-9]")));
}

TEST(Merge, OfAForgedManifestIsRefusedInNoTime) {
  const Workplace workplace;
  const std::string study = "study cell_07 --engine fused --set fit.epochs=2 --format none --quiet --seeds 2 ";
  ASSERT_EQ(workplace.run(study + "--shard 1/2 --results shard").exit_code, 0);
  const std::string file = "shard/cell_07_choosing_an_optimizer/study/manifest.json";
  std::string manifest = workplace.read(file);
  const std::string seeds = "\"seeds\": 2";
  ASSERT_NE(manifest.find(seeds), std::string::npos);
  workplace.write(file, manifest.replace(manifest.find(seeds), seeds.size(), "\"seeds\": 4294967296"));
  const Outcome outcome = workplace.run("merge shard --results merged --format none");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("4294967295 of 4294967296 seeds are missing from the shards"));
  EXPECT_THAT(workplace.files_in("merged"), testing::IsEmpty());
}

// "Never", as people write it; and rates that nothing explains.
TEST(Verify, OfAPatienceWithoutEndEnds) {
  const Workplace workplace;
  ASSERT_EQ(
      workplace
          .run(
              "trace cell_07 --set 'callbacks=[{name: ReduceLROnPlateau, patience: 1000000000, cooldown: 1000000000}]' "
              "--set fit.epochs=6 -o t.safetensors")
          .exit_code,
      0);
  std::string trace = workplace.read("t.safetensors");
  const std::string declared = R"(\"lr\":0.01)";
  ASSERT_NE(trace.find(declared), std::string::npos);
  workplace.write("wrong.safetensors", trace.replace(trace.find(declared), declared.size(), R"(\"lr\":0.03)"));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(workplace.run("verify wrong.safetensors").exit_code, 1);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::minutes(5));  // it took hours
}

}  // namespace
}  // namespace touchstone
