#ifndef LABSLOT_CLIENT_COMMANDS_COMMON_H_
#define LABSLOT_CLIENT_COMMANDS_COMMON_H_

// Options that several commands share.

#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/session.h"
#include "google/protobuf/map.h"

namespace labslot::client {

// A command with its one line of help and its examples, one a line.
CLI::App* AddCommand(CLI::App& parent, const std::string& name, const std::string& help,
                     const std::vector<std::string>& examples);

// --dry-run and --request-id.
void AddWriteFlags(CLI::App* command, WriteFlags* flags);

// --explain and --override, of what rules may refuse.
void AddRefusalOptions(CLI::App* command, Session& session, std::string* override_reason);

// Adds "key=value" texts to a map of labels. `what` is what errors call one.
absl::Status ReadLabels(const std::vector<std::string>& texts,
                        google::protobuf::Map<std::string, std::string>* labels,
                        absl::string_view what = "label");

// Words of a command line split where the time begins.
struct AssetsAndTime {
  std::vector<std::string> assets;
  // The rest, joined by blanks; may be empty.
  std::string time;
};
AssetsAndTime SplitAtTime(const std::vector<std::string>& words);

// " Nothing was changed (--dry-run)." after a dry run, else nothing.
std::string DryRunNote(const WriteFlags& flags);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_COMMON_H_
