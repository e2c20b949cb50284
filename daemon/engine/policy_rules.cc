#include "daemon/engine/policy_rules.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/closed_time.h"
#include "daemon/engine/companions.h"
#include "daemon/engine/fixed_slots.h"
#include "daemon/engine/horizons.h"
#include "daemon/engine/place.h"
#include "daemon/engine/policy_case.h"

namespace labslot::engine {
namespace {

// The length of the run that counts, and whether it depends on when the run is.
std::pair<Seconds, bool> CountedLength(const PolicyCase& p) {
  const Subject subject = p.c.subject();
  const bool all_counts = ClosedTimeCounts(p.c.state.rule_book(), subject);
  const bool always = p.policy.sleeps.empty() && p.policy.periods.empty();
  if (all_counts && always) return {p.run().length(), false};
  IntervalSet times = p.AwakeTimes();
  if (!all_counts) {
    times = Intersection(times,
                         OpenTimes(HoursOf(p.c.state.catalogue(), p.c.asset, p.c.place), p.run()));
  }
  return {TotalLength(times), true};
}

void Apply(const PolicyCase& p, const DurationRule& rule, Findings& findings) {
  const auto [length, varies] = CountedLength(p);
  // A run that is moved by a second gains or loses a second at most.
  const auto retry = [&, varies = varies](Seconds missing) {
    return p.Retry(varies ? p.run().start + std::max<Seconds>(1, missing) : kNever);
  };
  const char* counted = varies ? " of it count" : "";
  if (rule.min > 0 &&
      findings.Wants(length < rule.min, p.policy.effect, retry(rule.min - length))) {
    p.Report(findings, Rule::kTooShort,
             absl::StrCat(p.c.asset.display_name, " is booked for at least ", LengthWords(rule.min),
                          ", not ", LengthWords(length), counted),
             absl::StrCat("at least ", LengthWords(rule.min)), LengthWords(length));
  }
  if (rule.max > 0 &&
      findings.Wants(length > rule.max, p.policy.effect, retry(length - rule.max))) {
    p.Report(findings, Rule::kTooLong,
             absl::StrCat(p.c.asset.display_name, " is booked for at most ", LengthWords(rule.max),
                          ", not ", LengthWords(length), counted),
             absl::StrCat("at most ", LengthWords(rule.max)), LengthWords(length));
  }
}

// Seconds of local time since midnight.
Seconds IntoDay(Instant instant, const absl::TimeZone& zone) {
  const absl::CivilSecond local = absl::ToCivilSecond(absl::FromUnixSeconds(instant), zone);
  return local - absl::CivilSecond(absl::CivilDay(local));
}

// A lower bound for the next start behind `start` that is on the steps. Where the clocks
// are changed, local and absolute time lead to different ones.
Instant NextStep(Instant start, Seconds step, const absl::TimeZone& zone) {
  const absl::CivilDay day = LocalDay(start, zone);
  const Seconds into_day = IntoDay(start, zone);
  const Seconds left = step - into_day % step;
  const absl::CivilSecond next_day = absl::CivilSecond(day + 1);
  const absl::CivilSecond local = std::min(absl::CivilSecond(day) + into_day + left, next_day);
  const Instant by_clock = absl::ToUnixSeconds(absl::FromCivil(local, zone));
  return std::max(start + 1, std::min(start + left, by_clock));
}

void Apply(const PolicyCase& p, const GranularityRule& rule, Findings& findings) {
  const Seconds start_over = IntoDay(p.run().start, p.c.zone) % rule.step;
  const Seconds end_over = IntoDay(p.run().end, p.c.zone) % rule.step;
  const bool broken = start_over != 0 || end_over != 0;
  const Instant next_step = broken ? NextStep(p.run().start, rule.step, p.c.zone) : kNever;
  if (!findings.Wants(broken, p.policy.effect, p.Retry(next_step))) return;
  const std::string step = LengthWords(rule.step);
  p.Report(findings, Rule::kOffGrid,
           absl::StrCat(p.c.asset.display_name, " is booked in steps of ", step,
                        " from midnight, not ", p.c.When(p.run())),
           absl::StrCat("steps of ", step), p.c.When(p.run()));
}

void Apply(const PolicyCase& p, const SlotRule& rule, Findings& findings) {
  const bool broken = !IsMadeOfSlots(rule, p.run(), p.c.zone);
  const Instant retry = broken ? p.Retry(NextSlotStart(rule, p.run(), p.c.zone)) : kNever;
  if (!findings.Wants(broken, p.policy.effect, retry)) return;
  p.Report(findings, Rule::kNotASlot,
           absl::StrCat(p.c.asset.display_name, " is booked in fixed slots (", SlotWords(rule),
                        "), not ", p.c.When(p.run())),
           SlotWords(rule), p.c.When(p.run()));
}

void ReportTooLate(const PolicyCase& p, Findings& findings, const char* act, const Lead& lead,
                   Instant start) {
  p.Report(findings, Rule::kTooLate,
           absl::StrCat(p.c.asset.display_name, " is ", act, " at least ", LeadWords(lead),
                        " before the start, ", p.c.When(start)),
           absl::StrCat(LeadWords(lead), " before"), p.c.When(p.c.now()));
}

void Apply(const PolicyCase& p, const NoticeRule& rule, Findings& findings) {
  if (p.candidate().stands) return;
  if (!rule.create.zero() && p.c.moves()) {
    const Instant earliest = Later(p.c.now(), rule.create, p.c.zone);
    if (findings.Wants(p.run().start < earliest, p.policy.effect, p.Retry(earliest))) {
      ReportTooLate(p, findings, "booked", rule.create, p.run().start);
    }
  }
}

// The runs of the same holder, other than this reservation's, that are counted.
std::vector<Ledger::Held> NeighboursOf(const PolicyCase& p, const BufferRule& rule) {
  const Reservation& r = p.reservation();
  const std::string holder =
      rule.of_organisation ? NameOf(kOrganisations, r.organisation) : NameOf(kUsers, r.user);
  std::vector<Ledger::Held> neighbours =
      p.c.state.ledger().HeldBy(holder, p.run().Widened(rule.gap, rule.gap));
  const auto is_other = [&](const Ledger::Held& held) {
    if (p.c.current() != nullptr && held.reservation == p.c.current()->id) return true;
    if (!held.run.Overlaps(p.run().Widened(rule.gap, rule.gap))) return true;
    if (held.asset == p.c.asset.id) return false;
    const Asset* asset = p.c.state.catalogue().FindAsset(held.asset);
    return !rule.on_any_asset || asset == nullptr ||
           !MayMatchAsset(p.policy.applies_to, p.c.state.catalogue(), *asset);
  };
  neighbours.erase(std::remove_if(neighbours.begin(), neighbours.end(), is_other),
                   neighbours.end());
  return neighbours;
}

void Apply(const PolicyCase& p, const BufferRule& rule, Findings& findings) {
  if (!p.c.has_holder()) return;
  const std::vector<Ledger::Held> neighbours = NeighboursOf(p, rule);
  Instant retry = p.run().start + 1;
  for (const Ledger::Held& held : neighbours) retry = std::max(retry, held.run.end + rule.gap);
  if (!findings.Wants(!neighbours.empty(), p.policy.effect, p.Retry(retry))) return;
  std::vector<Conflict> conflicts;
  for (const Ledger::Held& held : neighbours) {
    if (conflicts.size() == limits::kMaxConflictsShown) break;
    conflicts.push_back({held.reservation, held.asset, held.run, held.quantity});
  }
  const std::string gap = LengthWords(rule.gap);
  p.Report(findings, Rule::kTooClose,
           absl::StrCat("between two runs of one ", rule.of_organisation ? "organisation" : "user",
                        " there are at least ", gap),
           gap, neighbours.empty() ? "no other run" : p.c.When(neighbours.front().run),
           std::move(conflicts));
}

void Apply(const PolicyCase& p, const QualificationRule& rule, Findings& findings) {
  if (!p.c.has_holder()) return;
  const User& user = *p.c.state.catalogue().FindUser(p.reservation().user);
  const auto held =
      std::find_if(user.qualifications.begin(), user.qualifications.end(),
                   [&](const Qualification& q) { return q.name == rule.qualification; });
  const bool has_it = held != user.qualifications.end();
  const bool lasts = has_it && (held->expire_time == 0 || held->expire_time >= p.run().end);
  if (!findings.Wants(!lasts, p.policy.effect, p.Retry())) return;
  const std::string found = !has_it                  ? "none"
                            : held->expire_time == 0 ? "for good"
                                                     : p.c.When(held->expire_time);
  p.Report(
      findings, Rule::kNotQualified,
      has_it
          ? absl::StrCat("the qualification ", rule.qualification, " of ", NameOf(kUsers, user.id),
                         " is valid until ", found, ", the run ends at ", p.c.When(p.run().end))
          : absl::StrCat(p.c.asset.display_name, " takes the qualification ", rule.qualification,
                         ", which ", NameOf(kUsers, user.id), " does not have"),
      absl::StrCat(rule.qualification, " until ", p.c.When(p.run().end)), found);
}

void Apply(const PolicyCase& p, const CompanionRule& rule, Findings& findings) {
  if (!p.c.has_holder()) return;
  const CompanionSearch search(p.c.state, rule, p.reservation(), p.c.current());
  const bool missing = !search.Covers(p.run());
  if (!findings.Wants(missing, p.policy.effect,
                      missing ? p.Retry(search.NextStart(p.run().start)) : kNever)) {
    return;
  }
  const std::string what = CompanionWords(rule);
  p.Report(
      findings, Rule::kCompanionMissing,
      absl::StrCat(
          p.c.asset.display_name, " is booked together with ", what, " for the whole run",
          rule.other_reservation_will_do ? ", here or in another reservation of the user" : ""),
      what, missing ? "not for the whole run" : "for the whole run");
}

void Apply(const PolicyCase& p, const SiteRule& rule, Findings& findings) {
  const Site& site = p.c.place;
  std::vector<std::string> needs;
  std::vector<std::string> offers;
  bool missing = false;
  const auto need = [&](double wanted, double offered, const char* unit, const char* of) {
    if (wanted <= 0) return;
    missing = missing || offered < wanted;
    needs.push_back(absl::StrCat(wanted, " ", unit, " ", of));
    offers.push_back(offered == 0 ? absl::StrCat("unknown ", of)
                                  : absl::StrCat(offered, " ", unit, " ", of));
  };
  need(rule.power_kw, site.power_kw, "kW", "power");
  need(rule.clearance_m, site.clearance_m, "m", "clearance");
  for (const auto& [key, value] : rule.labels) {
    const auto it = site.labels.find(key);
    missing = missing || it == site.labels.end() || it->second != value;
    needs.push_back(absl::StrCat(key, "=", value));
    offers.push_back(it == site.labels.end() ? absl::StrCat("no ", key)
                                             : absl::StrCat(key, "=", it->second));
  }
  if (!findings.Wants(missing, p.policy.effect, p.Retry())) return;
  p.Report(findings, Rule::kSiteUnsuitable,
           absl::StrCat(p.c.asset.display_name, " needs ", absl::StrJoin(needs, ", "), "; ",
                        site.display_name, " offers ", absl::StrJoin(offers, ", ")),
           absl::StrJoin(needs, ", "), absl::StrJoin(offers, ", "));
}

bool IsOneOfThem(const std::vector<Selector>& who, const Subject& subject) {
  return std::any_of(who.begin(), who.end(),
                     [&](const Selector& selector) { return Matches(selector, subject); });
}

std::string HolderWords(const PolicyCase& p) {
  const Reservation& r = p.reservation();
  return r.organisation.empty() ? NameOf(kUsers, r.user)
                                : absl::StrCat(NameOf(kUsers, r.user), " for ",
                                               NameOf(kOrganisations, r.organisation));
}

void Apply(const PolicyCase& p, const EligibilityRule& rule, Findings& findings) {
  if (!p.c.has_holder()) return;
  if (!findings.Wants(!IsOneOfThem(rule.who, p.c.subject()), p.policy.effect, p.Retry())) {
    return;
  }
  p.Report(findings, Rule::kNotEligible,
           absl::StrCat(p.c.asset.display_name, " is not for ", HolderWords(p)),
           "those whom the policy names", HolderWords(p));
}

void Apply(const PolicyCase& p, const ApprovalRule&, Findings& findings) {
  if (p.candidate().stands) return;
  if (!findings.Wants(true, p.policy.effect, p.WhenAsleep())) return;
  p.Report(findings, Rule::kApprovalRequired,
           absl::StrCat("bookings of ", p.c.asset.display_name, " take approval"), "approval",
           "none yet");
}

// When the hold of the candidate ends: a new one, or the one that it has while
// it is moved; 0 if it is none.
Instant EndOfHold(const PolicyCase& p) {
  if (p.candidate().hold_for > 0) return p.c.now() + p.candidate().hold_for;
  const bool is_held = p.c.current() != nullptr && !p.candidate().stands &&
                       p.reservation().state == ReservationState::kHeld;
  return is_held ? p.reservation().hold_expire_time : 0;
}

void Apply(const PolicyCase& p, const HoldRule& rule, Findings& findings) {
  const Seconds held = p.candidate().hold_for;
  if (held > 0 && rule.max > 0 && findings.Wants(held > rule.max, p.policy.effect, p.Retry())) {
    p.Report(findings, Rule::kHoldTooLong,
             absl::StrCat(p.c.asset.display_name, " is held for at most ", LengthWords(rule.max),
                          ", not ", LengthWords(held)),
             absl::StrCat("at most ", LengthWords(rule.max)), LengthWords(held));
  }
  const Instant end = EndOfHold(p);
  if (end == 0 || rule.ends_before_start == 0) return;
  const Instant earliest = end + rule.ends_before_start;
  if (findings.Wants(p.run().start < earliest, p.policy.effect, p.Retry(earliest))) {
    p.Report(findings, Rule::kHoldTooLong,
             absl::StrCat("a hold of ", p.c.asset.display_name, " ends at least ",
                          LengthWords(rule.ends_before_start), " before the start, not at ",
                          p.c.When(end)),
             p.c.When(p.run().start - rule.ends_before_start), p.c.When(end));
  }
}

void Apply(const PolicyCase& p, const ReservedRule& rule, Findings& findings) {
  if (p.candidate().stands) return;
  const Reservation* current = p.c.current();
  const bool same_holder = current != nullptr && current->user == p.reservation().user &&
                           current->organisation == p.reservation().organisation;
  if (same_holder && !p.c.moves()) return;
  const Instant latest = Later(p.c.now(), rule.until, p.c.zone);
  const bool broken = p.run().start > latest && !IsOneOfThem(rule.who, p.c.subject());
  if (!findings.Wants(broken, p.policy.effect, p.WhenAsleep())) return;
  p.Report(findings, Rule::kReservedForOthers,
           absl::StrCat(p.c.asset.display_name, " is kept for others until ", LeadWords(rule.until),
                        " before the start; what is free then is open to "
                        "all from ",
                        p.c.When(Earlier(p.run().start, rule.until, p.c.zone)), " on"),
           p.c.When(latest), p.c.When(p.run().start));
}

// Judged by what is there; horizons together; the others only grant.
void Apply(const PolicyCase&, const LockRule&, Findings&) {}
void Apply(const PolicyCase&, const ProtectionRule&, Findings&) {}
void Apply(const PolicyCase&, const HorizonRule&, Findings&) {}
void Apply(const PolicyCase&, const ClosedTimeRule&, Findings&) {}
void Apply(const PolicyCase&, const GraceRule&, Findings&) {}
void Apply(const PolicyCase&, const DisplacementRule&, Findings&) {}
void Apply(const PolicyCase&, const OverrunRule&, Findings&) {}

// Visits the policies that apply and are awake, and calls `asleep` with those
// that are not.
template <typename Visitor, typename Asleep>
void VisitPolicies(const ItemCase& c, Visitor visit, Asleep asleep) {
  const Subject subject = c.subject();
  for (const RuleOfAsset<Policy>& policy : c.state.rules(c.asset).policies) {
    if (!AppliesTo(policy, subject)) continue;
    if (IsAwake(*policy.rule, c)) {
      visit(PolicyCase{c, *policy.rule});
    } else {
      asleep(policy.rule);
    }
  }
}

template <typename Visitor>
void VisitPolicies(const ItemCase& c, Visitor visit) {
  VisitPolicies(c, visit, [](const Policy*) {});
}

Interval FitToSteps(const PolicyCase& p, const GranularityRule& rule, const Interval& run) {
  const Seconds start_over = IntoDay(run.start, p.c.zone) % rule.step;
  const Seconds end_over = IntoDay(run.end, p.c.zone) % rule.step;
  return {run.start - start_over, end_over == 0 ? run.end : run.end + rule.step - end_over};
}

Interval FitToLength(const DurationRule& rule, const Interval& run) {
  Interval fitted = run;
  if (rule.max > 0) fitted.end = std::min(fitted.end, run.start + rule.max);
  if (rule.min > 0) fitted.end = std::max(fitted.end, run.start + rule.min);
  return fitted;
}

// Who leaves early frees the rest, whatever the policies say of lengths and
// steps. Who still waits for an approval has nothing to leave.
bool EndsEarly(const ItemCase& c) {
  const Reservation* current = c.current();
  return current != nullptr && !c.candidate.stands && current->interval.start <= c.now() &&
         c.run().start == current->interval.start && c.run().end < current->interval.end &&
         current->user == c.candidate.reservation.user &&
         current->items == c.candidate.reservation.items &&
         std::none_of(current->notes.begin(), current->notes.end(), IsOpenRequest);
}

// True if the change leaves less than there was: it starts later, ends earlier,
// or has less of an asset.
bool GivesBack(const Reservation& before, const Reservation& after) {
  if (!after.interval.Contains(before.interval)) return true;
  return std::any_of(before.items.begin(), before.items.end(), [&](const ReservationItem& had) {
    return std::none_of(after.items.begin(), after.items.end(), [&](const ReservationItem& has) {
      return has.asset == had.asset && has.quantity >= had.quantity;
    });
  });
}

void ApplyToChange(const PolicyCase& p, const NoticeRule& rule, const Reservation&,
                   Findings& findings) {
  const Instant start = p.run().start;
  const bool too_late = !rule.change.zero() && start < Later(p.c.now(), rule.change, p.c.zone);
  if (!findings.Wants(too_late, p.policy.effect)) return;
  ReportTooLate(p, findings, "changed", rule.change, start);
}

void ApplyToChange(const PolicyCase& p, const LockRule& rule, const Reservation& next,
                   Findings& findings) {
  const Instant start = p.run().start;
  const bool locked = start < Later(p.c.now(), rule.lead, p.c.zone);
  if (!findings.Wants(locked && GivesBack(*p.c.current(), next), p.policy.effect)) return;
  p.Report(findings, Rule::kLocked,
           absl::StrCat("what is booked of ", p.c.asset.display_name,
                        " is not moved or shortened in the last ", LeadWords(rule.lead),
                        " before its start, ", p.c.When(start)),
           absl::StrCat(LeadWords(rule.lead), " before"), p.c.When(p.c.now()));
}

void ApplyToChange(const PolicyCase& p, const ProtectionRule& rule, const Reservation&,
                   Findings& findings) {
  const Instant start = p.run().start;
  const bool is_near = start < Later(p.c.now(), rule.lead, p.c.zone);
  if (p.candidate().by_its_user || !findings.Wants(is_near, p.policy.effect)) return;
  p.Report(
      findings, Rule::kProtected,
      absl::StrCat("in the last ", LeadWords(rule.lead), " before its start, ", p.c.When(start),
                   ", a run on ", p.c.asset.display_name, " is left alone by all but its user"),
      absl::StrCat(LeadWords(rule.lead), " before"), p.c.When(p.c.now()));
}

template <typename Other>
void ApplyToChange(const PolicyCase&, const Other&, const Reservation&, Findings&) {}

}  // namespace

std::optional<Interval> FitToPolicies(const State& state, const Candidate& candidate) {
  Interval fitted = candidate.reservation.interval;
  const Holder holder(state.catalogue(), candidate.reservation.user,
                      candidate.reservation.organisation);
  for (const ReservationItem& item : candidate.reservation.items) {
    const Asset& asset = *state.catalogue().FindAsset(item.asset);
    const Site& place = *PlaceOf(state.catalogue(), asset, candidate.reservation.site);
    const ItemCase c{state, candidate, item, asset, place, ZoneOf(place), holder};
    // Lengths first: steps and slots may only be met exactly.
    VisitPolicies(c, [&](const PolicyCase& p) {
      if (const auto* rule = std::get_if<DurationRule>(&p.policy.rule)) {
        fitted = FitToLength(*rule, fitted);
      }
    });
    VisitPolicies(c, [&](const PolicyCase& p) {
      if (const auto* steps = std::get_if<GranularityRule>(&p.policy.rule)) {
        fitted = FitToSteps(p, *steps, fitted);
      } else if (const auto* slots = std::get_if<SlotRule>(&p.policy.rule)) {
        fitted = FitToSlots(*slots, fitted, p.c.zone);
      }
    });
  }
  if (fitted == candidate.reservation.interval) return std::nullopt;
  return fitted;
}

bool IsAwake(const Policy& policy, const ItemCase& c) {
  if (policy.sleeps.empty() && policy.periods.empty()) return true;
  return !PolicyCase{c, policy}.AwakeTimes().empty();
}

void ApplyPolicies(const ItemCase& c, Findings& findings) {
  if (EndsEarly(c)) return;
  Horizons horizons;
  VisitPolicies(
      c,
      [&](const PolicyCase& p) {
        if (const auto* horizon = std::get_if<HorizonRule>(&p.policy.rule)) {
          horizons.Consider(p, *horizon);
        } else {
          std::visit([&](const auto& rule) { Apply(p, rule, findings); }, p.policy.rule);
        }
      },
      [&](const Policy* policy) {
        if (std::holds_alternative<HorizonRule>(policy->rule)) horizons.ConsiderAsleep(policy);
      });
  horizons.Apply(c, findings);
}

void ApplyChangePolicies(const ItemCase& c, const Reservation& next, Findings& findings) {
  VisitPolicies(c, [&](const PolicyCase& p) {
    std::visit([&](const auto& rule) { ApplyToChange(p, rule, next, findings); }, p.policy.rule);
  });
}

void ApplyCancelPolicies(const ItemCase& c, Findings& findings) {
  const Instant start = c.current()->interval.start;
  VisitPolicies(c, [&](const PolicyCase& p) {
    if (const auto* notice = std::get_if<NoticeRule>(&p.policy.rule)) {
      if (notice->cancel.zero()) return;
      if (findings.Wants(start < Later(c.now(), notice->cancel, c.zone), p.policy.effect)) {
        ReportTooLate(p, findings, "cancelled", notice->cancel, start);
      }
    } else if (const auto* protection = std::get_if<ProtectionRule>(&p.policy.rule)) {
      if (start > c.now()) ApplyToChange(p, *protection, *c.current(), findings);
    }
  });
}

}  // namespace labslot::engine
