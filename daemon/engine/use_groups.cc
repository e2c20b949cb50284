#include "daemon/engine/use_groups.h"

#include <array>

#include "daemon/domain/names.h"

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

}  // namespace

bool IsOfAsset(UseDimension dimension) { return dimension <= UseDimension::kOwner; }

bool NeedsReservation(UseDimension dimension) {
  return dimension == UseDimension::kFunding || dimension == UseDimension::kPurpose ||
         dimension == UseDimension::kOnBehalfOf;
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
    default:
      return "";
  }
}

}  // namespace labslot::engine
