// Says that a database was written in another format: labslot_set_format DATABASE VERSION.

#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "daemon/storage/codec.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/rocksdb/database.h"
#include "rocksdb/db.h"

namespace labslot::storage {
namespace {

rocksdb::Status SetFormat(const std::string& path, int version) {
  rocksdb::DB* opened = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(StrictOptions({}), path, &opened);
  const std::unique_ptr<rocksdb::DB> database(opened);
  std::string bytes;
  if (status.ok()) status = database->Get({}, FormatKey(), &bytes);
  if (!status.ok()) return status;
  std::optional<Format> format = DecodeFormat(bytes);
  if (!format) return rocksdb::Status::Corruption("the row of the format");
  format->version = version;
  return database->Put({}, FormatKey(), EncodeFormat(*format));
}

}  // namespace
}  // namespace labslot::storage

int main(int argc, char** argv) {
  if (argc != 3) return EXIT_FAILURE;
  const rocksdb::Status status = labslot::storage::SetFormat(argv[1], std::atoi(argv[2]));
  if (!status.ok()) std::cerr << status.ToString() << "\n";
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
