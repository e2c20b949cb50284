#ifndef LABSLOT_DAEMON_ENGINE_COMMAND_H_
#define LABSLOT_DAEMON_ENGINE_COMMAND_H_

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/domain/event.h"
#include "daemon/engine/principal.h"

namespace labslot::engine {

// The commands: everything that can change the state. Records in them are
// well-formed, field by field; whether they fit the state is decided here.

// What an update makes of the record as it is when the command is decided.
// Pure; leaves id, times and revision alone.
template <typename T>
using Patch = std::function<Result<T>(const T& current)>;

struct CreateReservation {
  Reservation draft;     // without id, state, times; user and organisation may be empty
  Seconds hold_for = 0;  // 0: confirmed at once
};

struct UpdateReservation {
  ReservationId id = 0;
  Revision etag = 0;  // 0: whatever it is
  Patch<Reservation> patch;
};

struct CancelReservation {
  ReservationId id = 0;
  Revision etag = 0;
};

struct ConfirmReservation {
  ReservationId id = 0;
  Revision etag = 0;
};

// Issued by the daemon's clock when a hold has run out.
struct ExpireHold {
  ReservationId id = 0;
};

// Site, Asset, HolidayRegion, Organisation, User or Token, with its id. The
// secret of a token is made outside, because it is random.
struct CreateRecord {
  Resource record;
};

template <typename T>
struct UpdateRecord {
  std::string id;
  Revision etag = 0;
  Patch<T> patch;
};

// Removes a site, holiday region, organisation or token; retires an asset;
// disables a user. `collection` is one of those in names.h.
struct DeleteRecord {
  std::string collection;
  std::string id;
  Revision etag = 0;
};

// Adds or replaces many records, all or none.
struct ImportRecords {
  std::vector<Resource> records;
};

using CommandBody =
    std::variant<CreateReservation, UpdateReservation, CancelReservation, ConfirmReservation,
                 ExpireHold, CreateRecord, UpdateRecord<Site>, UpdateRecord<Asset>,
                 UpdateRecord<HolidayRegion>, UpdateRecord<Organisation>, UpdateRecord<User>,
                 DeleteRecord, ImportRecords>;

struct Command {
  Principal principal;
  std::string request_id;   // empty: not repeatable
  std::string fingerprint;  // of the request; compared when a request_id comes again
  bool validate_only = false;
  std::string reason;
  CommandBody body;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_COMMAND_H_
