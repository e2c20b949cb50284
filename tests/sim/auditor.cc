#include "tests/sim/auditor.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "daemon/base/limits.h"
#include "daemon/engine/principal.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/records.h"
#include "tests/support/use_source.h"

namespace labslot::sim {
namespace {

constexpr engine::DayNumber kManyDays = 1000000;
constexpr Instant kTheEnd = limits::kLatestInstant + limits::kLongestChangeover;

// How much is taken by asset, from, to, reservation and its state.
using TakenBySpan =
    std::map<std::tuple<std::string, Instant, Instant, ReservationId, ReservationState>, int32_t>;

TakenBySpan TakenIn(const Model& model, Instant after) {
  TakenBySpan all;
  for (const auto& [id, reservation] : model.reservations()) {
    for (const Taken& taken : TakenOf(reservation)) {
      const Interval& span = taken.interval;
      if (span.end <= after) continue;
      const ReservationState state =
          taken.given_back ? ReservationState::kCompleted : reservation.state;
      all[{taken.asset, span.start, span.end, id, state}] += taken.quantity;
    }
  }
  return all;
}

TakenBySpan TakenIn(const engine::State& state, Instant after) {
  TakenBySpan all;
  for (const auto& [id, asset] : state.catalogue().assets()) {
    const engine::Timeline& timeline = state.timeline(id);
    for (const engine::Occupant& occupant :
         timeline.Overlapping({after, kTheEnd}, timeline.size())) {
      all[{id, occupant.blocked.start, occupant.blocked.end, occupant.reservation,
           occupant.state}] += occupant.quantity;
    }
  }
  return all;
}

bool IsOf(const Series& series, const Chain& chain) {
  std::map<int64_t, std::pair<ReservationId, bool>> stored;
  for (const Occurrence& occurrence : series.occurrences) {
    stored[occurrence.day - absl::CivilDay(1970, 1, 1)] = {occurrence.reservation,
                                                           occurrence.refusal.has_value()};
  }
  std::map<int64_t, std::pair<ReservationId, bool>> expected;
  for (const auto& [day, there] : chain.days) {
    expected[day] = {there.reservation, there.refused};
  }
  return stored == expected && series.cancelled == chain.cancelled &&
         series.revision == chain.revision;
}

std::string Words(const Reservation& r) {
  std::string words =
      absl::StrCat(r.id, " at revision ", r.revision, " ", StateWord(r.state), " ",
                   r.interval.start, "-", r.interval.end, " due ", DueOf(r), " for ", r.user,
                   " at ", r.site, " p", r.priority, " used ", r.use.check_in, "-", r.use.check_out,
                   " freed ", r.use.freed, " close by ", r.use.close_by, " ", r.displaced_by);
  for (const Note& note : r.notes) {
    absl::StrAppend(&words, " noted ", note.source.empty() ? note.asset : note.source);
    if (!note.settled_by.empty()) absl::StrAppend(&words, " settled by ", note.settled_by);
  }
  for (const ReservationItem& item : r.items) {
    absl::StrAppend(&words, " ", item.asset, "*", item.quantity, "+", item.set_up, "+",
                    item.tear_down);
    for (const auto& [label, value] : item.unit_labels) absl::StrAppend(&words, ":", label);
    for (const std::string& unit : item.units) absl::StrAppend(&words, "=", unit);
  }
  for (const Return& back : r.returns) {
    absl::StrAppend(&words, " back at ", back.time, " ", back.item.asset, "*", back.item.quantity);
    for (const std::string& unit : back.item.units) absl::StrAppend(&words, "=", unit);
  }
  return words;
}

std::string Words(const Result<runtime::Answer>& answer) {
  if (!answer.ok()) {
    return absl::StrCat("error ", static_cast<int>(answer.error().kind), " ",
                        answer.error().message);
  }
  const auto* reservation = std::get_if<Reservation>(&answer.value().result);
  return reservation == nullptr ? "ok" : absl::StrCat("ok ", Words(*reservation));
}

std::string Words(const Outcome& outcome) {
  if (!outcome.ok) return absl::StrCat("error ", static_cast<int>(outcome.error));
  return absl::StrCat("ok ", Words(outcome.reservation));
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
                    r.hold_expire_time, r.window.start, r.window.end, r.choices, r.like_assets,
                    r.priority, r.firm, r.leaves_slot_free, r.round, r.project, r.site, r.series,
                    r.occurrence, r.displaced_by, r.check_in_by, r.use.check_in, r.use.check_out,
                    r.use.freed, r.use.close_by, r.use.problem, r.returns, r.create_time,
                    r.update_time, r.revision);
  };
  const auto noted = [](const Reservation& r) {
    std::multiset<std::tuple<NoteKind, Rule, std::string, std::string>> notes;
    for (const Note& n : r.notes) notes.insert({n.kind, n.rule, n.source, n.settled_by});
    return notes;
  };
  return said(a) == said(b) && noted(a) == noted(b);
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
    if (const Instant due = DueOf(reservation); due != 0) dues.insert({due, id});
    if (!Waits(reservation.state)) continue;
    for (const ReservationItem& item : reservation.items) waiting[item.asset].insert(id);
  }
  if (state.dues() != dues) Report("what is due is not as it should be");
  if (state.all_waiting() != waiting) Report("the wait lists are not as they should be");
  if (state.catalogue().outages().size() != model.books().faults.size()) {
    Report("what is out of service is not as it should be");
  }
  for (const auto& [id, fault] : model.books().faults) {
    const Outage* outage = state.catalogue().FindOutage(id);
    if (outage == nullptr || outage->interval != fault.interval) {
      Report(absl::StrCat("the outage ", id, " is not as it should be"));
    }
  }
  for (const auto& [id, call] : model.books().calls) {
    const Round* round = state.catalogue().FindRound(id);
    if (round == nullptr || (round->state == RoundState::kCleared) != call.cleared) {
      Report(absl::StrCat("the round ", id, " is not as it should be"));
    }
  }
  for (const auto& [id, thing] : model.things()) {
    const Asset* asset = state.catalogue().FindAsset(id);
    if (asset == nullptr || asset->capacity != thing.capacity || asset->set_up != thing.set_up ||
        asset->exclusion_groups.empty() == thing.in_group ||
        (asset->state == AssetState::kRetired) != thing.retired) {
      Report(absl::StrCat("the asset ", id, " is not as it should be"));
    }
  }
}

void Auditor::CheckQuotas(const engine::State& state, const Model& model, Instant now) {
  const Books& books = model.books();
  for (const auto& [id, quota] : books.quotas) {
    const Quota* found = state.catalogue().FindQuota(id);
    if (found == nullptr || found->limit != quota.limit || found->share != quota.share) {
      Report(absl::StrCat("the quota ", id, " is not as it should be"));
      continue;
    }
    const bool is_future = quota.period == QuotaPeriod::kFuture;
    const Amounts usage = books.UsageOf(quota, now, 0);
    std::map<std::string, int64_t> sums;
    for (const auto& [at, amount] : usage) sums[at.first] += amount;
    for (const std::string& key : books.AllKeysOf(quota)) {
      const int64_t counted = is_future ? state.ledger().UsedBehind(id, key, now)
                                        : state.ledger().Used(id, key, 0, kManyDays);
      if (counted == sums[key]) continue;
      Report(absl::StrCat("of the quota ", id, " '", key, "' has used ", counted, ", not ",
                          sums[key]));
    }
  }
  if (state.catalogue().quotas().size() != books.quotas.size()) {
    Report("there are not as many quotas as there should be");
  }
}

void Auditor::CheckCapacity(const Model& model, Instant now) {
  const Books seen = {model.things(), model.books().faults, {}, acknowledged_};
  const Interval future = {now, kEver};
  for (const auto& [asset, thing] : model.things()) {
    if (const auto at = seen.OverbookedAt(asset, future)) {
      Report(absl::StrCat(asset, " is granted beyond what there is at ", *at));
    }
  }
  for (const auto& [asset, thing] : model.things()) {
    CheckUnits(seen, asset, now);
    if (seen.Travels(asset)) CheckWays(seen, asset, now);
  }
  for (const auto& [id, reservation] : seen.reservations) {
    for (const Taken& taken : TakenOf(reservation)) {
      const Interval span = taken.interval.Intersect(future);
      if (span.empty()) continue;
      for (const std::string& other : seen.RelatedTo(taken.asset)) {
        if (seen.MostUsed(other, span, 0) == 0) continue;
        Report(absl::StrCat(taken.asset, " and ", other, " are both granted"));
      }
    }
  }
}

void Auditor::CheckUnits(const Books& seen, const std::string& asset, Instant now) {
  if (!seen.HaveUnits(asset, now)) {
    Report(absl::StrCat("not everybody can have units of ", asset));
  }
  std::set<std::string> in_use;
  for (const auto& [id, r] : seen.reservations) {
    if (r.state != ReservationState::kCheckedIn) continue;
    for (const ReservationItem& item : r.items) {
      for (const std::string& unit : item.units) {
        const bool is_new = item.asset != asset || in_use.insert(unit).second;
        if (!is_new) Report(absl::StrCat(unit, " of ", asset, " is handed out twice"));
      }
    }
  }
}

// What was found out afterwards of a use that is over does not count.
void Auditor::CheckWays(const Books& seen, const std::string& asset, Instant now) {
  Books granted = seen;
  for (auto& [id, r] : granted.reservations) {
    if (!IsBlocking(r.state)) r.state = ReservationState::kCancelled;
  }
  const std::vector<Stay> stays = granted.StaysOf(asset, 0);
  for (size_t i = 1; i < stays.size(); ++i) {
    const Stay& before = stays[i - 1];
    const Stay& after = stays[i];
    const Instant there = before.interval.end + seen.NeededBetween(asset, before, after);
    if (after.interval.start <= now || there <= after.interval.start) continue;
    Report(absl::StrCat(asset, " does not get from ", before.site, " to ", after.site, " by ",
                        after.interval.start));
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
  // What the clock ends, and what somebody else's request did to a reservation, is
  // acknowledged to nobody, but watchers know.
  LearnFrom(event);
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
  for (const Event& event : unseen) CheckEvent(event);
}

void Auditor::ReadOn(const storage::Store& store) { CheckLog(*store.TakeSnapshot()); }

void Auditor::CheckReport(const engine::State& state, engine::UseMemory& memory, Instant now) {
  support::RecordedUse source(state.catalogue(), acknowledged_, shown_);
  const absl::CivilMonth this_month(
      absl::ToCivilMonth(absl::FromUnixSeconds(now), absl::UTCTimeZone()));
  const auto start_of = [](absl::CivilMonth month) {
    return absl::ToUnixSeconds(absl::FromCivil(month, absl::UTCTimeZone()));
  };
  engine::UseQuery query;
  query.period = {start_of(this_month - 1), start_of(this_month + 3)};
  query.bucket = engine::Bucket::kMonth;
  query.group_by = {engine::UseDimension::kAsset};
  const std::vector<engine::Epoch> epochs = source.Epochs(query.period);
  engine::UseReport remembered(query, now, source, &memory);
  engine::UseReport counted(query, now, source);
  for (const auto& [id, asset] : state.catalogue().assets()) {
    const std::vector<engine::AssetSpan> spans = engine::SpansOf(epochs, id);
    if (spans.empty()) continue;
    remembered.Add(spans, "UTC");
    counted.Add(spans, "UTC");
  }
  const std::vector<engine::UseRow> rows = remembered.Rows();
  const std::vector<engine::UseRow> recount = counted.Rows();
  const bool same = std::equal(rows.begin(), rows.end(), recount.begin(), recount.end(),
                               [](const auto& a, const auto& b) {
                                 return a.group == b.group && a.interval == b.interval &&
                                        a.cell == b.cell && a.whole == b.whole;
                               });
  if (!same) Report("what is remembered of months is not what a recount finds");
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
      const bool is_there = found.ok() && found->has_value();
      Report(absl::StrCat("stored is ", is_there ? Words(**found) : "nothing", ", not ",
                          Words(expected)));
    }
  }
  for (const auto& [id, chain] : model.books().chains) {
    const auto found = storage::ReadSeries(store, id);
    if (!found.ok() || !found->has_value() || !IsOf(**found, chain)) {
      Report(absl::StrCat("series ", id, " is not stored as it should be"));
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
