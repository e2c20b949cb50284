#include "daemon/engine/slots.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/earliest_start.h"
#include "daemon/engine/place.h"
#include "daemon/engine/travel_rules.h"
#include "daemon/engine/unit_rules.h"

namespace labslot::engine {
namespace {

bool Matches(const SlotQuery& query, const Asset& asset) {
  if (asset.state != AssetState::kActive || asset.kind != query.kind) return false;
  if (!asset.mobile && !query.site.empty() && asset.site != query.site) return false;
  return std::all_of(query.labels.begin(), query.labels.end(), [&](const auto& label) {
    const auto it = asset.labels.find(label.first);
    return it != asset.labels.end() && it->second == label.second;
  });
}

bool HasRules(const State& state, const Reservation& variant) {
  return std::any_of(variant.items.begin(), variant.items.end(), [&](const ReservationItem& item) {
    const Asset& asset = *state.catalogue().FindAsset(item.asset);
    // Ways of mobile assets are no part of FeasibleStarts either.
    return !state.rules(asset).empty() || MustTravel(state, asset, variant.site) ||
           HasUnitRules(state, item);
  });
}

// The run of a query with one set of items; its interval is still open.
Reservation VariantOf(const State& state, const SlotQuery& query,
                      std::vector<ReservationItem> items) {
  bool travels = false;
  for (ReservationItem& item : items) {
    const Asset& asset = *state.catalogue().FindAsset(item.asset);
    item.set_up = asset.set_up;
    item.tear_down = asset.tear_down;
    travels = travels || asset.mobile;
  }
  Reservation variant;
  variant.items = std::move(items);
  variant.user = query.user;
  variant.organisation = query.organisation;
  if (travels || query.kind.empty()) variant.site = query.site;
  return variant;
}

// The span of the set that has the instant.
const Interval& SpanWith(const IntervalSet& set, Instant instant) {
  return *std::find_if(set.begin(), set.end(),
                       [&](const Interval& span) { return span.Contains(instant); });
}

// Adds the earliest slots of one set of items.
void AddSlots(const State& state, const SlotQuery& query, Instant now,
              std::vector<ReservationItem> items, std::vector<Slot>& slots) {
  Reservation variant = VariantOf(state, query, std::move(items));
  const std::string zone_name = ZoneNameOf(state.catalogue(), variant);
  const absl::TimeZone zone = FindTimeZone(zone_name).value_or(absl::UTCTimeZone());
  const Interval window = {std::max(query.window.start, now), query.window.end};
  const bool ruled = HasRules(state, variant);
  variant.interval = {window.start, window.start + query.duration};
  const IntervalSet starts =
      FeasibleStarts(state, DemandOf(variant, nullptr), query.duration, window);
  size_t added = 0;
  Instant from = window.start;
  while (added < query.limit) {
    const auto start = EarliestStart(state, {variant, nullptr, now}, starts, from);
    if (!start) return;
    const Interval& span = SpanWith(starts, *start);
    const Instant round = RoundedUp(*start, zone);
    variant.interval = {*start, *start + query.duration};
    if (span.Contains(round)) {
      Reservation rounded = variant;
      rounded.interval = {round, round + query.duration};
      if (Passes(state, {rounded, nullptr, now})) variant.interval = rounded.interval;
    }
    const Instant at = variant.interval.start;
    slots.push_back({variant.items, variant.interval, variant.site, zone_name, 0,
                     ruled && Assess(state, {variant, nullptr, now}).needs_approval});
    ++added;
    from = ruled ? at + std::max<Seconds>(query.duration, 1) : span.end;
  }
}

// How much later the slot could start. Rules made as data may allow this start and
// not the next second's.
Seconds SlackOf(const State& state, const SlotQuery& query, Instant now, const Slot& slot) {
  const Reservation variant = VariantOf(state, query, slot.items);
  if (HasRules(state, variant)) return 0;
  const Interval window = {std::max(query.window.start, now), query.window.end};
  const IntervalSet starts =
      FeasibleStarts(state, DemandOf(variant, nullptr), query.duration, window);
  return SpanWith(starts, slot.interval.start).end - 1 - slot.interval.start;
}

void KeepEarliest(size_t limit, std::vector<Slot>& slots) {
  std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) {
    return std::tie(a.interval.start, a.items.front().asset) <
           std::tie(b.interval.start, b.items.front().asset);
  });
  if (slots.size() > limit) slots.resize(limit);
}

void AddSlotsOfKind(const State& state, const SlotQuery& query, Instant now,
                    std::vector<Slot>& slots) {
  SlotQuery narrowed = query;
  for (const auto& [id, asset] : state.catalogue().assets()) {
    if (!Matches(query, *asset)) continue;
    AddSlots(state, narrowed, now, {{id, query.quantity}}, slots);
    KeepEarliest(query.limit, slots);
    // Of the assets still to come only what starts before the last slot counts, or
    // would if it was not moved to the next quarter of an hour.
    if (slots.size() == query.limit) {
      narrowed.window.end =
          std::min(query.window.end, slots.back().interval.start + kStartStep - 1 + query.duration);
    }
  }
}

}  // namespace

std::vector<Slot> FindSlots(const State& state, const SlotQuery& query, Instant now) {
  std::vector<Slot> slots;
  if (query.items.empty()) {
    AddSlotsOfKind(state, query, now, slots);
  } else {
    AddSlots(state, query, now, query.items, slots);
  }
  for (Slot& slot : slots) slot.start_slack = SlackOf(state, query, now, slot);
  return slots;
}

}  // namespace labslot::engine
