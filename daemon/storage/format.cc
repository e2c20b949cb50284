#include "daemon/storage/format.h"

#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/key_layout.h"

namespace labslot::storage {
namespace {

absl::StatusOr<std::optional<Format>> ReadFormat(const Store& store) {
  LABSLOT_ASSIGN_OR_RETURN(const std::optional<std::string> bytes, store.Get(FormatKey()));
  if (!bytes) return std::nullopt;
  std::optional<Format> format = DecodeFormat(*bytes);
  if (!format || format->version < 1) return absl::DataLossError("the format row is damaged");
  return format;
}

absl::StatusOr<Format> ExistingFormat(const Store& store) {
  LABSLOT_ASSIGN_OR_RETURN(std::optional<Format> format, ReadFormat(store));
  if (!format) return absl::DataLossError("the format row is missing");
  return *std::move(format);
}

absl::Status WriteFormat(Store& store, const Format& format) {
  WriteSet write_set;
  write_set.base = write_set.revision = store.head();
  write_set.puts.push_back({FormatKey(), EncodeFormat(format)});
  return store.Commit(write_set);
}

}  // namespace

absl::Status CheckFormat(const Store& store, int64_t wanted) {
  LABSLOT_ASSIGN_OR_RETURN(const std::optional<Format> format, ReadFormat(store));
  if (format && format->version > wanted) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the store has format ", format->version, ", and this labslotd knows formats up to ",
        wanted, "; use the labslotd that wrote it, or a newer one"));
  }
  return absl::OkStatus();
}

absl::Status PrepareFormat(Store& store, absl::Span<const Migration> migrations, int64_t wanted) {
  LABSLOT_ASSIGN_OR_RETURN(std::optional<Format> format, ReadFormat(store));
  if (!format) {
    if (store.head() != 0) return absl::DataLossError("the format row is missing");
    return WriteFormat(store, {.version = wanted, .store_id = NewStoreId()});
  }
  LABSLOT_RETURN_IF_ERROR(CheckFormat(store, wanted));
  for (const Migration& migration : migrations) {
    if (migration.from != format->version || format->version == wanted) continue;
    LABSLOT_RETURN_IF_ERROR(migration.step(store));
    ++format->version;
    LABSLOT_RETURN_IF_ERROR(WriteFormat(store, *format));
  }
  if (format->version != wanted) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the store has format ", format->version, ", from which this labslotd (format ", wanted,
        ") knows no way; open it with a release in between first"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadStoreId(const Store& store) {
  LABSLOT_ASSIGN_OR_RETURN(Format format, ExistingFormat(store));
  return std::move(format.store_id);
}

absl::Status RenameHistory(Store& store) {
  LABSLOT_ASSIGN_OR_RETURN(Format format, ExistingFormat(store));
  format.store_id = NewStoreId();
  return WriteFormat(store, format);
}

std::string NewStoreId() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) absl::StrAppend(&id, absl::Hex(random(), absl::kZeroPad8));
  return id;
}

}  // namespace labslot::storage
