#include "daemon/engine/slots.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/string_view.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/earliest_start.h"
#include "daemon/engine/place.h"
#include "daemon/engine/slot_score.h"
#include "daemon/engine/travel_rules.h"
#include "daemon/engine/unit_uses.h"

namespace labslot::engine {
namespace {

// The slots that come first of those found so far, in order.
class Shortlist {
 public:
  explicit Shortlist(size_t limit) : limit_(limit) {}

  bool full() const { return slots_.size() == limit_; }
  const Slot& last() const { return slots_.back(); }
  bool Takes(double score, Instant start, absl::string_view asset) const {
    return !full() || Rank(-score, start, asset) < RankOf(last());
  }

  void Add(Slot slot) {
    if (!Takes(slot.score, slot.interval.start, slot.items.front().asset)) return;
    if (full()) slots_.pop_back();
    const auto place =
        std::upper_bound(slots_.begin(), slots_.end(), slot,
                         [](const Slot& a, const Slot& b) { return RankOf(a) < RankOf(b); });
    slots_.insert(place, std::move(slot));
  }

  std::vector<Slot> Take() { return std::move(slots_); }

 private:
  // Less comes first. Without scores they are all 0.
  using Rank = std::tuple<double, Instant, absl::string_view>;

  static Rank RankOf(const Slot& slot) {
    return {-slot.score, slot.interval.start, slot.items.front().asset};
  }

  const size_t limit_;
  std::vector<Slot> slots_;
};

// The run of a query; of which items, and when, is still open.
Reservation RunOf(const SlotQuery& query) {
  Reservation run;
  run.user = query.user;
  run.organisation = query.organisation;
  run.interval.end = query.duration;
  return run;
}

// Of all that a search may look at.
Seconds LongestChangeover(const Catalogue& catalogue, const SlotQuery& query,
                          const std::vector<SlotCandidate>& candidates) {
  Seconds longest = 0;
  const auto look_at = [&](const Asset& asset) {
    longest = std::max(longest, asset.set_up + asset.tear_down);
  };
  for (const ReservationItem& item : query.items) look_at(*catalogue.FindAsset(item.asset));
  for (const SlotCandidate& candidate : candidates) look_at(*candidate.asset);
  return longest;
}

Seconds LongestTravel(const SlotQuery& query, const std::vector<SlotCandidate>& candidates) {
  Seconds longest = 0;
  for (const SlotCandidate& candidate : candidates) {
    longest = std::max(longest, candidate.travel.value_or(0));
  }
  return query.max_travel.value_or(longest);
}

// The span of the set that has the instant.
const Interval& SpanWith(const IntervalSet& set, Instant instant) {
  return *std::find_if(set.begin(), set.end(),
                       [&](const Interval& span) { return span.Contains(instant); });
}

// Looks at one set of items after the other, and at each no longer than it takes to see
// that the slots found so far come first.
class Search {
 public:
  Search(const State& state, const SlotQuery& query, Instant now)
      : state_(state),
        query_(query),
        now_(now),
        window_{std::max(query.window.start, now), query.window.end},
        last_start_(window_.end - query.duration),
        candidates_(query.items.empty() ? CandidatesOf(state.catalogue(), query)
                                        : std::vector<SlotCandidate>()),
        longest_travel_(LongestTravel(query, candidates_)),
        run_(RunOf(query)),
        finder_(
            state, run_, query.duration,
            WithRoomFor(query.duration + LongestChangeover(state.catalogue(), query, candidates_))),
        shortlist_(query.limit) {}
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  std::vector<Slot> Run() {
    if (query_.limit == 0 || last_start_ < window_.start) return {};
    if (!query_.items.empty()) {
      run_.items = query_.items;
      at_best_ = {1, 1, std::nullopt, std::nullopt};
      AddSlots();
    } else if (query_.order == SlotOrder::kBest) {
      LookAtThemByPromise();
    } else {
      LookAtThemById();
    }
    std::vector<Slot> slots = shortlist_.Take();
    for (Slot& slot : slots) slot.start_slack = SlackOf(slot);
    return slots;
  }

 private:
  // The window with room for a run of that length on each side, but not before now.
  Interval WithRoomFor(Seconds length) const {
    return {std::max(now_, window_.start - length), window_.end + length};
  }

  // Up to where nothing can be earlier any more.
  void LookAtThemById() {
    for (const SlotCandidate& candidate : candidates_) {
      if (!shortlist_.Takes(0, window_.start, candidate.asset->id)) return;
      LookAt(candidate);
    }
  }

  // What promises most first, up to where nothing can be better any more.
  void LookAtThemByPromise() {
    std::vector<std::pair<double, const SlotCandidate*>> promises;
    promises.reserve(candidates_.size());
    for (const SlotCandidate& candidate : candidates_) {
      promises.emplace_back(ScoreOf(AtBest(candidate)), &candidate);
    }
    std::stable_sort(promises.begin(), promises.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [score, candidate] : promises) {
      if (!shortlist_.Takes(score, window_.start, candidate->asset->id)) return;
      at_best_ = AtBest(*candidate);
      LookAt(*candidate);
    }
  }

  // The terms of a slot of the candidate that is as soon and as snug as can be.
  SlotTerms AtBest(const SlotCandidate& candidate) const {
    SlotTerms terms = {1, 1, std::nullopt,
                       Modest(*candidate.asset, query_.quantity, query_.labels)};
    if (!query_.from_site.empty()) terms.near = Near(candidate.travel, longest_travel_);
    return terms;
  }

  void LookAt(const SlotCandidate& candidate) {
    // Always the same item, since a new one costs more than most looks.
    run_.items.resize(1);
    run_.items.front().asset = candidate.asset->id;
    run_.items.front().quantity = query_.quantity;
    asset_ = candidate.asset;
    travel_ = candidate.travel;
    AddSlots();
  }

  const Asset& AssetOf(const ReservationItem& item) const {
    return asset_ != nullptr ? *asset_ : *state_.catalogue().FindAsset(item.asset);
  }

  // Adds those of the items of the run.
  void AddSlots() {
    bool travels = false;
    needed_ = query_.duration;
    for (ReservationItem& item : run_.items) {
      const Asset& asset = AssetOf(item);
      item.set_up = asset.set_up;
      item.tear_down = asset.tear_down;
      travels = travels || asset.mobile;
      needed_ = std::max(needed_, query_.duration + asset.set_up + asset.tear_down);
    }
    run_.site = travels || !query_.items.empty() ? query_.site : "";
    if (query_.order == SlotOrder::kBest) {
      AddBest();
    } else {
      AddEarliest();
    }
  }

  // True if there are rules that FeasibleStarts knows nothing of: those made as data, ways
  // of mobile assets, and units that differ.
  bool HasRules() const {
    return std::any_of(run_.items.begin(), run_.items.end(), [&](const ReservationItem& item) {
      const Asset& asset = AssetOf(item);
      return !state_.rules(asset).empty() || MustTravel(state_, asset, run_.site) ||
             UnitsMatter(state_, asset, item.unit_labels, now_);
    });
  }

  // What takes long, and is asked only of items that can be had.
  void LookCloser() {
    zone_name_ = ZoneNameOf(state_.catalogue(), run_);
    zone_ = FindTimeZone(zone_name_).value_or(absl::UTCTimeZone());
    ruled_ = HasRules();
  }

  void AddEarliest() {
    // Only what starts before the last slot counts, but whether a start is moved to the
    // next quarter of an hour depends on what is free behind it.
    Instant latest = last_start_;
    if (shortlist_.full()) {
      latest = std::min(latest, shortlist_.last().interval.start + kStartStep - 1);
    }
    const IntervalSet starts = StartsIn({window_.start, latest + query_.duration});
    if (starts.empty() || !Takes(0, starts.front().start)) return;
    LookCloser();
    if (!ruled_ && !Takes(0, QuarterIn(starts.front(), starts.front().start))) return;
    Instant from = window_.start;
    for (size_t added = 0; added < query_.limit; ++added) {
      const auto start = EarliestStart(state_, {run_, nullptr, now_}, starts, from);
      if (!start) return;
      const Interval& stretch = SpanWith(starts, *start);
      const Instant settled = Settled(stretch, *start);
      shortlist_.Add(SlotAt(settled, 0));
      from = ruled_ ? settled + query_.duration : stretch.end;
    }
  }

  void AddBest() {
    Instant latest = last_start_;
    if (shortlist_.full()) {
      latest = std::min(latest, LatestStartWith(shortlist_.last().score, at_best_, window_));
    }
    if (latest < window_.start) return;
    // As far around as what is free there is of use to a like run.
    const IntervalSet stretches =
        StartsIn({std::max(now_, window_.start - needed_), latest + query_.duration + needed_});
    auto stretch = std::find_if(stretches.begin(), stretches.end(),
                                [&](const Interval& s) { return s.end > window_.start; });
    if (stretch == stretches.end() || stretch->start > latest) return;
    LookCloser();
    for (; stretch != stretches.end() && stretch->start <= latest; ++stretch) {
      AddBestOf(*stretch, stretch->Intersect({window_.start, last_start_ + 1}));
    }
  }

  // Adds the best slot of a stretch of starts, of which the usable ones are asked for.
  void AddBestOf(const Interval& stretch, const Interval& usable) {
    SlotTerms at_best = at_best_;
    at_best.soon = Soon(window_, usable.start);
    if (!Takes(ScoreOf(at_best), usable.start)) return;
    std::vector<std::pair<double, Instant>> ranked;
    for (const Instant start : StartsThatCanBeBest(stretch, usable)) {
      ranked.emplace_back(-ScoreAt(stretch, start), start);
    }
    std::sort(ranked.begin(), ranked.end());
    for (const auto& [minus_score, start] : ranked) {
      if (!Takes(-minus_score, start)) return;
      if (!PassesAt(start)) continue;
      shortlist_.Add(SlotAt(start, -minus_score));
      return;
    }
  }

  // The first start; the first that leaves room for a like run before it; the last one,
  // which leaves nothing behind it. Of a stretch without rules no other on a quarter of
  // an hour is better: what is wasted before a run grows with its start up to the second
  // of these, what is wasted behind it falls only from some start to the last.
  std::vector<Instant> StartsThatCanBeBest(const Interval& stretch, const Interval& usable) const {
    std::vector<Instant> starts;
    for (const Instant from : {usable.start, std::max(usable.start, stretch.start + needed_)}) {
      const std::optional<Instant> start = FirstStart(usable, from);
      if (start) starts.push_back(*start);
    }
    starts.push_back(usable.end - 1);
    return starts;
  }

  // The first start of a stretch from an instant on, moved to a quarter of an hour.
  std::optional<Instant> FirstStart(const Interval& stretch, Instant from) const {
    if (!ruled_ && !stretch.Contains(from)) return std::nullopt;
    if (!ruled_) return QuarterIn(stretch, from);
    const auto start = EarliestStart(state_, {run_, nullptr, now_}, {stretch}, from);
    if (!start) return std::nullopt;
    return Settled(stretch, *start);
  }

  double ScoreAt(const Interval& stretch, Instant start) const {
    SlotTerms terms = at_best_;
    terms.soon = Soon(window_, start);
    terms.snug = Snug(stretch, start, needed_);
    return ScoreOf(terms);
  }

  IntervalSet StartsIn(const Interval& window) {
    if (asset_ == nullptr) return finder_.Find(DemandOf(run_, nullptr), window);
    return finder_.FindOn(*asset_, run_.items.front(), run_.site, window);
  }

  bool Takes(double score, Instant start) const {
    return shortlist_.Takes(score, start, run_.items.front().asset);
  }

  // The next quarter of an hour, if the stretch has it.
  Instant QuarterIn(const Interval& stretch, Instant start) const {
    const Instant quarter = RoundedUp(start, zone_);
    return stretch.Contains(quarter) ? quarter : start;
  }

  // The same, if it passes.
  Instant Settled(const Interval& stretch, Instant start) const {
    const Instant quarter = QuarterIn(stretch, start);
    return quarter == start || PassesAt(quarter) ? quarter : start;
  }

  Reservation RunAt(Instant start) const {
    Reservation run = run_;
    run.interval = {start, start + query_.duration};
    return run;
  }

  bool PassesAt(Instant start) const { return Passes(state_, {RunAt(start), nullptr, now_}); }

  Slot SlotAt(Instant start, double score) const {
    const Reservation run = RunAt(start);
    return {run.items, run.interval,
            run.site,  zone_name_,
            0,         ruled_ && Assess(state_, {run, nullptr, now_}).needs_approval,
            score,     travel_};
  }

  // How much later the slot could start. Rules made as data may allow this start and
  // not the next second's.
  Seconds SlackOf(const Slot& slot) {
    run_.items = slot.items;
    run_.site = slot.site;
    asset_ = nullptr;
    if (HasRules()) return 0;
    return SpanWith(StartsIn(window_), slot.interval.start).end - 1 - slot.interval.start;
  }

  const State& state_;
  const SlotQuery& query_;
  const Instant now_;
  const Interval window_;
  const Instant last_start_;
  const std::vector<SlotCandidate> candidates_;  // by id; none if items are asked for
  const Seconds longest_travel_;
  // What is looked at now.
  Reservation run_;
  const Asset* asset_ = nullptr;  // that of its one item; null if the query names items
  std::optional<Seconds> travel_;
  SlotTerms at_best_;
  Seconds needed_ = 0;  // by a like run, set-up and tear-down included
  std::string zone_name_;
  absl::TimeZone zone_;
  bool ruled_ = false;

  StartFinder finder_;
  Shortlist shortlist_;
};

}  // namespace

std::vector<Slot> FindSlots(const State& state, const SlotQuery& query, Instant now) {
  return Search(state, query, now).Run();
}

}  // namespace labslot::engine
