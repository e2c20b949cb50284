#include "client/commands/common.h"

#include "absl/strings/str_cat.h"
#include "client/time_grammar.h"

namespace labslot::client {

CLI::App* AddCommand(CLI::App& parent, const std::string& name, const std::string& help,
                     const std::vector<std::string>& examples) {
  CLI::App* command = parent.add_subcommand(name, help);
  std::string footer = examples.empty() ? "" : "\nExamples:\n";
  for (const std::string& example : examples) absl::StrAppend(&footer, "  ", example, "\n");
  command->footer(footer);
  return command;
}

void AddWriteFlags(CLI::App* command, WriteFlags* flags) {
  command->add_flag("--dry-run", flags->dry_run, "Judge it in full, but change nothing");
  command
      ->add_option("--request-id", flags->request_id,
                   "Makes a repetition safe: the same id is done once (default: a random one)")
      ->type_name("ID");
}

void AddRefusalOptions(CLI::App* command, Session& session, std::string* override_reason) {
  command->add_flag("--explain", session.explain,
                    "If it is refused, tell each rule in words for a newcomer");
  command
      ->add_option("--override", *override_reason,
                   "Override the rules that you may, because of this; kept with it")
      ->type_name("REASON");
}

absl::Status ReadLabels(const std::vector<std::string>& texts,
                        google::protobuf::Map<std::string, std::string>* labels,
                        absl::string_view what) {
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\" is not a ", what, ": write key=value"));
    }
    (*labels)[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return absl::OkStatus();
}

AssetsAndTime SplitAtTime(const std::vector<std::string>& words) {
  AssetsAndTime result;
  bool in_time = false;
  for (const std::string& word : words) {
    in_time = in_time || BeginsTime(word);
    if (!in_time) {
      result.assets.push_back(word);
    } else {
      absl::StrAppend(&result.time, result.time.empty() ? "" : " ", word);
    }
  }
  return result;
}

std::string DryRunNote(const WriteFlags& flags) {
  return flags.dry_run ? " Nothing was changed (--dry-run)." : "";
}

}  // namespace labslot::client
