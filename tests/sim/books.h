#ifndef LABSLOT_TESTS_SIM_BOOKS_H_
#define LABSLOT_TESTS_SIM_BOOKS_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/event.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/reservation.h"
#include "daemon/domain/series.h"
#include "tests/sim/things.h"

namespace labslot::sim {

// When the clock looks after a reservation; 0: never.
Instant DueOf(const Reservation& reservation);

// What an item takes of its asset, but for what was given back of it; empty if it takes
// nothing.
Interval TakenBy(const Reservation& reservation, const ReservationItem& item);

// When it may begin at the latest while it waits: it may have been moved out of its window.
Instant LastStartOf(const Reservation& reservation);

// Something that a reservation takes.
struct Taken {
  std::string asset;
  Interval interval;
  int32_t quantity = 0;
  bool given_back = false;  // before the rest
};
std::vector<Taken> TakenOf(const Reservation& reservation);

// Those that it has, or had before it gave all of them back.
std::set<std::string> AssetsOf(const Reservation& reservation);

// True if a rule demands an approval that nobody gave yet.
bool AwaitsApproval(const Reservation& reservation);

// True if all that is wanted is among the labels.
bool HasLabels(const Labels& labels, const Labels& wanted);

// Where hours are kept, from midnight.
inline constexpr Instant kOpens = 8 * 3600;
inline constexpr Instant kCloses = 18 * 3600;

// How much of a quota is taken: by count and day, which is a number. A count is one of what
// the quota counts apart, in one word.
using Amounts = std::map<std::pair<std::string, int64_t>, int64_t>;
// First and last day of a period.
using Days = std::pair<int64_t, int64_t>;
// So much of so much.
struct Part {
  int64_t used = 0;
  int64_t limit = 1;
};

// A greater part of its limit is used. Of a limit of nothing, all is.
bool IsMore(const Part& a, const Part& b);

inline constexpr char kBetweenDimensions = '\x1f';

// Everything that is written down, with questions about it that are answered by
// loops over everything.
struct Books {
  std::map<std::string, Thing> things;
  std::map<std::string, Fault> faults;
  std::map<std::string, Call> calls;
  std::map<ReservationId, Reservation> reservations;
  std::map<std::string, Quota> quotas = {};
  std::map<SeriesId, Chain> chains = {};

  // One is a part of the other.
  bool Relatives(const std::string& a, const std::string& b) const;
  // They cannot be used at the same time.
  bool Related(const std::string& a, const std::string& b) const;
  std::vector<std::string> RelatedTo(const std::string& asset) const;
  bool MayDisplaceOn(const std::string& asset) const;
  bool ItemsExclude(const Reservation& reservation) const;

  // In the next four, one reservation is left out of account, but for what it gave back.
  int32_t UsedAt(const std::string& asset, Instant at, ReservationId but) const;
  int32_t MostUsed(const std::string& asset, const Interval& span, ReservationId but) const;
  // The first instant of the span at which less than the quantity is left, when so
  // much is out of service.
  std::optional<Instant> ShortAt(const std::string& asset, int32_t quantity, const Interval& span,
                                 ReservationId but) const;
  // The same of what there is, in service or not.
  std::optional<Instant> NeededAt(const std::string& asset, int32_t quantity, const Interval& span,
                                  ReservationId but) const;
  // The first instant of the span at which more is granted than there is, or more to
  // those who are not over yet than is in service.
  std::optional<Instant> OverbookedAt(const std::string& asset, const Interval& span) const;
  int32_t OutAt(const std::string& asset, Instant at) const;

  // `current` is what the candidate was before the change, or null.
  bool Passes(const Reservation& candidate, const Reservation* current, Instant now) const;
  bool FitsRules(const Reservation& candidate, const Reservation* current, Instant now) const;
  bool IsFree(const Reservation& candidate, const Reservation* current, Instant now) const;
  // The same by numbers alone: as if units were all alike.
  bool IsEnoughLeft(const Reservation& candidate, const Reservation* current) const;

  // books_units.cc: pools whose units differ. By all ways to hand out units.
  bool HaveUnits(const std::string& asset, Instant now) const;
  bool HaveUnitsWith(const Reservation& candidate, const ReservationItem& item,
                     const Reservation* current, Instant now) const;
  bool MayBeHandedOut(const std::vector<std::string>& units, const Reservation& reservation,
                      const ReservationItem& item, Instant now) const;
  // All that may be, each in order.
  std::vector<std::vector<std::string>> HandOuts(const Reservation& reservation,
                                                 const ReservationItem& item, Instant now) const;
  // Units that are out of service at some time of the span.
  std::set<std::string> UnitsOut(const std::string& asset, const Interval& span) const;
  int32_t UnitsWith(const std::string& asset, const Labels& labels) const;

  // books_travel.cc: what travels gets to where it is wanted in time, and on from there.
  bool Travels(const std::string& asset) const { return !things.at(asset).home.empty(); }
  std::string PlaceOf(const Reservation& reservation, const std::string& asset) const;
  // Those of one reservation are left out; by start.
  std::vector<Stay> StaysOf(const std::string& asset, ReservationId but) const;
  Seconds NeededBetween(const std::string& asset, const Stay& before, const Stay& after) const;
  bool GetsThereAndOn(const Reservation& candidate, const Reservation* current, Instant now) const;
  bool GetsAround(const Reservation& candidate, const Reservation* current, Instant now) const;

  // books_quotas.cc: what quotas count, and what goes beyond them.
  Amounts UsageOf(const Quota& quota, Instant now, ReservationId but) const;
  // The counts that anything written down is in, whether it counts or not.
  std::set<std::string> AllKeysOf(const Quota& quota) const;
  bool KeepsQuotas(const Reservation& candidate, const Reservation* current, Instant now) const;

  // The greatest part that is used of what fair-share quotas give it.
  Part FairPartOf(const Reservation& entry, Instant now) const;

  // books_rules.cc: what rules say that do not refuse, and who approves it.
  std::vector<Note> NotesOn(const Reservation& candidate, const Reservation* current,
                            Instant now) const;
  std::optional<ApprovalTerms> TermsOf(const std::string& source) const;
  bool MayApprove(const std::string& principal, const Note& note) const;
  bool MayApproveSome(const std::string& principal, const Reservation& reservation) const;
  bool LeavesSlotFree(const Reservation& reservation) const;
  Instant RunsOutAt(const Reservation& reservation, Instant now) const;
  bool StillFits(const Reservation& reservation, Instant now) const;

  // They will do in place of each other for who says so.
  bool Alike(const std::string& a, const std::string& b) const;
  // Gives it the first place at which it passes and that is not before `from`: as it is,
  // as its choices say, on what is like its assets, and last in its window.
  bool FindPlace(Reservation& next, Instant now, Instant from, bool nearest) const;
  // Gives it its own time if that passes and is not before `from`; else another one in
  // its window: the earliest, or the nearest to its own.
  bool FindEarliest(Reservation& next, Instant now, Instant from) const;
  bool FindNearest(Reservation& next, Instant now, Instant from) const;

  // Set-up and tear-down as they are now, or as they were when it was booked.
  void TakeChangeover(Reservation& next, const Reservation* current) const;
  Instant CheckInBy(const Reservation& reservation, Instant now) const;

  // Requests of a call that wait for its outcome.
  std::vector<ReservationId> RequestsOf(const std::string& call) const;

  // From now on, the asset is granted beyond what there is, or beside what it would
  // exclude.
  bool Breaks(const std::string& asset, Instant now) const;

 private:
  std::vector<Instant> StartsOn(const std::string& asset, const Interval& span) const;
  std::vector<Instant> StartsToTry(const Reservation& next, Instant now, Instant from) const;
  std::vector<Instant> LastStartsToTry(const Reservation& next) const;
  bool IsLastOfGap(Reservation next, Instant start, Instant now) const;
  bool GoesHomeBehind(const std::string& asset, const Stay& stay, const Stay* next) const;
  Instant ArrivesAt(const std::string& asset, const Stay& own, ReservationId but,
                    Instant from) const;
  bool IsBackInTime(const Reservation& candidate, const Reservation* current) const;
  Interval TourWith(const std::string& asset, const Stay& own, ReservationId but) const;
  std::vector<Instant> StartsByWays(const Reservation& next, Instant now) const;
  bool FindIn(Reservation& next, Instant now, const std::vector<Instant>& starts) const;

  // One of the assets, or a part of one; of none: any.
  bool IsIn(const std::vector<std::string>& assets, const std::string& asset) const;
  bool IsAbout(const Quota& quota, const Reservation& r, const std::string& asset) const;
  std::vector<std::string> KeysOf(const Quota& quota, const Reservation& r,
                                  const std::string& asset) const;
  Amounts AmountsOf(const Quota& quota, const Reservation& r, Instant now) const;
  Seconds CapacityOf(const Quota& quota, const std::string& asset, const Days& period) const;
  int64_t LimitOf(const Quota& quota, const std::string& key, const Days& period) const;
  std::set<std::string> Exceeded(const Quota& quota, const Reservation& candidate,
                                 const Reservation* current, Instant now) const;
  std::vector<Instant> MarksOf(const Quota& quota, const Reservation& next, Instant now) const;
  std::vector<Instant> StartsByQuotas(const Reservation& next, Instant now) const;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_BOOKS_H_
