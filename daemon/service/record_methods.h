#ifndef LABSLOT_DAEMON_SERVICE_RECORD_METHODS_H_
#define LABSLOT_DAEMON_SERVICE_RECORD_METHODS_H_

#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/service/commands.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/page_token.h"
#include "daemon/service/convert/patch.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/quota.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/token.h"
#include "daemon/service/convert/user.h"

namespace labslot::service {

// The five standard methods, once for all kinds of records.

// What differs between the kinds: the names of things.
template <typename Record>
struct RecordKind;

template <>
struct RecordKind<Site> {
  using Proto = v1::Site;
  static constexpr const char* kCollection = kSites;
  static constexpr const char* kField = "site";
  static constexpr auto kFromProto = SiteFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.sites(); }
  static const auto& GivenId(const auto& request) { return request.site_id(); }
  static const auto& Given(const auto& request) { return request.site(); }
  static auto* Add(auto& response) { return response.add_sites(); }
};

template <>
struct RecordKind<Asset> {
  using Proto = v1::Asset;
  static constexpr const char* kCollection = kAssets;
  static constexpr const char* kField = "asset";
  static constexpr auto kFromProto = AssetFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.assets(); }
  static const auto& GivenId(const auto& request) { return request.asset_id(); }
  static const auto& Given(const auto& request) { return request.asset(); }
  static auto* Add(auto& response) { return response.add_assets(); }
};

template <>
struct RecordKind<HolidayRegion> {
  using Proto = v1::HolidayRegion;
  static constexpr const char* kCollection = kHolidayRegions;
  static constexpr const char* kField = "holiday_region";
  static constexpr auto kFromProto = HolidayRegionFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.holiday_regions(); }
  static const auto& GivenId(const auto& request) { return request.holiday_region_id(); }
  static const auto& Given(const auto& request) { return request.holiday_region(); }
  static auto* Add(auto& response) { return response.add_holiday_regions(); }
};

template <>
struct RecordKind<Organisation> {
  using Proto = v1::Organisation;
  static constexpr const char* kCollection = kOrganisations;
  static constexpr const char* kField = "organisation";
  static constexpr auto kFromProto = OrganisationFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.organisations(); }
  static const auto& GivenId(const auto& request) { return request.organisation_id(); }
  static const auto& Given(const auto& request) { return request.organisation(); }
  static auto* Add(auto& response) { return response.add_organisations(); }
};

template <>
struct RecordKind<User> {
  using Proto = v1::User;
  static constexpr const char* kCollection = kUsers;
  static constexpr const char* kField = "user";
  static constexpr auto kFromProto = UserFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.users(); }
  static const auto& GivenId(const auto& request) { return request.user_id(); }
  static const auto& Given(const auto& request) { return request.user(); }
  static auto* Add(auto& response) { return response.add_users(); }
};

template <>
struct RecordKind<Group> {
  using Proto = v1::Group;
  static constexpr const char* kCollection = kGroups;
  static constexpr const char* kField = "group";
  static constexpr auto kFromProto = GroupFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.groups(); }
  static const auto& GivenId(const auto& request) { return request.group_id(); }
  static const auto& Given(const auto& request) { return request.group(); }
  static auto* Add(auto& response) { return response.add_groups(); }
};

template <>
struct RecordKind<Policy> {
  using Proto = v1::Policy;
  static constexpr const char* kCollection = kPolicies;
  static constexpr const char* kField = "policy";
  static constexpr auto kFromProto = PolicyFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.policies(); }
  static const auto& GivenId(const auto& request) { return request.policy_id(); }
  static const auto& Given(const auto& request) { return request.policy(); }
  static auto* Add(auto& response) { return response.add_policies(); }
};

template <>
struct RecordKind<Quota> {
  using Proto = v1::Quota;
  static constexpr const char* kCollection = kQuotas;
  static constexpr const char* kField = "quota";
  static constexpr auto kFromProto = QuotaFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.quotas(); }
  static const auto& GivenId(const auto& request) { return request.quota_id(); }
  static const auto& Given(const auto& request) { return request.quota(); }
  static auto* Add(auto& response) { return response.add_quotas(); }
};

template <>
struct RecordKind<Token> {
  using Proto = v1::Token;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.tokens(); }
  static auto* Add(auto& response) { return response.add_tokens(); }
};

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
  const std::string id =
      IdFromProto(Kind::GivenId(request), absl::StrCat(Kind::kField, "_id"), errors);
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
