#ifndef LABSLOT_DAEMON_RUNTIME_SEQUENCER_H_
#define LABSLOT_DAEMON_RUNTIME_SEQUENCER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "daemon/base/clock.h"
#include "daemon/base/limits.h"
#include "daemon/base/patience.h"
#include "daemon/domain/error.h"
#include "daemon/engine/command.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/decision_context.h"
#include "daemon/engine/state.h"
#include "daemon/runtime/event_feed.h"
#include "daemon/runtime/rollups.h"
#include "daemon/storage/records.h"
#include "daemon/storage/store.h"

namespace labslot::runtime {

// What a command came to.
struct Answer {
  Resource result;                        // the resource concerned, as it was just afterwards
  std::vector<Reservation> reservations;  // of a batch or a visit: what it made, in order
  int created_count = 0;
  int updated_count = 0;
  int removed_count = 0;
  int unchanged_count = 0;
  int warned_count = 0;     // of ApplyPolicy: reservations with a new note
  int cancelled_count = 0;  // of ApplyPolicy: reservations that were called off
  bool replayed = false;    // the request_id had been answered before
};

// The only writer. Commands queue; Drain decides and applies what has
// gathered, one by one, commits the whole group in one synced batch, and only
// then answers and publishes. So nobody sees what a crash could still take
// back, and each sync serves as many commands as came in meanwhile.
//
// One thread owns it and calls everything; the daemon's event loop is that
// thread. The sequencer knows neither gRPC nor threads, so tests and the
// simulator drive it by hand.
class Sequencer : private engine::ReservationSource {
 public:
  using Done = std::function<void(Result<Answer>)>;

  // Occupancies stay in memory this long after their end: as far back as the
  // set-up of what is booked now can reach.
  static constexpr Seconds kMemoryOfThePast = limits::kLongestChangeover + limits::kPastTolerance;

  // When so much is in the queue, or so much of one user, what comes is refused as
  // overload: about 100 ms of work. Each request of a batch counts, and each
  // option of a visit in each of its windows. The places that one
  // user cannot have keep the daemon open for the others when he floods it.
  static constexpr size_t kMaxQueued = 2048;
  static constexpr size_t kMaxQueuedOfUser = kMaxQueued / 2;

  // A commit takes in no further command when it has so many, or so many changes:
  // the first one shall not wait long.
  static constexpr size_t kMaxGroup = 512;

  // All must outlive the sequencer. `state` is the store's, as LoadState gives.
  Sequencer(storage::Store& store, engine::State state, const Clock& clock, EventFeed& feed);

  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // False if a command of the user would be refused as overload now. Asked before a
  // request is read, because to read it costs more than to turn it away.
  bool HasRoomFor(const std::string& user) const;
  static Error NoRoom();

  // Queues a command. `done` is called by Drain, exactly once; or at once if
  // the queue is full. A command for which nobody waits any more when its turn comes
  // is dropped: `done` gets an error that nobody hears.
  void Submit(engine::Command command, Patience patience, Done done);

  // The state, for reading. Whenever Drain is not running, and in the callbacks
  // that it makes, it holds every command that was answered and nothing that is
  // not durable. After a failure it must not be shown to anybody.
  const engine::State& state() const { return state_; }

  // Current reservations and series, for questions that the engine answers.
  // Reads what is durable whenever Drain is not running.
  const engine::ReservationSource& reservations() const { return *this; }

  // The present: the clock, but never behind the last event.
  Instant Now() const;

  // Answers a question of the engine that tries changes out and takes them back.
  // Whenever Drain is not running, and nothing has failed.
  template <typename Question>
  auto Ask(const engine::Principal& principal, const Question& question) {
    const std::string none;
    return question(engine::DecisionContext{state_, *this, principal, none, none, Now()});
  }

  // Queues the deletion of rows that nobody can see any more.
  void SubmitUpkeep(storage::WriteSet deletions);

  // Commands that wait for Drain.
  size_t queued() const { return queue_.size(); }

  // Works off one group. Returns true if more is queued.
  bool Drain();

  // When something falls due by the clock, if anything does.
  std::optional<Instant> NextDue() const;

  // True after a commit whose outcome is unknown. Memory and store may differ:
  // nothing is answered any more but "outcome unknown", and the only honest
  // way on is a restart.
  bool failed() const { return !failure_.ok(); }
  const absl::Status& failure() const { return failure_; }

  // What reports found of months; any thread may use it.
  Rollups& rollups() { return rollups_; }

  int64_t commit_count() const { return commit_count_; }
  int64_t command_count() const { return command_count_; }

 private:
  struct Submission {
    engine::Command command;
    Patience patience;
    Done done;
  };

  // A command of the group whose answer waits for the commit.
  struct Pending {
    Done done;
    Result<Answer> answer;
  };

  // Everything of a group that a failed commit would have to take back.
  struct Group {
    storage::WriteSet writes;
    // Shared with the feed: copies of events would cost as much as deciding them.
    std::vector<std::shared_ptr<const engine::Change>> changes;
    std::vector<Pending> pending;
    // Of those that changed, the last of `changes`.
    absl::flat_hash_map<ReservationId, const Reservation*> reservations;
    absl::flat_hash_map<SeriesId, const Series*> series;
    absl::flat_hash_map<std::string, std::pair<std::string, size_t>> requests;
    absl::flat_hash_map<std::string, Revision> guards;
  };

  std::optional<Reservation> FindReservation(ReservationId id) const override;
  std::optional<Series> FindSeries(SeriesId id) const override;
  void VisitReservations(Instant from,
                         const std::function<void(const Reservation&)>& visitor) const override;

  Submission TakeNext();
  // Decides a command of the daemon's own; `what` it does completes "cannot ...".
  void DoOfItself(engine::CommandBody body, const char* what, Instant now);
  void EndWhatIsDue(Instant now);
  void OfferToWaiting(Instant now);
  void Recount();
  void Handle(Submission submission, Instant now);
  Result<Answer> Twin(const engine::Command& command) const;
  Result<Answer> Execute(const engine::Command& command, Instant now);
  void NoteRefused(const engine::Command& command, const Error& error, Instant now);
  std::optional<Result<Answer>> Replay(const engine::Command& command);
  Result<Answer> AnswerFromLog(const engine::Command& command, const storage::Outcome& outcome);
  void Take(engine::Decision decision);
  void TakeChange(engine::Change decided);
  void Commit();
  void Publish();
  void Revert();
  void Forget();
  void AnswerAll();

  storage::Store& store_;
  engine::State state_;
  const Clock& clock_;
  EventFeed& feed_;
  Rollups rollups_;
  std::deque<Submission> queue_;
  // Requests that the commands of the queue are, in all and by user.
  size_t queued_work_ = 0;
  absl::flat_hash_map<std::string, size_t> queued_of_;
  std::vector<std::string> upkeep_;
  Group group_;
  // The revision of the last commit that named a guard, for those named since
  // the start.
  absl::flat_hash_map<std::string, Revision> guard_versions_;
  const Revision head_at_start_;
  // Wishes that were refused and noted lately, with when: a client that tries again
  // and again fills no disk. Whoever counts leaves out what is told twice.
  absl::flat_hash_map<std::string, Instant> refused_lately_;
  int64_t refused_count_ = 0;
  Instant next_forget_ = 0;
  Instant end_again_ = 0;
  // After a change of the catalogue there may be room for those who wait; and a
  // crash may have come between the two.
  bool offer_to_waiting_ = true;
  absl::Status failure_;
  int64_t commit_count_ = 0;
  int64_t command_count_ = 0;
};

}  // namespace labslot::runtime

#endif  // LABSLOT_DAEMON_RUNTIME_SEQUENCER_H_
