#include "daemon/runtime/sequencer.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "daemon/domain/names.h"
#include "daemon/engine/outage_decisions.h"
#include "daemon/engine/unmet_demand.h"
#include "daemon/runtime/loader.h"
#include "daemon/storage/refused_requests.h"

namespace labslot::runtime {
namespace {

constexpr Seconds kForgetEvery = 600;

Error Overloaded(std::string message) {
  return {ErrorKind::kOverloaded, std::move(message), "", {}, std::nullopt};
}

Error OutcomeUnknown() {
  return {ErrorKind::kOutcomeUnknown,
          "the write may or may not have taken effect; send it again with the same request_id",
          "",
          {},
          std::nullopt};
}

Error Defect(const absl::Status& status) {
  Log(LogLevel::kError, status.message());
  return {
      ErrorKind::kDefect, "the daemon could not read its store; see its log", "", {}, std::nullopt};
}

std::string RequestKey(const engine::Command& command) {
  return absl::StrCat(command.principal.user, "/", command.request_id);
}

// Counts an event of a request about records, or of what a change of rules does
// to reservations.
void CountIn(const Event& event, Answer& answer) {
  const bool is_reservation = std::holds_alternative<Reservation>(event.resource);
  if (event.type == EventType::kCreated) ++answer.created_count;
  if (event.type == EventType::kUpdated) {
    ++(is_reservation ? answer.warned_count : answer.updated_count);
  }
  if (event.type == EventType::kCancelled) ++answer.cancelled_count;
  if (event.type == EventType::kDeleted) ++answer.removed_count;
}

bool MakesMany(const engine::Command& command) {
  return std::holds_alternative<engine::CreateReservations>(command.body) ||
         std::holds_alternative<engine::CreateVisit>(command.body);
}

// Takes a reservation that the command made into its answer, or what became of it in the
// same commit.
void Gather(const Event& event, Answer& answer) {
  const auto* reservation = std::get_if<Reservation>(&event.resource);
  if (reservation == nullptr) return;
  if (event.type == EventType::kCreated) {
    answer.reservations.push_back(*reservation);
    return;
  }
  for (Reservation& made : answer.reservations) {
    if (made.id == reservation->id) made = *reservation;
  }
}

// All but the result.
Answer AnswerOf(const engine::Command& command, const engine::Decision& decision) {
  Answer answer;
  answer.unchanged_count = decision.unchanged_count;
  for (const engine::Change& change : decision.changes) {
    CountIn(change.event, answer);
    if (MakesMany(command)) Gather(change.event, answer);
  }
  return answer;
}

// What is remembered of the answer under its request_id.
storage::Outcome OutcomeOf(const engine::Command& command, const engine::Decision& decision,
                           Instant now) {
  const Revision result = std::visit([](const auto& r) { return r.revision; }, decision.result);
  storage::Outcome outcome;
  outcome.fingerprint = command.fingerprint;
  outcome.time = now;
  if (decision.changes.empty()) {
    outcome.last = result;
    outcome.first = outcome.last + 1;
    outcome.result = outcome.first;
  } else {
    outcome.first = decision.changes.front().event.revision;
    outcome.last = decision.changes.back().event.revision;
    outcome.result = result;
  }
  return outcome;
}

// An event that the log must have.
Result<Event> EventOfLog(const storage::Store& store, Revision revision) {
  absl::StatusOr<std::optional<Event>> event = storage::ReadEvent(store, revision);
  if (!event.ok()) return Defect(event.status());
  if (!event->has_value()) return Defect(absl::DataLossError("an event of the log is missing"));
  return **std::move(event);
}

size_t WorkOf(const engine::Command& command) {
  if (const auto* batch = std::get_if<engine::CreateReservations>(&command.body)) {
    return batch->requests.size();
  }
  const auto* visit = std::get_if<engine::CreateVisit>(&command.body);
  if (visit == nullptr) return 1;
  size_t options = 0;
  for (const engine::VisitStop& stop : visit->stops) options += stop.options.size();
  return options * visit->windows.size();
}

}  // namespace

Sequencer::Sequencer(storage::Store& store, engine::State state, const Clock& clock,
                     EventFeed& feed)
    : store_(store),
      state_(std::move(state)),
      clock_(clock),
      feed_(feed),
      head_at_start_(state_.head()) {}

void Sequencer::Submit(engine::Command command, Patience patience, Done done) {
  if (failed()) return done(OutcomeUnknown());
  if (!HasRoomFor(command.principal.user)) return done(NoRoom());
  const size_t work = WorkOf(command);
  queued_work_ += work;
  queued_of_[command.principal.user] += work;
  queue_.push_back({std::move(command), patience, std::move(done)});
}

bool Sequencer::HasRoomFor(const std::string& user) const {
  if (queued_work_ >= kMaxQueued) return false;
  const auto of_user = queued_of_.find(user);
  return of_user == queued_of_.end() || of_user->second < kMaxQueuedOfUser;
}

Error Sequencer::NoRoom() {
  return Overloaded("the daemon has more to do than it can; try again in a moment");
}

Sequencer::Submission Sequencer::TakeNext() {
  Submission submission = std::move(queue_.front());
  queue_.pop_front();
  const size_t work = WorkOf(submission.command);
  queued_work_ -= work;
  const auto of_user = queued_of_.find(submission.command.principal.user);
  of_user->second -= work;
  if (of_user->second == 0) queued_of_.erase(of_user);
  return submission;
}

void Sequencer::SubmitUpkeep(storage::WriteSet deletions) {
  for (std::string& key : deletions.deletes) upkeep_.push_back(std::move(key));
}

bool Sequencer::Drain() {
  if (failed()) {
    while (!queue_.empty()) TakeNext().done(OutcomeUnknown());
    return false;
  }
  const Instant now = Now();
  group_.writes.base = state_.head();
  EndWhatIsDue(now);
  OfferToWaiting(now);
  // What is counted must be counted anew before anything else is decided.
  for (size_t i = 0; i < kMaxGroup && group_.changes.size() < kMaxGroup && !queue_.empty() &&
                     !state_.ledger_is_stale();
       ++i) {
    Handle(TakeNext(), now);
  }
  Commit();
  if (state_.ledger_is_stale() && !failed()) Recount();
  AnswerAll();
  Forget();
  return !queue_.empty() || (offer_to_waiting_ && Now() >= end_again_);
}

// Counts from the last event, behind which the present never falls. Were it
// counted from the clock, a clock that jumps ahead for a moment would have
// bookings forgotten that are still to come.
void Sequencer::Forget() {
  const Instant last = state_.last_time();
  if (last < next_forget_) return;
  state_.ForgetBefore(last - kMemoryOfThePast);
  next_forget_ = last + kForgetEvery;
}

std::optional<Instant> Sequencer::NextDue() const {
  if (offer_to_waiting_ && state_.has_waiting()) return end_again_;
  std::optional<Instant> due = engine::NextOutageDue(state_.catalogue());
  if (!state_.dues().empty()) {
    const Instant first = state_.dues().begin()->first;
    due = due ? std::min(*due, first) : first;
  }
  return due ? std::max(*due, end_again_) : due;
}

Instant Sequencer::Now() const { return std::max(clock_.Now(), state_.last_time()); }

std::optional<Reservation> Sequencer::FindReservation(ReservationId id) const {
  const auto it = group_.reservations.find(id);
  if (it != group_.reservations.end()) return *it->second;
  absl::StatusOr<std::optional<Reservation>> stored = storage::ReadReservation(store_, id);
  // Deciding without the record could grant what must not be granted.
  if (!stored.ok()) Die(absl::StrCat("cannot read a reservation: ", stored.status().message()));
  return *std::move(stored);
}

std::optional<Series> Sequencer::FindSeries(SeriesId id) const {
  const auto it = group_.series.find(id);
  if (it != group_.series.end()) return *it->second;
  absl::StatusOr<std::optional<Series>> stored = storage::ReadSeries(store_, id);
  if (!stored.ok()) Die(absl::StrCat("cannot read a series: ", stored.status().message()));
  return *std::move(stored);
}

void Sequencer::VisitReservations(Instant from,
                                  const std::function<void(const Reservation&)>& visitor) const {
  const std::unique_ptr<const storage::Snapshot> snapshot = store_.TakeSnapshot();
  const absl::Status status = storage::VisitReservations(
      *snapshot, from, std::numeric_limits<Instant>::max(), [&](const Reservation& stored) {
        if (!group_.reservations.contains(stored.id)) visitor(stored);
        return true;
      });
  if (!status.ok()) Die(absl::StrCat("cannot read reservations: ", status.message()));
  for (const auto& [id, decided] : group_.reservations) {
    if (decided->interval.start >= from) visitor(*decided);
  }
}

// Before any other command of the group is decided, so that a hold blocks up
// to its last second and not longer.
void Sequencer::DoOfItself(engine::CommandBody body, const char* what, Instant now) {
  engine::Command command;
  command.principal = engine::DaemonPrincipal();
  command.body = std::move(body);
  Result<engine::Decision> decision = engine::Decide(state_, *this, command, now);
  if (!decision.ok()) Die(absl::StrCat("cannot ", what, ": ", decision.error().message));
  Take(std::move(decision).value());
}

void Sequencer::EndWhatIsDue(Instant now) {
  if (now < end_again_) return;
  while (!state_.dues().empty() && state_.dues().begin()->first <= now &&
         group_.changes.size() < kMaxGroup) {
    DoOfItself(engine::EndAtDueTime{state_.dues().begin()->second}, "end what is due", now);
  }
  for (auto due = engine::NextOutageDue(state_.catalogue());
       due && *due <= now && group_.changes.size() < kMaxGroup;
       due = engine::NextOutageDue(state_.catalogue())) {
    const std::string id = state_.catalogue().open_outages().begin()->second;
    DoOfItself(engine::ExtendOutage{id}, "extend an outage", now);
  }
}

void Sequencer::OfferToWaiting(Instant now) {
  if (!offer_to_waiting_ || now < end_again_) return;
  offer_to_waiting_ = false;
  if (state_.has_waiting()) DoOfItself(engine::OfferToWaiting{}, "offer freed time", now);
}

void Sequencer::Recount() {
  const std::unique_ptr<const storage::Snapshot> snapshot = store_.TakeSnapshot();
  const absl::Status status = CountAgain(*snapshot, state_);
  if (!status.ok()) Die(absl::StrCat("cannot count what is reserved: ", status.message()));
}

void Sequencer::Handle(Submission submission, Instant now) {
  ++command_count_;
  if (submission.patience.IsOver()) {
    group_.pending.push_back(
        {std::move(submission.done),
         Overloaded("the deadline passed, or the caller left, before the command was decided")});
    return;
  }
  const engine::Command& command = submission.command;
  const bool repeatable = !command.request_id.empty() && !command.validate_only;
  if (repeatable) {
    if (group_.requests.contains(RequestKey(command))) {
      group_.pending.push_back({std::move(submission.done), Twin(command)});
      return;
    }
  }
  Result<Answer> answer = Execute(command, now);
  if (repeatable && answer.ok()) {
    group_.requests[RequestKey(command)] = {command.fingerprint, group_.pending.size()};
  }
  group_.pending.push_back({std::move(submission.done), std::move(answer)});
}

// The answer to a request that came before in the same group.
Result<Answer> Sequencer::Twin(const engine::Command& command) const {
  const auto& [fingerprint, index] = group_.requests.at(RequestKey(command));
  if (fingerprint != command.fingerprint) return RequestIdReused(command.request_id);
  Answer answer = group_.pending[index].answer.value();
  answer.replayed = true;
  return answer;
}

Result<Answer> Sequencer::Execute(const engine::Command& command, Instant now) {
  if (std::optional<Result<Answer>> replay = Replay(command)) return *std::move(replay);
  Result<engine::Decision> decided = engine::Decide(state_, *this, command, now);
  if (!decided.ok()) {
    NoteRefused(command, decided.error(), now);
    return std::move(decided).error();
  }
  engine::Decision decision = std::move(decided).value();
  Answer answer = AnswerOf(command, decision);
  const bool is_real = !command.validate_only;
  if (is_real && !command.request_id.empty()) {
    storage::AppendOutcome(command.principal.user, command.request_id,
                           OutcomeOf(command, decision, now), group_.writes);
  }
  answer.result = std::move(decision.result);
  if (is_real) Take(std::move(decision));
  return answer;
}

// Notes demand that was not met, with the group; nothing follows from it but figures.
void Sequencer::NoteRefused(const engine::Command& command, const Error& error, Instant now) {
  constexpr size_t kMostRemembered = 50000;
  for (const RefusedRequest& refused :
       engine::UnmetDemand(state_.catalogue(), command, error, now)) {
    const std::string wish = absl::StrCat(refused.user, "/", refused.asset, "/", refused.run.start,
                                          "/", refused.run.end);
    if (refused_lately_.size() >= kMostRemembered) refused_lately_.clear();
    Instant& noted = refused_lately_[wish];
    if (noted != 0 && now - noted < limits::kDay) continue;
    noted = now;
    group_.writes.puts.push_back(storage::RowOf(refused, ++refused_count_));
    rollups_.Note(refused);
  }
}

// The first answer, if the request has been answered before.
std::optional<Result<Answer>> Sequencer::Replay(const engine::Command& command) {
  if (command.request_id.empty() || command.validate_only) return std::nullopt;
  const absl::StatusOr<std::optional<storage::Outcome>> outcome =
      storage::ReadOutcome(store_, command.principal.user, command.request_id);
  if (!outcome.ok()) return Result<Answer>(Defect(outcome.status()));
  if (!outcome->has_value()) return std::nullopt;
  if ((*outcome)->fingerprint != command.fingerprint) {
    return Result<Answer>(RequestIdReused(command.request_id));
  }
  return AnswerFromLog(command, **outcome);
}

Result<Answer> Sequencer::AnswerFromLog(const engine::Command& command,
                                        const storage::Outcome& outcome) {
  Answer answer;
  answer.replayed = true;
  // Without events of its own the request found everything as it should be;
  // then `last` names the event that had made it so.
  const Revision first = std::min(outcome.first, std::max<Revision>(outcome.last, 1));
  for (Revision revision = first; revision <= outcome.last; ++revision) {
    Result<Event> event = EventOfLog(store_, revision);
    if (!event.ok()) return std::move(event).error();
    if (revision >= outcome.first) CountIn(event.value(), answer);
    if (MakesMany(command)) Gather(event.value(), answer);
    // The others are about what went with it, as the tokens of a user.
    const bool is_result =
        outcome.last < outcome.first ? revision == first : revision == outcome.result;
    if (is_result) answer.result = std::move(event).value().resource;
  }
  // It changed nothing itself, but something followed from it.
  if (outcome.result > 0 && outcome.result < outcome.first && outcome.first <= outcome.last) {
    Result<Event> event = EventOfLog(store_, outcome.result);
    if (!event.ok()) return std::move(event).error();
    answer.result = std::move(event).value().resource;
  }
  if (const auto* import = std::get_if<engine::ImportRecords>(&command.body)) {
    answer.unchanged_count =
        static_cast<int>(import->records.size()) - answer.created_count - answer.updated_count;
  }
  if (const auto* apply = std::get_if<engine::ApplyPolicy>(&command.body)) {
    answer.unchanged_count =
        static_cast<int>(apply->records.size()) - answer.created_count - answer.updated_count;
  }
  return answer;
}

// Makes a decision so in memory, and adds it to what the group will commit.
void Sequencer::Take(engine::Decision decision) {
  for (const std::string& guard : decision.guards) {
    const auto known = guard_versions_.find(guard);
    // What was committed before the state was loaded is part of it; what came
    // later, by another writer, is not.
    group_.guards.try_emplace(guard, known != guard_versions_.end()
                                         ? known->second
                                         : std::min(store_.GuardVersion(guard), head_at_start_));
  }
  for (engine::Change& change : decision.changes) TakeChange(std::move(change));
}

void Sequencer::TakeChange(engine::Change decided) {
  const auto change = std::make_shared<const engine::Change>(std::move(decided));
  const Event& event = change->event;
  storage::AppendEvent(event, change->before_or_null(), group_.writes);
  state_.Apply(event, change->before_or_null());
  if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
    group_.reservations[reservation->id] = reservation;
  } else if (const auto* series = std::get_if<Series>(&event.resource)) {
    group_.series[series->id] = series;
  } else if (IsRecord(event.resource) && !std::holds_alternative<Outage>(event.resource)) {
    offer_to_waiting_ = true;
  }
  group_.changes.push_back(change);
}

void Sequencer::Commit() {
  storage::WriteSet& writes = group_.writes;
  writes.deletes.insert(writes.deletes.end(), std::make_move_iterator(upkeep_.begin()),
                        std::make_move_iterator(upkeep_.end()));
  upkeep_.clear();
  if (writes.puts.empty() && writes.deletes.empty()) return;
  writes.revision = state_.head();
  for (const auto& [name, version] : group_.guards) writes.guards.push_back({name, version});
  const absl::Status status = store_.Commit(writes);
  if (status.ok()) {
    ++commit_count_;
    end_again_ = 0;
    for (const auto& [name, version] : group_.guards) guard_versions_[name] = writes.revision;
    Publish();
    return;
  }
  if (absl::IsResourceExhausted(status)) {
    Log(LogLevel::kError, absl::StrCat("write refused: ", status.message()));
    Revert();
    offer_to_waiting_ = true;
    // A hold whose expiry cannot be written goes on blocking, which is safe.
    end_again_ = Now() + 1;
    // Refusals too: they may rest on what was now taken back.
    for (Pending& pending : group_.pending) {
      pending.answer = Overloaded("the disk of the store is full; nothing was changed");
    }
    return;
  }
  failure_ = status;
  for (Pending& pending : group_.pending) pending.answer = OutcomeUnknown();
}

void Sequencer::Publish() {
  std::vector<SharedEvent> events;
  for (const auto& change : group_.changes) {
    rollups_.Note(*change);
    events.emplace_back(change, &change->event);
  }
  feed_.Publish(std::move(events));
}

void Sequencer::Revert() {
  for (auto change = group_.changes.rbegin(); change != group_.changes.rend(); ++change) {
    state_.Revert((*change)->event, (*change)->before_or_null());
  }
}

void Sequencer::AnswerAll() {
  std::vector<Pending> pending = std::move(group_.pending);
  group_ = Group();
  for (Pending& p : pending) p.done(std::move(p.answer));
}

}  // namespace labslot::runtime
