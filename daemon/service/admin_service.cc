#include "daemon/service/admin_service.h"

#include "absl/time/time.h"
#include "daemon/engine/access.h"
#include "daemon/service/convert/time.h"
#include "labslot/v1/admin_service.pb.h"

namespace labslot::service {
namespace {

void GetServerInfo(const DaemonCore& core, const CallInfo& call, const v1::GetServerInfoRequest&,
                   const Reply<v1::ServerInfo>& reply) {
  v1::ServerInfo response;
  response.set_version(core.facts.version);
  ToProto(core.sequencer.Now(), *response.mutable_now());
  response.set_revision(core.feed.head());
  response.set_store_id(core.facts.store_id);
  if (!engine::IsAdministrator(core.catalogue(), call.principal)) return reply.Send(response);
  ToProto(core.facts.start_time, *response.mutable_start_time());
  response.set_store_path(core.facts.store_path);
  response.set_store_format(core.facts.store_format);
  const auto nanos = absl::ToInt64Nanoseconds(core.facts.load_duration);
  response.mutable_load_duration()->set_seconds(nanos / 1000000000);
  response.mutable_load_duration()->set_nanos(static_cast<int32_t>(nanos % 1000000000));
  response.set_site_count(static_cast<int64_t>(core.catalogue().sites().size()));
  response.set_asset_count(static_cast<int64_t>(core.catalogue().assets().size()));
  response.set_user_count(static_cast<int64_t>(core.catalogue().users().size()));
  response.set_live_occupancy_count(core.state().live_occupancy_count());
  response.set_watcher_count(static_cast<int64_t>(core.feed.subscriber_count()));
  response.set_commit_count(core.sequencer.commit_count());
  response.set_command_count(core.sequencer.command_count());
  response.set_free_disk_bytes(core.store.FreeBytes());
  reply.Send(response);
}

}  // namespace

void AddAdminMethods(Methods& methods) { methods.Add("GetServerInfo", GetServerInfo); }

}  // namespace labslot::service
