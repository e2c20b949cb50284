#include "daemon/engine/visit.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "daemon/domain/calendar.h"
#include "daemon/domain/travel_time.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/earliest_start.h"
#include "daemon/engine/place.h"
#include "daemon/engine/rehearsal.h"

namespace labslot::engine {
namespace {

// In looks for a start: to reserve what is before it, and to take that back.
constexpr size_t kCostOfRehearsal = 4;

// Null only if the asset or the site is gone.
const Site* FindSiteOf(const Catalogue& catalogue, const Reservation& r) {
  const Asset* asset = catalogue.FindAsset(r.items.front().asset);
  return asset == nullptr ? nullptr : PlaceOf(catalogue, *asset, r.site);
}

absl::TimeZone ZoneAt(const Catalogue& catalogue, const Reservation& draft) {
  return ZoneOf(*FindSiteOf(catalogue, draft));
}

Reservation StartingAt(const Reservation& draft, Instant start) {
  Reservation placed = draft;
  placed.interval = {start, start + draft.interval.length()};
  return placed;
}

// The local day that has the instant.
Interval DayAround(Instant instant, const absl::TimeZone& zone) {
  const absl::CivilDay day = LocalDay(instant, zone);
  return {StartOfDay(day, zone), StartOfDay(day + 1, zone)};
}

// Rules that count or look at what else a holder has.
bool CountsOthers(const State& state, const Asset& asset) {
  const AssetRules& rules = state.rules(asset);
  return !rules.quotas.empty() ||
         std::any_of(rules.policies.begin(), rules.policies.end(), [](const auto& policy) {
           return std::holds_alternative<BufferRule>(policy.rule->rule) ||
                  std::holds_alternative<CompanionRule>(policy.rule->rule);
         });
}

// Whether reserving one stop can change what is granted for another: through rules, or
// because both take of one asset, or of assets that exclude each other.
bool StopsInteract(const State& state, const VisitWish& wish) {
  std::set<std::string> taken;  // by the stops so far, with what that excludes
  for (const std::vector<Reservation>& stop : wish.stops) {
    std::set<std::string> taken_here;
    for (const Reservation& draft : stop) {
      for (const ReservationItem& item : draft.items) {
        if (CountsOthers(state, *state.catalogue().FindAsset(item.asset))) return true;
        if (taken.contains(item.asset)) return true;
        const std::vector<std::string>& related = state.catalogue().Related(item.asset);
        taken_here.insert(item.asset);
        taken_here.insert(related.begin(), related.end());
      }
    }
    taken.merge(taken_here);
  }
  return false;
}

// Makes as if the stops of a plan were reserved, but for one of them.
void Rehearse(const DecisionContext& context, const VisitPlan& plan, const PlacedStop* without,
              Rehearsal& rehearsal) {
  for (const PlacedStop& placed : plan) {
    if (&placed == without) continue;
    rehearsal.Add(context, EventType::kCreated, placed.reservation, nullptr);
  }
}

// Which of two plans is better: when it ends, then its options by stop.
using Rank = std::pair<Instant, std::vector<size_t>>;
Rank RankOf(const VisitPlan& plan) {
  Rank rank = {EndOf(plan), std::vector<size_t>(plan.size())};
  for (const PlacedStop& placed : plan) rank.second[placed.stop] = placed.option;
  return rank;
}

// The earliest starts of one draft in a window. What was found holds for every instant from
// the one that was asked for to the start, so that each start is looked for once.
class EarliestStarts {
 public:
  // All must outlive it.
  EarliestStarts(const State& state, const Reservation& draft, const Interval& window, Instant now)
      : state_(state),
        candidate_{draft, nullptr, now},
        starts_(FeasibleStarts(state, DemandOf(draft, nullptr), draft.interval.length(), window)) {}

  // The first start that is not before `from`; kNever if there is none, or no look is left.
  Instant From(Instant from, size_t& looks_left) {
    const auto known = asked_.lower_bound(from);
    if (known != asked_.end() && known->second <= from) return known->first;
    if (looks_left == 0) return kNever;
    --looks_left;
    const Instant start = EarliestStart(state_, candidate_, starts_, from).value_or(kNever);
    Instant& asked = asked_.try_emplace(start, from).first->second;
    asked = std::min(asked, from);
    return start;
  }

 private:
  const State& state_;
  const Candidate candidate_;
  const IntervalSet starts_;
  std::map<Instant, Instant> asked_;  // by start: the first instant that it is the answer for
};

// In what time a visit is to be.
struct Frame {
  Interval span;
  // If set, it is to begin at a place where this is a local day.
  std::optional<Interval> day;
};

// One option of one stop.
struct Node {
  size_t stop;
  size_t option;
  const Reservation& draft;
  absl::TimeZone zone;                                  // of its place
  std::optional<EarliestStarts> starts = std::nullopt;  // made when first asked for

  Seconds duration() const { return draft.interval.length(); }
};

// A set of stops, one bit each.
using Stops = uint32_t;
Stops Only(size_t stop) { return Stops{1} << stop; }

// Finds plans in one window: for each set of stops, and each option of the one that is last
// among them, the earliest end. An earlier end is never worse for what follows.
class Planner {
 public:
  Planner(const DecisionContext& context, const VisitWish& wish, const Interval& window,
          size_t& looks_left)
      : context_(context),
        wish_(wish),
        window_{std::max(window.start, context.now), window.end},
        looks_left_(looks_left),
        interact_(StopsInteract(context.state, wish)),
        only_(wish.stops.size()) {
    // Last stops first: where it makes no difference they come in the order of the list.
    for (size_t stop = wish.stops.size(); stop-- > 0;) {
      for (size_t option = 0; option < wish.stops[stop].size(); ++option) {
        const Reservation& draft = wish.stops[stop][option];
        nodes_.push_back({stop, option, draft, ZoneAt(context.catalogue(), draft)});
      }
    }
    for (const Node& from : nodes_) {
      for (const Node& to : nodes_) {
        ways_.push_back(WayBetween(context.catalogue(), from.draft, to.draft));
      }
    }
  }

  // By start.
  std::vector<Frame> Frames() const {
    if (!wish_.same_day) return {{window_, std::nullopt}};
    std::map<std::pair<Instant, Instant>, Frame> frames;
    for (const Node& node : nodes_) {
      if (!MayBeFirst(node)) continue;
      for (Interval day = DayAround(window_.start, node.zone); day.start < window_.end;
           day = DayAround(day.end, node.zone)) {
        frames[{day.start, day.end}] = {day.Intersect(window_), day};
      }
    }
    std::vector<Frame> result;
    for (const auto& [bounds, frame] : frames) result.push_back(frame);
    return result;
  }

  // The best plan in the frame, if there is one.
  std::optional<VisitPlan> Best(const Frame& frame) {
    std::optional<VisitPlan> plan = EarliestPlan(frame);
    // Without all looks there may be a better one.
    if (looks_left_ == 0) return std::nullopt;
    if (!plan) {
      KeepFurthest();
      return std::nullopt;
    }
    Prefer(frame, *plan);
    MoveToQuarters(frame.span, *plan);
    return plan;
  }

  const VisitPlan& furthest() const { return furthest_; }

 private:
  // The earliest start of a node behind a set of others, and the node before it.
  struct Label {
    Instant start = kNever;
    size_t before = 0;
    bool reached() const { return start != kNever; }
  };

  Stops All() const { return Only(wish_.stops.size()) - 1; }
  Label& At(Stops stops, size_t node) { return labels_[stops * nodes_.size() + node]; }

  bool MayBeFirst(const Node& node) const { return !wish_.in_order || node.stop == 0; }

  bool MayFollow(const Node& node, Stops done) const {
    const std::optional<size_t>& option = only_[node.stop];
    if ((done & Only(node.stop)) != 0 || (option && *option != node.option)) return false;
    return !wish_.in_order || done == Only(node.stop) - 1;
  }

  std::optional<VisitPlan> EarliestPlan(const Frame& frame) {
    labels_.assign((size_t{All()} + 1) * nodes_.size(), Label());
    for (Stops done = 0; done < All(); ++done) {
      for (size_t node = 0; node < nodes_.size(); ++node) {
        if (!MayFollow(nodes_[node], done)) continue;
        At(done | Only(nodes_[node].stop), node) =
            done == 0 ? First(node, frame) : Behind(done, node, frame);
      }
    }
    const std::optional<size_t> last = EarliestEnd(All());
    return last ? std::optional(PlanTo(All(), *last)) : std::nullopt;
  }

  // The node with which the set is over first.
  std::optional<size_t> EarliestEnd(Stops stops) {
    std::optional<size_t> best;
    for (size_t node = 0; node < nodes_.size(); ++node) {
      if (!At(stops, node).reached()) continue;
      if (!best || EndAt(stops, node) < EndAt(stops, *best)) best = node;
    }
    return best;
  }

  Instant EndAt(Stops stops, size_t node) {
    return At(stops, node).start + nodes_[node].duration();
  }

  Label First(size_t node, const Frame& frame) {
    const absl::TimeZone& zone = nodes_[node].zone;
    if (frame.day && DayAround(frame.day->start, zone) != *frame.day) return {};
    return {Start(node, frame.span), 0};
  }

  Label Behind(Stops done, size_t node, const Frame& frame) {
    Label best;
    Instant over_by = frame.span.end;
    for (const auto& [arrival, before] : Arrivals(done, node)) {
      const Instant start = StartBehind(done, before, node, {arrival, over_by});
      if (start != kNever) {
        best = {start, before};
        over_by = start + nodes_[node].duration() - 1;  // only what is better
      }
      // Who comes later starts no sooner, if nothing but the arrival matters.
      if (!interact_) break;
    }
    return best;
  }

  // When people can be at the node behind all of `done`, by the node that is last there.
  std::vector<std::pair<Instant, size_t>> Arrivals(Stops done, size_t node) {
    std::vector<std::pair<Instant, size_t>> arrivals;
    for (size_t before = 0; before < nodes_.size(); ++before) {
      if (!At(done, before).reached()) continue;
      arrivals.emplace_back(EndAt(done, before) + ways_[before * nodes_.size() + node], before);
    }
    std::sort(arrivals.begin(), arrivals.end());
    return arrivals;
  }

  // The first start of a run inside `span`; kNever if there is none.
  Instant Start(size_t node, const Interval& span) {
    const Instant latest = span.end - nodes_[node].duration();
    if (span.start > latest) return kNever;
    const Instant start = StartsOf(node).From(span.start, looks_left_);
    return start <= latest ? start : kNever;
  }

  // The same behind the stops of `done`, `before` being the last of them.
  Instant StartBehind(Stops done, size_t before, size_t node, const Interval& span) {
    const Instant alone = Start(node, span);
    if (!interact_ || alone == kNever) return alone;
    // What else is reserved can only make it later.
    return LookBehind(PlanTo(done, before), nodes_[node].draft, {alone, span.end});
  }

  EarliestStarts& StartsOf(size_t node) {
    std::optional<EarliestStarts>& starts = nodes_[node].starts;
    if (!starts) starts.emplace(context_.state, nodes_[node].draft, window_, context_.now);
    return *starts;
  }

  Instant LookBehind(const VisitPlan& plan, const Reservation& draft, const Interval& span) {
    looks_left_ -= std::min(looks_left_, kCostOfRehearsal);
    Decision decision;
    Rehearsal rehearsal(context_.state, decision);
    Rehearse(context_, plan, nullptr, rehearsal);
    // Mostly nothing is in the way, and then there is nothing to search.
    const Reservation at_once = StartingAt(draft, span.start);
    if (Passes(context_.state, {at_once, nullptr, context_.now})) return span.start;
    return EarliestStarts(context_.state, draft, span, context_.now).From(span.start, looks_left_);
  }

  VisitPlan PlanTo(Stops stops, size_t node) {
    VisitPlan plan;
    while (stops != 0) {
      const Label& label = At(stops, node);
      const Node& last = nodes_[node];
      plan.push_back({last.stop, last.option, StartingAt(last.draft, label.start)});
      stops &= ~Only(last.stop);
      node = label.before;
    }
    std::reverse(plan.begin(), plan.end());
    return plan;
  }

  // Takes better options, from the first stop on, with which the visit ends as early.
  void Prefer(const Frame& frame, VisitPlan& plan) {
    for (size_t stop = 0; stop < only_.size(); ++stop) {
      const size_t found = OptionOf(plan, stop);
      for (only_[stop] = 0; *only_[stop] < found; ++*only_[stop]) {
        std::optional<VisitPlan> other = EarliestPlan(frame);
        if (!other || EndOf(*other) != EndOf(plan)) continue;
        plan = *std::move(other);
        break;
      }
    }
    std::fill(only_.begin(), only_.end(), std::nullopt);
  }

  static size_t OptionOf(const VisitPlan& plan, size_t stop) {
    return std::find_if(plan.begin(), plan.end(),
                        [&](const PlacedStop& placed) { return placed.stop == stop; })
        ->option;
  }

  // Moves each start on to the next quarter of an hour, the last one first, where neither
  // what follows nor a rule is against it.
  void MoveToQuarters(const Interval& span, VisitPlan& plan) {
    Instant over_by = span.end;
    for (size_t i = plan.size(); i-- > 0;) {
      Reservation& r = plan[i].reservation;
      const absl::TimeZone zone = ZoneAt(context_.catalogue(), r);
      const Reservation later = StartingAt(r, RoundedUp(r.interval.start, zone));
      if (later.interval.end <= over_by && PassesIn(plan, plan[i], later)) r = later;
      if (i > 0) {
        over_by = r.interval.start - WayBetween(context_.catalogue(), plan[i - 1].reservation, r);
      }
    }
  }

  // True if `later` passes in the place of `placed`, a stop of the plan.
  bool PassesIn(const VisitPlan& plan, const PlacedStop& placed, const Reservation& later) {
    Decision decision;
    Rehearsal rehearsal(context_.state, decision);
    Rehearse(context_, plan, &placed, rehearsal);
    return Passes(context_.state, {later, nullptr, context_.now});
  }

  void KeepFurthest() {
    for (Stops stops = 1; stops < All(); ++stops) {
      const std::optional<size_t> last = EarliestEnd(stops);
      if (!last) continue;
      VisitPlan plan = PlanTo(stops, *last);
      if (plan.size() > furthest_.size()) furthest_ = std::move(plan);
    }
  }

  const DecisionContext& context_;
  const VisitWish& wish_;
  const Interval window_;
  size_t& looks_left_;
  const bool interact_;
  std::vector<std::optional<size_t>> only_;  // by stop: no other option than this
  std::vector<Node> nodes_;
  std::vector<Seconds> ways_;  // from each node to each
  std::vector<Label> labels_;  // by set of stops, then by node
  VisitPlan furthest_;
};

}  // namespace

Seconds WayBetween(const Catalogue& catalogue, const Reservation& from, const Reservation& to) {
  const Site* here = FindSiteOf(catalogue, from);
  const Site* there = FindSiteOf(catalogue, to);
  if (here == nullptr || there == nullptr) return 0;
  return TravelTimeOfPeople(*here, *there).value_or(0);
}

VisitSearch SearchVisit(const DecisionContext& context, const VisitWish& wish,
                        const Interval& window, size_t& looks_left,
                        const std::function<bool(const VisitPlan&)>& take) {
  Planner planner(context, wish, window, looks_left);
  std::map<Rank, VisitPlan> found;
  const auto taken_before = [&](Instant instant) {
    while (!found.empty() && found.begin()->first.first <= instant) {
      if (take(found.begin()->second)) return true;
      found.erase(found.begin());
    }
    return false;
  };
  for (const Frame& frame : planner.Frames()) {
    // Nothing in this frame, or in those behind it, ends as early as that.
    if (taken_before(frame.span.start)) return {true, {}};
    if (looks_left == 0) break;
    if (std::optional<VisitPlan> plan = planner.Best(frame)) {
      Rank rank = RankOf(*plan);
      found.emplace(std::move(rank), *std::move(plan));
    }
  }
  return {taken_before(kNever), planner.furthest()};
}

bool FitsAlone(const State& state, const std::vector<Reservation>& options,
               const std::vector<Interval>& windows, Instant now) {
  return std::any_of(options.begin(), options.end(), [&](const Reservation& draft) {
    return std::any_of(windows.begin(), windows.end(), [&](const Interval& window) {
      const Interval rest = {std::max(window.start, now), window.end};
      size_t looks_left = 1;
      return EarliestStarts(state, draft, rest, now).From(rest.start, looks_left) != kNever;
    });
  });
}

}  // namespace labslot::engine
