#ifndef LABSLOT_TESTS_SIM_REQUEST_H_
#define LABSLOT_TESTS_SIM_REQUEST_H_

#include <string>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/command.h"

namespace labslot::sim {

enum class Verb {
  kBook,
  kMove,
  kChangeItems,
  kCancel,
  kConfirm,
  kAccept,
  kSetCapacity,
  kSetSetUp,
  kSetGroup,
  kAddAsset,
  kRetireAsset,
};

using Items = std::vector<std::pair<std::string, int32_t>>;  // asset, quantity

// What a client asks, in plain terms that the model understands as well.
struct Request {
  Verb verb = Verb::kBook;
  std::string principal;
  std::string request_id;  // empty: not repeatable
  bool dry_run = false;

  ReservationId reservation = 0;  // of kMove, kChangeItems, kCancel, kConfirm, kAccept
  Items items;                    // of kBook, kChangeItems
  Interval interval;              // of kBook, kMove
  Seconds hold_for = 0;           // of kBook
  bool may_wait = false;          // of kBook
  int32_t priority = 0;           // of kBook
  Interval window;                // of kBook
  std::string user;               // of kBook; empty: the principal
  std::string asset;              // of the verbs about assets
  int64_t number = 0;             // capacity, or seconds
  bool in_group = false;          // of kSetGroup
};

// The request in one line; equal for equal bodies.
std::string Fingerprint(const Request& request);

// What the engine is told.
engine::Command ToCommand(const Request& request);

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_REQUEST_H_
