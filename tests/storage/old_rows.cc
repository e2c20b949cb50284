#include "tests/storage/old_rows.h"

#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/base/log.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/records.h"
#include "labslot/storage/v1/reservation.pb.h"
#include "tests/storage/samples.h"

namespace labslot::storage {
namespace {

// A row of A without what version 2 added.
std::string AsVersion1(const std::string& row) {
  v1::Occupancy occupancy;
  occupancy.ParseFromString(row);
  occupancy.clear_user();
  occupancy.clear_organisation();
  occupancy.clear_project();
  occupancy.clear_activity_class();
  occupancy.clear_close_time();
  occupancy.clear_check_in_by();
  occupancy.clear_leaves_slot_free();
  return occupancy.SerializeAsString();
}

// Debian 12 and 13 have no function for it in common.
std::string BytesOf(absl::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    uint32_t byte = 0;
    if (!absl::SimpleHexAtoi(hex.substr(i, 2), &byte)) Die(absl::StrCat("not hex: ", hex));
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

}  // namespace

absl::Status WriteAsVersion1(const std::vector<Reservation>& reservations, Store& store) {
  WriteSet write_set;
  write_set.base = store.head();
  write_set.revision = write_set.base;
  for (const Reservation& reservation : reservations) {
    AppendEvent(EventOf(++write_set.revision, EventType::kCreated, reservation), nullptr,
                write_set);
  }
  for (Put& put : write_set.puts) {
    const auto entry = ParseIndexKey(put.key);
    if (entry && !entry->asset.empty()) put.value = AsVersion1(put.value);
  }
  write_set.puts.push_back({FormatKey(), EncodeFormat({1, kVersion1Id})});
  return store.Commit(write_set);
}

WriteSet RowsIn(const std::string& file) {
  WriteSet rows;
  rows.revision = 12;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const std::pair<std::string, std::string> row = absl::StrSplit(line, ' ');
    rows.puts.push_back({BytesOf(row.first), BytesOf(row.second)});
  }
  return rows;
}

}  // namespace labslot::storage
