#ifndef LABSLOT_TESTS_SIM_SIMULATION_H_
#define LABSLOT_TESTS_SIM_SIMULATION_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/runtime/event_feed.h"
#include "daemon/runtime/sequencer.h"
#include "tests/sim/auditor.h"
#include "tests/sim/model.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/tally.h"
#include "tests/sim/workload.h"

namespace labslot::sim {

// Faults of the daemon that are planted to see whether the audit finds them.
enum class Mutant {
  kNone,
  kClosedIntervals,
  kAcknowledgesBeforeCommit,
  kLosesWrites,
  kForgetsRequests,
  kReadsStale,
  kTearsBundles,
  kErrsThoughApplied,
  kSkipsEvents,
  kNeverForgetsReports,
  kTakesUnitsForOthers,
  kCountsTooLittle,
  kAsksNobody,
  kStaysAway,
};

// One life of a daemon from a seed: clients ask at random, the clock jumps,
// commits fail, the process dies and begins again, and after every step the
// promises are audited against the model.
class Simulation {
 public:
  Simulation(uint64_t seed, Mutant mutant);
  // The same on another store, which is empty. Without a mutant.
  Simulation(uint64_t seed, std::unique_ptr<SimStore> store);

  // Lives for so many steps, or up to the first finding.
  void Run(int steps);

  const std::vector<std::string>& findings() const { return auditor_.findings(); }
  uint64_t trace() const { return auditor_.trace(); }
  const Tally& tally() const { return tally_; }

 private:
  // What becomes of a group of requests.
  enum class Fate { kNormal, kDiesBefore, kDiesAfter, kFull, kUnknownLost, kUnknownKept };

  struct Asked {
    Request request;
    Outcome expected;
    std::optional<Result<runtime::Answer>> answer;
  };

  // How it went.
  struct Course {
    Instant now = 0;
    CommitFault fired = CommitFault::kNone;
    bool is_done = false;      // decided, committed and answered
    bool dies = false;         // and has begun again
    bool looks_first = false;  // after what is due, before the group and behind it
    bool looks_again = false;

    bool is_unknown() const {
      return fired == CommitFault::kUnknownLost || fired == CommitFault::kUnknownKept;
    }
    bool is_kept() const { return is_done || fired == CommitFault::kUnknownKept; }
  };

  Simulation(uint64_t seed, Mutant mutant, std::unique_ptr<SimStore> store);
  void SetUpHouse();
  void Open();
  void Step();
  void AdvanceClock();
  Fate AnyFate();
  std::vector<Asked> AnyGroup();
  void Submit(std::vector<Asked>& group);
  Course Live(std::vector<Asked>& group, Fate fate);
  void Restart();
  void Expect(std::vector<Asked>& group, const Course& course);
  void CheckGroup(const std::vector<Asked>& group, const Course& course);
  void TakeBack(const Model& before, const Course& course);
  void CheckReport();
  void CheckAnswers(const std::vector<Asked>& group);
  void ExpectAllFailed(const std::vector<Asked>& group, ErrorKind kind);
  void AskAgain(const std::vector<Asked>& group);
  bool Mutate(Asked& asked);
  static bool IsElsewhere(const Asked& asked);
  void Count(const Asked& asked);
  void CountEvents();

  Workload workload_;
  const Mutant mutant_;
  const std::unique_ptr<SimStore> store_;
  ManualClock clock_;
  Auditor auditor_;
  Model model_;
  std::unique_ptr<runtime::EventFeed> feed_;
  std::unique_ptr<runtime::Sequencer> sequencer_;
  Revision seen_ = 0;                   // by the watcher
  std::deque<Request> unanswered_;      // to be asked again
  std::optional<engine::State> stale_;  // of kReadsStale
  runtime::Rollups never_touched_;      // of kNeverForgetsReports
  size_t counted_events_ = 0;
  // Where the expiry of holds could not be written, it is tried again then, or
  // with the next commit.
  Instant expire_again_ = 0;
  int64_t commits_ = 0;
  Tally tally_;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_SIMULATION_H_
