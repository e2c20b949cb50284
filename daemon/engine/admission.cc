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
  // `Tue 2027-03-02 11:00 to 19:00 Europe/Brussels`.
  std::string When(const Interval& interval) const {
    const absl::TimeZone zone = ZoneOf(place);
    const bool one_day = LocalDay(interval.start, zone) == LocalDay(interval.end, zone);
    const char* day_and_time = "%a %Y-%m-%d %H:%M";
    const auto words = [&](const char* format, Instant instant) {
      return absl::FormatTime(format, absl::FromUnixSeconds(instant), zone);
    };
    return absl::StrCat(words(day_and_time, interval.start), " to ",
                        words(one_day ? "%H:%M" : day_and_time, interval.end), " ",
                        place.time_zone);
  }
  // What the booking would occupy, and why that is more than was asked for.
  std::string Needed() const {
    const bool changeover = item.set_up > 0 || item.tear_down > 0;
    return absl::StrCat(When(blocked()), changeover ? ", with set-up and tear-down" : "");
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
                            c.asset.id,
                            "in service",
                            "retired",
                            {}});
}

void QuantityIsWithinCapacity(const ItemCase& c, Findings& findings) {
  if (c.item.quantity <= c.asset.capacity || !findings.wants_words()) return;
  findings.list->push_back(
      {Rule::kQuantityAboveCapacity,
       absl::StrCat(c.asset.display_name, " has ", Units(c.asset, c.asset.capacity), " in all, ",
                    c.item.quantity, " were asked for"),
       c.asset.id,
       Units(c.asset, c.asset.capacity),
       Units(c.asset, c.item.quantity),
       {}});
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
       c.asset.id,
       limit,
       found,
       {}});
}

void SiteFitsTheAsset(const ItemCase& c, Findings& findings) {
  const std::string& site = c.candidate.reservation.site;
  if (c.asset.mobile && site.empty() && findings.wants_words()) {
    findings.list->push_back(
        {Rule::kSiteRequired,
         absl::StrCat(c.asset.display_name, " travels: name the site that it should come to"),
         c.asset.id,
         "a site",
         "none",
         {}});
  }
}

// A site makes sense only if something travels to it.
void SomethingTravelsToTheSite(const State& state, const Candidate& candidate, Findings& findings) {
  const std::string& site = candidate.reservation.site;
  if (site.empty()) return;
  for (const ReservationItem& item : candidate.reservation.items) {
    if (state.catalogue().FindAsset(item.asset)->mobile) return;
  }
  const Asset& asset = *state.catalogue().FindAsset(candidate.reservation.items.front().asset);
  if (asset.site == site || !findings.wants_words()) return;
  findings.list->push_back(
      {Rule::kSiteMismatch,
       absl::StrCat(asset.display_name, " stands at ", NameOf(kSites, asset.site),
                    " and does not travel to ", NameOf(kSites, site)),
       asset.id,
       NameOf(kSites, asset.site),
       NameOf(kSites, site),
       {}});
}

// What lies in the past cannot be granted any more; a start that is not
// changed may do so, so that a running reservation can be extended.
void StartIsNotInThePast(const ItemCase& c, Findings& findings) {
  const bool unchanged =
      c.candidate.current != nullptr && c.candidate.current->interval.start == c.run().start;
  if (unchanged || c.run().start >= c.candidate.now - limits::kPastTolerance) return;
  if (!findings.wants_words()) return;
  findings.list->push_back(
      {Rule::kStartInPast,
       absl::StrCat("the start, ", c.When(c.run().start), ", lies in the past"),
       "",
       c.When(c.candidate.now),
       c.When(c.run().start),
       {}});
}

void EndIsWithinHorizon(const ItemCase& c, Findings& findings) {
  const Instant latest = c.candidate.now + limits::kHorizon;
  if (c.run().end <= latest || !findings.wants_words()) return;
  findings.list->push_back({Rule::kBeyondHorizon,
                            absl::StrCat("the end, ", c.When(c.run().end),
                                         ", lies too far ahead; the latest is ", c.When(latest)),
                            "",
                            c.When(latest),
                            c.When(c.run().end),
                            {}});
}

// True if the change, if it is one, leaves user and organisation alone: what
// was right when they were given stays so.
// A slot that is only looked for has no holder yet.
bool KeepsItsHolder(const Candidate& candidate) {
  if (candidate.reservation.user.empty()) return true;
  return candidate.current != nullptr && candidate.current->user == candidate.reservation.user &&
         candidate.current->organisation == candidate.reservation.organisation;
}

void HolderIsActive(const ItemCase& c, Findings& findings) {
  if (KeepsItsHolder(c.candidate)) return;
  const User* user = c.state.catalogue().FindUser(c.candidate.reservation.user);
  if (user->state == UserState::kActive || !findings.wants_words()) return;
  findings.list->push_back({Rule::kUserDisabled,
                            absl::StrCat(NameOf(kUsers, user->id), " is disabled"),
                            "",
                            "active",
                            "disabled",
                            {}});
}

void HolderBelongsToTheOrganisation(const ItemCase& c, Findings& findings) {
  const std::string& organisation = c.candidate.reservation.organisation;
  if (organisation.empty() || KeepsItsHolder(c.candidate)) return;
  const User* user = c.state.catalogue().FindUser(c.candidate.reservation.user);
  const auto& own = user->organisations;
  if (std::find(own.begin(), own.end(), organisation) != own.end()) return;
  if (!findings.wants_words()) return;
  const std::string name = NameOf(kOrganisations, organisation);
  findings.list->push_back({Rule::kNotAMember,
                            absl::StrCat(NameOf(kUsers, user->id), " is not a member of ", name),
                            "",
                            "an organisation of the user's",
                            name,
                            {}});
}

bool IsOpenThroughout(const IntervalSet& open, const Interval& run) {
  return open.size() == 1 && open.front() == run;
}

// The hours of the first day on which the run is not open, in words.
std::string HoursInWords(const OpeningHours& hours, Instant closed_from) {
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
  return words;
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
  const std::string limit = HoursInWords(hours, closed_from);
  findings.list->push_back(
      {Rule::kOutsideOpeningHours,
       absl::StrCat(c.asset.display_name, " is closed from ", c.When(closed_from), " on, at ",
                    c.place.display_name, " (", limit, ")"),
       c.asset.id,
       limit,
       c.When(c.run()),
       {}});
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
  std::string words;
  if (c.asset.capacity == 1) {
    words = absl::StrCat(c.asset.display_name, " is taken for some of the time");
  } else {
    words = absl::StrCat(c.asset.display_name, " has ", left == 0 ? "none" : absl::StrCat(left),
                         " of its ", Units(c.asset, c.asset.capacity), " left, ", c.item.quantity,
                         c.item.quantity == 1 ? " is" : " are", " needed");
  }
  findings.list->push_back({Rule::kCapacityExceeded, absl::StrCat(words, ": ", c.Needed()),
                            c.asset.id, Units(c.asset, c.asset.capacity), found,
                            ConflictsOn(c, c.asset.id)});
}

// The relatives that are in use, in words: the first few by name.
std::string InWords(const Catalogue& catalogue, const std::vector<std::string>& assets) {
  constexpr size_t kNamed = 3;
  std::string words;
  for (size_t i = 0; i < std::min(kNamed, assets.size()); ++i) {
    absl::StrAppend(&words, i == 0 ? "" : ", ", catalogue.FindAsset(assets[i])->display_name);
  }
  if (assets.size() > kNamed) absl::StrAppend(&words, " and ", assets.size() - kNamed, " more");
  return words;
}

void RelatedAssetsAreIdle(const ItemCase& c, Findings& findings) {
  std::vector<std::string> busy;
  for (const std::string& other : c.state.catalogue().Related(c.asset.id)) {
    const OwnOccupant own = OwnOccupantOn(other, c.candidate.current);
    if (c.state.timeline(other).Peak(c.blocked(), own.get()) > 0) busy.push_back(other);
    if (!busy.empty() && findings.list == nullptr) break;
  }
  if (busy.empty() || !findings.wants_words()) return;
  std::vector<Conflict> conflicts;
  for (const std::string& other : busy) {
    for (Conflict& conflict : ConflictsOn(c, other)) conflicts.push_back(std::move(conflict));
  }
  std::stable_sort(conflicts.begin(), conflicts.end(), [](const Conflict& a, const Conflict& b) {
    return a.occupancy.start < b.occupancy.start;
  });
  if (conflicts.size() > limits::kMaxConflictsShown) conflicts.resize(limits::kMaxConflictsShown);
  const std::string names = InWords(c.state.catalogue(), busy);
  findings.list->push_back({Rule::kRelatedAssetBusy,
                            absl::StrCat(c.asset.display_name, " cannot be used while ", names,
                                         busy.size() == 1 ? " is: " : " are: ", c.Needed()),
                            c.asset.id, "related assets idle", absl::StrCat(names, " in use"),
                            std::move(conflicts)});
}

using ItemRule = void (*)(const ItemCase&, Findings&);

constexpr ItemRule kItemRules[] = {
    AssetIsInService,    QuantityIsWithinCapacity, AttendeesAreWithinLimit, SiteFitsTheAsset,
    RunIsInOpeningHours, CapacityIsLeft,           RelatedAssetsAreIdle,
};

// Rules about the whole, which need a place for their words only: judged once.
constexpr ItemRule kReservationRules[] = {HolderIsActive, HolderBelongsToTheOrganisation,
                                          StartIsNotInThePast, EndIsWithinHorizon};

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

std::optional<std::pair<size_t, size_t>> ItemsThatExclude(
    const Catalogue& catalogue, const std::vector<ReservationItem>& items) {
  for (size_t i = 1; i < items.size(); ++i) {
    const std::vector<std::string>& related = catalogue.Related(items[i].asset);
    for (size_t j = 0; j < i; ++j) {
      if (std::find(related.begin(), related.end(), items[j].asset) != related.end()) {
        return std::make_pair(i, j);
      }
    }
  }
  return std::nullopt;
}

bool Passes(const State& state, const Candidate& candidate) {
  if (ItemsThatExclude(state.catalogue(), candidate.reservation.items)) return false;
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
