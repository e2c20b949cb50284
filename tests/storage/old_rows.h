#ifndef LABSLOT_TESTS_STORAGE_OLD_ROWS_H_
#define LABSLOT_TESTS_STORAGE_OLD_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "daemon/domain/reservation.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

inline constexpr char kVersion1Id[] = "0123456789abcdef0123456789abcdef";

// Makes an empty store one of format version 1 with these reservations, each
// created by one event. `reservations` have no field that version 1 lacked.
absl::Status WriteAsVersion1(const std::vector<Reservation>& reservations, Store& store);

// The rows of version_1.rows, which version 1 wrote up to its revision 12: a row a line,
// key and value in hexadecimal. They do not change with the code that writes them now.
WriteSet RowsIn(const std::string& file);

}  // namespace labslot::storage

#endif  // LABSLOT_TESTS_STORAGE_OLD_ROWS_H_
