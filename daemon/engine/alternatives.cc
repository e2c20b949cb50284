#include "daemon/engine/alternatives.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/earliest_start.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/place.h"
#include "daemon/engine/policy_rules.h"
#include "daemon/engine/unit_uses.h"

namespace labslot::engine {
namespace {

constexpr size_t kOtherTimes = 3;
constexpr size_t kLikeAssets = 2;
constexpr size_t kOtherSites = 1;

// Nothing shorter than this, nor than a quarter of what was asked for, is of
// use to somebody.
constexpr Seconds kShortestOffer = 900;

// The first look ahead is short, because most refusals find a way out within
// days and every step of a timeline costs time.
constexpr std::array<Seconds, 3> kLooksAhead = {4 * limits::kDay, 21 * limits::kDay,
                                                limits::kAlternativeHorizon};

bool Holds(const IntervalSet& set, Instant instant) {
  return std::any_of(set.begin(), set.end(),
                     [&](const Interval& span) { return span.Contains(instant); });
}

class Search {
 public:
  Search(const State& state, const Candidate& candidate,
         const std::function<bool(const Reservation&)>& may_book)
      : state_(state), candidate_(candidate), wanted_(candidate.reservation), may_book_(may_book) {
    const Asset* asset = state.catalogue().FindAsset(wanted_.items.front().asset);
    zone_ = ZoneOf(*PlaceOf(state.catalogue(), *asset, wanted_.site));
    groups_ = state.catalogue().GroupsOf(wanted_.user, wanted_.organisation);
  }

  WaysOut Run() {
    const Reservation* current = candidate_.current;
    if (current != nullptr && current->interval.start <= candidate_.now) {
      // It has begun: only its end can be another.
      FindShorter();
      return Ranked();
    }
    FindOtherTimes();
    FindLikeAssets();
    FindFitting();
    FindShorter();
    FindFewerUnits();
    return Ranked();
  }

 private:
  // Keeps the variant if it really passes.
  bool Offer(AlternativeKind kind, Reservation variant) {
    if (!may_book_(variant)) return false;
    const Assessment assessment = Assess(state_, Like(variant));
    if (assessment.refused) return false;
    const auto same = [&](const Alternative& other) {
      return other.interval == variant.interval && other.items == variant.items;
    };
    if (std::any_of(ways_.alternatives.begin(), ways_.alternatives.end(), same)) return false;
    std::string zone = ZoneNameOf(state_.catalogue(), variant);
    ways_.alternatives.push_back({kind, std::move(variant.items), variant.interval,
                                  std::move(variant.site), std::move(zone),
                                  assessment.needs_approval});
    return true;
  }

  // The candidate with another reservation in the place of the wanted one.
  Candidate Like(const Reservation& variant) const {
    return {variant,
            candidate_.current,
            candidate_.now,
            candidate_.hold_for,
            candidate_.by_its_user,
            candidate_.stands};
  }

  Reservation StartingAt(Instant start) const {
    Reservation variant = wanted_;
    variant.interval = {start, start + wanted_.interval.length()};
    return variant;
  }

  void FindOtherTimes() {
    const Instant from = std::max(candidate_.now, wanted_.interval.start);
    for (const Seconds look : kLooksAhead) {
      const Interval window = {std::max(candidate_.now, wanted_.interval.start - look),
                               from + look + wanted_.interval.length()};
      const IntervalSet starts = FeasibleStarts(state_, DemandOf(wanted_, candidate_.current),
                                                wanted_.interval.length(), window);
      ways_.earliest_start = EarliestStart(state_, candidate_, starts, from);
      const std::vector<Instant> offers = NearestStarts(starts);
      const bool enough = offers.size() == kOtherTimes && ways_.earliest_start.has_value();
      if (!enough && look != kLooksAhead.back()) continue;
      for (const Instant start : offers) Offer(AlternativeKind::kOtherTime, StartingAt(start));
      return;
    }
  }

  // Up to three starts by distance: next to what was asked for, and at the same
  // local time on other days, which suits people best.
  std::vector<Instant> NearestStarts(const IntervalSet& starts) const {
    std::vector<Instant> candidates;
    for (const Interval& span : starts) {
      const Instant round = RoundedUp(span.start, zone_);
      candidates.push_back(span.Contains(round) ? round : span.start);
      candidates.push_back(LastRound(span));
    }
    for (int day = -3; day <= 7; ++day) candidates.push_back(SameTimeOnDay(day));
    for (const Instant start : StartsByTheRules(starts)) candidates.push_back(start);
    std::sort(candidates.begin(), candidates.end(), [&](Instant a, Instant b) {
      return std::abs(a - wanted_.interval.start) < std::abs(b - wanted_.interval.start);
    });
    std::vector<Instant> chosen;
    for (const Instant start : candidates) {
      const bool apart = std::none_of(chosen.begin(), chosen.end(), [&](Instant other) {
        return std::abs(other - start) < wanted_.interval.length();
      });
      if (start == wanted_.interval.start || !apart || !Holds(starts, start)) continue;
      if (!Passes(state_, Like(StartingAt(start)))) continue;
      chosen.push_back(start);
      if (chosen.size() == kOtherTimes) break;
    }
    return chosen;
  }

  // Where rules made as data allow a start only here and there, those next to the
  // wanted one, on the days before it and behind it.
  std::vector<Instant> StartsByTheRules(const IntervalSet& starts) const {
    std::vector<Instant> found;
    if (!HasRules()) return found;
    const Instant wanted = wanted_.interval.start;
    for (const Seconds back : {3 * limits::kDay, limits::kDay, Seconds{0}}) {
      const auto start = EarliestStart(state_, candidate_, starts, wanted - back);
      if (start) found.push_back(*start);
    }
    for (size_t more = 0; more < kOtherTimes && !found.empty(); ++more) {
      const auto start = EarliestStart(state_, candidate_, starts,
                                       std::max(wanted, found.back()) + wanted_.interval.length());
      if (!start) break;
      found.push_back(*start);
    }
    return found;
  }

  // Rules that FeasibleStarts knows nothing of: those made as data, ways, and units that
  // differ.
  bool HasRules() const {
    return std::any_of(wanted_.items.begin(), wanted_.items.end(), [&](const auto& item) {
      const Asset& asset = *state_.catalogue().FindAsset(item.asset);
      return asset.mobile || !state_.rules(asset).empty() ||
             UnitsMatter(state_, asset, item.unit_labels, candidate_.now);
    });
  }

  // The last quarter of an hour at which a run may still start; the last
  // instant if there is none in the span.
  Instant LastRound(const Interval& span) const {
    const Instant last = span.end - 1;
    const Instant up = RoundedUp(last, zone_);
    const Instant rounded = up == last ? last : up - kShortestOffer;
    return span.Contains(rounded) ? rounded : last;
  }

  Instant SameTimeOnDay(int shift) const {
    const absl::CivilSecond local =
        absl::ToCivilSecond(absl::FromUnixSeconds(wanted_.interval.start), zone_);
    const absl::CivilDay day = absl::CivilDay(local) + shift;
    const Seconds into_day = local - absl::CivilSecond(absl::CivilDay(local));
    return absl::ToUnixSeconds(absl::FromCivil(absl::CivilSecond(day) + into_day, zone_));
  }

  // Puts each like asset in the place of each item in turn.
  void FindLikeAssets() {
    size_t same_site = 0;
    size_t other_site = 0;
    size_t tried = 0;
    for (size_t i = 0; i < wanted_.items.size(); ++i) {
      const Asset& original = *state_.catalogue().FindAsset(wanted_.items[i].asset);
      if (original.kind.empty()) continue;
      for (const auto& [id, like] : state_.catalogue().assets()) {
        if (!IsLike(original, *like) || tried == limits::kMaxLikeAssetsTried) continue;
        const bool here = like->site == original.site;
        size_t& found = here ? same_site : other_site;
        if (found == (here ? kLikeAssets : kOtherSites)) continue;
        ++tried;
        const AlternativeKind kind =
            here ? AlternativeKind::kLikeAsset : AlternativeKind::kOtherSite;
        if (Offer(kind, WithAsset(i, *like))) ++found;
      }
    }
  }

  bool IsLike(const Asset& original, const Asset& other) const {
    const bool taken = std::any_of(wanted_.items.begin(), wanted_.items.end(),
                                   [&](const auto& item) { return item.asset == other.id; });
    return !taken && other.kind == original.kind && other.mobile == original.mobile;
  }

  Reservation WithAsset(size_t index, const Asset& asset) const {
    Reservation variant = wanted_;
    ReservationItem& item = variant.items[index];
    item.asset = asset.id;
    item.set_up = asset.set_up;
    item.tear_down = asset.tear_down;
    item.rate = RateFor(asset.rates, wanted_.activity_class);
    return variant;
  }

  // The run as the policies want it: on their steps or slots, of a length that
  // they allow; there or at the next time at which that passes.
  void FindFitting() {
    const std::optional<Interval> fitting = FitToPolicies(state_, Like(wanted_));
    if (!fitting || fitting->start < candidate_.now) return;
    Reservation variant = wanted_;
    variant.interval = *fitting;
    const AlternativeKind kind =
        variant.interval.length() > wanted_.interval.length()   ? AlternativeKind::kLonger
        : variant.interval.length() < wanted_.interval.length() ? AlternativeKind::kShorter
                                                                : AlternativeKind::kOtherTime;
    if (Offer(kind, variant)) return;
    const Interval window = {candidate_.now, fitting->end + kLooksAhead[1]};
    const IntervalSet starts =
        FeasibleStarts(state_, DemandOf(variant, candidate_.current), fitting->length(), window);
    const auto start = EarliestStart(state_, Like(variant), starts, fitting->start);
    if (!start) return;
    variant.interval = {*start, *start + fitting->length()};
    Offer(kind, std::move(variant));
  }

  void FindShorter() {
    const Interval& run = wanted_.interval;
    Instant end = run.end;
    for (const ReservationItem& item : wanted_.items) {
      const Asset& asset = *state_.catalogue().FindAsset(item.asset);
      const IntervalSet busy =
          BusyTimes(state_, asset, item.quantity, OccupancyOf(wanted_, item), candidate_.current);
      if (!busy.empty()) end = std::min(end, busy.front().start - item.tear_down);
      const Site& place = *PlaceOf(state_.catalogue(), asset, wanted_.site);
      const IntervalSet open = OpenTimes(HoursFor(groups_, state_.catalogue(), asset, place), run);
      if (open.empty() || open.front().start != run.start) return;
      end = std::min(end, open.front().end);
    }
    Seconds length = end - run.start;
    if (length > kShortestOffer) length -= length % kShortestOffer;
    if (length >= run.length() || length < std::max(kShortestOffer, run.length() / 4)) return;
    Reservation variant = wanted_;
    variant.interval.end = run.start + length;
    Offer(AlternativeKind::kShorter, std::move(variant));
  }

  void FindFewerUnits() {
    Reservation variant = wanted_;
    for (ReservationItem& item : variant.items) {
      const Asset& asset = *state_.catalogue().FindAsset(item.asset);
      const OwnOccupant own = OwnOccupantOn(item.asset, candidate_.current);
      VisitService(state_.catalogue(), asset, OccupancyOf(wanted_, item),
                   [&](const Interval& part, int32_t in_service) {
                     const int32_t used = state_.timeline(item.asset).Peak(part, own.get());
                     item.quantity = std::min(item.quantity, in_service - used);
                   });
      if (item.quantity < 1) return;
    }
    if (variant.items != wanted_.items && Offer(AlternativeKind::kFewerUnits, variant)) return;
    if (variant.items.size() == 1) OfferMostUnits(std::move(variant));
  }

  // Quotas of time count units: the more there are, the less passes.
  void OfferMostUnits(Reservation variant) {
    int32_t& quantity = variant.items.front().quantity;
    int32_t passing = 0;
    for (int32_t refused = quantity; refused - passing > 1;) {
      quantity = passing + (refused - passing) / 2;
      (Passes(state_, Like(variant)) ? passing : refused) = quantity;
    }
    quantity = passing;
    if (passing > 0) Offer(AlternativeKind::kFewerUnits, std::move(variant));
  }

  WaysOut Ranked() {
    const auto rank = [](const Alternative& alternative) {
      switch (alternative.kind) {
        case AlternativeKind::kLikeAsset:
          return 0;
        case AlternativeKind::kOtherTime:
          return 1;
        case AlternativeKind::kLonger:
          return 2;
        case AlternativeKind::kShorter:
          return 3;
        case AlternativeKind::kFewerUnits:
          return 4;
        case AlternativeKind::kOtherSite:
          return 5;
      }
      return 6;
    };
    std::stable_sort(ways_.alternatives.begin(), ways_.alternatives.end(),
                     [&](const Alternative& a, const Alternative& b) { return rank(a) < rank(b); });
    if (ways_.alternatives.size() > limits::kMaxAlternatives) {
      ways_.alternatives.resize(limits::kMaxAlternatives);
    }
    return std::move(ways_);
  }

  const State& state_;
  const Candidate& candidate_;
  const Reservation& wanted_;
  const std::function<bool(const Reservation&)>& may_book_;
  absl::TimeZone zone_;
  std::vector<std::string> groups_;  // of the holder
  WaysOut ways_;
};

}  // namespace

WaysOut FindWaysOut(const State& state, const Candidate& candidate,
                    const std::function<bool(const Reservation&)>& may_book) {
  return Search(state, candidate, may_book).Run();
}

}  // namespace labslot::engine
