#include "tests/sim/auditor.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/engine/principal.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/records.h"

namespace labslot::sim {
namespace {

constexpr Instant kEver = limits::kLatestInstant + limits::kLongestChangeover;

// One unit of what is taken: asset, from, to, reservation, quantity, state.
using Taken = std::tuple<std::string, Instant, Instant, ReservationId, int32_t, ReservationState>;

std::vector<Taken> TakenIn(const Model& model, Instant after) {
  std::vector<Taken> all;
  for (const auto& [id, reservation] : model.reservations()) {
    if (!IsBlocking(reservation.state)) continue;
    for (const ReservationItem& item : reservation.items) {
      const Interval span = OccupancyOf(reservation, item);
      if (span.end <= after) continue;
      all.push_back({item.asset, span.start, span.end, id, item.quantity, reservation.state});
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<Taken> TakenIn(const engine::State& state, Instant after) {
  std::vector<Taken> all;
  for (const auto& [id, asset] : state.catalogue().assets()) {
    const engine::Timeline& timeline = state.timeline(id);
    for (const engine::Occupant& occupant : timeline.Overlapping({after, kEver}, timeline.size())) {
      all.push_back({id, occupant.blocked.start, occupant.blocked.end, occupant.reservation,
                     occupant.quantity, occupant.state});
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string Words(const Result<runtime::Answer>& answer) {
  if (!answer.ok()) {
    return absl::StrCat("error ", static_cast<int>(answer.error().kind), " ",
                        answer.error().message);
  }
  const auto* reservation = std::get_if<Reservation>(&answer.value().result);
  if (reservation == nullptr) return "ok";
  return absl::StrCat("ok ", reservation->id, " at revision ", reservation->revision, " ",
                      StateWord(reservation->state), " ", reservation->interval.start, "-",
                      reservation->interval.end, " with ", reservation->items.size(), " items");
}

std::string Words(const Outcome& outcome) {
  if (!outcome.ok) return absl::StrCat("error ", static_cast<int>(outcome.error));
  const Reservation& reservation = outcome.reservation;
  return absl::StrCat("ok ", reservation.id, " at revision ", outcome.revision, " ",
                      StateWord(reservation.state), " ", reservation.interval.start, "-",
                      reservation.interval.end, " with ", reservation.items.size(), " items");
}

bool Agree(const Result<runtime::Answer>& answer, const Outcome& expected) {
  if (answer.ok() != expected.ok) return false;
  if (!answer.ok()) return answer.error().kind == expected.error;
  const auto* reservation = std::get_if<Reservation>(&answer.value().result);
  if (reservation == nullptr) return expected.reservation.id == 0;
  return SameReservation(*reservation, expected.reservation);
}

}  // namespace

bool SameReservation(const Reservation& a, const Reservation& b) {
  const auto said = [](const Reservation& r) {
    return std::tie(r.id, r.items, r.interval.start, r.interval.end, r.user, r.state,
                    r.hold_expire_time, r.window.start, r.window.end, r.priority, r.create_time,
                    r.update_time, r.revision);
  };
  return said(a) == said(b);
}

void Auditor::Trace(absl::string_view bytes) {
  for (const char c : bytes) trace_ = (trace_ ^ static_cast<unsigned char>(c)) * 1099511628211u;
}

void Auditor::CheckAnswer(const Request& request, const Result<runtime::Answer>& answer,
                          const Outcome& expected) {
  Trace(Words(answer));
  if (!Agree(answer, expected)) {
    Report(absl::StrCat(request.principal, " asked [", Fingerprint(request), "] id '",
                        request.request_id, "' and was told '", Words(answer), "', not '",
                        Words(expected), "'"));
  }
  if (!answer.ok() || request.dry_run) return;
  if (const auto* reservation = std::get_if<Reservation>(&answer.value().result)) {
    Reservation& known = acknowledged_[reservation->id];
    if (reservation->revision > known.revision) known = *reservation;
  }
}

void Auditor::CheckState(const engine::State& state, const Model& model) {
  if (state.head() != model.head()) {
    Report(absl::StrCat("the head is ", state.head(), ", not ", model.head()));
  }
  if (state.last_time() != model.last_time()) {
    Report(absl::StrCat("the last time is ", state.last_time(), ", not ", model.last_time()));
  }
  const Instant after = state.forgotten_before();
  if (TakenIn(state, after) != TakenIn(model, after))
    Report("what is taken is not as it should be");
  engine::Dues dues;
  engine::State::WaitLists waiting;
  for (const auto& [id, reservation] : model.reservations()) {
    if (reservation.hold_expire_time != 0) dues.insert({reservation.hold_expire_time, id});
    if (reservation.state != ReservationState::kWaitlisted) continue;
    for (const ReservationItem& item : reservation.items) waiting[item.asset].insert(id);
  }
  if (state.dues() != dues) Report("what is due is not as it should be");
  if (state.all_waiting() != waiting) Report("the wait lists are not as they should be");
  for (const auto& [id, thing] : model.things()) {
    const Asset* asset = state.catalogue().FindAsset(id);
    if (asset == nullptr || asset->capacity != thing.capacity || asset->set_up != thing.set_up ||
        asset->exclusion_groups.empty() == thing.in_group ||
        (asset->state == AssetState::kRetired) != thing.retired) {
      Report(absl::StrCat("the asset ", id, " is not as it should be"));
    }
  }
}

void Auditor::CheckCapacity(const Model& model, Instant now) {
  std::map<std::string, std::vector<std::pair<Interval, int32_t>>> uses;
  for (const auto& [id, reservation] : acknowledged_) {
    if (!IsBlocking(reservation.state)) continue;
    for (const ReservationItem& item : reservation.items) {
      const Interval span = OccupancyOf(reservation, item).Intersect({now, kEver});
      if (!span.empty()) uses[item.asset].push_back({span, item.quantity});
    }
  }
  const auto used_at = [&uses](const std::string& asset, Instant at) {
    int32_t used = 0;
    for (const auto& [span, quantity] : uses[asset]) used += span.Contains(at) ? quantity : 0;
    return used;
  };
  const auto ancestors_of = [&model](std::string id) {
    std::vector<std::string> above;
    while (!(id = model.things().at(id).parent).empty()) above.push_back(id);
    return above;
  };
  for (const auto& [asset, spans] : std::map(uses)) {
    for (const auto& [span, unused] : spans) {
      if (used_at(asset, span.start) > model.things().at(asset).capacity) {
        Report(absl::StrCat(asset, " is granted beyond its capacity at ", span.start));
      }
      for (const std::string& whole : ancestors_of(asset)) {
        for (const auto& [other, of_whole] : std::vector(uses[whole])) {
          if (other.Overlaps(span))
            Report(absl::StrCat(asset, " and ", whole, " are both granted"));
        }
      }
      if (asset == "laser" && model.things().at("laser").in_group &&
          model.things().at("scope").in_group && used_at("scope", span.start) > 0) {
        Report("laser and scope are both granted");
      }
    }
  }
}

void Auditor::CheckEvent(const Event& event) {
  const Revision expected = shown_.empty() ? event.revision : shown_.back().revision + 1;
  if (event.revision != expected) {
    Report(absl::StrCat("watchers were shown event ", event.revision, " where ", expected,
                        " was next"));
  }
  if (!shown_.empty() && event.time < shown_.back().time) Report("time ran backwards in the log");
  shown_.push_back(event);
  // What the clock ends is acknowledged to nobody, but watchers know.
  if (event.actor == kDaemonActor) LearnFrom(event);
}

void Auditor::LearnFrom(const Event& event) {
  const auto* reservation = std::get_if<Reservation>(&event.resource);
  if (reservation == nullptr) return;
  acknowledged_[reservation->id] = *reservation;
}

void Auditor::CheckLog(const storage::Snapshot& snapshot) {
  size_t index = 0;
  const Revision first = shown_.empty() ? 0 : shown_.front().revision - 1;
  std::vector<Event> unseen;
  const absl::Status status = storage::VisitEvents(snapshot, first, [&](Event event) {
    if (index < shown_.size()) {
      if (!(event == shown_[index])) {
        Report(absl::StrCat("event ", event.revision, " of the log is not the one watchers saw"));
      }
    } else {
      unseen.push_back(std::move(event));
    }
    ++index;
    return true;
  });
  if (!status.ok()) Report(std::string(status.message()));
  if (index < shown_.size()) Report("watchers were shown events that the log has not kept");
  // A watcher that comes back reads on from the log. So one learns what became
  // of requests whose outcome was unknown.
  for (const Event& event : unseen) {
    CheckEvent(event);
    LearnFrom(event);
  }
}

void Auditor::CheckStore(const storage::Store& store, const Model& model) {
  const auto snapshot = store.TakeSnapshot();
  if (const absl::Status status = storage::CheckLog(*snapshot); !status.ok()) {
    Report(std::string(status.message()));
  }
  CheckLog(*snapshot);
  for (const auto& [id, expected] : model.reservations()) {
    const auto found = storage::ReadReservation(store, id);
    if (!found.ok() || !found->has_value() || !SameReservation(**found, expected)) {
      Report(absl::StrCat("reservation ", id, " is not stored as it should be"));
    }
  }
  for (const auto& [id, known] : acknowledged_) {
    const auto found = storage::ReadReservation(store, id);
    if (!found.ok() || !found->has_value() || (*found)->revision < known.revision) {
      Report(absl::StrCat("what was acknowledged of reservation ", id, " is lost"));
    }
  }
  // The log folds to what is stored.
  std::map<ReservationId, Reservation> folded;
  for (const Event& event : shown_) {
    Trace(storage::EncodeEvent(event));
    if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
      folded[reservation->id] = *reservation;
    }
  }
  bool same = folded.size() == model.reservations().size();
  for (const auto& [id, expected] : model.reservations()) {
    same = same && folded.count(id) > 0 && SameReservation(folded[id], expected);
  }
  if (!same) Report("the log does not fold to what is stored");
}

}  // namespace labslot::sim
