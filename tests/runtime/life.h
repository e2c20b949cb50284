#ifndef LABSLOT_TESTS_RUNTIME_LIFE_H_
#define LABSLOT_TESTS_RUNTIME_LIFE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/base/clock.h"
#include "daemon/runtime/event_feed.h"
#include "daemon/runtime/sequencer.h"
#include "tests/runtime/scripted_store.h"

namespace labslot::runtime {

// Where the answer to a command will be; empty until it is given.
using Slot = std::shared_ptr<std::optional<Result<Answer>>>;

// One life of a daemon without sockets and threads: from the load of a store
// to the end. Another life on the same store is what a restart sees.
class Life {
 public:
  Life(ScriptedStore& store, const Clock& clock, size_t feed_capacity = 1000);

  // Queues a command; its caller waits for ever unless told otherwise.
  Slot Submit(engine::Command command, Patience patience = absl::InfiniteFuture());

  // Queues a command and works until it is answered.
  Result<Answer> Run(engine::Command command);

  // The same for what cannot fail; ends the test program if it does.
  Answer Must(engine::Command command);

  // The state as it is in memory, and as a restart would find it.
  std::string Memory() const;
  std::string Reloaded() const;

  ScriptedStore& store;
  EventFeed feed;
  Sequencer sequencer;
};

// A store that holds the organisation acme with the users ada and bob, the
// site lommel, the asset `lab` and the pool `rigs` of three; open day and night.
// The clock stands at noon of Sunday 2027-02-28.
struct SmallLab {
  SmallLab();
  ManualClock clock;
  ScriptedStore store;
};

// Commands of the local operator, or of a user. The fingerprint is `body`'s
// text if given, else the same for all.
engine::Command Order(engine::CommandBody body, const std::string& request_id = "",
                      const std::string& fingerprint = "same body");
engine::Command OrderOf(const std::string& user, engine::CommandBody body,
                        const std::string& request_id = "",
                        const std::string& fingerprint = "same body");

// `when` as support::Span reads it; booked for ada.
engine::CreateReservation Booking(const std::string& asset, absl::string_view when,
                                  int32_t quantity = 1, Seconds hold_for = 0);
engine::UpdateReservation Moving(ReservationId id, absl::string_view when);

ReservationId IdOf(const Answer& answer);

// The word of what came out: `ok`, `replayed`, or that of the error; `waiting`
// before it is known.
std::string WordOf(const Slot& slot);
std::string WordOf(const Result<Answer>& answer);

}  // namespace labslot::runtime

#endif  // LABSLOT_TESTS_RUNTIME_LIFE_H_
