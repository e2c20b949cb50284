#ifndef LABSLOT_TESTS_SUPPORT_WORLD_H_
#define LABSLOT_TESTS_SUPPORT_WORLD_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/decision.h"
#include "daemon/engine/state.h"

namespace labslot::support {

// The engine without anything around it: decides commands at a time that the
// test sets, and applies what was decided. It begins on Sunday 2027-02-28 12:00
// in Brussels with nothing but the user `ada` of the organisation `acme`.
class World : public engine::ReservationSource {
 public:
  World();

  Instant now = 0;

  const engine::State& state() const { return state_; }
  const engine::Catalogue& catalogue() const { return state_.catalogue(); }
  const std::vector<Event>& events() const { return events_; }
  const std::map<ReservationId, Reservation>& reservations() const { return reservations_; }
  const Reservation& reservation(ReservationId id) const { return reservations_.at(id); }

  std::optional<Reservation> FindReservation(ReservationId id) const override;
  std::optional<Series> FindSeries(SeriesId id) const override;
  void VisitReservations(Instant from,
                         const std::function<void(const Reservation&)>& visitor) const override;

  // Decides, and applies if it is granted. `override_reason` overrides rules.
  Result<engine::Decision> Run(const engine::Principal& principal, engine::CommandBody body,
                               const std::string& reason = "",
                               const std::string& override_reason = "");
  Result<engine::Decision> Run(engine::CommandBody body) {
    return Run(engine::LocalOperator(), std::move(body));
  }
  // Decides and leaves everything as it is.
  Result<engine::Decision> Try(const engine::Principal& principal, engine::CommandBody body,
                               const std::string& reason = "",
                               const std::string& override_reason = "") const;
  Result<engine::Decision> Try(engine::CommandBody body) const {
    return Try(engine::LocalOperator(), std::move(body));
  }

  // Makes a record as the local operator; ends the test program if refused.
  void Add(const Resource& record);
  // Replaces a record (all but id, times and revision) as the local operator.
  Result<engine::Decision> Replace(const Asset& asset);
  Result<engine::Decision> Replace(const Site& site);
  Result<engine::Decision> Replace(const User& user);

  // Books as `user`. Hold for a while if `hold_for` is not 0.
  Result<engine::Decision> Book(const Reservation& draft, const std::string& user = "ada",
                                Seconds hold_for = 0);
  // Books, and ends the test program if refused.
  ReservationId MustBook(const Reservation& draft, const std::string& user = "ada",
                         Seconds hold_for = 0);
  Result<engine::Decision> Move(ReservationId id, const Interval& to,
                                const std::string& user = "ada");
  Result<engine::Decision> Cancel(ReservationId id, const std::string& user = "ada");

  // Ends what the clock ends by now, as the sequencer does before each group.
  void EndWhatIsDue();

 private:
  void Apply(const engine::Decision& decision);

  // A decision leaves it as it was.
  mutable engine::State state_;
  std::map<ReservationId, Reservation> reservations_;
  std::map<SeriesId, Series> series_;
  std::vector<Event> events_;
};

// A patch that sets the interval.
engine::Patch<Reservation> SetInterval(const Interval& interval);

// A refusal or error in one line, for messages of tests.
std::string Describe(const Error& error);

}  // namespace labslot::support

#endif  // LABSLOT_TESTS_SUPPORT_WORLD_H_
