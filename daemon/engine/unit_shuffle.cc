#include "daemon/engine/unit_shuffle.h"

#include <algorithm>
#include <tuple>

namespace labslot::engine {

UnitShuffle::UnitShuffle(const UnitTable& table, std::vector<Kind> order, Instant now,
                         const std::vector<bool>& gone)
    : table_(table), order_(std::move(order)), now_(now), gone_(gone), on_kind_(table.kinds()) {}

bool UnitShuffle::Run(const std::vector<UnitUse>& more, size_t looks) {
  looks_ = looks;
  new_ = more.size();
  for (size_t i = 0; i < more.size(); ++i) AddSeats(table_.places() + i, more[i]);
  while (!waiting_.empty()) {
    const size_t seat = waiting_.back();
    waiting_.pop_back();
    if (looks_ == 0 || !FindRoom(seat)) return false;
  }
  return true;
}

void UnitShuffle::AddSeats(Place place, const UnitUse& use) {
  for (size_t number = 0; number < use.count; ++number) {
    Seat seat = {place, number, RestOf(use.interval), &use.fitting, std::nullopt, 0};
    waiting_.push_back(seats_.size());
    seat_of_[{place, number}] = seats_.size();
    if (number < use.held.size()) {
      seat.fitting = nullptr;
      seat.kind = table_.KindOf(use.held[number]);
    }
    seats_.push_back(seat);
  }
}

// Makes room for a seat where that moves those who were moved least.
bool UnitShuffle::FindRoom(size_t index) {
  std::optional<Room> best;
  for (const Kind kind : order_) {
    const Seat& seat = seats_[index];
    const bool would_do =
        seat.fitting == nullptr ? kind == seat.kind : table_.WouldDo(kind, *seat.fitting);
    if (!would_do) continue;
    std::optional<Room> room = RoomOn(kind, seat.interval);
    if (room && (!best || room->cost < best->cost)) best = std::move(room);
    if (best && best->cost == 0) break;
  }
  if (!best) return false;
  for (const Sitter& sitter : best->leaving) Leave(sitter);
  seats_[index].kind = best->kind;
  on_kind_[best->kind].push_back(index);
  return true;
}

std::optional<UnitShuffle::Room> UnitShuffle::RoomOn(Kind kind, const Interval& interval) {
  Room room = {kind, 0, {}};
  if (on_kind_[kind].empty() && table_.Peak(kind, interval) < table_.SizeOf(kind)) return room;
  GatherSitters(kind, interval);
  std::vector<const Sitter*> present;
  for (const Sitter& sitter : sitters_) {
    const Instant at = std::max(sitter.interval.start, interval.start);
    std::erase_if(present, [&](const Sitter* other) { return other->interval.end <= at; });
    present.push_back(&sitter);
    if (present.size() < table_.SizeOf(kind)) continue;
    const auto leaves_first = [](const Sitter* a, const Sitter* b) {
      return std::make_tuple(!a->can_move, a->weight, -a->interval.end) <
             std::make_tuple(!b->can_move, b->weight, -b->interval.end);
    };
    const auto leaving = std::min_element(present.begin(), present.end(), leaves_first);
    if (!(*leaving)->can_move) return std::nullopt;
    room.cost += 1 + (*leaving)->weight;
    room.leaving.push_back(**leaving);
    present.erase(leaving);
  }
  return room;
}

// By start.
void UnitShuffle::GatherSitters(Kind kind, const Interval& interval) {
  sitters_.clear();
  table_.VisitOn(kind, interval, [&](Place place) {
    if (gone_[place]) return;
    const std::vector<Kind>& kinds = table_.kinds_of(place);
    const UnitUse& use = table_.use(place);
    for (size_t number = 0; number < kinds.size(); ++number) {
      if (kinds[number] != kind || seat_of_.contains({place, number})) continue;
      sitters_.push_back({RestOf(use.interval), place, number, number >= use.held.size(), 0});
    }
  });
  for (const size_t index : on_kind_[kind]) {
    const Seat& seat = seats_[index];
    if (!seat.interval.Overlaps(interval)) continue;
    sitters_.push_back(
        {seat.interval, seat.place, seat.number, seat.fitting != nullptr, seat.weight});
  }
  looks_ -= std::min(looks_, sitters_.size() + 1);
  std::sort(sitters_.begin(), sitters_.end(), [](const Sitter& a, const Sitter& b) {
    return std::make_tuple(a.interval.start, a.place, a.number) <
           std::make_tuple(b.interval.start, b.place, b.number);
  });
}

void UnitShuffle::Leave(const Sitter& sitter) {
  const size_t index = SeatOf(sitter);
  Seat& seat = seats_[index];
  if (seat.kind) std::erase(on_kind_[*seat.kind], index);
  seat.kind.reset();
  ++seat.weight;
  waiting_.push_back(index);
}

size_t UnitShuffle::SeatOf(const Sitter& sitter) {
  const auto [known, is_new] = seat_of_.try_emplace({sitter.place, sitter.number}, seats_.size());
  if (is_new) {
    seats_.push_back({sitter.place, sitter.number, sitter.interval,
                      &table_.use(sitter.place).fitting, std::nullopt, 0});
  }
  return known->second;
}

std::vector<std::vector<UnitShuffle::Kind>> UnitShuffle::kinds() const {
  std::vector<std::vector<Kind>> kinds(new_);
  for (const Seat& seat : seats_) {
    if (seat.place >= table_.places()) kinds[seat.place - table_.places()].push_back(*seat.kind);
  }
  return kinds;
}

std::vector<std::pair<UnitShuffle::Place, std::vector<UnitShuffle::Kind>>> UnitShuffle::Moves()
    const {
  absl::flat_hash_map<Place, std::vector<Kind>> moved;
  for (const Seat& seat : seats_) {
    if (seat.place >= table_.places()) continue;
    std::vector<Kind>& kinds =
        moved.try_emplace(seat.place, table_.kinds_of(seat.place)).first->second;
    kinds[seat.number] = *seat.kind;
  }
  std::vector<std::pair<Place, std::vector<Kind>>> moves;
  for (auto& [place, kinds] : moved) {
    if (kinds != table_.kinds_of(place)) moves.emplace_back(place, std::move(kinds));
  }
  std::sort(moves.begin(), moves.end());
  return moves;
}

}  // namespace labslot::engine
