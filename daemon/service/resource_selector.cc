#include "daemon/service/resource_selector.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/numbers.h"

namespace labslot::service {
namespace {

constexpr const char* kCollections[] = {
    kSites,    kAssets, kHolidayRegions, kOrganisations, kUsers,   kTokens, kGroups,
    kPolicies, kQuotas, kSeries,         kReservations,  kOutages, kRounds, kMachineReports};

std::string CollectionOf(const std::string& name) { return name.substr(0, name.find('/')); }

bool IsWellFormed(const std::string& resource) {
  const std::string collection = CollectionOf(resource);
  const bool known = std::find(std::begin(kCollections), std::end(kCollections), collection) !=
                     std::end(kCollections);
  if (!known || resource == collection) return known;
  if (collection == kReservations) return ReservationIdIn(resource).has_value();
  if (collection == kSeries) return SeriesIdIn(resource).has_value();
  return IdIn(collection, resource).has_value();
}

}  // namespace

ResourceSelector ResourceSelector::FromProto(
    const google::protobuf::RepeatedPtrField<std::string>& resources, FieldErrors& errors) {
  ResourceSelector selector;
  CheckCount(resources.size(), limits::kMaxWatchResources, "resources", errors);
  for (int i = 0; i < AtMost(resources.size(), limits::kMaxWatchResources); ++i) {
    if (!IsWellFormed(resources[i])) {
      errors.Add(ElementPath("resources", static_cast<size_t>(i)),
                 absl::StrCat("is ", Quoted(resources[i]),
                              ", which is neither a collection such as `assets` nor a name such "
                              "as `assets/make-lab`"));
    }
    selector.wanted_.insert(resources[i]);
  }
  return selector;
}

bool ResourceSelector::Selects(const Event& event) const {
  if (wanted_.empty()) return true;
  const std::string name = NameOf(event.resource);
  if (wanted_.count(name) > 0 || wanted_.count(CollectionOf(name)) > 0) return true;
  const auto* series = std::get_if<Series>(&event.resource);
  const auto* reservation =
      series != nullptr ? &series->draft : std::get_if<Reservation>(&event.resource);
  return reservation != nullptr &&
         std::any_of(reservation->items.begin(), reservation->items.end(), [&](const auto& item) {
           return wanted_.count(NameOf(kAssets, item.asset)) > 0;
         });
}

}  // namespace labslot::service
