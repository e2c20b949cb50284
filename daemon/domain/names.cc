#include "daemon/domain/names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "daemon/base/limits.h"

namespace labslot {
namespace {

// The part of `name` behind `collection/`, if it has that form.
std::optional<absl::string_view> Behind(absl::string_view collection, absl::string_view name) {
  if (!absl::ConsumePrefix(&name, collection) || !absl::ConsumePrefix(&name, "/")) {
    return std::nullopt;
  }
  return name;
}

std::optional<int64_t> NumberIn(absl::string_view collection, absl::string_view name) {
  const std::optional<absl::string_view> digits = Behind(collection, name);
  int64_t id = 0;
  // The comparison refuses second spellings such as `reservations/007`.
  if (!digits || !absl::SimpleAtoi(*digits, &id) || id <= 0 || absl::StrCat(id) != *digits) {
    return std::nullopt;
  }
  return id;
}

struct Namer {
  std::string operator()(const Site& site) const { return NameOf(kSites, site.id); }
  std::string operator()(const Asset& asset) const { return NameOf(kAssets, asset.id); }
  std::string operator()(const HolidayRegion& region) const {
    return NameOf(kHolidayRegions, region.id);
  }
  std::string operator()(const Organisation& organisation) const {
    return NameOf(kOrganisations, organisation.id);
  }
  std::string operator()(const User& user) const { return NameOf(kUsers, user.id); }
  std::string operator()(const Token& token) const { return NameOf(kTokens, token.id); }
  std::string operator()(const Reservation& reservation) const { return NameOf(reservation.id); }
  std::string operator()(const Group& group) const { return NameOf(kGroups, group.id); }
  std::string operator()(const Policy& policy) const { return NameOf(kPolicies, policy.id); }
  std::string operator()(const Quota& quota) const { return NameOf(kQuotas, quota.id); }
  std::string operator()(const Series& series) const { return NameOfSeries(series.id); }
  std::string operator()(const Outage& outage) const { return NameOf(kOutages, outage.id); }
  std::string operator()(const Round& round) const { return NameOf(kRounds, round.id); }
  std::string operator()(const MachineReport& report) const {
    return absl::StrCat(kMachineReports, "/", report.id);
  }
};

}  // namespace

std::string NameOf(absl::string_view collection, absl::string_view id) {
  return id.empty() ? std::string() : absl::StrCat(collection, "/", id);
}

std::string NameOf(ReservationId id) {
  return id == 0 ? std::string() : absl::StrCat(kReservations, "/", id);
}

std::string NameOfSeries(SeriesId id) {
  return id == 0 ? std::string() : absl::StrCat(kSeries, "/", id);
}

std::string NameOf(const Resource& resource) { return std::visit(Namer{}, resource); }

bool IsLegalId(absl::string_view id) {
  if (id.empty() || id.size() > limits::kMaxIdLength) return false;
  if (!absl::ascii_islower(static_cast<unsigned char>(id.front())) || id.back() == '-') {
    return false;
  }
  for (const char c : id) {
    const auto u = static_cast<unsigned char>(c);
    if (!absl::ascii_islower(u) && !absl::ascii_isdigit(u) && c != '-') return false;
  }
  return true;
}

std::optional<std::string> IdIn(absl::string_view collection, absl::string_view name) {
  const std::optional<absl::string_view> id = Behind(collection, name);
  if (!id || !IsLegalId(*id)) return std::nullopt;
  return std::string(*id);
}

std::optional<ReservationId> ReservationIdIn(absl::string_view name) {
  return NumberIn(kReservations, name);
}

std::optional<SeriesId> SeriesIdIn(absl::string_view name) { return NumberIn(kSeries, name); }

}  // namespace labslot
