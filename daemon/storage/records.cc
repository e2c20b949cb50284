#include "daemon/storage/records.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/machine_states.h"

namespace labslot::storage {
namespace {

constexpr Collection kCollections[] = {
    Collection::kSites,         Collection::kAssets,   Collection::kHolidayRegions,
    Collection::kOrganisations, Collection::kUsers,    Collection::kTokens,
    Collection::kGroups,        Collection::kPolicies, Collection::kQuotas,
    Collection::kOutages,       Collection::kRounds};

absl::Status Damaged(absl::string_view key) {
  return absl::DataLossError(absl::StrCat(DescribeKey(key), " is damaged in the store"));
}

struct KeyOfResource {
  std::string operator()(const Site& v) const { return RecordKey(Collection::kSites, v.id); }
  std::string operator()(const Asset& v) const { return RecordKey(Collection::kAssets, v.id); }
  std::string operator()(const HolidayRegion& v) const {
    return RecordKey(Collection::kHolidayRegions, v.id);
  }
  std::string operator()(const Organisation& v) const {
    return RecordKey(Collection::kOrganisations, v.id);
  }
  std::string operator()(const User& v) const { return RecordKey(Collection::kUsers, v.id); }
  std::string operator()(const Token& v) const { return RecordKey(Collection::kTokens, v.id); }
  std::string operator()(const Reservation& v) const { return ReservationKey(v.id); }
  std::string operator()(const Group& v) const { return RecordKey(Collection::kGroups, v.id); }
  std::string operator()(const Policy& v) const { return RecordKey(Collection::kPolicies, v.id); }
  std::string operator()(const Quota& v) const { return RecordKey(Collection::kQuotas, v.id); }
  std::string operator()(const Series& v) const { return SeriesKey(v.id); }
  std::string operator()(const Outage& v) const { return RecordKey(Collection::kOutages, v.id); }
  std::string operator()(const Round& v) const { return RecordKey(Collection::kRounds, v.id); }
  std::string operator()(const MachineReport& v) const { return LogKey(v.id); }
};

// Deletes a key for good: a write set may hold several events of one resource,
// and its deletes come before its puts.
void Remove(std::string key, WriteSet& out) {
  out.puts.erase(std::remove_if(out.puts.begin(), out.puts.end(),
                                [&](const Put& put) { return put.key == key; }),
                 out.puts.end());
  out.deletes.push_back(std::move(key));
}

std::vector<Put> AssetRowsIfAny(const Reservation* reservation) {
  return reservation == nullptr ? std::vector<Put>() : AssetRows(*reservation);
}

const Put* FindRow(const std::vector<Put>& rows, const std::string& key) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Put& row) { return row.key == key; });
  return found == rows.end() ? nullptr : &*found;
}

// Turns the index rows of `before` into those of `after`; either may be null.
void MoveIndexRows(const Reservation* before, const Reservation* after, WriteSet& out) {
  const std::vector<Put> old_rows = AssetRowsIfAny(before);
  std::vector<Put> new_rows = AssetRowsIfAny(after);
  for (const Put& row : old_rows) {
    if (FindRow(new_rows, row.key) == nullptr) Remove(row.key, out);
  }
  for (Put& row : new_rows) {
    const Put* same = FindRow(old_rows, row.key);
    if (same == nullptr || same->value != row.value) out.puts.push_back(std::move(row));
  }
  const bool same_start =
      before != nullptr && after != nullptr && before->interval.start == after->interval.start;
  if (same_start) return;
  if (before != nullptr) Remove(StartIndexKey(before->interval.start, before->id), out);
  if (after != nullptr) out.puts.push_back({StartIndexKey(after->interval.start, after->id), ""});
}

// Reads one row from a store or a snapshot and decodes it.
template <typename Source, typename Decoder>
auto ReadRow(const Source& source, const std::string& key, const Decoder& decode)
    -> absl::StatusOr<decltype(decode(absl::string_view()))> {
  LABSLOT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, source.Get(key));
  if (!bytes) return std::nullopt;
  auto value = decode(*bytes);
  if (!value) return Damaged(key);
  return value;
}

// Visits the entries of a range that `visit` takes; it returns whether to go
// on, or nothing if the entry is damaged.
template <typename Visit>
absl::Status VisitRows(const Snapshot& snapshot, const KeyRange& range, const Visit& visit) {
  absl::Status result;
  LABSLOT_RETURN_IF_ERROR(
      snapshot.Scan(range.from, range.to, [&](absl::string_view key, absl::string_view value) {
        const std::optional<bool> go_on = visit(key, value);
        if (!go_on) result = Damaged(key);
        return go_on.value_or(false);
      }));
  return result;
}

}  // namespace

std::vector<Put> AssetRows(const Reservation& reservation) {
  std::vector<Put> rows;
  for (const Occupancy& occupancy : OccupanciesOf(reservation)) {
    rows.push_back({AssetIndexKey(occupancy.asset, reservation.interval.start, reservation.id),
                    EncodeOccupancy(occupancy)});
  }
  return rows;
}

std::string KeyOf(const Resource& resource) { return std::visit(KeyOfResource{}, resource); }

bool IsCreationByNumber(const Event& event) {
  if (std::holds_alternative<MachineReport>(event.resource)) return true;
  const auto* reservation = std::get_if<Reservation>(&event.resource);
  if (reservation != nullptr) return reservation->id == event.revision;
  const auto* series = std::get_if<Series>(&event.resource);
  return series != nullptr && series->id == event.revision;
}

void AppendEvent(const Event& event, const Resource* before, WriteSet& out) {
  out.puts.push_back({LogKey(event.revision), EncodeEvent(event)});
  if (const auto* report = std::get_if<MachineReport>(&event.resource)) {
    for (Put& row : RowsOf(*report)) out.puts.push_back(std::move(row));
    return;
  }
  std::string key = KeyOf(event.resource);
  if (!IsCreationByNumber(event)) out.puts.push_back({HistoryKey(key, event.revision), ""});
  const bool removes = RemovesRecord(event);
  if (removes) {
    Remove(std::move(key), out);
  } else {
    out.puts.push_back({std::move(key), EncodeRecord(event.resource)});
  }
  if (const auto* after = std::get_if<Reservation>(&event.resource)) {
    MoveIndexRows(before == nullptr ? nullptr : std::get_if<Reservation>(before),
                  removes ? nullptr : after, out);
  }
}

void AppendOutcome(absl::string_view user, absl::string_view request_id, const Outcome& outcome,
                   WriteSet& out) {
  out.puts.push_back({OutcomeKey(user, request_id), EncodeOutcome(outcome)});
}

absl::StatusOr<std::optional<Reservation>> ReadReservation(const Store& store, ReservationId id) {
  return ReadRow(store, ReservationKey(id), DecodeReservation);
}

absl::StatusOr<std::optional<Reservation>> ReadReservation(const Snapshot& snapshot,
                                                           ReservationId id) {
  return ReadRow(snapshot, ReservationKey(id), DecodeReservation);
}

absl::StatusOr<std::optional<Series>> ReadSeries(const Store& store, SeriesId id) {
  return ReadRow(store, SeriesKey(id), DecodeSeries);
}

absl::StatusOr<std::optional<Series>> ReadSeries(const Snapshot& snapshot, SeriesId id) {
  return ReadRow(snapshot, SeriesKey(id), DecodeSeries);
}

absl::StatusOr<std::optional<Outcome>> ReadOutcome(const Store& store, absl::string_view user,
                                                   absl::string_view request_id) {
  return ReadRow(store, OutcomeKey(user, request_id), DecodeOutcome);
}

absl::StatusOr<std::optional<Event>> ReadEvent(const Store& store, Revision revision) {
  return ReadRow(store, LogKey(revision),
                 [&](absl::string_view bytes) { return DecodeEvent(revision, bytes); });
}

absl::StatusOr<std::optional<Event>> ReadEvent(const Snapshot& snapshot, Revision revision) {
  return ReadRow(snapshot, LogKey(revision),
                 [&](absl::string_view bytes) { return DecodeEvent(revision, bytes); });
}

absl::Status VisitRecords(const Snapshot& snapshot, const std::function<void(Resource)>& visitor) {
  for (const Collection collection : kCollections) {
    LABSLOT_RETURN_IF_ERROR(
        VisitRows(snapshot, RecordRange(collection),
                  [&](absl::string_view, absl::string_view value) -> std::optional<bool> {
                    std::optional<Resource> resource = DecodeRecord(collection, value);
                    if (!resource) return std::nullopt;
                    visitor(*std::move(resource));
                    return true;
                  }));
  }
  return absl::OkStatus();
}

absl::Status VisitOccupancies(const Snapshot& snapshot, absl::string_view asset, Instant from,
                              Instant to, const std::function<bool(const Occupancy&)>& visitor) {
  OccupancyDecoder decoder;
  const KeyRange range = asset.empty() ? AllAssetsIndexRange() : AssetIndexRange(asset, from, to);
  return VisitRows(
      snapshot, range, [&](absl::string_view key, absl::string_view value) -> std::optional<bool> {
        std::optional<IndexEntry> entry = ParseIndexKey(key);
        if (!entry) return std::nullopt;
        if (entry->start < from || entry->start >= to) return true;
        const std::optional<Occupancy> occupancy = decoder.Decode(*std::move(entry), value);
        if (!occupancy) return std::nullopt;
        return visitor(*occupancy);
      });
}

absl::Status VisitStarts(const Snapshot& snapshot, Instant from, Instant to,
                         const std::function<bool(Instant start, ReservationId id)>& visitor) {
  absl::Status result;
  const KeyRange range = StartIndexRange(from, to);
  LABSLOT_RETURN_IF_ERROR(
      snapshot.Scan(range.from, range.to, [&](absl::string_view key, absl::string_view) {
        const std::optional<IndexEntry> entry = ParseIndexKey(key);
        if (!entry) {
          result = Damaged(key);
          return false;
        }
        return visitor(entry->start, entry->reservation);
      }));
  return result;
}

absl::Status VisitReservations(const Snapshot& snapshot, Instant from, Instant to,
                               const std::function<bool(const Reservation&)>& visitor) {
  absl::Status result;
  LABSLOT_RETURN_IF_ERROR(VisitStarts(snapshot, from, to, [&](Instant, ReservationId id) {
    const absl::StatusOr<std::optional<Reservation>> read = ReadReservation(snapshot, id);
    result = read.ok() && !*read ? Damaged(ReservationKey(id)) : read.status();
    return result.ok() && visitor(**read);
  }));
  return result;
}

absl::Status VisitSeries(const Snapshot& snapshot, SeriesId after,
                         const std::function<bool(Series)>& visitor) {
  const KeyRange range = SeriesRange(after);
  return VisitRows(snapshot, range,
                   [&](absl::string_view, absl::string_view value) -> std::optional<bool> {
                     std::optional<Series> series = DecodeSeries(value);
                     if (!series) return std::nullopt;
                     return visitor(*std::move(series));
                   });
}

absl::Status VisitEvents(const Snapshot& snapshot, Revision after,
                         const std::function<bool(Event)>& visitor) {
  return VisitRows(snapshot, LogRange(after),
                   [&](absl::string_view key, absl::string_view value) -> std::optional<bool> {
                     const std::optional<Revision> revision = ParseLogKey(key);
                     if (!revision) return std::nullopt;
                     std::optional<Event> event = DecodeEvent(*revision, value);
                     if (!event) return std::nullopt;
                     return visitor(*std::move(event));
                   });
}

absl::StatusOr<size_t> CollectExpiredOutcomes(const Snapshot& snapshot, Instant before,
                                              size_t limit, WriteSet& out) {
  size_t count = 0;
  if (limit == 0) return count;
  LABSLOT_RETURN_IF_ERROR(
      VisitRows(snapshot, OutcomeRange(),
                [&](absl::string_view key, absl::string_view value) -> std::optional<bool> {
                  const std::optional<Outcome> outcome = DecodeOutcome(value);
                  if (!outcome) return std::nullopt;
                  if (outcome->time >= before) return true;
                  out.deletes.emplace_back(key);
                  return ++count < limit;
                }));
  return count;
}

absl::Status CheckLog(const Snapshot& snapshot, Revision after) {
  Revision last = after;
  std::string last_value;
  absl::Status result;
  const KeyRange range = LogRange(after);
  LABSLOT_RETURN_IF_ERROR(
      snapshot.Scan(range.from, range.to, [&](absl::string_view key, absl::string_view value) {
        const std::optional<Revision> revision = ParseLogKey(key);
        if (!revision || *revision != last + 1) {
          result = absl::DataLossError(
              absl::StrCat("event ", last + 1, " is missing from the log of the store"));
          return false;
        }
        last = *revision;
        last_value.assign(value.data(), value.size());
        return true;
      }));
  LABSLOT_RETURN_IF_ERROR(result);
  if (last != snapshot.revision()) {
    return absl::DataLossError(absl::StrCat("the log of the store ends at event ", last,
                                            ", but its head is ", snapshot.revision()));
  }
  if (last > after && !DecodeEvent(last, last_value)) return Damaged(LogKey(last));
  return absl::OkStatus();
}

}  // namespace labslot::storage
