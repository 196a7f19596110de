#include <fmt/format.h>

#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/replace.hpp>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/version.h"
#include "experiment/locate.h"
#include "files/errors.h"

namespace touchstone {
namespace {

/// A command with its options.
struct Described {
  const Command& command;
  std::vector<OptionInfo> options;
};

std::vector<Described> describe_all() {
  std::vector<Described> all;
  for (const Command& command : commands()) {
    Options options(command.name, "");
    command.add_options(options);
    options.flag("help", "print this help");
    all.push_back({command, options.all()});
  }
  return all;
}

/// What a positional argument is, as far as a shell can complete it.
bool names_experiments(const OptionInfo& option) {
  return option.is_positional && (option.name == "name" || option.name == "names");
}

std::string in_single_quotes(const std::string& text) {
  return "'" + boost::replace_all_copy(text, "'", "'\\''") + "'";
}

/// A function that completes commands, options, choices, experiments and files.
std::string bash_script(const std::vector<Described>& all) {
  std::vector<std::string> names;
  std::string cases;
  for (const Described& each : all) {
    names.push_back(each.command.name);
    std::vector<std::string> words;
    std::string values;
    for (const OptionInfo& option : each.options) {
      if (!option.is_positional) words.push_back("--" + option.name);
      if (!option.choices.empty()) {
        values += fmt::format("        --{}) choices={} ;;\n", option.name,
                              in_single_quotes(boost::join(option.choices, " ")));
      }
      if (names_experiments(option)) {
        values += "        [!-]*|'') experiments=$(\"${COMP_WORDS[0]}\" completion experiments 2>/dev/null) ;;\n";
      }
    }
    cases += fmt::format("    {})\n      options={}\n", each.command.name, in_single_quotes(boost::join(words, " ")));
    if (!values.empty()) cases += "      case $before in\n" + values + "      esac\n";
    cases += "      ;;\n";
  }
  return fmt::format(R"bash(# bash completion for touchstone
_touchstone() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  local options='' choices='' experiments=''
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W {} -- "$word"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [[ -n $choices ]]; then
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    COMPREPLY=($(compgen -W "$experiments" -- "$word") $(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _touchstone touchstone
)bash",
                     in_single_quotes(boost::join(names, " ") + " --help --version"), cases);
}

std::string zsh_text(const std::string& text) {
  std::string escaped = in_single_quotes(text);
  return escaped.substr(1, escaped.size() - 2);
}

std::string zsh_description(std::string text) {
  for (const char* special : {"\\", "[", "]", ":"}) boost::replace_all(text, special, std::string("\\") + special);
  return zsh_text(text);
}

std::string zsh_action(const OptionInfo& option) {
  if (!option.choices.empty()) return "(" + boost::join(option.choices, " ") + ")";
  return names_experiments(option) ? "_touchstone_experiments" : "_files";
}

std::string zsh_script(const std::vector<Described>& all) {
  std::string commands;
  std::string cases;
  for (const Described& each : all) {
    commands += fmt::format("    '{}:{}'\n", each.command.name, zsh_description(each.command.summary));
    cases += fmt::format("    {})\n      _arguments", each.command.name);
    for (const OptionInfo& option : each.options) {
      if (option.is_positional) {
        cases += fmt::format(" \\\n        '*:{}:{}'", zsh_description(option.description), zsh_action(option));
      } else {
        cases += fmt::format(" \\\n        '--{}[{}]{}'", option.name, zsh_description(option.description),
                             option.value_name.empty()
                                 ? ""
                                 : fmt::format(":{}:{}", zsh_description(option.value_name), zsh_action(option)));
      }
    }
    cases += "\n      ;;\n";
  }
  return fmt::format(R"zsh(#compdef touchstone
_touchstone_experiments() {{
  local -a names=(${{(f)"$($words[1] completion experiments 2>/dev/null)"}})
  _alternative 'experiments:experiment:compadd -a names' 'files:file:_files -g "*.yaml"'
}}
_touchstone() {{
  local -a commands=(
{}  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  words=($words[1] $words[3,-1])
  ((CURRENT--))
  case $command in
{}  esac
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _touchstone "$@"
else
  compdef _touchstone touchstone
fi
)zsh",
                     commands, cases);
}

std::string roff(std::string text) {
  boost::replace_all(text, "\\", "\\e");
  boost::replace_all(text, "-", "\\-");
  if (!text.empty() && (text[0] == '.' || text[0] == '\'')) text.insert(0, "\\&");
  return text;
}

std::string manual_page(const std::vector<Described>& all) {
  std::string page = fmt::format(
      ".TH TOUCHSTONE 1 \"\" \"touchstone {}\" \"User Commands\"\n"
      ".SH NAME\ntouchstone \\- a reference for optimizers and training loops\n"
      ".SH SYNOPSIS\n.B touchstone\n.I COMMAND\n[\\fIARGUMENT\\fR ...]\n"
      ".SH DESCRIPTION\nReproduces a teaching notebook on batch size, epochs and optimizers with the semantics of "
      "Keras "
      "2.3.1, trains experiments with many seeds, and checks other training engines against itself, update by update.\n"
      ".SH COMMANDS\n",
      versions().at("touchstone"));
  for (const Described& each : all) {
    page += fmt::format(".SS {}", roff(each.command.name));
    for (const OptionInfo& option : each.options) {
      if (option.is_positional) page += " " + roff(option.value_name);
    }
    page += "\n" + roff(each.command.description) + "\n";
    for (const OptionInfo& option : each.options) {
      if (option.is_positional) continue;
      page += fmt::format(".TP\n\\fB{}\\-\\-{}\\fR{}\n{}{}\n",
                          option.letter.empty() ? "" : "\\-" + option.letter + "\\fR, \\fB", roff(option.name),
                          option.value_name.empty() ? "" : " \\fI" + roff(option.value_name) + "\\fR",
                          roff(option.description),
                          option.fallback.empty() ? "" : roff(fmt::format(" (default: {})", option.fallback)));
    }
  }
  return page +
         ".SH EXIT STATUS\n.TP\n0\ndone, or agrees\n.TP\n1\nwhat was checked does not hold\n.TP\n2\ninvalid input\n"
         ".TP\n3\nthe machine lacks something: gnuplot, CUDA, disk\n.TP\n70\nan internal error\n"
         ".SH ENVIRONMENT\n.TP\nTOUCHSTONE_EXPERIMENTS\nthe folder of the experiments\n";
}

std::string experiment_names() {
  std::string names;
  for (const auto& file : locate_all_experiments()) names += file.stem().string() + "\n";
  return names;
}

void add_completion_options(Options& options) {
  options.positional("shell", "bash, zsh, man (the manual page), or experiments (their names)", "SHELL");
}

int print_completion(const ParsedOptions& parsed) {
  const std::string shell = parsed.text("shell");
  if (shell == "bash") {
    fmt::print("{}", bash_script(describe_all()));
  } else if (shell == "zsh") {
    fmt::print("{}", zsh_script(describe_all()));
  } else if (shell == "man") {
    fmt::print("{}", manual_page(describe_all()));
  } else if (shell == "experiments") {
    fmt::print("{}", experiment_names());
  } else {
    throw UserError(
        fmt::format("touchstone completion: found '{}', expected one of bash, zsh, man, experiments", shell));
  }
  return exit_done;
}

}  // namespace

Command completion_command() {
  return {"completion", "prints the completion script of a shell, or the manual page",
          "Prints a script that completes touchstone's commands and options: source <(touchstone completion bash).",
          &add_completion_options, &print_completion};
}

}  // namespace touchstone
