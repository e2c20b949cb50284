#include "daemon/service/admin_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/base/log.h"
#include "daemon/engine/access.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/workers.h"
#include "daemon/storage/backups.h"
#include "labslot/v1/admin_service.pb.h"

namespace labslot::service {
namespace {

void ToProto(absl::Duration duration, google::protobuf::Duration& proto) {
  const auto nanos = absl::ToInt64Nanoseconds(duration);
  proto.set_seconds(nanos / 1000000000);
  proto.set_nanos(static_cast<int32_t>(nanos % 1000000000));
}

void GetServerInfo(const DaemonCore& core, const CallInfo& call, const v1::GetServerInfoRequest&,
                   const Reply<v1::ServerInfo>& reply) {
  v1::ServerInfo response;
  response.set_version(core.facts.version);
  service::ToProto(core.sequencer.Now(), *response.mutable_now());
  response.set_revision(core.feed.head());
  response.set_store_id(core.facts.store_id);
  if (!engine::IsAdministrator(core.catalogue(), call.principal)) return reply.Send(response);
  service::ToProto(core.facts.start_time, *response.mutable_start_time());
  response.set_store_path(core.facts.store_path);
  response.set_store_format(core.facts.store_format);
  ToProto(core.facts.load_duration, *response.mutable_load_duration());
  response.set_site_count(static_cast<int64_t>(core.catalogue().sites().size()));
  response.set_asset_count(static_cast<int64_t>(core.catalogue().assets().size()));
  response.set_user_count(static_cast<int64_t>(core.catalogue().users().size()));
  response.set_live_occupancy_count(core.state().live_occupancy_count());
  response.set_watcher_count(static_cast<int64_t>(core.feed.subscriber_count()));
  response.set_commit_count(core.sequencer.commit_count());
  response.set_command_count(core.sequencer.command_count());
  response.set_free_disk_bytes(core.store.FreeBytes());
  response.set_backup_path(core.facts.backup_path);
  reply.Send(response);
}

v1::StoreBackup ToProto(const storage::Backup& backup) {
  v1::StoreBackup to;
  to.set_path(backup.path);
  service::ToProto(backup.time, *to.mutable_create_time());
  to.set_revision(backup.revision);
  to.set_size_bytes(backup.bytes);
  return to;
}

// What is in the way is for the operator to mend, so he is told.
Error BackupFailed(const absl::Status& status) {
  Log(LogLevel::kError, absl::StrCat("backup: ", status.message()));
  return {ErrorKind::kBackupFailed, std::string(status.message()), "", {}, std::nullopt};
}

// Nothing if the caller is an administrator.
std::optional<Error> MayNot(absl::string_view act, const DaemonCore& core, const CallInfo& call) {
  if (engine::IsAdministrator(core.catalogue(), call.principal)) return std::nullopt;
  return RoleRequired(absl::StrCat(act, ": it takes an administrator"), kAdministratorRole);
}

constexpr char kBackUp[] = "make or list backups";

void MakeBackup(const DaemonCore& core, const CallInfo& call, const v1::BackupRequest&,
                const Reply<v1::StoreBackup>& reply) {
  if (const auto error = MayNot(kBackUp, core, call)) return reply.Fail(*error);
  RunOnWorker(core, call, reply,
              [&store = core.store, backups = storage::Backups(core.facts.backup_path),
               now = core.sequencer.Now()]() -> absl::StatusOr<Result<v1::StoreBackup>> {
                const absl::StatusOr<storage::Backup> backup = backups.Make(store, now);
                if (!backup.ok()) return Result<v1::StoreBackup>(BackupFailed(backup.status()));
                Log(LogLevel::kInfo, absl::StrCat("backup in ", backup->path));
                return Result<v1::StoreBackup>(ToProto(*backup));
              });
}

void ListBackups(const DaemonCore& core, const CallInfo& call, const v1::ListBackupsRequest&,
                 const Reply<v1::ListBackupsResponse>& reply) {
  if (const auto error = MayNot(kBackUp, core, call)) return reply.Fail(*error);
  RunOnWorker(core, call, reply,
              [backups = storage::Backups(
                   core.facts.backup_path)]() -> absl::StatusOr<Result<v1::ListBackupsResponse>> {
                const absl::StatusOr<std::vector<storage::Backup>> found = backups.List();
                if (!found.ok()) {
                  return Result<v1::ListBackupsResponse>(BackupFailed(found.status()));
                }
                v1::ListBackupsResponse response;
                for (const storage::Backup& backup : *found) {
                  *response.add_backups() = ToProto(backup);
                }
                return Result<v1::ListBackupsResponse>(std::move(response));
              });
}

// What the caller is told of a compaction that was not done; any other error is a defect.
std::optional<Error> ToldOf(const absl::Status& status) {
  std::string message(status.message());
  switch (status.code()) {
    case absl::StatusCode::kAborted:
      return Error{ErrorKind::kOverloaded, std::move(message), "", {}, std::nullopt};
    case absl::StatusCode::kResourceExhausted:
      return Error{ErrorKind::kDiskFull, std::move(message), "", {}, std::nullopt};
    case absl::StatusCode::kCancelled:
      return Error{ErrorKind::kDraining, std::move(message), "", {}, std::nullopt};
    default:
      return std::nullopt;
  }
}

absl::StatusOr<Result<v1::CompactStoreResponse>> Compact(storage::Store& store) {
  const absl::Time began = absl::Now();
  const absl::StatusOr<storage::Compaction> compaction = store.Compact();
  if (!compaction.ok()) {
    std::optional<Error> error = ToldOf(compaction.status());
    if (!error) return compaction.status();
    return Result<v1::CompactStoreResponse>(*std::move(error));
  }
  Log(LogLevel::kInfo, absl::StrCat("compacted the store from ", compaction->bytes_before, " to ",
                                    compaction->bytes_after, " bytes"));
  v1::CompactStoreResponse response;
  response.set_size_before_bytes(compaction->bytes_before);
  response.set_size_after_bytes(compaction->bytes_after);
  ToProto(absl::Now() - began, *response.mutable_duration());
  return Result<v1::CompactStoreResponse>(std::move(response));
}

void CompactStore(const DaemonCore& core, const CallInfo& call, const v1::CompactStoreRequest&,
                  const Reply<v1::CompactStoreResponse>& reply) {
  if (const auto error = MayNot("compact the store", core, call)) return reply.Fail(*error);
  RunOnWorker(core, call, reply, [&store = core.store] { return Compact(store); });
}

}  // namespace

void AddAdminMethods(Methods& methods) {
  methods.Add("GetServerInfo", GetServerInfo);
  methods.Add("Backup", MakeBackup);
  methods.Add("ListBackups", ListBackups);
  methods.Add("CompactStore", CompactStore);
}

}  // namespace labslot::service
