#include "tests/sim/books.h"

#include <algorithm>

#include "tests/sim/house.h"

namespace labslot::sim {
namespace {

constexpr Seconds kTolerance = 300;

Instant MidnightOf(Instant instant) { return instant - instant % 86400; }

bool InOfficeHours(const Interval& run) {
  const Instant midnight = MidnightOf(run.start);
  return Interval{midnight + kOpens, midnight + kCloses}.Contains(run);
}

}  // namespace

Instant DueOf(const Reservation& r) {
  switch (r.state) {
    case ReservationState::kHeld:
    case ReservationState::kPending:
    case ReservationState::kOffered:
    case ReservationState::kWaitlisted:
    case ReservationState::kDisplaced:
      return r.hold_expire_time;
    case ReservationState::kConfirmed:
      return r.check_in_by;
    case ReservationState::kCheckedIn:
      return r.use.close_by != 0 ? r.use.close_by : r.interval.end;
    default:
      return 0;
  }
}

namespace {

// Without what goes around it.
Interval GrantedTo(const Reservation& r) {
  const bool is_over = r.state == ReservationState::kCompleted;
  if (!is_over || r.use.freed == 0) return r.interval;
  return {r.interval.start, std::max(r.interval.start, std::min(r.interval.end, r.use.freed))};
}

bool TakesAnything(const Reservation& r) {
  return r.state == ReservationState::kCompleted || Blocks(r);
}

}  // namespace

Interval TakenBy(const Reservation& r, const ReservationItem& item) {
  if (!TakesAnything(r)) return {};
  return GrantedTo(r).Widened(item.set_up, item.tear_down);
}

std::vector<Taken> TakenOf(const Reservation& r) {
  std::vector<Taken> all;
  if (!TakesAnything(r)) return all;
  std::map<std::string, ReservationItem> terms;  // of what is left, else of what came back first
  for (const ReservationItem& item : r.items) {
    terms.emplace(item.asset, item);
    all.push_back({item.asset, TakenBy(r, item), item.quantity});
  }
  const Interval granted = GrantedTo(r);
  for (const Return& back : r.returns) {
    const ReservationItem& as = terms.emplace(back.item.asset, back.item).first->second;
    const Instant end = std::max(granted.start, std::min(granted.end, back.time));
    const Interval had = {granted.start, end};
    all.push_back(
        {as.asset, had.Widened(as.set_up, as.tear_down), back.item.quantity, /*given_back=*/true});
  }
  const auto takes_nothing = [](const Taken& taken) { return taken.interval.empty(); };
  all.erase(std::remove_if(all.begin(), all.end(), takes_nothing), all.end());
  return all;
}

std::set<std::string> AssetsOf(const Reservation& r) {
  std::set<std::string> assets;
  for (const ReservationItem& item : r.items) assets.insert(item.asset);
  for (const Return& back : r.returns) assets.insert(back.item.asset);
  return assets;
}

Instant LastStartOf(const Reservation& r) {
  const Interval room = r.window.empty() ? r.interval : r.window;
  return std::max(r.interval.start, room.end - r.interval.length());
}

bool Books::Relatives(const std::string& a, const std::string& b) const {
  const auto above = [this](const std::string& whole, const std::string& part) {
    for (std::string id = things.at(part).parent; !id.empty(); id = things.at(id).parent) {
      if (id == whole) return true;
    }
    return false;
  };
  return above(a, b) || above(b, a);
}

bool Books::Related(const std::string& a, const std::string& b) const {
  if (a == b) return false;
  return Relatives(a, b) || (things.at(a).in_group && things.at(b).in_group);
}

std::vector<std::string> Books::RelatedTo(const std::string& asset) const {
  std::vector<std::string> related;
  for (const auto& [other, unused] : things) {
    if (Related(asset, other)) related.push_back(other);
  }
  return related;
}

bool Books::MayDisplaceOn(const std::string& asset) const {
  const Thing& thing = things.at(asset);
  return thing.displaces || (!thing.parent.empty() && MayDisplaceOn(thing.parent));
}

bool Books::ItemsExclude(const Reservation& reservation) const {
  for (const ReservationItem& a : reservation.items) {
    for (const ReservationItem& b : reservation.items) {
      if (Related(a.asset, b.asset)) return true;
    }
  }
  return false;
}

int32_t Books::UsedAt(const std::string& asset, Instant at, ReservationId but) const {
  int32_t used = 0;
  for (const auto& [id, reservation] : reservations) {
    for (const Taken& taken : TakenOf(reservation)) {
      const bool counts = id != but || taken.given_back;
      if (counts && taken.asset == asset && taken.interval.Contains(at)) used += taken.quantity;
    }
  }
  return used;
}

// Where more may be used, or out of service, than just before.
std::vector<Instant> Books::StartsOn(const std::string& asset, const Interval& span) const {
  std::vector<Instant> starts = {span.start};
  for (const auto& [id, reservation] : reservations) {
    for (const Taken& taken : TakenOf(reservation)) {
      if (taken.asset == asset && span.Contains(taken.interval.start)) {
        starts.push_back(taken.interval.start);
      }
    }
  }
  for (const auto& [id, fault] : faults) {
    if (span.Contains(fault.interval.start)) starts.push_back(fault.interval.start);
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

int32_t Books::MostUsed(const std::string& asset, const Interval& span, ReservationId but) const {
  int32_t most = 0;
  for (const Instant start : StartsOn(asset, span)) {
    most = std::max(most, UsedAt(asset, start, but));
  }
  return most;
}

std::optional<Instant> Books::NeededAt(const std::string& asset, int32_t quantity,
                                       const Interval& span, ReservationId but) const {
  for (const Instant start : StartsOn(asset, span)) {
    if (UsedAt(asset, start, but) + quantity > things.at(asset).capacity) return start;
  }
  return std::nullopt;
}

std::optional<Instant> Books::ShortAt(const std::string& asset, int32_t quantity,
                                      const Interval& span, ReservationId but) const {
  for (const Instant start : StartsOn(asset, span)) {
    const int32_t left = things.at(asset).capacity - OutAt(asset, start);
    if (UsedAt(asset, start, but) + quantity > left) return start;
  }
  return std::nullopt;
}

std::optional<Instant> Books::OverbookedAt(const std::string& asset, const Interval& span) const {
  if (const auto at = NeededAt(asset, 0, span, 0)) return at;
  for (const Instant start : StartsOn(asset, span)) {
    int32_t live = 0;
    for (const auto& [id, r] : reservations) {
      for (const Taken& taken : TakenOf(r)) {
        const bool is_over = r.state == ReservationState::kCompleted || taken.given_back;
        const bool counts = taken.asset == asset && !is_over;
        if (counts && taken.interval.Contains(start)) live += taken.quantity;
      }
    }
    if (live > things.at(asset).capacity - OutAt(asset, start)) return start;
  }
  return std::nullopt;
}

int32_t Books::OutAt(const std::string& asset, Instant at) const {
  const int32_t capacity = things.at(asset).capacity;
  int32_t out = 0;
  std::set<std::string> units;
  for (const auto& [id, fault] : faults) {
    if (!fault.interval.Contains(at)) continue;
    const bool of_all = fault.quantity == 0 || fault.quantity >= things.at(fault.asset).capacity;
    const bool is_new = fault.unit.empty() || units.insert(fault.unit).second;
    if (fault.asset == asset && is_new) out += of_all ? capacity : fault.quantity;
    if (of_all && fault.asset != asset && Relatives(fault.asset, asset)) out = capacity;
  }
  return std::min(out, capacity);
}

bool Books::Passes(const Reservation& candidate, const Reservation* current, Instant now) const {
  return FitsRules(candidate, current, now) && IsFree(candidate, current, now) &&
         GetsAround(candidate, current, now) && KeepsQuotas(candidate, current, now);
}

bool Books::FitsRules(const Reservation& candidate, const Reservation* current, Instant now) const {
  const bool same_start = current != nullptr && current->interval.start == candidate.interval.start;
  if (!same_start && candidate.interval.start < now - kTolerance) return false;
  const bool travels = std::any_of(candidate.items.begin(), candidate.items.end(),
                                   [&](const auto& item) { return Travels(item.asset); });
  if (travels && candidate.site.empty()) return false;
  for (const ReservationItem& item : candidate.items) {
    const Thing& thing = things.at(item.asset);
    if (thing.retired || item.quantity > thing.capacity) return false;
    if (!item.unit_labels.empty() && UnitsWith(item.asset, item.unit_labels) < item.quantity) {
      return false;
    }
    const std::string place = PlaceOf(candidate, item.asset);
    if (!travels && !candidate.site.empty() && candidate.site != place) return false;
    if (place == kOffice && !InOfficeHours(candidate.interval)) return false;
  }
  return true;
}

bool Books::IsFree(const Reservation& candidate, const Reservation* current, Instant now) const {
  return IsEnoughLeft(candidate, current) &&
         std::all_of(candidate.items.begin(), candidate.items.end(), [&](const auto& item) {
           return HaveUnitsWith(candidate, item, current, now);
         });
}

bool Books::IsEnoughLeft(const Reservation& candidate, const Reservation* current) const {
  const ReservationId but = current == nullptr ? 0 : current->id;
  // Its assets may exclude each other since it was asked for.
  const bool has_it = current != nullptr && Blocks(*current);
  if (!has_it && ItemsExclude(candidate)) return false;
  for (const ReservationItem& item : candidate.items) {
    const Interval span = OccupancyOf(candidate, item);
    if (ShortAt(item.asset, item.quantity, span, but)) return false;
    for (const std::string& other : RelatedTo(item.asset)) {
      if (MostUsed(other, span, but) > 0) return false;
    }
  }
  return true;
}

// Nothing gets free between these: where the window begins, where something ends,
// where the office opens, where a quota has room again, where something could arrive.
std::vector<Instant> Books::StartsToTry(const Reservation& next, Instant now, Instant from) const {
  std::vector<Instant> starts = StartsByQuotas(next, now);
  for (const Instant start : StartsByWays(next, now)) starts.push_back(start);
  starts.push_back(from);
  const auto add_behind = [&](Instant end) {
    for (const ReservationItem& ours : next.items) starts.push_back(end + ours.set_up);
  };
  for (const auto& [id, other] : reservations) {
    for (const Taken& theirs : TakenOf(other)) add_behind(theirs.interval.end);
  }
  for (const auto& [id, fault] : faults) add_behind(fault.interval.end);
  for (Instant day = MidnightOf(from); day < next.window.end; day += 86400) {
    starts.push_back(day + kOpens);
  }
  std::sort(starts.begin(), starts.end());
  return starts;
}

// The same from behind: where it would have to end, the last first.
std::vector<Instant> Books::LastStartsToTry(const Reservation& next) const {
  const Seconds length = next.interval.length();
  std::vector<Instant> starts = {next.interval.start - 1, next.window.end - length};
  const auto add_before = [&](Instant start) {
    for (const ReservationItem& ours : next.items) {
      starts.push_back(start - ours.tear_down - length);
    }
  };
  for (const auto& [id, other] : reservations) {
    for (const Taken& theirs : TakenOf(other)) add_before(theirs.interval.start);
  }
  for (const auto& [id, fault] : faults) add_before(fault.interval.start);
  for (Instant day = MidnightOf(next.window.start); day < next.window.end; day += 86400) {
    starts.push_back(day + kCloses - length);
  }
  std::sort(starts.rbegin(), starts.rend());
  return starts;
}

bool Books::FindIn(Reservation& next, Instant now, const std::vector<Instant>& starts) const {
  const Interval wished = next.interval;
  for (const Instant start : starts) {
    next.interval = {start, start + wished.length()};
    if (next.window.Contains(next.interval) && Passes(next, nullptr, now)) return true;
  }
  next.interval = wished;
  return false;
}

// Before the time that is wished, only the ends of gaps are looked at; what a gap is
// does not depend on units or quotas.
bool Books::IsLastOfGap(Reservation next, Instant start, Instant now) const {
  const Instant wished = next.interval.start;
  const Seconds length = next.interval.length();
  const auto is_in_gap = [&](Instant at) {
    next.interval = {at, at + length};
    return at < wished && next.window.Contains(next.interval) && FitsRules(next, nullptr, now) &&
           IsEnoughLeft(next, nullptr);
  };
  return is_in_gap(start) && !is_in_gap(start + 1);
}

bool Books::Alike(const std::string& a, const std::string& b) const {
  const Thing& one = things.at(a);
  const Thing& other = things.at(b);
  return !one.kind.empty() && one.kind == other.kind && SiteOf(one) == SiteOf(other) &&
         Travels(a) == Travels(b);
}

bool Books::FindPlace(Reservation& next, Instant now, Instant from, bool nearest) const {
  const auto will_do = [&](Reservation variant) {
    TakeChangeover(variant, nullptr);
    if (variant.interval.start < from || !Passes(variant, nullptr, now)) return false;
    next = std::move(variant);
    return true;
  };
  if (will_do(next)) return true;
  for (size_t i = 0; i < next.choices.size(); ++i) {
    Reservation variant = next;
    const Choice& choice = next.choices[i];
    if (!choice.items.empty()) variant.items = choice.items;
    if (!choice.interval.empty()) variant.interval = choice.interval;
    variant.choices[i] = {next.items, next.interval};
    if (will_do(std::move(variant))) return true;
  }
  for (size_t i = 0; next.like_assets && i < next.items.size(); ++i) {
    for (const auto& [id, unused] : things) {
      const std::set<std::string> named = AssetsOf(next);
      if (named.count(id) > 0 || !Alike(id, next.items[i].asset)) continue;
      Reservation variant = next;
      variant.items[i].asset = id;
      if (will_do(std::move(variant))) return true;
    }
  }
  return nearest ? FindNearest(next, now, from) : FindEarliest(next, now, from);
}

bool Books::FindEarliest(Reservation& next, Instant now, Instant from) const {
  if (next.interval.start >= from && Passes(next, nullptr, now)) return true;
  if (next.window.empty()) return false;
  std::vector<Instant> starts = StartsToTry(next, now, std::max(from, next.window.start));
  const auto too_early = [&](Instant start) { return start < from; };
  starts.erase(std::remove_if(starts.begin(), starts.end(), too_early), starts.end());
  return FindIn(next, now, starts);
}

bool Books::FindNearest(Reservation& next, Instant now, Instant from) const {
  if (next.interval.start >= from && Passes(next, nullptr, now)) return true;
  if (next.window.empty()) return false;
  const Instant wished = next.interval.start;
  Reservation later = next;
  const bool has_later = FindEarliest(later, now, std::max(from, wished));
  std::vector<Instant> starts = LastStartsToTry(next);
  const auto out_of_place = [&](Instant start) {
    return start < from || start >= wished || !IsLastOfGap(next, start, now);
  };
  starts.erase(std::remove_if(starts.begin(), starts.end(), out_of_place), starts.end());
  const bool has_sooner = FindIn(next, now, starts);
  if (!has_later) return has_sooner;
  if (!has_sooner || later.interval.start - wished <= wished - next.interval.start) next = later;
  return true;
}

void Books::TakeChangeover(Reservation& next, const Reservation* current) const {
  for (ReservationItem& item : next.items) {
    item.set_up = things.at(item.asset).set_up;
    item.tear_down = things.at(item.asset).tear_down;
    if (current == nullptr) continue;
    for (const ReservationItem& kept : current->items) {
      if (kept.asset != item.asset) continue;
      item.set_up = kept.set_up;
      item.tear_down = kept.tear_down;
    }
  }
}

// Who manages the assets is not held to it.
Instant Books::CheckInBy(const Reservation& r, Instant now) const {
  if (r.user == "sam") return 0;
  Instant by = 0;
  for (const ReservationItem& item : r.items) {
    const Seconds grace = things.at(item.asset).grace;
    if (grace == 0) continue;
    const Instant usual = r.interval.start + grace;
    const Instant end = usual > now ? usual : now + grace;
    by = by == 0 ? end : std::min(by, end);
  }
  return by >= r.interval.end ? 0 : by;
}

std::vector<ReservationId> Books::RequestsOf(const std::string& call) const {
  std::vector<ReservationId> requests;
  for (const auto& [id, reservation] : reservations) {
    if (reservation.round == call && Competes(reservation)) {
      requests.push_back(id);
    }
  }
  return requests;
}

bool Books::Breaks(const std::string& id, Instant now) const {
  const Interval future{now, kEver};
  if (OverbookedAt(id, future)) return true;
  for (const std::string& other : RelatedTo(id)) {
    if (OverbookedAt(other, future)) return true;
    for (const auto& [number, reservation] : reservations) {
      for (const Taken& taken : TakenOf(reservation)) {
        const Interval span = taken.interval.Intersect(future);
        if (taken.asset == id && !span.empty() && MostUsed(other, span, 0) > 0) return true;
      }
    }
  }
  return false;
}

}  // namespace labslot::sim
