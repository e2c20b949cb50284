#include "tests/sim/simulation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/runtime/loader.h"
#include "tests/sim/faulty_store.h"
#include "tests/sim/house.h"
#include "tests/support/times.h"

namespace labslot::sim {
namespace {

constexpr size_t kFeedCapacity = 100000;

// What is remembered of months, with how often that helped.
class CountedMemory : public engine::UseMemory {
 public:
  CountedMemory(runtime::Rollups& rollups, int64_t& found)
      : memory_(rollups, rollups.mark()), found_(found) {}

  void Visit(const std::string& asset, absl::Span<const engine::MonthPart> parts,
             const Visitor& visitor) override {
    memory_.Visit(asset, parts, [&](size_t part, const engine::UseCell& cell) {
      ++found_;
      visitor(part, cell);
    });
  }
  void Keep(const std::string& asset, const engine::MonthPart& part, const Interval& depends_on,
            const std::set<std::string>& related, const engine::UseCell& cell) override {
    memory_.Keep(asset, part, depends_on, related, cell);
  }

 private:
  runtime::RollupsAt memory_;
  int64_t& found_;
};

FaultyStore::Defect DefectOf(Mutant mutant) {
  switch (mutant) {
    case Mutant::kAcknowledgesBeforeCommit:
      return FaultyStore::Defect::kAcknowledgesBeforeCommit;
    case Mutant::kLosesWrites:
      return FaultyStore::Defect::kLosesWrites;
    default:
      return FaultyStore::Defect::kNone;
  }
}

// Its quota is not about the last of several assets.
Request WithoutAnAsset(Request request) {
  for (Selector& selector : request.quota.applies_to) {
    if (selector.assets.size() > 1) selector.assets.pop_back();
  }
  return request;
}

// A touching neighbour, which a check of closed intervals takes for a conflict.
bool Touches(const Model& model, const Request& request) {
  for (const auto& [id, reservation] : model.reservations()) {
    if (!IsBlocking(reservation.state)) continue;
    for (const ReservationItem& item : reservation.items) {
      if (item.asset == request.items[0].asset &&
          (reservation.interval.end == request.interval.start ||
           reservation.interval.start == request.interval.end)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

Simulation::Simulation(uint64_t seed, Mutant mutant)
    : Simulation(seed, mutant, std::make_unique<FaultyStore>(DefectOf(mutant))) {}

Simulation::Simulation(uint64_t seed, std::unique_ptr<SimStore> store)
    : Simulation(seed, Mutant::kNone, std::move(store)) {}

Simulation::Simulation(uint64_t seed, Mutant mutant, std::unique_ptr<SimStore> store)
    : workload_(seed),
      mutant_(mutant),
      store_(std::move(store)),
      clock_(support::At("2027-02-28T20:00:00Z")),  // most lives see a month end
      model_({}, 0, 0) {
  Open();
  SetUpHouse();
}

void Simulation::SetUpHouse() {
  std::map<std::string, Thing> things = HouseThings(clock_.Now());
  if (mutant_ == Mutant::kAsksNobody) {
    for (auto& [id, thing] : things) thing.approval.reset();
  }
  if (mutant_ == Mutant::kStaysAway) things["truck"].always_home = false;
  if (mutant_ == Mutant::kTakesUnitsForOthers) things[kUnitPool].units["d"]["eds"] = "yes";
  engine::Command command;
  command.principal = engine::LocalOperator();
  command.body = engine::ImportRecords{HouseRecords(things)};
  sequencer_->Submit(
      command, absl::InfiniteFuture(), [this](const Result<runtime::Answer>& answer) {
        if (!answer.ok())
          auditor_.Report("the house could not be set up: " + answer.error().message);
      });
  sequencer_->Drain();
  model_ = Model({HouseThings(clock_.Now()), {}, {}, {}}, sequencer_->state().head(), clock_.Now());
  counted_events_ = auditor_.events().size();
}

void Simulation::Open() {
  sequencer_.reset();
  feed_.reset();
  stale_.reset();
  commits_ = 0;
  expire_again_ = 0;
  absl::StatusOr<engine::State> state = runtime::LoadState(*store_);
  if (!state.ok()) return auditor_.Report(std::string(state.status().message()));
  feed_ = std::make_unique<runtime::EventFeed>(state->head(), kFeedCapacity);
  seen_ = state->head();
  feed_->Subscribe([this] {
    const auto events = feed_->After(seen_, kFeedCapacity);
    if (!events) return auditor_.Report("the feed has lost its watcher");
    for (const runtime::SharedEvent& event : *events) {
      seen_ = event->revision;
      if (mutant_ != Mutant::kSkipsEvents || event->revision % 20 != 0) auditor_.CheckEvent(*event);
    }
  });
  sequencer_ = std::make_unique<runtime::Sequencer>(*store_, *std::move(state), clock_, *feed_);
}

void Simulation::Run(int steps) {
  for (int step = 0; step < steps && findings().empty(); ++step) Step();
  if (!findings().empty()) return;
  Open();
  model_.Restart();
  if (sequencer_ != nullptr) {
    auditor_.CheckState(sequencer_->state(), model_);
    auditor_.CheckQuotas(sequencer_->state(), model_, model_.Now(clock_.Now()));
  }
  auditor_.CheckStore(*store_, model_);
}

void Simulation::AdvanceClock() {
  const uint64_t roll = workload_.Roll(20);
  if (roll == 0) clock_.Advance(4 * 3600);
  if (roll == 1) clock_.Advance(-7200);
  if (roll > 4) clock_.Advance(static_cast<Seconds>(workload_.Roll(600)));
}

Simulation::Fate Simulation::AnyFate() {
  switch (workload_.Roll(30)) {
    case 0:
      return Fate::kDiesBefore;
    case 1:
      return Fate::kDiesAfter;
    case 2:
      return Fate::kFull;
    case 3:
      return Fate::kUnknownLost;
    case 4:
      return Fate::kUnknownKept;
    default:
      return Fate::kNormal;
  }
}

std::vector<Simulation::Asked> Simulation::AnyGroup() {
  std::vector<Asked> group;
  const Instant now = model_.Now(clock_.Now());
  const uint64_t size = 1 + workload_.Roll(4);
  while (!unanswered_.empty() || group.size() < size) {
    Asked asked;
    if (!unanswered_.empty()) {
      asked.request = unanswered_.front();
      unanswered_.pop_front();
    } else {
      asked.request = workload_.Next(model_, now);
    }
    group.push_back(std::move(asked));
    if (EndsGroup(group.back().request.verb)) break;
  }
  return group;
}

// Plants the fault in one request; true if it is answered already.
bool Simulation::Mutate(Asked& asked) {
  const Request& request = asked.request;
  if (mutant_ == Mutant::kClosedIntervals && request.verb == Verb::kBook &&
      Touches(model_, request)) {
    asked.answer = RefusedBy({});
    return true;
  }
  return false;
}

void Simulation::Submit(std::vector<Asked>& group) {
  for (Asked& asked : group) {
    if (Mutate(asked)) continue;
    engine::Command command = ToCommand(asked.request);
    if (mutant_ == Mutant::kForgetsRequests) command.request_id.clear();
    if (mutant_ == Mutant::kTearsBundles && asked.request.items.size() > 1) {
      Request torn = asked.request;
      torn.items.pop_back();
      command.body = ToCommand(torn).body;
    }
    if (mutant_ == Mutant::kCountsTooLittle && EndsGroup(asked.request.verb)) {
      command.body = ToCommand(WithoutAnAsset(asked.request)).body;
    }
    sequencer_->Submit(std::move(command), absl::InfiniteFuture(),
                       [this, &asked](Result<runtime::Answer> answer) {
                         if (asked.answer) auditor_.Report("a request was answered twice");
                         asked.answer = std::move(answer);
                       });
  }
}

void Simulation::Step() {
  AdvanceClock();
  std::vector<Asked> group = AnyGroup();
  const Model before = model_;
  const Course course = Live(group, AnyFate());
  if (!findings().empty()) return;
  Expect(group, course);
  CheckGroup(group, course);
  if (!course.is_kept()) TakeBack(before, course);
  if (course.dies) {
    model_.Restart();
    auditor_.CheckStore(*store_, model_);
  }
  CountEvents();
  if (!findings().empty()) return;
  auditor_.CheckState(stale_ ? *stale_ : sequencer_->state(), model_);
  auditor_.CheckCapacity(model_, model_.Now(clock_.Now()));
  auditor_.CheckQuotas(sequencer_->state(), model_, model_.Now(clock_.Now()));
  CheckReport();
}

// Works off the group, and begins again if that ends the daemon.
Simulation::Course Simulation::Live(std::vector<Asked>& group, Fate fate) {
  if (mutant_ == Mutant::kReadsStale) stale_ = sequencer_->state();
  Course course;
  course.now = model_.Now(clock_.Now());
  course.looks_first = course.now >= expire_again_;
  Submit(group);
  if (fate == Fate::kFull) store_->Plan(CommitFault::kFull);
  if (fate == Fate::kUnknownLost) store_->Plan(CommitFault::kUnknownLost);
  if (fate == Fate::kUnknownKept) store_->Plan(CommitFault::kUnknownKept);
  if (fate != Fate::kDiesBefore) {
    while (sequencer_->Drain()) {
    }
  }
  course.fired = store_->TakeFired();
  store_->Plan(CommitFault::kNone);
  course.is_done = course.fired == CommitFault::kNone && fate != Fate::kDiesBefore;
  course.dies = course.is_unknown() || fate == Fate::kDiesBefore || fate == Fate::kDiesAfter;
  if (course.is_unknown() && !sequencer_->failed()) {
    auditor_.Report("the daemon goes on after a failed sync");
  }
  // A commit has shown that there is room again.
  if (course.is_done && sequencer_->commit_count() != commits_) expire_again_ = 0;
  commits_ = sequencer_->commit_count();
  course.looks_again = course.is_done && course.now >= expire_again_;
  if (course.dies) Restart();
  return course;
}

// What the model makes of the same.
void Simulation::Expect(std::vector<Asked>& group, const Course& course) {
  // What was taken back is not in the log: then any who could give way will do.
  model_.Read(course.is_kept() ? &auditor_.events() : nullptr);
  const Revision before = model_.head();
  if (course.looks_first) {
    model_.EndWhatIsDue(course.now);
    model_.ServeAllIfWoken(course.now);
  }
  tally_.expired_holds += model_.head() - before;
  for (Asked& asked : group) asked.expected = model_.Do(asked.request, course.now);
  // A change of things is followed by a look at the wait lists, in a group of its own.
  if (course.looks_again && model_.wakes()) {
    model_.EndWhatIsDue(course.now);
    model_.ServeAllIfWoken(course.now);
  }
  for (const std::string& objection : model_.objections()) auditor_.Report(objection);
}

void Simulation::CheckGroup(const std::vector<Asked>& group, const Course& course) {
  if (course.fired == CommitFault::kFull) {
    ++tally_.full;
    ExpectAllFailed(group, ErrorKind::kOverloaded);
  }
  if (course.is_unknown()) {
    ++(course.fired == CommitFault::kUnknownLost ? tally_.unknown_lost : tally_.unknown_kept);
    ExpectAllFailed(group, ErrorKind::kOutcomeUnknown);
  }
  if (course.is_done) CheckAnswers(group);
  if (!course.is_done && course.fired != CommitFault::kFull) AskAgain(group);
}

void Simulation::TakeBack(const Model& before, const Course& course) {
  const Instant time = model_.last_time();
  model_ = before;
  if (course.fired != CommitFault::kFull) return;
  model_.KeepTime(time);
  model_.WakeAll();
  expire_again_ = course.now + 1;
}

void Simulation::Restart() {
  ++tally_.crashes;
  sequencer_.reset();
  if (const absl::Status status = store_->Reopen(); !status.ok()) {
    return auditor_.Report(absl::StrCat("the store does not open: ", status.message()));
  }
  Open();
  auditor_.ReadOn(*store_);
}

void Simulation::CheckReport() {
  if (workload_.Roll(3) != 0) return;
  const bool stays = mutant_ == Mutant::kNeverForgetsReports;
  CountedMemory memory(stays ? never_touched_ : sequencer_->rollups(), tally_.remembered);
  auditor_.CheckReport(sequencer_->state(), memory, sequencer_->Now());
}

void Simulation::CheckAnswers(const std::vector<Asked>& group) {
  for (const Asked& asked : group) {
    if (!asked.answer) {
      auditor_.Report("a request was not answered");
      continue;
    }
    const bool errs = mutant_ == Mutant::kErrsThoughApplied && asked.answer->ok() &&
                      !asked.request.dry_run && workload_.Roll(8) == 0;
    auditor_.CheckAnswer(asked.request,
                         errs ? Result<runtime::Answer>(NotFound("reservations/1")) : *asked.answer,
                         asked.expected);
    Count(asked);
  }
}

bool Simulation::IsElsewhere(const Asked& asked) {
  const auto& items = asked.expected.reservation.items;
  return !std::equal(
      items.begin(), items.end(), asked.request.items.begin(), asked.request.items.end(),
      [](const auto& got, const Wanted& wanted) { return got.asset == wanted.asset; });
}

void Simulation::Count(const Asked& asked) {
  ++tally_.requests;
  if (!asked.answer->ok()) return tally_.CountRefusal(asked.answer->error());
  ++tally_.granted;
  if (asked.answer->value().replayed) ++tally_.replays;
  if (asked.expected.reservation.state == ReservationState::kWaitlisted) ++tally_.waits;
  if (asked.request.verb == Verb::kAccept) ++tally_.accepted;
  if (asked.request.verb == Verb::kBook && IsElsewhere(asked)) ++tally_.elsewhere;
}

void Simulation::CountEvents() {
  const std::vector<Event>& events = auditor_.events();
  for (; counted_events_ < events.size(); ++counted_events_) {
    tally_.CountEvent(events[counted_events_]);
  }
}

void Simulation::ExpectAllFailed(const std::vector<Asked>& group, ErrorKind kind) {
  for (const Asked& asked : group) {
    if (mutant_ == Mutant::kClosedIntervals) return;
    if (!asked.answer || asked.answer->ok() || asked.answer->error().kind != kind) {
      auditor_.Report(absl::StrCat("a request of a failed group was not told so: error ",
                                   static_cast<int>(kind)));
    }
  }
}

void Simulation::AskAgain(const std::vector<Asked>& group) {
  for (const Asked& asked : group) {
    if (!asked.request.request_id.empty() && !asked.request.dry_run) {
      unanswered_.push_back(asked.request);
    }
  }
}

}  // namespace labslot::sim
