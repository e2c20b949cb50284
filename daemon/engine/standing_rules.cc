#include "daemon/engine/standing_rules.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/closed_time.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

std::string Units(const Asset& asset, int64_t count) {
  return asset.capacity_kind == CapacityKind::kSeats ? Counted(count, "seat", "seats")
                                                     : Counted(count, "unit", "units");
}

void AssetIsInService(const ItemCase& c, Findings& findings) {
  const bool retired = c.asset.state != AssetState::kActive;
  if (!findings.Wants(retired)) return;
  findings.Add({Rule::kAssetRetired,
                absl::StrCat(c.asset.display_name, " is retired and takes no bookings"),
                c.asset.id,
                "in service",
                retired ? "retired" : "in service",
                {}});
}

void QuantityIsWithinCapacity(const ItemCase& c, Findings& findings) {
  if (!findings.Wants(c.item.quantity > c.asset.capacity)) return;
  findings.Add({Rule::kQuantityAboveCapacity,
                absl::StrCat(c.asset.display_name, " has ", Units(c.asset, c.asset.capacity),
                             " in all, ", c.item.quantity, " were asked for"),
                c.asset.id,
                Units(c.asset, c.asset.capacity),
                Units(c.asset, c.item.quantity),
                {}});
}

void AttendeesAreWithinLimit(const ItemCase& c, Findings& findings) {
  const int32_t attendees = c.candidate.reservation.attendees;
  if (c.asset.max_attendees == 0) return;
  if (!findings.Wants(attendees > c.asset.max_attendees)) return;
  const std::string limit = Counted(c.asset.max_attendees, "person", "people");
  const std::string found = Counted(attendees, "person", "people");
  findings.Add({Rule::kAttendeesAboveLimit,
                absl::StrCat(c.asset.display_name, " takes at most ", limit, ", not ", found),
                c.asset.id,
                limit,
                found,
                {}});
}

void MobileAssetHasASite(const ItemCase& c, Findings& findings) {
  const std::string& site = c.candidate.reservation.site;
  if (!c.asset.mobile || !findings.Wants(site.empty())) return;
  findings.Add(
      {Rule::kSiteRequired,
       absl::StrCat(c.asset.display_name, " travels: name the site that it should come to"),
       c.asset.id,
       "a site",
       site.empty() ? "none" : NameOf(kSites, site),
       {}});
}

// Unless something else travels to the site.
void FixedAssetStandsAtTheSite(const ItemCase& c, Findings& findings) {
  const std::string& site = c.candidate.reservation.site;
  if (site.empty()) return;
  const auto& items = c.candidate.reservation.items;
  const bool travels = std::any_of(items.begin(), items.end(), [&](const ReservationItem& item) {
    return c.state.catalogue().FindAsset(item.asset)->mobile;
  });
  if (!findings.Wants(!travels && c.asset.site != site)) return;
  findings.Add({Rule::kSiteMismatch,
                absl::StrCat(c.asset.display_name, " stands at ", NameOf(kSites, c.asset.site),
                             " and does not travel to ", NameOf(kSites, site)),
                c.asset.id,
                NameOf(kSites, c.asset.site),
                NameOf(kSites, site),
                {}});
}

// What lies in the past cannot be granted any more; a start that is not
// changed may do so, so that a running reservation can be extended.
void StartIsNotInThePast(const ItemCase& c, Findings& findings) {
  if (!c.moves() || c.candidate.stands) return;
  const Instant earliest = c.now() - limits::kPastTolerance;
  if (!findings.Wants(c.run().start < earliest, Effect::kReject, earliest)) return;
  findings.Add({Rule::kStartInPast,
                absl::StrCat("the start, ", c.When(c.run().start), ", lies in the past"),
                "",
                c.When(c.now()),
                c.When(c.run().start),
                {}});
}

void EndIsWithinHorizon(const ItemCase& c, Findings& findings) {
  const Instant latest = c.now() + limits::kHorizon;
  if (!findings.Wants(c.run().end > latest)) return;
  findings.Add({Rule::kBeyondHorizon,
                absl::StrCat("the end, ", c.When(c.run().end),
                             ", lies too far ahead; the latest is ", c.When(latest)),
                "",
                c.When(latest),
                c.When(c.run().end),
                {}});
}

// True if the change, if it is one, leaves user and organisation alone: what
// was right when they were given stays so.
bool KeepsItsHolder(const Candidate& candidate) {
  if (candidate.reservation.user.empty() || candidate.stands) return true;
  return candidate.current != nullptr && candidate.current->user == candidate.reservation.user &&
         candidate.current->organisation == candidate.reservation.organisation;
}

void HolderIsActive(const ItemCase& c, Findings& findings) {
  if (KeepsItsHolder(c.candidate)) return;
  const User* user = c.state.catalogue().FindUser(c.candidate.reservation.user);
  const bool disabled = user->state != UserState::kActive;
  if (!findings.Wants(disabled)) return;
  findings.Add({Rule::kUserDisabled,
                absl::StrCat(NameOf(kUsers, user->id), " is disabled"),
                "",
                "active",
                disabled ? "disabled" : "active",
                {}});
}

void HolderBelongsToTheOrganisation(const ItemCase& c, Findings& findings) {
  if (!findings.Wants(IsForAnotherOrganisation(c.candidate, c.state.catalogue()))) return;
  const Reservation& r = c.candidate.reservation;
  const std::string name = NameOf(kOrganisations, r.organisation);
  findings.Add({Rule::kNotAMember,
                absl::StrCat(NameOf(kUsers, r.user), " is not a member of ", name),
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

bool StartsAndEndsIn(const IntervalSet& open, const Interval& run) {
  return !open.empty() && open.front().start == run.start && open.back().end == run.end;
}

bool KeepsToHours(const ItemCase& c, const IntervalSet& open) {
  return IsOpenThroughout(open, c.run()) ||
         (StartsAndEndsIn(open, c.run()) && MaySpanClosedTime(c));
}

// The run keeps to the opening hours; set-up and tear-down, the work of staff,
// need not. Where closed time may be spanned, only start and end count.
void RunIsInOpeningHours(const ItemCase& c, Findings& findings) {
  const OpeningHours hours = HoursFor(c.holder.groups, c.state.catalogue(), c.asset, c.place);
  if (hours.calendar == nullptr) return;
  const IntervalSet open = OpenTimes(hours, c.run());
  const bool broken = !KeepsToHours(c, open);
  if (!findings.Wants(broken, Effect::kReject, c.run().start + 1)) return;
  const IntervalSet closed = Difference(c.run(), open);
  const Instant at = closed.empty() ? c.run().start : closed.front().start;
  const OpeningHours for_anybody = HoursOf(c.state.catalogue(), c.asset, c.place);
  const bool open_for_others = broken && KeepsToHours(c, OpenTimes(for_anybody, c.run()));
  const std::string limit = HoursInWords(hours, at);
  findings.Add({open_for_others ? Rule::kNotOpenForHolder : Rule::kOutsideOpeningHours,
                open_for_others ? absl::StrCat(c.asset.display_name, " is open from ", c.When(at),
                                               " on, at ", c.place.display_name,
                                               ", but not to this user (to him: ", limit, ")")
                                : absl::StrCat(c.asset.display_name, " is closed from ", c.When(at),
                                               " on, at ", c.place.display_name, " (", limit, ")"),
                c.asset.id,
                limit,
                c.When(c.run()),
                {}});
}

// Nobody knows the holidays of years for which no list was imported.
void HolidaysAreKnown(const ItemCase& c, Findings& findings) {
  const HolidayRegion* region = HoursOf(c.state.catalogue(), c.asset, c.place).holidays;
  if (region == nullptr || c.candidate.stands) return;
  const absl::CivilDay last = LocalDay(c.run().end - 1, c.zone);
  if (!findings.Wants(last > region->valid_through, Effect::kWarn)) return;
  const std::string limit = absl::FormatCivilTime(region->valid_through);
  findings.Add({Rule::kHolidaysUnknown,
                absl::StrCat("the holidays of ", region->display_name, " are known up to ", limit,
                             "; a later one may close ", c.asset.display_name),
                c.asset.id,
                limit,
                absl::FormatCivilTime(last),
                {}});
}

std::vector<Conflict> ConflictsOn(const ItemCase& c, absl::string_view asset) {
  std::vector<Conflict> conflicts;
  const Timeline& timeline = c.state.timeline(asset);
  for (const Occupant& occupant :
       timeline.Overlapping(c.blocked(), limits::kMaxConflictsShown + 1)) {
    if (c.candidate.current != nullptr && occupant.reservation == c.candidate.current->id) continue;
    if (!conflicts.empty() && conflicts.back().reservation == occupant.reservation &&
        conflicts.back().occupancy == occupant.blocked) {
      // A part that was given back, and the rest.
      conflicts.back().quantity += occupant.quantity;
      continue;
    }
    if (conflicts.size() == limits::kMaxConflictsShown) break;
    conflicts.push_back(
        {occupant.reservation, std::string(asset), occupant.blocked, occupant.quantity});
  }
  return conflicts;
}

// `2 of 7 units`, or nothing to count if there is but one.
std::string PartInWords(const Asset& asset, int32_t quantity) {
  if (quantity >= asset.capacity) return asset.display_name;
  return absl::StrCat(quantity, " of the ", Units(asset, asset.capacity), " of ",
                      asset.display_name);
}

// The time around `at` in which outages leave too few.
Interval TimeOfLack(const ItemCase& c, Instant at) {
  std::vector<Interval> lacking;
  for (const OutOfService& out :
       OutOfServiceIn(c.state.catalogue(), c.asset,
                      c.blocked().Widened(limits::kLongestRun, limits::kLongestRun))) {
    if (out.quantity + c.item.quantity > c.asset.capacity) lacking.push_back(out.interval);
  }
  for (const Interval& span : Union(std::move(lacking))) {
    if (span.Contains(at)) return span;
  }
  return c.blocked();
}

// Outages leave enough of it.
void EnoughIsInService(const ItemCase& c, Findings& findings) {
  if (c.item.quantity > c.asset.capacity) return;
  const std::vector<OutOfService> outs = OutOfServiceIn(c.state.catalogue(), c.asset, c.blocked());
  const auto lacking = [&](const OutOfService& out) {
    return out.quantity + c.item.quantity > c.asset.capacity;
  };
  const auto first = std::find_if(outs.begin(), outs.end(), lacking);
  const bool broken = first != outs.end();
  if (!findings.Wants(broken, Effect::kReject, c.run().start + 1)) return;
  const int32_t out = broken ? first->quantity : 0;
  const bool one = out == 1 || out >= c.asset.capacity;
  findings.Add(
      {Rule::kOutOfService,
       broken ? absl::StrCat(PartInWords(c.asset, out), one ? " is" : " are",
                             " out of service: ", c.When(TimeOfLack(c, first->interval.start)))
              : absl::StrCat("enough of ", c.asset.display_name, " is in service"),
       c.asset.id,
       absl::StrCat(Units(c.asset, c.item.quantity), " in service"),
       absl::StrCat(c.asset.capacity - out, " of ", c.asset.capacity, " in service"),
       {}});
}

void CapacityIsLeft(const ItemCase& c, Findings& findings) {
  const OwnOccupant own = OwnOccupantOn(c.asset.id, c.candidate.current);
  int32_t used = 0;
  int32_t left = c.asset.capacity;
  VisitService(c.state.catalogue(), c.asset, c.blocked(),
               [&](const Interval& part, int32_t in_service) {
                 const int32_t peak = c.state.timeline(c.asset.id).Peak(part, own.get());
                 // Where nothing is in use the rules above say what is wrong.
                 if (peak == 0) return;
                 used = std::max(used, peak);
                 left = std::min(left, std::max(0, in_service - peak));
               });
  const bool broken = used > 0 && c.item.quantity > left;
  if (!findings.Wants(broken, Effect::kReject, c.run().start + 1)) return;
  const std::string found = absl::StrCat(left, " of ", c.asset.capacity, " left");
  std::string words;
  if (c.asset.capacity == 1) {
    words = absl::StrCat(c.asset.display_name, " is taken for some of the time");
  } else {
    words = absl::StrCat(c.asset.display_name, " has ", left == 0 ? "none" : absl::StrCat(left),
                         " of its ", Units(c.asset, c.asset.capacity), " left, ", c.item.quantity,
                         c.item.quantity == 1 ? " is" : " are", " needed");
  }
  findings.Add({Rule::kCapacityExceeded, absl::StrCat(words, ": ", c.Needed()), c.asset.id,
                Units(c.asset, c.asset.capacity), found,
                broken ? ConflictsOn(c, c.asset.id) : std::vector<Conflict>()});
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

// True if the reservation itself would use it, and does not have it yet: its assets may
// exclude each other since it was asked for.
bool IsWantedToo(const ItemCase& c, absl::string_view asset) {
  if (c.current() != nullptr && Blocks(*c.current())) return false;
  const std::vector<ReservationItem>& items = c.candidate.reservation.items;
  return std::any_of(items.begin(), items.end(),
                     [&](const ReservationItem& item) { return item.asset == asset; });
}

void RelatedAssetsAreIdle(const ItemCase& c, Findings& findings) {
  const std::vector<std::string>& related = c.state.catalogue().Related(c.asset.id);
  if (related.empty()) return;
  std::vector<std::string> busy;
  for (const std::string& other : related) {
    const OwnOccupant own = OwnOccupantOn(other, c.candidate.current);
    const bool is_used = c.state.timeline(other).Peak(c.blocked(), own.get()) > 0;
    if (is_used || IsWantedToo(c, other)) busy.push_back(other);
  }
  if (!findings.Wants(!busy.empty(), Effect::kReject, c.run().start + 1)) return;
  std::vector<Conflict> conflicts;
  for (const std::string& other : busy) {
    for (Conflict& conflict : ConflictsOn(c, other)) conflicts.push_back(std::move(conflict));
  }
  std::stable_sort(conflicts.begin(), conflicts.end(), [](const Conflict& a, const Conflict& b) {
    return a.occupancy.start < b.occupancy.start;
  });
  if (conflicts.size() > limits::kMaxConflictsShown) conflicts.resize(limits::kMaxConflictsShown);
  const std::string names = InWords(c.state.catalogue(), busy);
  findings.Add({Rule::kRelatedAssetBusy,
                absl::StrCat(c.asset.display_name, " cannot be used while ", names,
                             busy.size() == 1 ? " is: " : " are: ", c.Needed()),
                c.asset.id, "related assets idle",
                busy.empty() ? "idle" : absl::StrCat(names, " in use"), std::move(conflicts)});
}

}  // namespace

bool MaySpanClosedTime(const ItemCase& c) {
  return SpansClosedTime(c.state.rule_book(), c.subject());
}

bool IsForAnotherOrganisation(const Candidate& candidate, const Catalogue& catalogue) {
  const std::string& organisation = candidate.reservation.organisation;
  if (organisation.empty() || KeepsItsHolder(candidate)) return false;
  const auto& own = catalogue.FindUser(candidate.reservation.user)->organisations;
  return std::find(own.begin(), own.end(), organisation) == own.end();
}

void ApplyReservationRules(const ItemCase& first, Findings& findings) {
  HolderIsActive(first, findings);
  HolderBelongsToTheOrganisation(first, findings);
  StartIsNotInThePast(first, findings);
  EndIsWithinHorizon(first, findings);
}

void ApplyItemRules(const ItemCase& c, Findings& findings) {
  AssetIsInService(c, findings);
  QuantityIsWithinCapacity(c, findings);
  AttendeesAreWithinLimit(c, findings);
  MobileAssetHasASite(c, findings);
  FixedAssetStandsAtTheSite(c, findings);
  RunIsInOpeningHours(c, findings);
  HolidaysAreKnown(c, findings);
}

void ApplyCapacityRules(const ItemCase& c, Findings& findings) {
  EnoughIsInService(c, findings);
  CapacityIsLeft(c, findings);
  RelatedAssetsAreIdle(c, findings);
}

}  // namespace labslot::engine
