#ifndef LABSLOT_DAEMON_SERVICE_RECORD_KINDS_H_
#define LABSLOT_DAEMON_SERVICE_RECORD_KINDS_H_

#include "daemon/domain/names.h"
#include "daemon/engine/catalogue.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/outage.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/quota.h"
#include "daemon/service/convert/round.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/token.h"
#include "daemon/service/convert/user.h"

namespace labslot::service {

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
struct RecordKind<Outage> {
  using Proto = v1::Outage;
  static constexpr const char* kCollection = kOutages;
  static constexpr const char* kField = "outage";
  static constexpr auto kFromProto = OutageFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.outages(); }
  static const auto& GivenId(const auto& request) { return request.outage_id(); }
  static const auto& Given(const auto& request) { return request.outage(); }
  static auto* Add(auto& response) { return response.add_outages(); }
};

template <>
struct RecordKind<Round> {
  using Proto = v1::Round;
  static constexpr const char* kCollection = kRounds;
  static constexpr const char* kField = "round";
  static constexpr auto kFromProto = RoundFromProto;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.rounds(); }
  static const auto& GivenId(const auto& request) { return request.round_id(); }
  static const auto& Given(const auto& request) { return request.round(); }
  static auto* Add(auto& response) { return response.add_rounds(); }
};

template <>
struct RecordKind<Token> {
  using Proto = v1::Token;
  static const auto& All(const engine::Catalogue& catalogue) { return catalogue.tokens(); }
  static auto* Add(auto& response) { return response.add_tokens(); }
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_RECORD_KINDS_H_
