#include "daemon/engine/admission.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// What a rule about one item is given.
struct ItemCase {
  const State& state;
  const Candidate& candidate;
  const ReservationItem& item;
  const Asset& asset;
  const Site& place;

  const Interval& run() const { return candidate.reservation.interval; }
  Interval blocked() const { return OccupancyOf(candidate.reservation, item); }
  std::string When(Instant instant) const { return FormatLocal(instant, ZoneOf(place)); }
  std::string When(const Interval& interval) const {
    return absl::StrCat(When(interval.start), " to ", When(interval.end));
  }
};

// Where rules put what they find. Without a list the first violation ends the
// judgement: nobody will read the words.
struct Findings {
  std::vector<Violation>* list;
  bool any = false;

  bool wants_words() {
    any = true;
    return list != nullptr;
  }
};

std::string Units(const Asset& asset, int64_t count) {
  return asset.capacity_kind == CapacityKind::kSeats ? Counted(count, "seat", "seats")
                                                     : Counted(count, "unit", "units");
}

void AssetIsInService(const ItemCase& c, Findings& findings) {
  if (c.asset.state == AssetState::kActive || !findings.wants_words()) return;
  findings.list->push_back({Rule::kAssetRetired,
                            absl::StrCat(c.asset.display_name, " is retired and takes no bookings"),
                            c.asset.id, "in service", "retired", {}});
}

void QuantityIsWithinCapacity(const ItemCase& c, Findings& findings) {
  if (c.item.quantity <= c.asset.capacity || !findings.wants_words()) return;
  findings.list->push_back(
      {Rule::kQuantityAboveCapacity,
       absl::StrCat(c.asset.display_name, " has ", Units(c.asset, c.asset.capacity), " in all, ",
                    c.item.quantity, " were asked for"),
       c.asset.id, Units(c.asset, c.asset.capacity), Units(c.asset, c.item.quantity), {}});
}

void AttendeesAreWithinLimit(const ItemCase& c, Findings& findings) {
  const int32_t attendees = c.candidate.reservation.attendees;
  if (c.asset.max_attendees == 0 || attendees <= c.asset.max_attendees) return;
  if (!findings.wants_words()) return;
  const std::string limit = Counted(c.asset.max_attendees, "person", "people");
  const std::string found = Counted(attendees, "person", "people");
  findings.list->push_back(
      {Rule::kAttendeesAboveLimit,
       absl::StrCat(c.asset.display_name, " takes at most ", limit, ", not ", found),
       c.asset.id, limit, found, {}});
}

void SiteFitsTheAsset(const ItemCase& c, Findings& findings) {
  const std::string& site = c.candidate.reservation.site;
  if (c.asset.mobile && site.empty() && findings.wants_words()) {
    findings.list->push_back({Rule::kSiteRequired,
                              absl::StrCat(c.asset.display_name,
                                           " travels: name the site that it should come to"),
                              c.asset.id, "a site", "none", {}});
  }
}

// A site makes sense only if something travels to it.
void SomethingTravelsToTheSite(const State& state, const Candidate& candidate,
                               Findings& findings) {
  const std::string& site = candidate.reservation.site;
  if (site.empty()) return;
  for (const ReservationItem& item : candidate.reservation.items) {
    if (state.catalogue().FindAsset(item.asset)->mobile) return;
  }
  const Asset& asset = *state.catalogue().FindAsset(candidate.reservation.items.front().asset);
  if (asset.site == site || !findings.wants_words()) return;
  findings.list->push_back({Rule::kSiteMismatch,
                            absl::StrCat(asset.display_name, " stands at ",
                                         NameOf(kSites, asset.site), " and does not travel to ",
                                         NameOf(kSites, site)),
                            asset.id, NameOf(kSites, asset.site), NameOf(kSites, site), {}});
}

// What lies in the past cannot be granted any more; a start that is not
// changed may do so, so that a running reservation can be extended.
void StartIsNotInThePast(const ItemCase& c, Findings& findings) {
  const bool unchanged = c.candidate.current != nullptr &&
                         c.candidate.current->interval.start == c.run().start;
  if (unchanged || c.run().start >= c.candidate.now - limits::kPastTolerance) return;
  if (!findings.wants_words()) return;
  findings.list->push_back({Rule::kStartInPast,
                            absl::StrCat("the start, ", c.When(c.run().start),
                                         ", lies in the past"),
                            "", c.When(c.candidate.now), c.When(c.run().start), {}});
}

void EndIsWithinHorizon(const ItemCase& c, Findings& findings) {
  const Instant latest = c.candidate.now + limits::kHorizon;
  if (c.run().end <= latest || !findings.wants_words()) return;
  findings.list->push_back({Rule::kBeyondHorizon,
                            absl::StrCat("the end, ", c.When(c.run().end),
                                         ", lies too far ahead; the latest is ", c.When(latest)),
                            "", c.When(latest), c.When(c.run().end), {}});
}

bool IsOpenThroughout(const IntervalSet& open, const Interval& run) {
  return open.size() == 1 && open.front() == run;
}

// The hours of the first day on which the run is not open, in words.
std::string HoursInWords(const ItemCase& c, const OpeningHours& hours, Instant closed_from) {
  const absl::CivilDay day = LocalDay(closed_from, hours.zone);
  const DayPlan plan = PlanOfDay(hours, day);
  std::string words = absl::StrCat(absl::FormatCivilTime(day), " ");
  if (plan.windows.empty()) {
    absl::StrAppend(&words, "closed");
  } else {
    absl::StrAppend(&words, "open");
    for (const OpeningWindow& window : plan.windows) {
      const auto clock = [](int32_t second) {
        const auto pad = [](int32_t n) { return absl::StrCat(n < 10 ? "0" : "", n); };
        return absl::StrCat(pad(second / 3600), ":", pad(second / 60 % 60));
      };
      absl::StrAppend(&words, " ", clock(window.opens), "-", clock(window.closes));
    }
  }
  if (!plan.special.empty()) absl::StrAppend(&words, " (", plan.special, ")");
  return absl::StrCat(words, ", ", c.place.time_zone);
}

// The run keeps to the opening hours; set-up and tear-down, the work of staff,
// need not. Where the asset allows it, only start and end count.
void RunIsInOpeningHours(const ItemCase& c, Findings& findings) {
  const OpeningHours hours = HoursOf(c.state.catalogue(), c.asset, c.place);
  if (hours.calendar == nullptr) return;
  const IntervalSet open = OpenTimes(hours, c.run());
  if (IsOpenThroughout(open, c.run())) return;
  if (c.asset.may_span_closed_time && !open.empty() && open.front().start == c.run().start &&
      open.back().end == c.run().end) {
    return;
  }
  if (!findings.wants_words()) return;
  const Instant closed_from = Difference(c.run(), open).front().start;
  const std::string limit = HoursInWords(c, hours, closed_from);
  findings.list->push_back({Rule::kOutsideOpeningHours,
                            absl::StrCat(c.asset.display_name, " is closed at ",
                                         c.When(closed_from), " (", limit, ")"),
                            c.asset.id, limit, c.When(c.run()), {}});
}

std::vector<Conflict> ConflictsOn(const ItemCase& c, absl::string_view asset) {
  std::vector<Conflict> conflicts;
  const Timeline& timeline = c.state.timeline(asset);
  for (const Occupant& occupant :
       timeline.Overlapping(c.blocked(), limits::kMaxConflictsShown + 1)) {
    if (c.candidate.current != nullptr && occupant.reservation == c.candidate.current->id) continue;
    conflicts.push_back(
        {occupant.reservation, std::string(asset), occupant.blocked, occupant.quantity});
    if (conflicts.size() == limits::kMaxConflictsShown) break;
  }
  return conflicts;
}

void CapacityIsLeft(const ItemCase& c, Findings& findings) {
  const OwnOccupant own = OwnOccupantOn(c.asset.id, c.candidate.current);
  const int32_t used = c.state.timeline(c.asset.id).Peak(c.blocked(), own.get());
  // What exceeds the capacity even when nothing is in use is said above.
  if (used == 0 || used + c.item.quantity <= c.asset.capacity) return;
  if (!findings.wants_words()) return;
  const int32_t left = std::max(0, c.asset.capacity - used);
  const std::string found = absl::StrCat(left, " of ", c.asset.capacity, " left");
  const std::string words =
      c.asset.capacity == 1
          ? absl::StrCat(c.asset.display_name, " is taken")
          : absl::StrCat("only ", left, " of the ", Units(c.asset, c.asset.capacity), " of ",
                         c.asset.display_name, left == 1 ? " is" : " are", " left, ",
                         c.item.quantity, c.item.quantity == 1 ? " is" : " are", " needed");
  findings.list->push_back({Rule::kCapacityExceeded,
                            absl::StrCat(words, " between ", c.When(c.blocked())), c.asset.id,
                            Units(c.asset, c.asset.capacity), found,
                            ConflictsOn(c, c.asset.id)});
}

void RelatedAssetsAreIdle(const ItemCase& c, Findings& findings) {
  for (const std::string& other : c.state.catalogue().Related(c.asset.id)) {
    const OwnOccupant own = OwnOccupantOn(other, c.candidate.current);
    if (c.state.timeline(other).Peak(c.blocked(), own.get()) == 0) continue;
    if (!findings.wants_words()) return;
    const Asset& in_use = *c.state.catalogue().FindAsset(other);
    findings.list->push_back({Rule::kRelatedAssetBusy,
                              absl::StrCat(c.asset.display_name, " cannot be used while ",
                                           in_use.display_name, " is, between ",
                                           c.When(c.blocked())),
                              c.asset.id, absl::StrCat(NameOf(kAssets, other), " idle"),
                              absl::StrCat(NameOf(kAssets, other), " in use"),
                              ConflictsOn(c, other)});
  }
}

using ItemRule = void (*)(const ItemCase&, Findings&);

constexpr ItemRule kItemRules[] = {
    AssetIsInService, QuantityIsWithinCapacity, AttendeesAreWithinLimit, SiteFitsTheAsset,
    RunIsInOpeningHours, CapacityIsLeft, RelatedAssetsAreIdle,
};

// Rules that need a zone for their words, not an asset: judged once.
constexpr ItemRule kReservationRules[] = {StartIsNotInThePast, EndIsWithinHorizon};

void ApplyRules(const State& state, const Candidate& candidate, Findings& findings) {
  SomethingTravelsToTheSite(state, candidate, findings);
  bool first = true;
  for (const ReservationItem& item : candidate.reservation.items) {
    const Asset& asset = *state.catalogue().FindAsset(item.asset);
    const Site& place = *PlaceOf(state.catalogue(), asset, candidate.reservation.site);
    const ItemCase c{state, candidate, item, asset, place};
    if (std::exchange(first, false)) {
      for (const ItemRule rule : kReservationRules) rule(c, findings);
    }
    for (const ItemRule rule : kItemRules) {
      rule(c, findings);
      if (findings.any && findings.list == nullptr) return;
    }
  }
}

}  // namespace

bool Passes(const State& state, const Candidate& candidate) {
  Findings findings{nullptr};
  ApplyRules(state, candidate, findings);
  return !findings.any;
}

std::vector<Violation> Judge(const State& state, const Candidate& candidate) {
  std::vector<Violation> violations;
  Findings findings{&violations};
  ApplyRules(state, candidate, findings);
  return violations;
}

}  // namespace labslot::engine
