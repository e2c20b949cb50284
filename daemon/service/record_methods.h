#ifndef LABSLOT_DAEMON_SERVICE_RECORD_METHODS_H_
#define LABSLOT_DAEMON_SERVICE_RECORD_METHODS_H_

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/service/commands.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/page_token.h"
#include "daemon/service/convert/patch.h"
#include "daemon/service/record_kinds.h"

namespace labslot::service {

// The five standard methods, once for all kinds of records.

// Takes out of a record what the reader may not see of it.
template <typename Record, typename Proto>
void HideFrom(const engine::Catalogue&, const engine::Principal&, const Record&, Proto&) {}
inline void HideFrom(const engine::Catalogue& catalogue, const engine::Principal& principal,
                     const Outage& outage, v1::Outage& proto) {
  if (!engine::ManagesAll(catalogue, principal, {outage.asset})) HideHits(proto);
}

template <typename Record, typename Request>
void GetRecord(const DaemonCore& core, const CallInfo& call, const Request& request,
               const Reply<typename RecordKind<Record>::Proto>& reply) {
  using Kind = RecordKind<Record>;
  FieldErrors errors;
  const std::string id =
      IdFromName(Kind::kCollection, request.name(), Presence::kRequired, "name", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  const auto& all = Kind::All(core.catalogue());
  const auto found = all.find(id);
  if (found == all.end() || !engine::MayRead(core.catalogue(), call.principal, *found->second)) {
    return reply.Fail(NotFound(request.name()));
  }
  typename Kind::Proto proto;
  ToProto(*found->second, proto);
  HideFrom(core.catalogue(), call.principal, *found->second, proto);
  reply.Send(proto);
}

// Lists, by id, the records that the caller may read and `accept` takes.
// `errors` holds what was wrong with the fields that made `accept`.
template <typename Record, typename Request, typename Response, typename Accept>
void ListAccepted(const DaemonCore& core, const CallInfo& call, const Request& request,
                  const Reply<Response>& reply, FieldErrors& errors, Accept accept) {
  const int32_t page_size = PageSizeFromProto(request.page_size(), errors);
  const std::string after = PositionFromToken(request, request.page_token(), errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  const auto& all = RecordKind<Record>::All(core.catalogue());
  Response response;
  std::string last;
  int32_t count = 0;
  size_t bytes = 0;
  for (auto it = all.upper_bound(after); it != all.end(); ++it) {
    const Record& record = *it->second;
    if (!accept(record) || !engine::MayRead(core.catalogue(), call.principal, record)) continue;
    if (count == page_size || bytes >= limits::kFullPageBytes) {
      response.set_next_page_token(PageTokenOf(request, last));
      break;
    }
    auto* added = RecordKind<Record>::Add(response);
    ToProto(record, *added);
    HideFrom(core.catalogue(), call.principal, record, *added);
    bytes += added->ByteSizeLong();
    last = it->first;
    ++count;
  }
  reply.Send(response);
}

template <typename Record, typename Request, typename Response>
void ListRecords(const DaemonCore& core, const CallInfo& call, const Request& request,
                 const Reply<Response>& reply) {
  FieldErrors errors;
  ListAccepted<Record>(core, call, request, reply, errors, [](const Record&) { return true; });
}

// Fills the response with the record that an answer is about.
template <typename Record>
auto RespondWithRecord() {
  return [](const runtime::Answer& answer, typename RecordKind<Record>::Proto& response) {
    ToProto(std::get<Record>(answer.result), response);
  };
}

template <typename Record, typename Request>
void CreateRecord(const DaemonCore& core, const CallInfo& call, const Request& request,
                  const Reply<typename RecordKind<Record>::Proto>& reply) {
  using Kind = RecordKind<Record>;
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  const auto& given_id = Kind::GivenId(request);
  // Outages alone may go without: the daemon numbers them.
  const bool numbered = std::is_same_v<Record, Outage> && given_id.empty();
  const std::string id =
      numbered ? "" : IdFromProto(given_id, absl::StrCat(Kind::kField, "_id"), errors);
  command.body =
      engine::CreateRecord{Kind::kFromProto(Kind::Given(request), id, Kind::kField, errors)};
  SubmitCommand(core, call, std::move(command), errors, reply, RespondWithRecord<Record>());
}

template <typename Record, typename Request>
void UpdateRecord(const DaemonCore& core, const CallInfo& call, const Request& request,
                  const Reply<typename RecordKind<Record>::Proto>& reply) {
  using Kind = RecordKind<Record>;
  const typename Kind::Proto& wanted = Kind::Given(request);
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::UpdateRecord<Record> body;
  body.id = IdFromName(Kind::kCollection, wanted.name(), Presence::kRequired,
                       FieldPath(Kind::kField, "name"), errors);
  body.etag = RevisionFromEtag(wanted.etag(), FieldPath(Kind::kField, "etag"), errors);
  body.patch = PatchFrom(wanted, request.update_mask(), errors);
  command.body = std::move(body);
  SubmitCommand(core, call, std::move(command), errors, reply, RespondWithRecord<Record>());
}

template <typename Record, typename Request>
void DeleteRecord(const DaemonCore& core, const CallInfo& call, const Request& request,
                  const Reply<typename RecordKind<Record>::Proto>& reply) {
  using Kind = RecordKind<Record>;
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  const std::string id =
      IdFromName(Kind::kCollection, request.name(), Presence::kRequired, "name", errors);
  const Revision etag = RevisionFromEtag(request.etag(), "etag", errors);
  command.body = engine::DeleteRecord{Kind::kCollection, id, etag};
  SubmitCommand(core, call, std::move(command), errors, reply, RespondWithRecord<Record>());
}

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_RECORD_METHODS_H_
