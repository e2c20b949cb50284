// completion.

#include <map>
#include <memory>
#include <string>

#include "client/commands/commands.h"
#include "client/commands/common.h"

namespace labslot::client {
namespace {

// Each asks `labslot __complete` for the words that may come next.
constexpr char kBash[] = R"(# labslot completion for bash. Load it with:
#   source <(labslot completion bash)
_labslot() {
  local IFS=$'\n'
  COMPREPLY=($(labslot __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _labslot labslot
)";

constexpr char kZsh[] = R"(#compdef labslot
# labslot completion for zsh. Load it with:
#   source <(labslot completion zsh)
_labslot() {
  local -a candidates
  candidates=("${(@f)$(labslot __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${candidates[1]}" ]]; then
    compadd -- "${candidates[@]}"
  else
    _files
  fi
}
compdef _labslot labslot
)";

constexpr char kFish[] = R"(# labslot completion for fish. Load it with:
#   labslot completion fish | source
function __labslot_complete
  set -l words (commandline -opc) (commandline -ct)
  labslot __complete $words[2..-1] 2>/dev/null
end
complete -c labslot -a '(__labslot_complete)'
)";

}  // namespace

void AddCompletionCommands(CLI::App& root, Session& session) {
  static const std::map<std::string, const char*> kScripts = {
      {"bash", kBash}, {"zsh", kZsh}, {"fish", kFish}};
  CLI::App* command = AddCommand(
      root, "completion", "Print the script that completes commands and names in a shell",
      {"source <(labslot completion bash)", "labslot completion fish | source"});
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->type_name("SHELL")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&session, shell] {
    session.action = [&session, shell] {
      session.output.Print(kScripts.at(*shell));
      return absl::OkStatus();
    };
  });
}

}  // namespace labslot::client
