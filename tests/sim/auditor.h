#ifndef LABSLOT_TESTS_SIM_AUDITOR_H_
#define LABSLOT_TESTS_SIM_AUDITOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/engine/state.h"
#include "daemon/engine/use_report.h"
#include "daemon/runtime/event_feed.h"
#include "daemon/runtime/sequencer.h"
#include "daemon/storage/store.h"
#include "tests/sim/model.h"
#include "tests/sim/request.h"

namespace labslot::sim {

// Checks the promises from what a client can see: answers, reads, events, and
// what a restart brings back. Each finding is a line of text.
class Auditor {
 public:
  // An answer against what the model says it is.
  void CheckAnswer(const Request& request, const Result<runtime::Answer>& answer,
                   const Outcome& expected);

  // The state that readers are shown.
  void CheckState(const engine::State& state, const Model& model);

  // What is used of each quota, by a recount.
  void CheckQuotas(const engine::State& state, const Model& model, Instant now);

  // From what was acknowledged alone: from `now` on nothing is granted beyond capacity,
  // or while it is out of service, and nothing that excludes each other; everybody can
  // have units that do, and no unit is handed out twice.
  void CheckCapacity(const Model& model, Instant now);

  // An event that watchers were shown.
  void CheckEvent(const Event& event);

  // Reads on in the log behind what watchers were shown, as one does that comes back.
  void ReadOn(const storage::Store& store);

  // What reports find of months that are over, by what is remembered and without.
  void CheckReport(const engine::State& state, engine::UseMemory& memory, Instant now);

  // The log, the reservations and the acknowledgements after a restart, or at
  // the end.
  void CheckStore(const storage::Store& store, const Model& model);

  void Report(std::string finding) { findings_.push_back(std::move(finding)); }

  const std::vector<std::string>& findings() const { return findings_; }
  // Grows with every answer and event; equal for equal lives.
  uint64_t trace() const { return trace_; }
  // All that watchers were shown, in order.
  const std::vector<Event>& events() const { return shown_; }

 private:
  void Trace(absl::string_view bytes);
  void CheckLog(const storage::Snapshot& snapshot);
  void CheckWays(const Books& seen, const std::string& asset, Instant now);
  void CheckUnits(const Books& seen, const std::string& asset, Instant now);
  // Takes a change for acknowledged: it is durable and was seen.
  void LearnFrom(const Event& event);

  std::vector<std::string> findings_;
  std::map<ReservationId, Reservation> acknowledged_;
  std::vector<Event> shown_;
  uint64_t trace_ = 14695981039346656037u;
};

// True if both claim and say the same.
bool SameReservation(const Reservation& a, const Reservation& b);

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_AUDITOR_H_
