// backup and backup list.

#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "labslot/v1/admin_service.grpc.pb.h"

namespace labslot::client {
namespace {

void AddRow(const v1::StoreBackup& backup, absl::TimeZone zone, Table& table) {
  table.rows.push_back({backup.path(), TimeTextWithZone(ToTime(backup.create_time()), zone),
                        absl::StrCat(backup.revision()), BytesText(backup.size_bytes())});
}

Table TableOfBackups() {
  Table table;
  table.columns = {{"FOLDER"}, {"MADE"}, {"REVISION"}, {"SIZE"}};
  return table;
}

absl::Status MakeBackup(Session& session) {
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<v1::StoreBackup> backup =
      Read(session, &v1::AdminService::Stub::Backup, v1::BackupRequest());
  if (!backup.ok()) return backup.status();
  Table table = TableOfBackups();
  AddRow(*backup, *zone, table);
  return session.output.ShowText(*backup, table, [&] {
    return absl::StrCat("Backed up revision ", backup->revision(), " to ", backup->path(), " (",
                        BytesText(backup->size_bytes()), ").\n");
  });
}

absl::Status ListBackups(Session& session) {
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<v1::ListBackupsResponse> found =
      Read(session, &v1::AdminService::Stub::ListBackups, v1::ListBackupsRequest());
  if (!found.ok()) return found.status();
  Table table = TableOfBackups();
  for (const v1::StoreBackup& backup : found->backups()) AddRow(backup, *zone, table);
  return session.output.Show(*found, table);
}

}  // namespace

void AddBackupCommands(CLI::App& root, Session& session) {
  CLI::App* backup =
      AddCommand(root, "backup", "Back the store up, while the daemon serves",
                 {"labslot backup", "labslot backup --timeout 10m    # to another disk",
                  "labslot backup list", "labslotd restore --from FOLDER --data_dir DIR"});
  CLI::App* list = AddCommand(*backup, "list", "List the backups, the youngest first",
                              {"labslot backup list", "labslot backup list -o json"});
  list->callback([&session] { session.action = [&session] { return ListBackups(session); }; });
  backup->callback([&session, backup] {
    if (!backup->get_subcommands().empty()) return;
    session.action = [&session] { return MakeBackup(session); };
  });
}

}  // namespace labslot::client
