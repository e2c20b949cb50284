#include "daemon/engine/placing.h"

#include <algorithm>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/engine/access.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/earliest_start.h"
#include "daemon/engine/granting.h"

namespace labslot::engine {
namespace {

class Search {
 public:
  Search(const State& state, const Reservation& wish, Instant now, Instant from,
         const MayBook& may_book, Seconds hold_for)
      : state_(state),
        wish_(wish),
        now_(now),
        from_(from),
        may_book_(may_book),
        hold_for_(hold_for) {}

  std::optional<Reservation> Run(Preference preference) const {
    if (WillDo(wish_)) return wish_;
    for (size_t i = 0; i < wish_.choices.size(); ++i) {
      Reservation variant = WithChoice(state_.catalogue(), wish_, i);
      if (WillDo(variant)) return variant;
    }
    if (wish_.like_assets) {
      if (auto variant = OnLikeAsset()) return variant;
    }
    if (wish_.window.empty()) return std::nullopt;
    return preference == Preference::kEarliest ? Earliest() : Nearest();
  }

 private:
  bool WillDo(const Reservation& variant) const {
    return variant.interval.start >= from_ && may_book_(variant) && Passes(variant);
  }

  bool Passes(const Reservation& variant) const {
    return engine::Passes(state_, {variant, nullptr, now_, hold_for_});
  }

  std::optional<Reservation> OnLikeAsset() const {
    size_t tried = 0;
    for (size_t i = 0; i < wish_.items.size(); ++i) {
      const Asset& original = *state_.catalogue().FindAsset(wish_.items[i].asset);
      for (const auto& [id, like] : state_.catalogue().assets()) {
        if (!AreAlike(original, *like) || IsNamed(id) || tried == limits::kMaxLikeAssetsTried) {
          continue;
        }
        ++tried;
        Reservation variant = wish_;
        variant.items[i].asset = id;
        TakeOverTerms(state_.catalogue(), nullptr, variant);
        if (WillDo(variant)) return variant;
      }
    }
    return std::nullopt;
  }

  bool IsNamed(const std::string& asset) const {
    return std::any_of(wish_.items.begin(), wish_.items.end(),
                       [&](const ReservationItem& item) { return item.asset == asset; });
  }

  std::optional<Reservation> Earliest() const { return From(Starts(), from_); }

  std::optional<Reservation> Nearest() const {
    const IntervalSet starts = Starts();
    const Instant wished = wish_.interval.start;
    std::optional<Reservation> later = From(starts, std::max(from_, wished));
    std::optional<Reservation> sooner = LatestBefore(starts, wished);
    if (!later || !sooner) return later ? later : sooner;
    return later->interval.start - wished <= wished - sooner->interval.start ? later : sooner;
  }

  IntervalSet Starts() const {
    const Interval window = {std::max(from_, wish_.window.start), wish_.window.end};
    return FeasibleStarts(state_, DemandOf(wish_, nullptr), wish_.interval.length(), window);
  }

  std::optional<Reservation> From(const IntervalSet& starts, Instant from) const {
    const auto start = EarliestStart(state_, {wish_, nullptr, now_, hold_for_}, starts, from);
    if (!start) return std::nullopt;
    return StartingAt(*start);
  }

  // The last start of each gap is looked at, no other one.
  std::optional<Reservation> LatestBefore(const IntervalSet& starts, Instant limit) const {
    for (auto span = starts.rbegin(); span != starts.rend(); ++span) {
      if (span->start >= limit) continue;
      Reservation variant = StartingAt(std::min(span->end, limit) - 1);
      if (Passes(variant)) return variant;
    }
    return std::nullopt;
  }

  Reservation StartingAt(Instant start) const {
    Reservation variant = wish_;
    variant.interval = {start, start + wish_.interval.length()};
    return variant;
  }

  const State& state_;
  const Reservation& wish_;
  const Instant now_;
  const Instant from_;
  const MayBook& may_book_;
  const Seconds hold_for_;
};

}  // namespace

MayBook MayBookAs(const DecisionContext& context) {
  return [&context](const Reservation& variant) {
    return MayBookFor(context.catalogue(), context.principal, variant.user, variant);
  };
}

Reservation WithChoice(const Catalogue& catalogue, const Reservation& wish, size_t choice) {
  Reservation variant = wish;
  const Choice& chosen = wish.choices[choice];
  if (!chosen.items.empty()) variant.items = chosen.items;
  if (!chosen.interval.empty()) variant.interval = chosen.interval;
  variant.choices[choice] = {wish.items, wish.interval};
  TakeOverTerms(catalogue, nullptr, variant);
  return variant;
}

std::optional<Reservation> FirstPlace(const State& state, const Reservation& wish, Instant now,
                                      Instant from, Preference preference, const MayBook& may_book,
                                      Seconds hold_for) {
  return Search(state, wish, now, from, may_book, hold_for).Run(preference);
}

std::optional<Reservation> GrantedSomewhere(const DecisionContext& context,
                                            const Reservation& entry, Preference preference) {
  if (Unsound(context.catalogue(), context.principal, entry)) return std::nullopt;
  Reservation wish = entry;
  TakeOverTerms(context.catalogue(), nullptr, wish);
  // What begins now cannot be made use of any more.
  std::optional<Reservation> place =
      FirstPlace(context.state, wish, context.now, context.now + 1, preference, MayBookAs(context));
  if (!place) return std::nullopt;
  Result<Reservation> granted = Grant(context, *std::move(place), nullptr, 0, false);
  if (!granted.ok()) return std::nullopt;
  return std::move(granted).value();
}

bool AreAlike(const Asset& a, const Asset& b) {
  return !a.kind.empty() && a.kind == b.kind && a.site == b.site && a.mobile == b.mobile;
}

}  // namespace labslot::engine
