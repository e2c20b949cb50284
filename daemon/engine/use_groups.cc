#include "daemon/engine/use_groups.h"

#include <array>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/domain/names.h"
#include "daemon/engine/place.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

template <typename Enum, size_t kCount>
std::string WordOf(Enum value, const std::array<const char*, kCount>& words) {
  const auto index = static_cast<size_t>(value);
  return index < kCount ? words[index] : "";
}

std::string KindWord(OrganisationKind kind) {
  static constexpr std::array<const char*, 7> kWords = {
      "", "SME", "LARGE", "RESEARCH", "EDUCATION", "PUBLIC", "OPERATOR"};
  return WordOf(kind, kWords);
}

std::string SizeWord(SizeClass size) {
  static constexpr std::array<const char*, 5> kWords = {"", "MICRO", "SMALL", "MEDIUM", "LARGE"};
  return WordOf(size, kWords);
}

std::string ActivityWord(ActivityClass activity) {
  static constexpr std::array<const char*, 8> kWords = {
      "",       "EDUCATION", "INDEPENDENT_RESEARCH", "COLLABORATION", "DISSEMINATION",
      "RENTAL", "SERVICE",   "CONTRACT_RESEARCH"};
  return WordOf(activity, kWords);
}

std::string AccessWord(AccessMode mode) {
  static constexpr std::array<const char*, 4> kWords = {"", "EXCELLENCE_DRIVEN", "MARKET_DRIVEN",
                                                        "WIDE"};
  return WordOf(mode, kWords);
}

// What an hour of the asset costs him.
Rate RateOf(const UserOfAsset& user) {
  if (user.reservation == nullptr) return {};
  for (const ReservationItem& item : user.reservation->items) {
    if (item.asset == user.occupancy.asset) return item.rate;
  }
  for (const Return& part : user.reservation->returns) {
    if (part.item.asset == user.occupancy.asset) return part.item.rate;
  }
  return {};
}

bool IsCounted(const UserOfAsset& user) {
  const Site* place = PlaceOf(user.catalogue, user.asset, user.occupancy.site);
  if (user.quota == nullptr || place == nullptr) return false;
  const Holder holder(user.catalogue, user.occupancy.user, user.occupancy.organisation);
  return AppliesTo(user.quota->applies_to, user.quota->except,
                   {user.catalogue, user.asset, *place, holder, "", user.occupancy.activity_class});
}

}  // namespace

std::string RateWords(const Rate& rate) {
  if (rate.currency.empty()) return "";
  return absl::StrCat(rate.currency, " ", rate.cost_per_hour, " ", rate.price_per_hour);
}

Rate RateIn(const std::string& words) {
  const std::vector<std::string> parts = absl::StrSplit(words, ' ');
  Rate rate;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &rate.cost_per_hour) ||
      !absl::SimpleAtoi(parts[2], &rate.price_per_hour)) {
    return {};
  }
  rate.currency = parts[0];
  return rate;
}

bool IsOfAsset(UseDimension dimension) { return dimension <= UseDimension::kOwner; }

bool NeedsReservation(UseDimension dimension) {
  return dimension == UseDimension::kFunding || dimension == UseDimension::kPurpose ||
         dimension == UseDimension::kOnBehalfOf || dimension == UseDimension::kRate;
}

bool TellsWho(UseDimension dimension) {
  switch (dimension) {
    case UseDimension::kOrganisation:
    case UseDimension::kProject:
    case UseDimension::kFunding:
    case UseDimension::kPurpose:
    case UseDimension::kOnBehalfOf:
      return true;
    default:
      return false;
  }
}

std::string ValueOf(UseDimension dimension, const Catalogue& catalogue, const Asset& asset,
                    const std::string& label) {
  const Site* site = catalogue.FindSite(asset.site);
  switch (dimension) {
    case UseDimension::kAsset:
      return NameOf(asset);
    case UseDimension::kKind:
      return asset.kind;
    case UseDimension::kLabel: {
      const auto found = asset.labels.find(label);
      return found == asset.labels.end() ? "" : found->second;
    }
    case UseDimension::kSite:
      return NameOf(kSites, asset.site);
    case UseDimension::kRegion:
      return site == nullptr ? "" : site->region;
    case UseDimension::kOwner:
      return NameOf(kOrganisations, asset.organisation);
    default:
      return "";
  }
}

std::string ValueOf(UseDimension dimension, const UserOfAsset& user) {
  const Organisation* organisation = user.organisation;
  switch (dimension) {
    case UseDimension::kUser:
      return NameOf(kUsers, user.occupancy.user);
    case UseDimension::kOrganisation:
      return NameOf(kOrganisations, user.occupancy.organisation);
    case UseDimension::kOrganisationKind:
      return organisation == nullptr ? "" : KindWord(organisation->kind);
    case UseDimension::kOrganisationSize:
      return organisation == nullptr ? "" : SizeWord(organisation->size_class);
    case UseDimension::kOrganisationRegion:
      return organisation == nullptr ? "" : organisation->region;
    case UseDimension::kActivityClass:
      return ActivityWord(user.occupancy.activity_class);
    case UseDimension::kAccessMode:
      return AccessWord(user.occupancy.access_mode);
    case UseDimension::kProject:
      return user.occupancy.project;
    case UseDimension::kFunding:
      return user.reservation == nullptr ? "" : user.reservation->funding;
    case UseDimension::kPurpose:
      return user.reservation == nullptr ? "" : user.reservation->purpose;
    case UseDimension::kOnBehalfOf:
      return user.reservation == nullptr ? ""
                                         : NameOf(kOrganisations, user.reservation->on_behalf_of);
    case UseDimension::kUnit:
      return user.unit;
    case UseDimension::kQuota:
      return IsCounted(user) ? kCounted : kNotCounted;
    case UseDimension::kRate:
      return RateWords(RateOf(user));
    default:
      return "";
  }
}

}  // namespace labslot::engine
