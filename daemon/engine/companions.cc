#include "daemon/engine/companions.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/place.h"
#include "daemon/engine/policy_rules.h"

namespace labslot::engine {
namespace {

// True if the runs with enough units leave nothing of `whole` out.
bool CoverWith(const std::vector<Ledger::Held>& held, int32_t quantity, const Interval& whole) {
  std::vector<Interval> runs;
  for (const Ledger::Held& one : held) {
    if (one.quantity >= quantity) runs.push_back(one.run.Intersect(whole));
  }
  return Difference(whole, Union(std::move(runs))).empty();
}

// What the user has of the companion during a run of his, once the change of
// the candidate is made.
std::vector<Ledger::Held> HeldAfterwards(const ItemCase& c, const CompanionRule& rule,
                                         const Interval& run) {
  const Reservation& next = c.candidate.reservation;
  std::vector<Ledger::Held> held = c.state.ledger().HeldBy(NameOf(kUsers, c.current()->user), run);
  held.erase(std::remove_if(held.begin(), held.end(),
                            [&](const Ledger::Held& one) {
                              const Asset* asset = c.state.catalogue().FindAsset(one.asset);
                              return one.is_over || one.reservation == c.current()->id ||
                                     asset == nullptr || !IsCompanion(rule, *asset);
                            }),
             held.end());
  if (!Blocks(next) || next.user != c.current()->user) return held;
  for (const ReservationItem& item : next.items) {
    if (!IsCompanion(rule, *c.state.catalogue().FindAsset(item.asset))) continue;
    Ledger::Held moved;
    moved.reservation = next.id;
    moved.asset = item.asset;
    moved.run = next.interval;
    moved.quantity = item.quantity;
    held.push_back(std::move(moved));
  }
  return held;
}

// The policy by which the run needs an asset that the reservation has, if there
// is one that is met only with it.
const Policy* NeedOf(const ItemCase& c, const Asset& companion, const Ledger::Held& run) {
  const Catalogue& catalogue = c.state.catalogue();
  const Asset* asset = catalogue.FindAsset(run.asset);
  const Site* place = asset == nullptr ? nullptr : PlaceOf(catalogue, *asset, run.site);
  if (place == nullptr) return nullptr;
  // As far as selectors ask: the run is judged like the reservation it is of.
  Reservation other;
  other.interval = run.run;
  other.user = c.current()->user;
  other.organisation = run.organisation;
  other.activity_class = run.activity_class;
  other.items = {{run.asset, run.quantity}};
  const Candidate candidate{other, nullptr, c.now()};
  const Holder holder(catalogue, other.user, other.organisation);
  const ItemCase needing{c.state,        candidate, other.items.front(), *asset, *place,
                         ZoneOf(*place), holder};
  for (const RuleOfAsset<Policy>& bound : c.state.rules(*asset).policies) {
    const Policy& policy = *bound.rule;
    const auto* rule = std::get_if<CompanionRule>(&policy.rule);
    if (rule == nullptr || !rule->other_reservation_will_do) continue;
    if (policy.effect != Effect::kReject || !IsCompanion(*rule, companion)) continue;
    if (!AppliesTo(bound, needing.subject()) || !IsAwake(policy, needing)) continue;
    if (!CoverWith(HeldAfterwards(c, *rule, run.run), rule->quantity, run.run)) return &policy;
  }
  return nullptr;
}

}  // namespace

bool IsCompanion(const CompanionRule& rule, const Asset& asset) {
  return rule.asset.empty() ? rule.kind == asset.kind : rule.asset == asset.id;
}

std::string CompanionWords(const CompanionRule& rule) {
  const std::string what = rule.asset.empty() ? absl::StrCat("an asset of the kind ", rule.kind)
                                              : NameOf(kAssets, rule.asset);
  return rule.quantity > 1 ? absl::StrCat(rule.quantity, " of ", what) : what;
}

bool CompanionSearch::HasItem() const {
  int32_t quantity = 0;
  for (const ReservationItem& item : reservation_.items) {
    if (IsCompanion(rule_, *state_.catalogue().FindAsset(item.asset))) quantity += item.quantity;
  }
  return quantity >= rule_.quantity;
}

std::vector<Ledger::Held> CompanionSearch::Elsewhere(const Interval& interval) const {
  if (!rule_.other_reservation_will_do) return {};
  std::vector<Ledger::Held> held =
      state_.ledger().HeldBy(NameOf(kUsers, reservation_.user), interval);
  held.erase(
      std::remove_if(held.begin(), held.end(),
                     [&](const Ledger::Held& one) {
                       const Asset* asset = state_.catalogue().FindAsset(one.asset);
                       const bool own = current_ != nullptr && one.reservation == current_->id;
                       return own || one.is_over || asset == nullptr || !IsCompanion(rule_, *asset);
                     }),
      held.end());
  return held;
}

bool CompanionSearch::Covers(const Interval& run) const {
  return HasItem() || CoverWith(Elsewhere(run), rule_.quantity, run);
}

Instant CompanionSearch::NextStart(Instant after) const {
  std::vector<Interval> runs;
  for (const Ledger::Held& held : Elsewhere({after + 1, after + limits::kAlternativeHorizon})) {
    if (held.quantity >= rule_.quantity) runs.push_back(held.run);
  }
  for (const Interval& covered : Union(std::move(runs))) {
    const Instant start = std::max(covered.start, after + 1);
    if (start + reservation_.interval.length() <= covered.end) return start;
  }
  return kNever;
}

void ApplyCompanionNeeds(const ItemCase& first, Findings& findings) {
  const Reservation* current = first.current();
  if (current == nullptr || first.candidate.stands || first.state.ledger().idle()) return;
  for (const Ledger::Held& run :
       first.state.ledger().HeldBy(NameOf(kUsers, current->user), current->interval)) {
    const bool is_other = run.reservation != current->id && !run.is_over;
    if (!is_other || !run.run.Overlaps(current->interval)) continue;
    for (const ReservationItem& item : current->items) {
      const Asset& companion = *first.state.catalogue().FindAsset(item.asset);
      const Policy* policy = NeedOf(first, companion, run);
      if (policy == nullptr || !findings.Wants(true)) continue;
      Violation violation;
      violation.rule = Rule::kCompanionNeeded;
      violation.message = absl::StrCat("another reservation relies on ", companion.display_name,
                                       " for its whole run; cancel or move that first");
      violation.asset = companion.id;
      violation.limit = first.When(run.run);
      violation.found = first.When(first.run());
      violation.conflicts = {{run.reservation, run.asset, run.run, run.quantity}};
      violation.source = NameOf(kPolicies, policy->id);
      violation.overridable_by = NamesOf(policy->overriders);
      findings.Add(std::move(violation));
    }
  }
}

}  // namespace labslot::engine
