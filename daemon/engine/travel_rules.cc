#include "daemon/engine/travel_rules.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/text.h"
#include "daemon/engine/itinerary.h"

namespace labslot::engine {
namespace {

// The visit that a candidate would make, between its neighbours.
struct Trip {
  const ItemCase& c;
  const Ways ways;
  const Visit visit;
  const Visit* before;  // null: none
  const Visit* after;
};

ReservationId OwnId(const ItemCase& c) { return c.current() == nullptr ? 0 : c.current()->id; }

Trip TripOf(const ItemCase& c) {
  const Itinerary& itinerary = c.state.itinerary(c.asset.id);
  const Instant start = c.blocked().start;
  return {c,
          Ways(c.state.catalogue(), c.asset),
          {OwnId(c), c.blocked(), c.candidate.reservation.site},
          itinerary.LastBefore(start, OwnId(c)),
          itinerary.FirstFrom(start, OwnId(c))};
}

const std::string& NameOfSite(const ItemCase& c, const std::string& id) {
  const Site* site = c.state.catalogue().FindSite(id);
  return site == nullptr || site->display_name.empty() ? id : site->display_name;
}

// Long before everything.
constexpr Instant kEver = std::numeric_limits<Instant>::min() / 2;

// From when on the asset can travel: what lies in the past cannot be travelled any
// more. What is not moved got its way when it was granted.
Instant TravelsFrom(const ItemCase& c) {
  const bool goes_elsewhere = c.moves() || c.current()->site != c.candidate.reservation.site;
  return goes_elsewhere && !c.candidate.stands ? c.now() : kEver;
}

// When the asset can be at the site of the visit at the earliest, and the site that
// it comes from.
std::pair<Instant, std::string> Arrival(const Trip& trip) {
  const Ways& ways = trip.ways;
  const Instant now = TravelsFrom(trip.c);
  const auto from = [&](const std::string& site, Instant ready) {
    const Seconds way = ways.Between(site, trip.visit.site);
    return std::make_pair(way == 0 ? ready : std::max(now, ready) + way, site);
  };
  const std::string& home = ways.asset().site;
  if (trip.before == nullptr) return from(home, kEver);
  const Visit& before = *trip.before;
  const Instant left = before.blocked.end;
  // Where it is now follows from the plan as it is, the visit that is moved included.
  const Visit* planned = trip.c.state.itinerary(trip.c.asset.id).FirstFrom(left);
  const bool went_home = now > left && ways.GoesHomeBetween(before, planned);
  if (went_home || ways.asset().travel.between == Between::kAlwaysHome) {
    return from(home, left + ways.ToHome(before.site));
  }
  // Where it can stay at home for a day it goes that way, even if it is the quicker.
  const Instant by_home = now > left ? kNever : ways.StartAfterHome(before, trip.visit.site);
  const auto direct = from(before.site, left);
  return by_home < direct.first ? std::make_pair(by_home, home) : direct;
}

std::vector<Conflict> ConflictWith(const Trip& trip, const Visit* neighbour) {
  if (neighbour == nullptr) return {};
  return {{neighbour->reservation, trip.c.asset.id, neighbour->blocked, 1}};
}

// Visits at once are a matter of capacity, not of ways.
bool AtOnce(const Trip& trip, const Visit* neighbour) {
  return neighbour != nullptr && neighbour->blocked.Overlaps(trip.visit.blocked);
}

// Behind the next visit, whose end is no later than any start there; kNever if there
// is none.
Instant BehindNext(const Trip& trip) {
  return trip.after == nullptr ? kNever : trip.after->blocked.end + trip.c.item.set_up;
}

void GetsThereInTime(const Trip& trip, Findings& findings) {
  if (AtOnce(trip, trip.before)) return;
  const ItemCase& c = trip.c;
  const auto [arrival, from] = Arrival(trip);
  const Instant start = trip.visit.blocked.start;
  // Ways need not be the shortest: from the next visit it may be there sooner.
  const Instant retry = std::min(arrival + c.item.set_up, BehindNext(trip));
  if (!findings.Wants(arrival > start, Effect::kReject, retry)) return;
  const Seconds way = trip.ways.Between(from, trip.visit.site);
  findings.Add(
      {Rule::kTravelDoesNotFit,
       absl::StrCat(c.asset.display_name, " takes ", LengthWords(way), " from ",
                    NameOfSite(c, from), " to ", NameOfSite(c, trip.visit.site),
                    " and is there at ", c.When(std::max(arrival, start)), ", ",
                    LengthWords(std::max<Seconds>(0, arrival - start)), " after it is needed"),
       c.asset.id, absl::StrCat("there from ", c.When(start)),
       absl::StrCat("there from ", c.When(std::max(arrival, start))),
       ConflictWith(trip, trip.before)});
}

void GetsToTheNextInTime(const Trip& trip, Findings& findings) {
  if (trip.after == nullptr || AtOnce(trip, trip.after)) return;
  const ItemCase& c = trip.c;
  const Seconds needed = trip.ways.NeededBetween(trip.visit.site, trip.after->site);
  const Seconds missing = trip.visit.blocked.end + needed - trip.after->blocked.start;
  const bool stays_at_home = trip.ways.asset().travel.between == Between::kHomeIfTime &&
                             trip.ways.GoesHomeBetween(trip.visit, trip.after);
  const bool broken = missing > 0 && !stays_at_home;
  if (!findings.Wants(broken, Effect::kReject, BehindNext(trip))) return;
  findings.Add(
      {Rule::kTravelDoesNotFit,
       absl::StrCat(c.asset.display_name, " takes ", LengthWords(needed), " from ",
                    NameOfSite(c, trip.visit.site), " to ", NameOfSite(c, trip.after->site),
                    ", where it is needed from ", c.When(trip.after->blocked.start), " on; ",
                    LengthWords(std::max<Seconds>(0, missing)), " are missing"),
       c.asset.id, absl::StrCat("leaves by ", c.When(trip.after->blocked.start - needed)),
       absl::StrCat("leaves at ", c.When(trip.visit.blocked.end)), ConflictWith(trip, trip.after)});
}

// True if a tour does not go on from one visit to the next: a visit at home is none
// of it.
bool IsHomeBetween(const Ways& ways, const Visit& before, const Visit& after) {
  const std::string& home = ways.asset().site;
  return before.site == home || after.site == home || ways.GoesHomeBetween(before, &after);
}

// From where the asset leaves home to where it is back, with the visit.
Interval TourWith(const Trip& trip) {
  const Itinerary& itinerary = trip.c.state.itinerary(trip.c.asset.id);
  Visit first = trip.visit;
  for (const Visit* before = trip.before; before != nullptr;) {
    if (IsHomeBetween(trip.ways, *before, first)) break;
    first = *before;
    before = itinerary.LastBefore(first.blocked.start, trip.visit.reservation);
  }
  Visit last = trip.visit;
  Instant back = kNever;  // for a visit at home it comes no sooner than that
  for (const Visit* after = trip.after; after != nullptr;) {
    if (IsHomeBetween(trip.ways, last, *after)) {
      if (!trip.ways.GoesHomeBetween(last, after)) back = after->blocked.start;
      break;
    }
    last = *after;
    after = itinerary.FirstFrom(last.blocked.start + 1, trip.visit.reservation);
  }
  return {first.blocked.start - trip.ways.FromHome(first.site),
          back != kNever ? back : last.blocked.end + trip.ways.ToHome(last.site)};
}

// A lower bound for the start with which the tour is short enough: when there is
// time to go home before it, or behind the next visit.
Instant RetryOfTour(const Trip& trip, Seconds excess) {
  const Visit* before = trip.before;
  if (before == nullptr || IsHomeBetween(trip.ways, *before, trip.visit)) {
    // It begins with this visit, so what begins later is shorter, if the tour goes on
    // behind it; else it is as long whenever it is.
    const bool goes_on =
        trip.after != nullptr && !trip.ways.GoesHomeBetween(trip.visit, trip.after);
    return goes_on ? std::min(trip.c.run().start + excess, BehindNext(trip)) : kNever;
  }
  const Instant apart = trip.ways.StartAfterHome(*before, trip.visit.site);
  return std::min(apart == kNever ? kNever : apart + trip.c.item.set_up, BehindNext(trip));
}

void TourIsNotTooLong(const Trip& trip, Findings& findings) {
  const Seconds longest = trip.c.asset.travel.longest_tour;
  const ItemCase& c = trip.c;
  if (longest == 0 || trip.visit.site == c.asset.site) return;
  const Interval tour = TourWith(trip);
  const bool broken = tour.length() > longest;
  const Instant retry = broken ? RetryOfTour(trip, tour.length() - longest) : kNever;
  if (!findings.Wants(broken, Effect::kReject, retry)) return;
  findings.Add({Rule::kTourTooLong,
                absl::StrCat(c.asset.display_name, " would be away from ",
                             NameOfSite(c, c.asset.site), " for ", LengthWords(tour.length()), ", ",
                             c.When(tour), "; at most ", LengthWords(longest), " are allowed"),
                c.asset.id, absl::StrCat("at most ", LengthWords(longest)),
                LengthWords(tour.length()), ConflictWith(trip, trip.before)});
}

}  // namespace

bool MustTravel(const State& state, const Asset& asset, const std::string& site) {
  if (!asset.mobile) return false;
  if (asset.travel.longest_tour > 0) return true;
  const Ways ways(state.catalogue(), asset);
  const std::vector<Visit> visits = state.itinerary(asset.id).All();
  return ways.FromHome(site) > 0 || std::any_of(visits.begin(), visits.end(), [&](const Visit& v) {
           return ways.NeededBetween(v.site, site) > 0 || ways.NeededBetween(site, v.site) > 0;
         });
}

void ApplyTravelRules(const ItemCase& c, Findings& findings) {
  if (!c.asset.mobile || c.candidate.reservation.site.empty()) return;
  const Trip trip = TripOf(c);
  GetsThereInTime(trip, findings);
  GetsToTheNextInTime(trip, findings);
  TourIsNotTooLong(trip, findings);
}

}  // namespace labslot::engine
