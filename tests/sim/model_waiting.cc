#include <algorithm>

#include "tests/sim/model.h"

// The part of the model about those who wait.

namespace labslot::sim {

void Model::Serve(const std::set<std::string>& assets, Instant now) {
  std::vector<Reservation> queue;
  for (const auto& [id, r] : books_.reservations) {
    if (Waits(r.state) && WouldTakeOneOf(r, assets) && !IsChanged(id)) queue.push_back(r);
  }
  while (!queue.empty()) {
    const auto next = std::min_element(
        queue.begin(), queue.end(),
        [&](const Reservation& a, const Reservation& b) { return GoesBefore(a, b, now); });
    ServeOne(Reservation(*next), now);
    queue.erase(next);
  }
}

bool Model::WouldTakeOneOf(const Reservation& r, const std::set<std::string>& assets) const {
  const auto is_wanted = [&](const ReservationItem& item) {
    return std::any_of(assets.begin(), assets.end(), [&](const std::string& asset) {
      return asset == item.asset || (r.like_assets && books_.Alike(asset, item.asset));
    });
  };
  if (std::any_of(r.items.begin(), r.items.end(), is_wanted)) return true;
  return std::any_of(r.choices.begin(), r.choices.end(), [&](const Choice& choice) {
    return std::any_of(choice.items.begin(), choice.items.end(),
                       [&](const auto& item) { return assets.count(item.asset) > 0; });
  });
}

// Who had a place, then who has the greater priority, then who has used less of a share
// that is to be fair, up to this moment, then who came first.
bool Model::GoesBefore(const Reservation& a, const Reservation& b, Instant now) const {
  const auto rank = [](const Reservation& r) {
    return std::make_pair(r.state != ReservationState::kDisplaced, -r.priority);
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  const Part of_a = books_.FairPartOf(a, now);
  const Part of_b = books_.FairPartOf(b, now);
  if (IsMore(of_a, of_b) || IsMore(of_b, of_a)) return IsMore(of_b, of_a);
  return a.id < b.id;
}

// Who had a place and lost it gets one; others are asked.
void Model::ServeOne(const Reservation& entry, Instant now) {
  if (books_.ItemsExclude(entry)) return;
  Reservation next = entry;
  books_.TakeChangeover(next, nullptr);
  if (entry.state == ReservationState::kDisplaced) {
    if (!books_.FindPlace(next, now, now + 1, /*nearest=*/true)) return;
    next.notes = books_.NotesOn(next, nullptr, now);
    Settle(next, now);
  } else {
    if (!books_.FindPlace(next, now, now + 1, /*nearest=*/false)) return;
    next.notes = books_.NotesOn(next, nullptr, now);
    const Seconds half = (next.interval.start - now) / 2;
    const Seconds life = std::min<Seconds>(86400, std::max<Seconds>(900, half));
    next.state = ReservationState::kOffered;
    next.hold_expire_time = std::min(now + life, next.interval.start);
  }
  Commit(std::move(next), entry, now);
}

void Model::ServeAllIfWoken(Instant now) {
  if (!wakes_) return;
  wakes_ = false;
  Begin();
  std::set<std::string> all;
  for (const auto& [id, unused] : books_.things) all.insert(id);
  Serve(all, now);
  MindOverdue(now);
}

}  // namespace labslot::sim
