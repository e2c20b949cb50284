#ifndef LABSLOT_DAEMON_ENGINE_CAPACITY_H_
#define LABSLOT_DAEMON_ENGINE_CAPACITY_H_

#include <map>
#include <string>
#include <tuple>

#include "daemon/domain/quota.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/counting.h"

namespace labslot::engine {

// How much of assets there is: seconds x units while they exist, in the days and on the
// base that a quota with a share names. Reckoned with the assets, hours and outages as
// they are now; a mobile asset is taken to be at home.

// What an asset adds from one local day to another, both inclusive.
Seconds CapacityOf(const Catalogue& catalogue, const Quota& quota, const Asset& asset,
                   DayNumber first, DayNumber last);

// Finds sums once for each quota, key and period. Not thread-safe.
class CapacityBook {
 public:
  // Of all assets that a count of the quota is about.
  Seconds Of(const Catalogue& catalogue, const Quota& quota, const std::string& key,
             DayNumber first, DayNumber last);

  // The limit that a share comes to.
  Seconds LimitOf(const Catalogue& catalogue, const Quota& quota, const std::string& key,
                  DayNumber first, DayNumber last);

  // After a change of the catalogue.
  void Forget() { sums_.clear(); }

 private:
  std::map<std::tuple<std::string, std::string, DayNumber, DayNumber>, Seconds> sums_;
};

// The part of a capacity that a share is.
Seconds PartOf(const CapacityShare& share, Seconds capacity);

// `opening hours`.
const char* WordsOf(CapacityBase base);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_CAPACITY_H_
