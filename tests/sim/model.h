#ifndef LABSLOT_TESTS_SIM_MODEL_H_
#define LABSLOT_TESTS_SIM_MODEL_H_

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/domain/event.h"
#include "daemon/domain/reservation.h"
#include "tests/sim/request.h"

namespace labslot::sim {

// What the model knows of an asset.
struct Thing {
  int32_t capacity = 1;
  std::string parent;
  bool in_group = false;
  Seconds set_up = 0;
  Seconds tear_down = 0;
  bool office_hours = false;  // 8:00 to 18:00 UTC, else round the clock
  bool retired = false;
};

// What a request comes to.
struct Outcome {
  bool ok = false;
  ErrorKind error = ErrorKind::kDefect;  // if not ok
  Revision revision = 0;                 // of the resource afterwards
  Reservation reservation;               // afterwards, of the verbs about one
};

// The daemon once more, in plain maps and loops over everything: what is
// granted, what is refused, and what is there afterwards. Copyable, so that a
// group of requests can be tried.
class Model {
 public:
  // The assets as they are at first, and the revision of the last event that
  // made them so.
  Model(std::map<std::string, Thing> things, Revision head, Instant last_time);

  // The holds, offers and waits that are due by now run out, one after the other.
  void ExpireHolds(Instant now);

  // After a change of things, after a restart, and after a group that was taken back,
  // all who wait are looked at once.
  void WakeAll() { wakes_ = true; }
  bool wakes() const { return wakes_; }
  void ServeAllIfWoken(Instant now);

  // Judges a request, and changes the model if it is granted.
  Outcome Do(const Request& request, Instant now);

  // Time never runs backwards behind the last event.
  Instant Now(Instant clock) const { return std::max(clock, last_time_); }

  Revision head() const { return head_; }
  Instant last_time() const { return last_time_; }
  // Where a group was taken back, its time stays.
  void KeepTime(Instant time) { last_time_ = std::max(last_time_, time); }
  // After a restart the time is that of the last event of the log.
  void Restart() {
    last_time_ = event_time_;
    wakes_ = true;
  }

  const std::map<std::string, Thing>& things() const { return things_; }
  const std::map<ReservationId, Reservation>& reservations() const { return reservations_; }

 private:
  Outcome Judge(const Request& request, Instant now);
  Outcome Book(const Request& request, Instant now);
  Outcome Update(const Request& request, Instant now);
  Outcome Cancel(const Request& request, Instant now);
  Outcome Confirm(const Request& request, Instant now);
  Outcome Accept(const Request& request, Instant now);
  Outcome ChangeThing(const Request& request, Instant now);
  Outcome ApplyToThing(const std::string& id, const Thing& changed, Instant now);

  bool Related(const std::string& a, const std::string& b) const;
  bool ItemsExclude(const Reservation& reservation) const;
  bool Passes(const Reservation& candidate, const Reservation* current, Instant now) const;
  bool FitsRules(const Reservation& candidate, const Reservation* current, Instant now) const;
  bool IsFree(const Reservation& candidate, const Reservation* current) const;
  bool FindRun(Reservation& next, Instant now, Instant earliest) const;
  std::vector<Instant> StartsToTry(const Reservation& next, Instant from) const;
  std::vector<std::string> WithRelated(const Reservation& reservation) const;
  void Serve(const std::vector<std::string>& assets, ReservationId but, Instant now);
  Outcome CommitChange(Reservation next, const Reservation& before, Instant now);
  int32_t MostUsed(const std::string& asset, const Interval& span, ReservationId but) const;
  int32_t UsedAt(const std::string& asset, Instant at, ReservationId but) const;
  bool BreaksSomething(const std::string& id, Instant now) const;
  void TakeChangeover(Reservation& next, const Reservation* current) const;
  Outcome Commit(Reservation next, Instant now);

  std::map<std::string, Thing> things_;
  std::map<std::string, Revision> thing_revisions_;
  std::map<ReservationId, Reservation> reservations_;
  std::map<std::string, std::pair<std::string, Outcome>> answered_;  // by user and request_id
  Revision head_;
  Instant last_time_;
  Instant event_time_;  // of the last event
  bool wakes_ = true;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_MODEL_H_
