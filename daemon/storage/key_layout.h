#ifndef LABSLOT_DAEMON_STORAGE_KEY_LAYOUT_H_
#define LABSLOT_DAEMON_STORAGE_KEY_LAYOUT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/domain/reservation.h"

namespace labslot::storage {

// Every key of the store. The first byte is the table; numbers are big-endian
// with the sign bit flipped, so that byte order is numerical order; ids are
// followed by a zero byte, so that no id is a prefix of another. Keys that begin
// with 0xff belong to the engine.
//
//   key                            value               purpose
//   F                              stored.Format       format version, store id
//   L revision                     stored.Event        the log, never rewritten
//   C collection id 0              stored.<Record>     catalogue and directory records
//   B reservation                  stored.Reservation  current reservation
//   R series                       stored.Series       current series
//   A asset 0 start reservation    stored.Occupancy    reservations of an asset by start
//   S start reservation            empty               all reservations by start
//   H key revision                 empty               events of the record under `key`
//   D asset 0 start time number    stored.RefusedRequest  what was wanted and refused
//   M asset 0 start report         stored.MachineRow   what machines said, by start
//   Q user 0 request_id            stored.Outcome      answered writes, for exactly-once
//
// A reservation with several items has a row in A for each. `start` is that of
// the run. Rows of A and S stay when a reservation is cancelled or over;
// history is read from them. In H a reservation and a series have no row for their
// creation: their number is its revision. Reports of machines are in L and M alone. Rows
// of Q are swept when their time is over.

// The tables of C, by what they hold.
enum class Collection : char {
  kSites = 's',
  kAssets = 'a',
  kHolidayRegions = 'h',
  kOrganisations = 'o',
  kUsers = 'u',
  kTokens = 't',
  kGroups = 'g',
  kPolicies = 'p',
  kQuotas = 'q',
  kOutages = 'x',
  kRounds = 'r',
};

// A range of keys, `from` inclusive, `to` exclusive.
struct KeyRange {
  std::string from;
  std::string to;
};

std::string FormatKey();
std::string LogKey(Revision revision);
std::string RecordKey(Collection collection, absl::string_view id);
std::string ReservationKey(ReservationId id);
std::string SeriesKey(SeriesId id);
std::string AssetIndexKey(absl::string_view asset, Instant start, ReservationId id);
std::string StartIndexKey(Instant start, ReservationId id);
std::string OutcomeKey(absl::string_view user, absl::string_view request_id);

// `number` tells those of one second apart.
std::string RefusedKey(absl::string_view asset, Instant start, Instant time, int64_t number);
std::string MachineKey(absl::string_view asset, Instant start, int64_t report);
// `key` is one of C, B or R.
std::string HistoryKey(absl::string_view key, Revision revision);

// Everything in the log after `after`.
KeyRange LogRange(Revision after);
KeyRange RecordRange(Collection collection);
KeyRange ReservationRange();
// Series whose number is greater than `after`.
KeyRange SeriesRange(SeriesId after);
// Reservations of an asset, or all, whose run starts in [from, to).
KeyRange AssetIndexRange(absl::string_view asset, Instant from, Instant to);
KeyRange AllAssetsIndexRange();
KeyRange StartIndexRange(Instant from, Instant to);
KeyRange OutcomeRange();
// Refused requests for an asset whose run was to start in [from, to).
KeyRange RefusedRange(absl::string_view asset, Instant from, Instant to);
// Those for all assets.
KeyRange AllRefusedRange();
// What machines of an asset said of a time that starts in [from, to).
KeyRange MachineRange(absl::string_view asset, Instant from, Instant to);
// The events of the record under `key` after `after`, up to `last`.
KeyRange HistoryRange(absl::string_view key, Revision after, Revision last);
// Those of all records of a collection.
KeyRange HistoryRange(Collection collection);

// The parts of a key of table A or S; nothing if it is not well-formed.
struct IndexEntry {
  std::string asset;  // empty in S
  Instant start = 0;
  ReservationId reservation = 0;
};
std::optional<IndexEntry> ParseIndexKey(absl::string_view key);

// The revision in a key of table L; nothing if it is not well-formed.
std::optional<Revision> ParseLogKey(absl::string_view key);

// The parts of a key of table D; nothing if it is not well-formed.
struct RefusedEntry {
  std::string asset;
  Instant start = 0;
  Instant time = 0;
};
std::optional<RefusedEntry> ParseRefusedKey(absl::string_view key);

// The parts of a key of table M; nothing if it is not well-formed.
struct MachineKeyParts {
  std::string asset;
  Instant start = 0;
  int64_t report = 0;
};
std::optional<MachineKeyParts> ParseMachineKey(absl::string_view key);

// The number in a key of table B or R; nothing of any other.
std::optional<int64_t> NumberInKey(absl::string_view key);

// The parts of a key of table H; nothing if it is not well-formed.
struct HistoryEntry {
  std::string key;
  Revision revision = 0;
};
std::optional<HistoryEntry> ParseHistoryKey(absl::string_view key);

// A key in words for people, such as `event 1042` or `assets/make-lab`.
std::string DescribeKey(absl::string_view key);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_KEY_LAYOUT_H_
