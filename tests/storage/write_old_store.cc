// Makes a missing folder a store of format version 1: labslot_write_old_store FOLDER ROWS.

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "tests/storage/old_rows.h"
#include "tests/support/records.h"

namespace labslot::storage {
namespace {

// What the reservations of the rows are of; the rows themselves have no records.
std::vector<Resource> Records() {
  std::vector<Resource> records = {support::MakeSite("lommel"), support::MakePool("rig", 2)};
  for (int i = 0; i < 7; ++i) records.push_back(support::MakeAsset(absl::StrCat("asset-", i)));
  return records;
}

absl::Status WriteOldStore(const std::string& folder, const std::string& rows) {
  LABSLOT_ASSIGN_OR_RETURN(const auto store, RocksDbStore::Open(folder));
  WriteSet write_set = RowsIn(rows);
  for (const Resource& record : Records()) {
    write_set.puts.push_back({KeyOf(record), EncodeRecord(record)});
  }
  return store->Commit(write_set);
}

}  // namespace
}  // namespace labslot::storage

int main(int argc, char** argv) {
  if (argc != 3) return EXIT_FAILURE;
  const absl::Status status = labslot::storage::WriteOldStore(argv[1], argv[2]);
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
