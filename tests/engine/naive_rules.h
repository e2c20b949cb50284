#ifndef LABSLOT_TESTS_ENGINE_NAIVE_RULES_H_
#define LABSLOT_TESTS_ENGINE_NAIVE_RULES_H_

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/rule.h"
#include "tests/engine/naive_clock.h"
#include "tests/support/world.h"

namespace labslot::engine {

// One rule that a request breaks.
struct Breach {
  Rule rule = Rule::kCapacityExceeded;
  std::string asset;   // empty for quotas
  std::string source;  // `policies/x`, `quotas/x`, or empty
  Effect effect = Effect::kReject;
  friend auto operator<=>(const Breach&, const Breach&) = default;
};

// The rules of booking once more, calendars, policies and quotas included, for
// new reservations: by loops over quarters of an hour and over all
// reservations, from the words of the API. Right for any second of start and
// end, if all else lies on quarters of an hour (bookings there, windows, ends of
// qualifications, lengths and leads of rules, now), and nothing is cancelled.
// Slow; sees the world as it is when made.
class NaiveRules {
 public:
  // Knows the time from eight days before now to so many days after it.
  NaiveRules(const support::World& world, int days_ahead);

  // All that it breaks. Items have their set-up and tear-down.
  std::set<Breach> Broken(const Reservation& candidate);
  // True if nothing that it breaks has the effect kReject.
  bool Passes(const Reservation& candidate);

 private:
  // Whether something holds in each quarter of an hour.
  using Quarters = std::vector<char>;
  // What is used of a quota on each day; of kFuture all on one.
  using ByDay = std::map<int64_t, int64_t>;

  // One item of a reservation, where it is.
  struct Run {
    const Reservation& reservation;
    const ReservationItem& item;
    const Asset& asset;
    const Site& place;
    const NaiveClock& clock;
    absl::TimeZone zone;
  };

  Run RunOf(const Reservation& reservation, const ReservationItem& item);
  const NaiveClock& ClockOf(const std::string& zone);
  const Quarters& AwakeTimes(const Policy& policy, const Run& run);
  // Of the holder of the run, or of anybody.
  const Quarters& OpenTimes(const Run& run, bool of_holder);
  const std::vector<Interval>& SlotTimes(const Policy& policy, const Run& run);

  bool InGroup(const std::string& group, const Reservation& reservation) const;
  bool Fits(const Selector& selector, const Run& run) const;
  bool FitsOne(const std::vector<Selector>& selectors, const Run& run) const;
  bool Applies(const std::vector<Selector>& applies_to, const std::vector<Selector>& except,
               const Run& run) const;

  bool MaySpan(const Run& run) const;
  bool ClosedTimeCounts(const Run& run) const;
  bool LiesIn(const Run& run, const Quarters& open) const;
  int64_t MostUsed(const std::string& asset, const Interval& span) const;

  void JudgeHours(const Run& run, std::set<Breach>& broken);
  void JudgeCapacity(const Run& run, std::set<Breach>& broken);
  void JudgePolicies(const Run& run, std::set<Breach>& broken);
  void JudgeQuota(const Quota& quota, const std::vector<Run>& runs, std::set<Breach>& broken);

  // The rule of the policy that the run breaks, in a list of at most one.
  std::vector<Rule> BrokenOf(const Policy& policy, const Run& run);
  bool TooClose(const Policy& policy, const BufferRule& rule, const Run& run);

  std::vector<std::string> KeysOf(const Quota& quota, const Run& run) const;
  ByDay UseOf(const Quota& quota, const Run& run);
  const std::map<std::string, ByDay>& UseOfOthers(const Quota& quota);

  // The number of seconds of the span for which `counts` is true of its
  // quarter.
  template <typename Counts>
  Seconds Amount(const Interval& span, Counts counts) const;

  const support::World& world_;
  const Interval span_;
  std::map<std::string, std::unique_ptr<NaiveClock>> clocks_;
  std::map<std::pair<const Policy*, const NaiveClock*>, Quarters> awake_;
  std::map<std::pair<const Policy*, const NaiveClock*>, std::vector<Interval>> slots_;
  std::map<std::tuple<const Asset*, const Site*, std::string, std::string>, Quarters> open_;
  std::map<const Quota*, std::map<std::string, ByDay>> used_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_NAIVE_RULES_H_
