// status, whoami, version and server compact.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/command_line.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/yaml/record_writer.h"
#include "google/protobuf/struct.pb.h"
#include "labslot/v1/admin_service.grpc.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"

namespace labslot::client {
namespace {

Table StatusTable(const v1::ServerInfo& info, const std::string& target, absl::TimeZone zone) {
  Table table;
  table.columns = {{"WHAT"}, {"VALUE"}};
  const auto add = [&](const std::string& what, const std::string& value) {
    table.rows.push_back({what, value});
  };
  add("daemon", absl::StrCat("labslotd ", info.version(), " at ", target));
  add("client", absl::StrCat("labslot ", ClientVersion()));
  if (info.has_start_time()) {
    add("serving since", TimeTextWithZone(ToTime(info.start_time()), zone));
    add("serving for", LengthText(ToTime(info.now()) - ToTime(info.start_time())));
  }
  add("its clock", TimeTextWithZone(ToTime(info.now()), zone));
  add("revision", absl::StrCat(info.revision()));
  // The rest is told to administrators only.
  if (info.store_path().empty()) return table;
  add("store", absl::StrCat(info.store_path(), ", format ", info.store_format()));
  add("loaded in",
      absl::FormatDuration(absl::Trunc(ToDuration(info.load_duration()), absl::Microseconds(100))));
  add("free on disk", BytesText(info.free_disk_bytes()));
  add("backups in", info.backup_path().empty() ? "nothing (--backup_dir)" : info.backup_path());
  add("sites", absl::StrCat(info.site_count()));
  add("assets", absl::StrCat(info.asset_count()));
  add("users", absl::StrCat(info.user_count()));
  add("live occupancies", absl::StrCat(info.live_occupancy_count()));
  add("watchers", absl::StrCat(info.watcher_count()));
  add("commands", absl::StrCat(info.command_count()));
  add("commits", absl::StrCat(info.commit_count()));
  return table;
}

std::string AlignedText(const Table& table) {
  std::string text;
  for (const auto& row : table.rows) {
    absl::StrAppendFormat(&text, "%-18s %s\n", row[0], Printable(row[1]));
  }
  return text;
}

absl::Status ShowStatus(Session& session) {
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<v1::ServerInfo> info =
      Read(session, &v1::AdminService::Stub::GetServerInfo, v1::GetServerInfoRequest());
  if (!info.ok()) return info.status();
  const Table table = StatusTable(*info, (*session.Connect())->target(), *zone);
  return session.output.ShowText(*info, table, [&] { return AlignedText(table); });
}

absl::Status ShowWhoAmI(Session& session) {
  const absl::StatusOr<v1::User> me =
      Read(session, &v1::DirectoryService::Stub::WhoAmI, v1::WhoAmIRequest());
  if (!me.ok()) return me.status();
  Table table;
  table.columns = {{"USER"}, {"NAME"}};
  table.rows.push_back({ShortName(me->name()), me->display_name()});
  return session.output.ShowText(*me, table, [&] { return WriteRecord(*me); });
}

absl::Status ShowVersion(Session& session) {
  const std::string version(ClientVersion());
  google::protobuf::Struct fields;
  (*fields.mutable_fields())["version"].set_string_value(version);
  Table table;
  table.columns = {{"VERSION"}};
  table.rows.push_back({version});
  return session.output.ShowText(fields, table,
                                 [&] { return absl::StrCat("labslot ", version, "\n"); });
}

absl::Status CompactStore(Session& session) {
  const absl::StatusOr<v1::CompactStoreResponse> done =
      Read(session, &v1::AdminService::Stub::CompactStore, v1::CompactStoreRequest());
  if (!done.ok()) return done.status();
  const std::string before = BytesText(done->size_before_bytes());
  const std::string after = BytesText(done->size_after_bytes());
  const std::string taken =
      absl::FormatDuration(absl::Trunc(ToDuration(done->duration()), absl::Milliseconds(1)));
  Table table;
  table.columns = {{"BEFORE"}, {"AFTER"}, {"TAKEN"}};
  table.rows.push_back({before, after, taken});
  return session.output.ShowText(*done, table, [&] {
    return absl::StrCat("The store took ", before, " and takes ", after, " now (", taken, ").\n");
  });
}

void AddCompact(CLI::App& root, Session& session) {
  CLI::App* server = AddCommand(root, "server", "Look after the daemon's store",
                                {"labslot server compact --timeout 30m", "labslot status"});
  server->require_subcommand(1);
  CLI::App* compact =
      AddCommand(*server, "compact",
                 "Rewrite the store without what was deleted or replaced, while the daemon serves",
                 {"labslot server compact --timeout 30m", "labslot server compact -o json"});
  compact->callback([&session] { session.action = [&session] { return CompactStore(session); }; });
}

}  // namespace

void AddServerCommands(CLI::App& root, Session& session) {
  CLI::App* status = AddCommand(root, "status", "How the daemon stands",
                                {"labslot status", "labslot status -o json"});
  status->callback([&session] { session.action = [&session] { return ShowStatus(session); }; });

  CLI::App* whoami = AddCommand(root, "whoami", "Who you are to the daemon",
                                {"labslot whoami", "labslot whoami -q"});
  whoami->callback([&session] { session.action = [&session] { return ShowWhoAmI(session); }; });

  CLI::App* version = AddCommand(root, "version", "The version of this client",
                                 {"labslot version", "labslot --version"});
  version->callback([&session] { session.action = [&session] { return ShowVersion(session); }; });

  AddCompact(root, session);
}

}  // namespace labslot::client
