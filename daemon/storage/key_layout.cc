#include "daemon/storage/key_layout.h"

#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"

namespace labslot::storage {
namespace {

constexpr char kFormatTable = 'F';
constexpr char kLogTable = 'L';
constexpr char kRecordTable = 'C';
constexpr char kReservationTable = 'B';
constexpr char kSeriesTable = 'R';
constexpr char kAssetIndexTable = 'A';
constexpr char kStartIndexTable = 'S';
constexpr char kOutcomeTable = 'Q';
constexpr char kHistoryTable = 'H';
constexpr char kRefusedTable = 'D';
constexpr char kMachineTable = 'M';

constexpr uint64_t kSignBit = uint64_t{1} << 63;
constexpr size_t kNumberSize = 8;
constexpr char kEndOfId = '\0';

void AppendNumber(int64_t number, std::string& key) {
  const uint64_t ordered = static_cast<uint64_t>(number) ^ kSignBit;
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>((ordered >> shift) & 0xff));
  }
}

int64_t ReadNumber(absl::string_view bytes) {
  uint64_t ordered = 0;
  for (size_t i = 0; i < kNumberSize; ++i) {
    ordered = (ordered << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return static_cast<int64_t>(ordered ^ kSignBit);
}

std::string NumberKey(char table, int64_t number) {
  std::string key(1, table);
  AppendNumber(number, key);
  return key;
}

// All keys that begin with `prefix`.
KeyRange Whole(std::string prefix) {
  std::string end = prefix;
  ++end.back();  // no prefix in use ends in 0xff
  return {std::move(prefix), std::move(end)};
}

// All keys of a table by number that come after `after`.
KeyRange Behind(char table, int64_t after) {
  KeyRange range = Whole(std::string(1, table));
  // Behind the greatest number there is nothing.
  range.from =
      after == std::numeric_limits<int64_t>::max() ? range.to : NumberKey(table, after + 1);
  return range;
}

std::string AssetPrefix(absl::string_view asset, char table = kAssetIndexTable) {
  std::string key(1, table);
  absl::StrAppend(&key, asset);
  key.push_back(kEndOfId);
  return key;
}

// Keys of an asset in a table whose next part is a start in [from, to).
KeyRange StartRange(absl::string_view asset, char table, Instant from, Instant to) {
  KeyRange range{AssetPrefix(asset, table), AssetPrefix(asset, table)};
  AppendNumber(from, range.from);
  AppendNumber(to, range.to);
  return range;
}

absl::string_view CollectionName(char collection) {
  switch (static_cast<Collection>(collection)) {
    case Collection::kSites:
      return kSites;
    case Collection::kAssets:
      return kAssets;
    case Collection::kHolidayRegions:
      return kHolidayRegions;
    case Collection::kOrganisations:
      return kOrganisations;
    case Collection::kUsers:
      return kUsers;
    case Collection::kTokens:
      return kTokens;
    case Collection::kGroups:
      return kGroups;
    case Collection::kPolicies:
      return kPolicies;
    case Collection::kQuotas:
      return kQuotas;
    case Collection::kOutages:
      return kOutages;
    case Collection::kRounds:
      return kRounds;
  }
  return "";
}

}  // namespace

std::string FormatKey() { return std::string(1, kFormatTable); }

std::string LogKey(Revision revision) { return NumberKey(kLogTable, revision); }

std::string RecordKey(Collection collection, absl::string_view id) {
  std::string key = {kRecordTable, static_cast<char>(collection)};
  absl::StrAppend(&key, id);
  key.push_back(kEndOfId);
  return key;
}

std::string ReservationKey(ReservationId id) { return NumberKey(kReservationTable, id); }

std::string SeriesKey(SeriesId id) { return NumberKey(kSeriesTable, id); }

std::string AssetIndexKey(absl::string_view asset, Instant start, ReservationId id) {
  std::string key = AssetPrefix(asset);
  AppendNumber(start, key);
  AppendNumber(id, key);
  return key;
}

std::string StartIndexKey(Instant start, ReservationId id) {
  std::string key = NumberKey(kStartIndexTable, start);
  AppendNumber(id, key);
  return key;
}

std::string OutcomeKey(absl::string_view user, absl::string_view request_id) {
  std::string key(1, kOutcomeTable);
  absl::StrAppend(&key, user);
  key.push_back(kEndOfId);
  absl::StrAppend(&key, request_id);
  return key;
}

std::string RefusedKey(absl::string_view asset, Instant start, Instant time, int64_t number) {
  std::string key = AssetPrefix(asset, kRefusedTable);
  AppendNumber(start, key);
  AppendNumber(time, key);
  AppendNumber(number, key);
  return key;
}

std::string MachineKey(absl::string_view asset, Instant start, int64_t report) {
  std::string key = AssetPrefix(asset, kMachineTable);
  AppendNumber(start, key);
  AppendNumber(report, key);
  return key;
}

std::string HistoryKey(absl::string_view key, Revision revision) {
  std::string history = absl::StrCat(std::string(1, kHistoryTable), key);
  AppendNumber(revision, history);
  return history;
}

KeyRange LogRange(Revision after) { return Behind(kLogTable, after); }

KeyRange RecordRange(Collection collection) {
  return Whole({kRecordTable, static_cast<char>(collection)});
}

KeyRange ReservationRange() { return Whole(std::string(1, kReservationTable)); }

KeyRange SeriesRange(SeriesId after) { return Behind(kSeriesTable, after); }

KeyRange AssetIndexRange(absl::string_view asset, Instant from, Instant to) {
  return StartRange(asset, kAssetIndexTable, from, to);
}

KeyRange AllAssetsIndexRange() { return Whole(std::string(1, kAssetIndexTable)); }

KeyRange StartIndexRange(Instant from, Instant to) {
  return {NumberKey(kStartIndexTable, from), NumberKey(kStartIndexTable, to)};
}

KeyRange OutcomeRange() { return Whole(std::string(1, kOutcomeTable)); }

KeyRange RefusedRange(absl::string_view asset, Instant from, Instant to) {
  return StartRange(asset, kRefusedTable, from, to);
}

KeyRange AllRefusedRange() { return Whole(std::string(1, kRefusedTable)); }

KeyRange MachineRange(absl::string_view asset, Instant from, Instant to) {
  return StartRange(asset, kMachineTable, from, to);
}

KeyRange HistoryRange(absl::string_view key, Revision after, Revision last) {
  return {HistoryKey(key, after + 1), HistoryKey(key, last + 1)};
}

KeyRange HistoryRange(Collection collection) {
  return Whole({kHistoryTable, kRecordTable, static_cast<char>(collection)});
}

std::optional<IndexEntry> ParseIndexKey(absl::string_view key) {
  if (key.empty()) return std::nullopt;
  const char table = key.front();
  key.remove_prefix(1);
  IndexEntry entry;
  if (table == kAssetIndexTable) {
    const size_t end = key.find(kEndOfId);
    if (end == absl::string_view::npos) return std::nullopt;
    entry.asset.assign(key.data(), end);
    key.remove_prefix(end + 1);
  } else if (table != kStartIndexTable) {
    return std::nullopt;
  }
  if (key.size() != 2 * kNumberSize) return std::nullopt;
  entry.start = ReadNumber(key);
  entry.reservation = ReadNumber(key.substr(kNumberSize));
  return entry;
}

std::optional<Revision> ParseLogKey(absl::string_view key) {
  if (key.size() != 1 + kNumberSize || key.front() != kLogTable) return std::nullopt;
  return ReadNumber(key.substr(1));
}

std::optional<RefusedEntry> ParseRefusedKey(absl::string_view key) {
  const size_t end = key.find(kEndOfId);
  if (key.empty() || key.front() != kRefusedTable || end == absl::string_view::npos ||
      key.size() != end + 1 + 3 * kNumberSize) {
    return std::nullopt;
  }
  return RefusedEntry{std::string(key.substr(1, end - 1)), ReadNumber(key.substr(end + 1)),
                      ReadNumber(key.substr(end + 1 + kNumberSize))};
}

std::optional<MachineKeyParts> ParseMachineKey(absl::string_view key) {
  const size_t end = key.find(kEndOfId);
  if (key.empty() || key.front() != kMachineTable || end == absl::string_view::npos ||
      key.size() != end + 1 + 2 * kNumberSize) {
    return std::nullopt;
  }
  return MachineKeyParts{std::string(key.substr(1, end - 1)), ReadNumber(key.substr(end + 1)),
                         ReadNumber(key.substr(end + 1 + kNumberSize))};
}

std::optional<int64_t> NumberInKey(absl::string_view key) {
  const bool numbered = key.size() == 1 + kNumberSize &&
                        (key.front() == kReservationTable || key.front() == kSeriesTable);
  return numbered ? std::optional<int64_t>(ReadNumber(key.substr(1))) : std::nullopt;
}

std::optional<HistoryEntry> ParseHistoryKey(absl::string_view key) {
  if (key.size() <= 1 + kNumberSize || key.front() != kHistoryTable) return std::nullopt;
  const size_t size = key.size() - 1 - kNumberSize;
  return HistoryEntry{std::string(key.substr(1, size)), ReadNumber(key.substr(1 + size))};
}

std::string DescribeKey(absl::string_view key) {
  if (key == FormatKey()) return "the format row";
  if (const std::optional<Revision> revision = ParseLogKey(key)) {
    return absl::StrCat("event ", *revision);
  }
  // Nothing has the number 0, nor a name with it.
  if (const std::optional<int64_t> number = NumberInKey(key); number.value_or(0) != 0) {
    return key.front() == kReservationTable ? NameOf(*number) : NameOfSeries(*number);
  }
  if (const std::optional<IndexEntry> entry = ParseIndexKey(key)) {
    return absl::StrCat("the row of ", NameOf(entry->reservation), " by ",
                        entry->asset.empty() ? "start" : NameOf(kAssets, entry->asset));
  }
  if (key.size() > 3 && key.front() == kRecordTable && key.back() == kEndOfId &&
      !CollectionName(key[1]).empty()) {
    return NameOf(CollectionName(key[1]), key.substr(2, key.size() - 3));
  }
  if (const std::optional<RefusedEntry> entry = ParseRefusedKey(key)) {
    return absl::StrCat("a refused request for ", NameOf(kAssets, entry->asset));
  }
  if (const std::optional<MachineKeyParts> parts = ParseMachineKey(key)) {
    return absl::StrCat("a state of ", NameOf(kAssets, parts->asset), " in report ", parts->report);
  }
  if (const std::optional<HistoryEntry> entry = ParseHistoryKey(key)) {
    return absl::StrCat("the row of ", DescribeKey(entry->key), " by event ", entry->revision);
  }
  return absl::StrCat("key ", absl::CHexEscape(key));
}

}  // namespace labslot::storage
