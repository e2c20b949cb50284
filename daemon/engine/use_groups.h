#ifndef LABSLOT_DAEMON_ENGINE_USE_GROUPS_H_
#define LABSLOT_DAEMON_ENGINE_USE_GROUPS_H_

#include <string>
#include <vector>

#include "daemon/domain/directory.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/catalogue.h"

namespace labslot::engine {

// What rows of a report are grouped by. Numbers are those of the API.
enum class UseDimension {
  kAsset = 1,
  kKind = 2,
  kLabel = 3,
  kSite = 4,
  kRegion = 5,
  kOwner = 6,
  kUser = 7,
  kOrganisation = 8,
  kOrganisationKind = 9,
  kOrganisationSize = 10,
  kOrganisationRegion = 11,
  kActivityClass = 12,
  kAccessMode = 13,
  kProject = 14,
  kFunding = 15,
  kPurpose = 16,
  kOnBehalfOf = 17,
  kUnit = 18,
  kQuota = 19,
  kRate = 1000,  // not of the API: RateWords
};

// The values of kQuota.
inline constexpr char kCounted[] = "counted";
inline constexpr char kNotCounted[] = "other";

// True if it is a property of the asset, and not of who uses it.
bool IsOfAsset(UseDimension dimension);

// True if the value is only in the reservation itself, not in what an occupancy keeps
// of it.
bool NeedsReservation(UseDimension dimension);

// True if it tells who somebody is, which is kept from those who may see figures only
// where access was for a fee or is confidential.
bool TellsWho(UseDimension dimension);

// The value of a dimension of assets; `label` is the key, with kLabel.
std::string ValueOf(UseDimension dimension, const Catalogue& catalogue, const Asset& asset,
                    const std::string& label);

// Who uses an asset.
struct UserOfAsset {
  const Catalogue& catalogue;
  const Asset& asset;
  const Occupancy& occupancy;
  const Reservation* reservation = nullptr;    // if a dimension needs it; or null
  const Organisation* organisation = nullptr;  // as it was when it was reserved; or null
  const std::string& unit;                     // one that it has, or empty
  const Quota* quota = nullptr;                // with kQuota; or null
};

// A rate as a value of kRate: `EUR 1250 8000`, cost and price in hundredths; empty if it
// is not known.
std::string RateWords(const Rate& rate);
Rate RateIn(const std::string& words);

// The value of a dimension of users: a name, a word of the API, or empty.
std::string ValueOf(UseDimension dimension, const UserOfAsset& user);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_USE_GROUPS_H_
