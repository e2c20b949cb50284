#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "tests/sim/house.h"
#include "tests/sim/workload.h"

// The part of the workload about rules that are made, changed and dropped.

namespace labslot::sim {
namespace {

constexpr Seconds kGrid = 1800;

}  // namespace

std::string Workload::SomeProject() {
  static constexpr const char* kProjects[] = {"", "", "optics", "drives"};
  return kProjects[Roll(4)];
}

Request Workload::NewSeries(const Model& model, Instant now) {
  static constexpr ContractKind kContracts[] = {
      ContractKind::kAllOrNothing, ContractKind::kSkipConflicts, ContractKind::kAtMost};
  Request request;
  request.verb = Verb::kBookSeries;
  request.principal = Someone();
  request.items = SomeItems(model);
  request.site = SomeSite(model, request.items);
  request.interval = SomeTime(now);
  request.priority = static_cast<int32_t>(10 * Roll(3));
  request.project = SomeProject();
  if (Roll(6) == 0) request.user = Someone();
  request.number = static_cast<int64_t>(2 + Roll(3));
  request.step = static_cast<int64_t>(1 + Roll(2));
  request.contract = kContracts[Roll(3)];
  if (request.contract == ContractKind::kAtMost) {
    request.max_refused = static_cast<int32_t>(Roll(3));
  }
  return request;
}

// About a series, if there is any.
std::optional<Request> Workload::AboutSeries(const Model& model, Instant now) {
  const auto& chains = model.books().chains;
  if (chains.empty()) return std::nullopt;
  const auto chain = std::next(chains.begin(), static_cast<std::ptrdiff_t>(Roll(chains.size())));
  Request request;
  request.reservation = Roll(40) == 0 ? chain->first + 1000 : chain->first;
  request.principal = Roll(6) == 0 ? Someone() : chain->second.draft.user;
  const uint64_t roll = Roll(6);
  request.verb = roll < 3 ? Verb::kMoveSeries : roll < 5 ? Verb::kRetrySeries : Verb::kCancelSeries;
  if (request.verb == Verb::kMoveSeries) {
    request.interval = SomeTime(now);
    const bool travels = !chain->second.draft.site.empty();
    if (travels && Roll(2) == 0) request.site = kPlaces[Roll(kPlaces.size())];
  }
  const bool from_a_day = request.verb != Verb::kRetrySeries && Roll(2) == 0;
  if (from_a_day) {
    request.from_day = chain->second.first.start / 86400 + static_cast<int64_t>(Roll(4));
  }
  return request;
}

// About a request that awaits approval, if any does.
std::optional<Request> Workload::AboutApproval(const Model& model) {
  std::vector<const Reservation*> asked;
  for (const auto& [id, r] : model.reservations()) {
    if (r.state == ReservationState::kPending && AwaitsApproval(r)) asked.push_back(&r);
  }
  if (asked.empty()) return std::nullopt;
  const Reservation& r = *asked[Roll(asked.size())];
  Request request;
  request.verb = Roll(4) == 0 ? Verb::kReject : Verb::kApprove;
  request.reservation = r.id;
  // Mostly somebody who may.
  for (uint64_t tries = 1 + Roll(6); tries > 0; --tries) {
    request.principal = Someone();
    if (model.books().MayApproveSome(request.principal, r)) break;
  }
  return request;
}

ApprovalTerms Workload::SomeTerms() {
  ApprovalTerms terms;
  if (Roll(3) == 0) terms.approvers.users = {Someone()};
  if (Roll(4) == 0) terms.approvers.groups = {"night"};
  if (Roll(2) == 0) terms.time_out = kGrid * static_cast<Seconds>(1 + Roll(6));
  terms.leaves_slot_free = Roll(2) == 0;
  return terms;
}

Request Workload::AboutQuota(const Model& model) {
  Request request;
  request.principal = Roll(8) == 0 ? Someone() : "sam";
  request.record = absl::StrCat("quota-", 1 + Roll(4));
  const auto found = model.books().quotas.find(request.record);
  const bool is_there = found != model.books().quotas.end();
  request.verb = !is_there ? Verb::kAddQuota : Roll(4) == 0 ? Verb::kDropQuota : Verb::kChangeQuota;
  if (Roll(16) == 0) request.verb = is_there ? Verb::kAddQuota : Verb::kChangeQuota;
  if (request.verb == Verb::kDropQuota) return request;
  const bool only_its_limit = is_there && Roll(3) == 0;
  request.quota = only_its_limit ? found->second : SomeQuota(model);
  if (only_its_limit && request.quota.share) {
    request.quota.share->hundredths += request.quota.share->hundredths / 2;
  } else if (only_its_limit) {
    request.quota.limit += request.quota.limit / 2 + 1;
  }
  request.quota.id = request.record;
  return request;
}

// Tight enough that it is met, and not so tight that nothing else happens.
Quota Workload::SomeQuota(const Model& model) {
  static constexpr Dimension kApart[] = {Dimension::kAsset,        Dimension::kSite,
                                         Dimension::kUser,         Dimension::kUser,
                                         Dimension::kOrganisation, Dimension::kProject};
  Quota quota;
  Selector& about = quota.applies_to.emplace_back();
  const uint64_t assets = 1 + Roll(4);
  for (uint64_t i = 0; i < assets; ++i) about.assets.push_back(SomeAsset(model));
  if (Roll(6) == 0) about.users = {Someone(), Someone()};
  if (Roll(4) == 0) about.groups = {"night", "firm"};
  if (Roll(4) == 0) {
    Selector& except = quota.except.emplace_back();
    except.assets = {about.assets.front()};
    if (Roll(2) == 0) except.relations = {Relation::kManager};
    if (Roll(2) == 0) except.users = {Someone()};
  }
  if (!about.groups.empty()) quota.each.push_back(Dimension::kGroup);
  for (uint64_t i = Roll(3); i > 0; --i) {
    const Dimension apart = kApart[Roll(6)];
    const bool is_new = std::count(quota.each.begin(), quota.each.end(), apart) == 0;
    if (is_new) quota.each.push_back(apart);
  }
  quota.period = static_cast<QuotaPeriod>(1 + Roll(6));
  if (quota.period == QuotaPeriod::kRolling) {
    quota.rolling_days = static_cast<int32_t>(1 + Roll(3));
  }
  quota.measure = Roll(3) == 0 ? Measure::kCount : Measure::kTime;
  quota.limit = quota.measure == Measure::kTime
                    ? kGrid * static_cast<int64_t>(2 + Roll(14)) + 60 * (Roll(9) == 0)
                    : static_cast<int64_t>(1 + Roll(4));
  if (quota.measure == Measure::kTime && quota.period < QuotaPeriod::kYear && Roll(2) == 0) {
    static constexpr CapacityBase kBases[] = {CapacityBase::kCalendar, CapacityBase::kOpening,
                                              CapacityBase::kAvailable};
    quota.limit = 0;
    quota.share = {static_cast<int32_t>(25 * (1 + Roll(100))), kBases[Roll(3)]};
  }
  if (Roll(5) == 0) {
    const absl::CivilDay today =
        absl::CivilDay(1970, 1, 1) + (model.last_time() / 86400 + static_cast<int64_t>(Roll(2)));
    quota.periods = {{today, today + static_cast<int64_t>(Roll(3))}};
  }
  if (Roll(4) == 0) {
    WeeklyWindow& prime = quota.prime_time.emplace_back();
    prime.days = static_cast<uint8_t>(1 + Roll(127));
    prime.window.opens = static_cast<int32_t>(kGrid * static_cast<Seconds>(Roll(48)));
    prime.window.closes =
        prime.window.opens + static_cast<int32_t>(kGrid * static_cast<Seconds>(1 + Roll(24)));
  }
  quota.counts_set_up = Roll(3) == 0;
  quota.counts_no_shows = Roll(2) == 0;
  if (Roll(2) == 0) quota.counts_cancelled_within = kGrid * static_cast<Seconds>(1 + Roll(12));
  quota.fair_share = Roll(3) == 0;
  if (!quota.fair_share && Roll(4) == 0)
    quota.hand_back = {0, kGrid * static_cast<Seconds>(Roll(6))};
  const uint64_t effect = Roll(5);
  quota.effect = effect == 0   ? Effect::kWarn
                 : effect == 1 ? Effect::kNeedsApproval
                               : Effect::kReject;
  if (quota.effect == Effect::kNeedsApproval) quota.approval = SomeTerms();
  quota.disabled = Roll(20) == 0;
  return quota;
}

}  // namespace labslot::sim
