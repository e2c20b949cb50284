#include "daemon/engine/impact.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/access.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/record_decisions.h"
#include "daemon/engine/state.h"

namespace labslot::engine {
namespace {

// One of the two worlds, before and after the change: its records and what is
// counted in it, without timelines: whether a slot is free does not change.
class World {
 public:
  explicit World(Catalogue catalogue) : state_(std::move(catalogue)) { state_.BeginLedger(); }

  Seconds memory() const { return state_.ledger().memory(); }

  void Count(const Reservation& r) {
    for (const Occupancy& occupancy : OccupanciesOf(r)) state_.Count(occupancy);
  }

  // The rules that refuse the reservation beside those that were counted.
  std::vector<Violation> Broken(const Reservation& r, Instant now) const {
    Candidate candidate{r, nullptr, now};
    candidate.stands = true;
    std::vector<Violation> violations = Judge(state_, candidate);
    violations.erase(std::remove_if(violations.begin(), violations.end(),
                                    [](const Violation& v) { return v.effect == Effect::kWarn; }),
                     violations.end());
    return violations;
  }

 private:
  State state_;
};

bool IsCompanionMissing(const Violation& violation) {
  return violation.rule == Rule::kCompanionMissing;
}

// What is broken after the change and was not before.
std::vector<Violation> NewlyBroken(std::vector<Violation> after,
                                   const std::vector<Violation>& before) {
  const auto was_broken = [&](const Violation& violation) {
    return std::any_of(before.begin(), before.end(), [&](const Violation& other) {
      return other.rule == violation.rule && other.source == violation.source &&
             other.asset == violation.asset;
    });
  };
  after.erase(std::remove_if(after.begin(), after.end(), was_broken), after.end());
  return after;
}

Result<Catalogue> Changed(const Catalogue& catalogue, const RuleChange& change,
                          const Principal& principal, Instant now) {
  Result<std::vector<RecordDraft>> drafts = DraftsOf(catalogue, change.records, "changes", now);
  if (!drafts.ok()) return std::move(drafts).error();
  // Who changes nothing has all reservations judged as well.
  const bool changes_nothing = drafts.value().empty() && change.removals.empty();
  if (changes_nothing && !IsAdministrator(catalogue, principal)) {
    return RoleRequired("judge reservations by rules that stay as they are", kAdministratorRole);
  }
  Catalogue after = catalogue;
  for (const RecordDraft& draft : drafts.value()) after.Put(draft.record);
  if (auto error = Inadmissible(catalogue, principal, after, drafts.value())) {
    return *std::move(error);
  }
  for (size_t i = 0; i < change.removals.size(); ++i) {
    const std::string& name = change.removals[i];
    const auto policy = IdIn(kPolicies, name);
    const auto quota = IdIn(kQuotas, name);
    if (!policy && !quota) {
      return InvalidField(absl::StrCat("removals[", i, "]"),
                          "must be the name of a policy or quota: policies/{id} or quotas/{id}");
    }
    const Policy* gone_policy = policy ? after.FindPolicy(*policy) : nullptr;
    const Quota* gone_quota = quota ? after.FindQuota(*quota) : nullptr;
    if (gone_policy == nullptr && gone_quota == nullptr) return NotFound(name);
    const auto& about = gone_policy != nullptr ? gone_policy->applies_to : gone_quota->applies_to;
    if (!MayWriteRule(catalogue, principal, about)) {
      return RoleRequired(absl::StrCat("remove ", name, ": it takes who may write it"),
                          kAssetManagerRole);
    }
    if (gone_policy != nullptr) {
      after.Remove(Resource(Policy(*gone_policy)));
    } else {
      after.Remove(Resource(Quota(*gone_quota)));
    }
  }
  after.DeriveRelations();
  return after;
}

bool IsToCome(const Reservation& r, const std::optional<Interval>& interval, Instant now) {
  return IsBlocking(r.state) && r.interval.start > now &&
         (!interval || interval->Overlaps(r.interval));
}

}  // namespace

Result<Impact> ImpactOf(const Catalogue& catalogue, const RuleChange& change,
                        const Principal& principal, const std::optional<Interval>& interval,
                        const ReservationScan& scan, Instant now) {
  Result<Catalogue> changed = Changed(catalogue, change, principal, now);
  if (!changed.ok()) return std::move(changed).error();
  World before(catalogue);
  World after(std::move(changed).value());

  // What has begun is counted first; of the rest, those booked last break a
  // quota.
  std::vector<Reservation> coming;
  const Seconds memory = std::max(before.memory(), after.memory());
  scan(now - memory - limits::kLongestRun, [&](const Reservation& r) {
    if (r.interval.start > now && IsBlocking(r.state)) {
      coming.push_back(r);
    } else {
      before.Count(r);
      after.Count(r);
    }
  });
  std::sort(coming.begin(), coming.end(),
            [](const Reservation& a, const Reservation& b) { return a.id < b.id; });
  Impact impact;
  std::vector<std::vector<Violation>> found(coming.size());
  for (size_t i = 0; i < coming.size(); ++i) {
    if (IsToCome(coming[i], interval, now)) {
      found[i] = NewlyBroken(after.Broken(coming[i], now), before.Broken(coming[i], now));
      ++impact.judged_count;
    }
    before.Count(coming[i]);
    after.Count(coming[i]);
  }
  for (size_t i = 0; i < coming.size(); ++i) {
    // A companion may have been booked later: only now all of them are there.
    auto& violations = found[i];
    if (std::any_of(violations.begin(), violations.end(), IsCompanionMissing)) {
      const std::vector<Violation> all = after.Broken(coming[i], now);
      if (std::none_of(all.begin(), all.end(), IsCompanionMissing)) {
        violations.erase(std::remove_if(violations.begin(), violations.end(), IsCompanionMissing),
                         violations.end());
      }
    }
    if (violations.empty()) continue;
    impact.broken.push_back({std::move(coming[i]), std::move(violations)});
  }
  std::stable_sort(impact.broken.begin(), impact.broken.end(), [](const auto& a, const auto& b) {
    return a.reservation.interval.start < b.reservation.interval.start;
  });
  return impact;
}

}  // namespace labslot::engine
