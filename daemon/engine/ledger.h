#ifndef LABSLOT_DAEMON_ENGINE_LEDGER_H_
#define LABSLOT_DAEMON_ENGINE_LEDGER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/occupancy.h"
#include "daemon/domain/quota.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/counting.h"
#include "daemon/engine/rule_book.h"

namespace labslot::engine {

// How much of each quota is used by whom, and who has what when: what rules
// need to know of reservations other than those on the same asset. The fold of
// all occupancies under the catalogue as it is: where a change of the catalogue
// changes what is counted, a new ledger is begun and everything is counted
// again. Looking something up costs the days of a period, however much was
// reserved. Not thread-safe.
class Ledger {
 public:
  // What was over at `kept_from` need not be counted.
  explicit Ledger(const Catalogue& catalogue);

  // True if there is no rule that needs it; then nothing is counted.
  bool idle() const { return quotas_.empty() && !keeps_holders_; }

  // Occupancies whose run ended before so long ago are of no use.
  Seconds memory() const { return memory_; }

  // Counts an occupancy, or takes it out again. Does nothing for states that no
  // quota counts.
  void Add(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy);
  void Remove(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy);

  // What is used by a key of a quota, from one day to another, both inclusive.
  int64_t Used(absl::string_view quota, const std::string& key, DayNumber first,
               DayNumber last) const;

  // The same of what starts behind an instant, for quotas of QuotaPeriod::kFuture.
  int64_t UsedBehind(absl::string_view quota, const std::string& key, Instant instant) const;

  // The amount of each day from `first` to `last`.
  std::vector<int64_t> UsedByDay(absl::string_view quota, const std::string& key, DayNumber first,
                                 DayNumber last) const;

  // A run of a holder, up to where it was given back.
  struct Held {
    ReservationId reservation = 0;
    std::string asset;
    Interval run;
    int32_t quantity = 1;
    std::string organisation;
    ActivityClass activity_class = ActivityClass::kUnspecified;
    std::string site;
    bool is_over = false;
  };

  // The runs of `users/x` or `organisations/x` that overlap an interval or
  // touch it, by start.
  std::vector<Held> HeldBy(const std::string& holder, const Interval& interval) const;

  // Forgets what no quota can count any more.
  void ForgetBefore(Instant now);

 private:
  using AmountByDay = absl::btree_map<DayNumber, int64_t>;
  using AmountByStart = absl::btree_map<std::pair<Instant, ReservationId>, int64_t>;
  struct QuotaBook {
    Seconds memory = 0;
    absl::flat_hash_map<std::string, AmountByDay> by_day;
    absl::flat_hash_map<std::string, AmountByStart> by_start;
  };
  using HolderRuns =
      absl::btree_map<std::pair<std::pair<Instant, ReservationId>, std::string>, Held>;

  void Count(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy, int sign);
  void CountHolder(const std::string& holder, const Occupancy& occupancy, int sign);

  absl::flat_hash_map<std::string, QuotaBook> quotas_;
  bool keeps_holders_ = false;
  Seconds memory_ = 0;
  absl::flat_hash_map<std::string, HolderRuns> holders_;
  Seconds longest_run_ = 0;
};

// True if the change of a record can change what is counted, or what must be.
// Either may be null.
bool ChangesWhatIsCounted(const Resource* before, const Resource* after);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_LEDGER_H_
