#include "files/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

namespace touchstone {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class RunShell : public testing::Test {
 protected:
  RunShell() { fs::create_directories(folder_); }
  ~RunShell() override { fs::remove_all(folder_); }

  ProcessEnd run(const std::string& command, std::chrono::duration<double> limit = 60s) const {
    return run_shell(command, output_, limit, [] { return false; });
  }
  static std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / ("touchstone process " + std::to_string(getpid()));
  const fs::path output_ = folder_ / "out put";
};

TEST_F(RunShell, TellsHowItEnded) {
  const ProcessEnd done = run("exit 7");
  EXPECT_EQ(done.how, ProcessEnd::How::exited);
  EXPECT_EQ(done.code, 7);
  const ProcessEnd killed = run("kill -SEGV $$");
  EXPECT_EQ(killed.how, ProcessEnd::How::killed);
  EXPECT_EQ(killed.code, SIGSEGV);
}

TEST_F(RunShell, OutputIsThisRunsAlone) {
  run("echo something long that an earlier run said; echo more >&2");
  EXPECT_EQ(text_of(output_), "something long that an earlier run said\nmore\n");
  run("echo new");
  EXPECT_EQ(text_of(output_), "new\n");
}

TEST_F(RunShell, HasNoInputAndDefaultSignals) {
  std::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(run("cat").code, 0);
  EXPECT_EQ(run("kill -PIPE $$").code, SIGPIPE);
  std::signal(SIGPIPE, SIG_DFL);
}

/// Whether the process is gone, or dead and not yet buried by its new parent.
bool is_dead(const std::string& pid) {
  std::ifstream stat("/proc/" + pid + "/stat");
  std::string name;
  std::string state;
  stat >> name >> name >> state;
  return !stat || state == "Z" || state == "X";
}

TEST_F(RunShell, WhatHangsIsKilledWithAllThatItStarted) {
  const std::string pid_file = shell_quoted((folder_ / "pid").string());
  const ProcessEnd end = run("sleep 1000 & echo $! > " + pid_file + "; sleep 1000", 500ms);
  EXPECT_EQ(end.how, ProcessEnd::How::timed_out);
  std::string pid = text_of(folder_ / "pid");
  ASSERT_GT(pid.size(), 1U);
  pid.pop_back();
  for (int look = 0; look < 1000 && !is_dead(pid); ++look) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_dead(pid)) << pid;
}

TEST_F(RunShell, CanBeStopped) {
  const ProcessEnd end = run_shell("sleep 1000", output_, 1000s, [] { return true; });
  EXPECT_EQ(end.how, ProcessEnd::How::stopped);
}

TEST_F(RunShell, AnOutputThatCannotBeWrittenIsTold) {
  EXPECT_THROW(run_shell("true", folder_ / "no" / "such" / "folder", 60s, [] { return false; }), std::system_error);
}

TEST(ShellQuoted, IsOneWordToTheShell) {
  for (const std::string text : {"", "a b", "it's", "$(touch x) `y` \\ \" * ;"}) {
    const fs::path output = fs::path(testing::TempDir()) / ("touchstone_quoted_" + std::to_string(getpid()));
    run_shell("printf %s " + shell_quoted(text), output, 60s, [] { return false; });
    std::ifstream stream(output);
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>(stream), {}}), text);
    fs::remove(output);
  }
}

class LineServers : public RunShell {
 protected:
  static LineServer::Answer ask(LineServer& server, const std::string& line,
                                std::chrono::duration<double> limit = 60s) {
    return server.ask(line, limit, [] { return false; });
  }
};

TEST_F(LineServers, AnswerALineWithALine) {
  LineServer server("while read a b; do echo noted >&2; echo \"$b $a\"; done", output_);
  EXPECT_EQ(ask(server, "one two").line, "two one");
  EXPECT_EQ(ask(server, "three four").line, "four three");
  EXPECT_FALSE(server.has_ended());
  EXPECT_EQ(text_of(output_), "noted\nnoted\n");
}

TEST_F(LineServers, TellHowTheProcessEnded) {
  LineServer exits("read a; exit 7", output_);
  const LineServer::Answer exited = ask(exits, "anything");
  EXPECT_FALSE(exited.line);
  EXPECT_EQ(exited.end.how, ProcessEnd::How::exited);
  EXPECT_EQ(exited.end.code, 7);
  EXPECT_TRUE(exits.has_ended());
  EXPECT_EQ(ask(exits, "again").end.code, 7);
  LineServer crashes("read a; kill -SEGV $$", output_);
  const LineServer::Answer crashed = ask(crashes, "anything");
  EXPECT_EQ(crashed.end.how, ProcessEnd::How::killed);
  EXPECT_EQ(crashed.end.code, SIGSEGV);
}

TEST_F(LineServers, OutliveNoLimitAndNoHalfALine) {
  LineServer hangs("read a; printf half; sleep 1000", output_);
  const LineServer::Answer answer = ask(hangs, "anything", 100ms);
  EXPECT_FALSE(answer.line);
  EXPECT_EQ(answer.end.how, ProcessEnd::How::timed_out);
  EXPECT_TRUE(hangs.has_ended());
}

TEST_F(LineServers, EndWithAllThatTheyStarted) {
  const fs::path pid = folder_ / "pid";
  {
    LineServer server("sleep 1000 & echo $! > '" + pid.string() + "'; read a; echo $a; wait", output_);
    EXPECT_EQ(ask(server, "here").line, "here");
  }
  std::string number = text_of(pid);
  number.erase(number.find_last_not_of('\n') + 1);
  for (int i = 0; i < 500 && !is_dead(number); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_dead(number));
}

// What an engine leaves in the background could write into later cases' files.
TEST_F(RunShell, WhatItLeavesRunningIsKilled) {
  const std::string pid_file = shell_quoted((folder_ / "pid").string());
  EXPECT_EQ(run("sleep 1000 & echo $! > " + pid_file).code, 0);
  std::string pid = text_of(folder_ / "pid");
  ASSERT_GT(pid.size(), 1U);
  pid.pop_back();
  for (int look = 0; look < 1000 && !is_dead(pid); ++look) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_dead(pid)) << pid;
}

// As under a parent that ignores SIGCHLD; the exit status is lost then, and nothing else.
TEST_F(RunShell, EndsThoughSigchldIsIgnored) {
  std::signal(SIGCHLD, SIG_IGN);
  const ProcessEnd end = run("exit 3");
  std::signal(SIGCHLD, SIG_DFL);
  EXPECT_EQ(end.how, ProcessEnd::How::exited);
}

TEST_F(LineServers, ThatNeverReadAreNotWaitedForLongerThanTheLimit) {
  LineServer server("exec sleep 1000", output_);
  const std::string longer_than_a_pipe(1 << 20U, 'x');
  EXPECT_EQ(ask(server, longer_than_a_pipe, 200ms).end.how, ProcessEnd::How::timed_out);
}

TEST_F(LineServers, ThatAnswerWithoutEndAreCutOff) {
  LineServer server("tr -d '\\n' < /dev/zero", output_);
  EXPECT_EQ(ask(server, "question").end.how, ProcessEnd::How::flooded);
}

TEST_F(LineServers, ThatAreGoneDoNotKillWhoAsks) {
  LineServer server("exit 5", output_);
  const LineServer::Answer answer = ask(server, std::string(1 << 20U, 'x'));
  EXPECT_FALSE(answer.line);
  EXPECT_EQ(answer.end.code, 5);
}

class Filters : public RunShell {
 protected:
  static FilterResult filter(const std::string& command, const std::string& input,
                             std::chrono::duration<double> limit = 60s) {
    const auto write = [&](std::FILE* file) {
      std::fwrite(input.data(), 1, input.size(), file);
      std::fclose(file);
    };
    return run_filter(command, write, limit, [] { return false; });
  }
};

TEST_F(Filters, ReturnWhatIsPrinted) {
  const std::string large(1 << 20U, 'x');
  const FilterResult result = filter("cat; echo trouble >&2; exit 4", large);
  EXPECT_EQ(result.output, large);
  EXPECT_EQ(result.errors, "trouble\n");
  EXPECT_EQ(result.end.code, 4);
}

TEST_F(Filters, ThatHangOrDoNotReadEnd) {
  EXPECT_EQ(filter("sleep 1000", std::string(1 << 20U, 'x'), 200ms).end.how, ProcessEnd::How::timed_out);
  EXPECT_EQ(filter("exit 7", std::string(1 << 20U, 'x')).end.code, 7);
  EXPECT_EQ(filter("sleep 1000 & exit 0", "").end.how, ProcessEnd::How::exited);
}

}  // namespace
}  // namespace touchstone
