#ifndef LABSLOT_TESTS_SIM_MODEL_H_
#define LABSLOT_TESTS_SIM_MODEL_H_

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/domain/event.h"
#include "daemon/domain/reservation.h"
#include "tests/sim/books.h"
#include "tests/sim/request.h"

namespace labslot::sim {

// What a request comes to.
struct Outcome {
  bool ok = false;
  ErrorKind error = ErrorKind::kDefect;  // if not ok
  Revision revision = 0;                 // of the resource afterwards
  Reservation reservation;               // afterwards, of the verbs about one
};

// The daemon once more, in plain maps and loops over everything: what is
// granted, what is refused, and what is there afterwards. Copyable, so that a
// request can be tried.
//
// One thing it is told: who gave way, where several could. It reads that from the log,
// and objects if they should not have.
class Model {
 public:
  // The books as they are at first, and the revision of the last event that made them
  // so.
  Model(Books books, Revision head, Instant last_time);

  // What is due by now happens, one after the other: holds, offers and waits run out,
  // nobody came, nobody checked out.
  void EndWhatIsDue(Instant now);

  // After a change of things, after a restart, and after a group that was taken back,
  // all who wait are looked at once.
  void WakeAll() { wakes_ = true; }
  bool wakes() const { return wakes_; }
  void ServeAllIfWoken(Instant now);

  // Judges a request, and changes the model if it is granted.
  Outcome Do(const Request& request, Instant now);

  // All events so far, those of what is judged next among them; null: none of them is
  // known, and those who give way are chosen as well as any.
  void Read(const std::vector<Event>* log) { log_ = log; }
  // What the log says that may not be.
  const std::vector<std::string>& objections() const { return objections_; }

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

  const Books& books() const { return books_; }
  const std::map<std::string, Thing>& things() const { return books_.things; }
  const std::map<ReservationId, Reservation>& reservations() const { return books_.reservations; }

 private:
  struct Change {
    std::optional<Reservation> before;
    Reservation after;
  };

  // model.cc: what is common to all, and bookings.
  Outcome Try(const Request& request, Instant now);
  Outcome Judge(const Request& request, Instant now);
  Outcome Book(const Request& request, Instant now);
  std::optional<Outcome> UnsoundChoice(const Request& request) const;
  Outcome BookOtherwise(const Request& request, const Reservation& wish, Instant now);
  Outcome Update(const Request& request, Instant now);
  Outcome Cancel(const Request& request, Instant now);
  Outcome Confirm(const Request& request, Instant now);
  Outcome Accept(const Request& request, Instant now);
  // The reservation if the principal may change it, else why not.
  std::optional<Outcome> MayNotTouch(const Request& request) const;
  bool MaySee(const std::string& principal, const Reservation& reservation) const;
  void Hold(Reservation& next, Seconds hold_for, Instant now) const;
  Outcome Commit(Reservation next, const std::optional<Reservation>& before, Instant now);
  void CommitRecord(Instant now);
  // By the decision that is being made.
  bool IsChanged(ReservationId id) const;
  void Begin();
  void Finish(Instant now);

  // model_waiting.cc: who is offered what was freed.
  void Serve(const std::set<std::string>& assets, Instant now);
  bool WouldTakeOneOf(const Reservation& r, const std::set<std::string>& assets) const;
  void ServeOne(const Reservation& entry, Instant now);
  bool GoesBefore(const Reservation& a, const Reservation& b, Instant now) const;

  // model_approvals.cc: what awaits approval.
  void Settle(Reservation& next, Instant now) const;
  std::optional<Outcome> MayNotDecide(const Request& request, Instant now) const;
  Outcome Approve(const Request& request, Instant now);
  Outcome Reject(const Request& request, Instant now);
  void RejectOthers(const Reservation& approved, Instant now);

  // model_series.cc: a reservation on many days.
  Outcome BookSeries(const Request& request, Instant now);
  Outcome MoveSeries(const Request& request, Instant now);
  Outcome CancelSeries(const Request& request, Instant now);
  Outcome RetrySeries(const Request& request, Instant now);
  std::optional<Outcome> MayNotTouchSeries(const Request& request) const;
  Reservation WantedOn(const Chain& chain, SeriesId id, int64_t day,
                       const Reservation* current) const;
  bool Place(Chain& chain, SeriesId id, int64_t day, const Reservation* current, Instant now);
  std::map<int64_t, Reservation> ToComeOf(const Chain& chain, int64_t from, Instant now) const;
  void TakeOut(const Reservation& reservation);
  std::vector<int64_t> TakeOutMoving(const Chain& before, const Chain& chain,
                                     const Request& request, std::map<int64_t, Reservation>& live,
                                     int64_t& kept, Instant now);

  // model_records.cc: assets, faults and calls for requests.
  Outcome ChangeThing(const Request& request, Instant now);
  Outcome ApplyToThing(const std::string& id, const Thing& changed, Instant now);
  Outcome ChangeFault(const Request& request, Instant now);
  Outcome OpenCall(const Request& request, Instant now);
  Outcome Submit(const Request& request, Reservation next, Instant now);
  Outcome ClearCall(const Request& request, Instant now);
  Outcome ChangeQuota(const Request& request, Instant now);

  // model_use.cc: who came, who did not, and who stayed.
  Outcome CheckIn(const Request& request, Instant now);
  Outcome CheckOut(const Request& request, Instant now);
  Outcome Correct(const Request& request, Instant now);
  void EndOne(const Reservation& due, Instant now);
  void EndOverdue(const Reservation& due, Instant now);
  void CloseFor(const Reservation& next, Instant now);
  void MindOverdue(Instant now);
  void TellNext(const Reservation& overdue, Instant now);
  void TellItIsOver(const Reservation& over, ReservationId taker, Instant now);

  // model_giving_way.cc: displacement and outages.
  Outcome Displace(const Request& request, const Reservation& wish, Instant now);
  void PutFault(const std::string& id, const Fault& fault, Instant now);
  bool MayDisplaceFor(const Reservation& wish, Instant now) const;
  std::vector<Reservation> SeenToGiveWayTo(const Reservation& wish) const;
  std::optional<std::vector<Reservation>> EnoughToGiveWayTo(const Reservation& wish,
                                                            Instant now) const;
  bool WouldLeaveSlotFree(const Reservation& wish, const std::vector<Reservation>& givers,
                          Instant now) const;
  std::vector<Reservation> SeenToGiveWay(ReservationId for_whom) const;
  std::vector<Reservation> SeenToBeHit(const std::string& fault) const;
  void TakeAway(const std::vector<Reservation>& givers, const std::string& cause, Instant ends_at,
                Instant now);
  void MustHaveGone(const std::vector<Reservation>& givers, Instant now);
  void Resettle(const std::vector<Reservation>& givers, Instant now);

  // model_units.cc: which units who is checked in gets.
  std::optional<Outcome> BindUnits(const Request& request, Reservation& next, Instant now);
  std::vector<std::string> SeenToGet(ReservationId id, const std::string& asset) const;
  bool AreThereUnitsFor(const Reservation& next, const ReservationItem& item, Instant now) const;
  bool HoldsUnitsFor(const Reservation& holder, const ReservationItem& item) const;
  void Rebind(const Fault& fault, const std::vector<Reservation>& givers, Instant now);
  bool BindSeenUnits(const Reservation& next, ReservationItem& item, Instant now);
  void MustHaveKept(ReservationId id, const std::vector<std::string>& before,
                    const std::vector<std::string>& after, const std::set<std::string>& lost);

  Books books_;
  std::map<std::string, Revision> thing_revisions_;
  std::map<std::string, Revision> quota_revisions_;
  std::map<std::string, std::pair<std::string, Outcome>> answered_;  // by user and request_id
  Revision head_;
  Instant last_time_;
  Instant event_time_;  // of the last event
  bool wakes_ = true;
  const std::vector<Event>* log_ = nullptr;
  std::vector<std::string> objections_;

  // Of the decision that is being made.
  std::vector<Change> changes_;
  std::set<std::string> freed_;  // assets that are back in service
  bool changes_records_ = false;
};

// Shared by the parts of the model.
Outcome Failed(ErrorKind kind);
bool Manages(const std::string& principal);
Reservation CalledOff(const Reservation& current, Instant now);
// Null if the log, which may be null, does not have it.
const Event* EventAt(const std::vector<Event>* log, Revision revision);
const Reservation* ReservationAt(const std::vector<Event>* log, Revision revision);

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_MODEL_H_
