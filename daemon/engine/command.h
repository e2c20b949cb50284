#ifndef LABSLOT_DAEMON_ENGINE_COMMAND_H_
#define LABSLOT_DAEMON_ENGINE_COMMAND_H_

#include <functional>
#include <map>
#include <optional>
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

// What becomes of a request that others stand in the way of. Numbers are those of
// the API.
enum class OnConflict { kUnspecified = 0, kReject = 1, kWaitList = 2, kDisplace = 3, kNearest = 4 };

struct CreateReservation {
  Reservation draft;     // without id, state, times; user and organisation may be empty
  Seconds hold_for = 0;  // 0: confirmed at once
  OnConflict on_conflict = OnConflict::kReject;
};

// All of them, or none.
struct CreateReservations {
  std::vector<CreateReservation> requests;
};

// What will do for a stop of a visit: items at one place.
struct VisitOption {
  std::vector<ReservationItem> items;
  std::string site;  // where mobile assets come to
};

struct VisitStop {
  std::string display_name;  // empty: that of the visit
  Seconds duration = 0;
  std::vector<VisitOption> options;  // best first
};

// A reservation of each stop, one behind the other, or none.
struct CreateVisit {
  std::vector<VisitStop> stops;
  std::vector<Interval> windows;  // best first; the whole visit lies in one of them
  bool in_order = false;
  bool same_day = false;
  Reservation common;  // without items, site and interval
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

struct ApproveReservation {
  ReservationId id = 0;
  Revision etag = 0;
};

struct RejectReservation {
  ReservationId id = 0;
  Revision etag = 0;
};

struct AcceptOffer {
  ReservationId id = 0;
  Revision etag = 0;
};

struct CheckIn {
  ReservationId id = 0;
  Revision etag = 0;
  // By pool, the units that are handed out; the first free ones of one that is not
  // named.
  std::map<std::string, std::vector<std::string>> units = {};
};

// A part of what a reservation has taken.
struct ReturnedItem {
  std::string asset;
  int32_t quantity = 0;  // 0: all that it has of the asset
  std::vector<std::string> units = {};
};

struct CheckOut {
  ReservationId id = 0;
  Revision etag = 0;
  std::vector<ReturnedItem> items = {};  // empty: everything
};

// What happened in the end. Numbers are those of the API.
enum class Outcome { kUnspecified = 0, kUsed = 1, kNobodyCame = 2 };

struct CorrectUse {
  ReservationId id = 0;
  Revision etag = 0;
  Outcome outcome = Outcome::kUnspecified;
  Instant check_in = 0;  // 0: as it is
  Instant check_out = 0;
  Patch<Reservation> patch = {};  // of what the use was; null: none
};

// What a machine says of itself, without id and time.
struct ReportMachineStates {
  MachineReport report;
};

// Issued by the daemon's clock when the DueTime of a reservation has come: a
// hold, a request, an offer or a wait ran out, nobody came, or nobody checked out.
struct EndAtDueTime {
  ReservationId id = 0;
};

// Issued by the daemon's clock: an outage without end reaches further.
struct ExtendOutage {
  std::string id;
};

// Issued by the daemon after a change of the catalogue, and at start: offers what
// became free to those who wait.
struct OfferToWaiting {};

struct CreateSeries {
  Series draft;  // without id, occurrences and times; the draft reservation as in CreateReservation
};

struct UpdateSeries {
  SeriesId id = 0;
  Revision etag = 0;
  std::optional<absl::CivilDay> from;  // nothing: all that are to come
  Patch<Series> patch;                 // of draft, recurrence and contract
};

struct CancelSeries {
  SeriesId id = 0;
  Revision etag = 0;
  std::optional<absl::CivilDay> from;
};

// Tries refused occurrences again.
struct RetrySeries {
  SeriesId id = 0;
  std::vector<absl::CivilDay> days;  // none: all that are to come
};

// Clears a round: grants the requests named, each as it is (0) or by one of its
// choices (from 1), and rejects all others.
struct ApplyAllocation {
  std::string round;
  Revision etag = 0;
  std::map<ReservationId, size_t> grants;
  std::map<ReservationId, std::string> rejections;  // why
  int64_t bound = 0;
};

// Site, Asset, HolidayRegion, Organisation, User, Token, Group, Policy, Quota,
// Outage or Round, with its id; an outage may be without. The secret of a token is made outside,
// because it is random.
struct CreateRecord {
  Resource record;
};

template <typename T>
struct UpdateRecord {
  std::string id;
  Revision etag = 0;
  Patch<T> patch;
};

// Removes a record; but retires an asset, and disables a user. `collection` is
// one of those in names.h.
struct DeleteRecord {
  std::string collection;
  std::string id;
  Revision etag = 0;
};

// Adds or replaces many records, all or none.
struct ImportRecords {
  std::vector<Resource> records;
};

// What becomes of reservations that break rules after a change of them.
enum class Existing { kKeep = 1, kWarn = 2, kCancel = 3 };

// Adds, replaces and removes records that rules are made of, and deals with the
// reservations that break them then.
struct ApplyPolicy {
  std::vector<Resource> records;
  std::vector<std::string> removals;  // names of policies and quotas
  Existing existing = Existing::kKeep;
  Seconds notice = 0;  // kCancel leaves what starts sooner
};

using CommandBody =
    std::variant<CreateReservation, CreateReservations, CreateVisit, UpdateReservation,
                 CancelReservation, ConfirmReservation, ApproveReservation, RejectReservation,
                 AcceptOffer, CheckIn, CheckOut, CorrectUse, EndAtDueTime, ExtendOutage,
                 OfferToWaiting, CreateSeries, UpdateSeries, CancelSeries, RetrySeries,
                 CreateRecord, UpdateRecord<Site>, UpdateRecord<Asset>, UpdateRecord<HolidayRegion>,
                 UpdateRecord<Organisation>, UpdateRecord<User>, UpdateRecord<Group>,
                 UpdateRecord<Policy>, UpdateRecord<Quota>, UpdateRecord<Outage>,
                 UpdateRecord<Round>, ApplyAllocation, DeleteRecord, ImportRecords, ApplyPolicy,
                 ReportMachineStates>;

struct Command {
  Principal principal;
  std::string request_id;   // empty: not repeatable
  std::string fingerprint;  // of the request; compared when a request_id comes again
  bool validate_only = false;
  std::string reason;
  std::string override_reason;  // not empty: rules that the caller may override are
  CommandBody body;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_COMMAND_H_
