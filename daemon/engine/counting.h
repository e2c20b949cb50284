#ifndef LABSLOT_DAEMON_ENGINE_COUNTING_H_
#define LABSLOT_DAEMON_ENGINE_COUNTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "daemon/domain/occupancy.h"
#include "daemon/domain/quota.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/rule_book.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {

// What of a reservation a quota counts: the same whether a request is judged or
// what was granted is entered in the ledger.

// Local days, counted from 1970-01-01.
using DayNumber = int32_t;
DayNumber NumberOf(absl::CivilDay day);
absl::CivilDay DayOf(DayNumber number);

// An amount of a day: seconds x units, or a number of bookings.
struct DayAmount {
  DayNumber day = 0;
  int64_t amount = 0;
  friend bool operator==(const DayAmount&, const DayAmount&) = default;
};
// By day, each day once. Most runs have one.
using DayAmounts = absl::InlinedVector<DayAmount, 2>;

// What one item of a reservation adds to the counts of one quota.
struct Contribution {
  absl::InlinedVector<std::string, 1> keys;  // the counts that it is in
  DayAmounts shares;                         // nothing if it is not counted
  Seconds counted = 0;                       // of its time, whatever the units
};

// One item of a reservation with what all quotas ask of it, found out once.
// Refers to the occupancy and the catalogue.
class CountedItem {
 public:
  // The asset must exist.
  CountedItem(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy);
  CountedItem(const CountedItem&) = delete;
  CountedItem& operator=(const CountedItem&) = delete;

  // What it adds to the quota, whatever state it is in; without keys or shares
  // if it is not counted.
  Contribution AddedTo(const RuleOfAsset<Quota>& quota) const;

 private:
  IntervalSet TimesFor(const Quota& quota) const;
  IntervalSet OpenTimesWithin(const Interval& whole) const;
  absl::InlinedVector<std::string, 1> KeysFor(const Quota& quota) const;
  const std::string& PartOf(Dimension dimension, const std::string& group) const;
  DayNumber DayAt(Instant instant) const;
  DayAmounts ByDay(const IntervalSet& times) const;

  const Catalogue& catalogue_;
  const Occupancy& occupancy_;
  const Asset& asset_;
  const Site* place_;  // null if the site is gone; then nothing is counted
  const Holder holder_;
  std::optional<Subject> subject_;
  absl::TimeZone zone_;
  bool closed_time_counts_ = true;
  // The day on which the blocked time begins, which most do not leave.
  DayNumber first_day_ = 0;
  Instant first_day_end_ = 0;
};

// True if the quota counts what is in such a state.
bool CountsState(const Quota& quota, const Occupancy& occupancy);

// True if what is reserved of the asset at its home can be in the count of this key.
bool IsOfKey(const Quota& quota, const std::string& key, const Asset& asset);

// A key in words: `users/anna on assets/sem`.
std::string KeyWords(const Quota& quota, const std::string& key);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_COUNTING_H_
