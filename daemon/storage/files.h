#ifndef LABSLOT_DAEMON_STORAGE_FILES_H_
#define LABSLOT_DAEMON_STORAGE_FILES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace labslot::storage {

// An error of the operating system while doing `what`, such as `write to /x`:
// PERMISSION_DENIED, RESOURCE_EXHAUSTED or UNAVAILABLE.
absl::Status SystemError(absl::string_view what, int error_number);

// Makes a change of a folder's entries durable.
absl::Status SyncFolder(const std::string& path);

// Copies folders and regular files into a folder that is not there yet, durably;
// sockets and the like mean nothing in a copy. Only the owner may read it. Errors as
// SystemError; what is there then is worthless.
absl::Status CopyFolder(const std::string& from, const std::string& to);

// Bytes of the regular files below the folder, as far as they can be read.
int64_t SizeOfFolder(const std::string& path);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_FILES_H_
