#ifndef LABSLOT_DAEMON_STORAGE_CODEC_H_
#define LABSLOT_DAEMON_STORAGE_CODEC_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/domain/occupancy.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/records.h"

namespace labslot::storage {

// The values of the tables as bytes. Equal values give equal bytes. Decoding
// gives nothing for bytes that this version cannot read whole.

// Value of table F.
struct Format {
  int64_t version = 0;
  std::string store_id;
  friend bool operator==(const Format&, const Format&) = default;
};

std::string EncodeFormat(const Format& format);
std::optional<Format> DecodeFormat(absl::string_view bytes);

std::string EncodeEvent(const Event& event);
std::optional<Event> DecodeEvent(Revision revision, absl::string_view bytes);

// Values of tables C, B and R.
std::string EncodeRecord(const Resource& resource);
std::optional<Resource> DecodeRecord(Collection collection, absl::string_view bytes);
std::optional<Reservation> DecodeReservation(absl::string_view bytes);
std::optional<Series> DecodeSeries(absl::string_view bytes);

std::string EncodeOccupancy(const Occupancy& occupancy);

// Decodes values of table A without a fresh allocation for each. Not
// thread-safe.
class OccupancyDecoder {
 public:
  OccupancyDecoder();
  ~OccupancyDecoder();

  std::optional<Occupancy> Decode(IndexEntry key, absl::string_view bytes);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

std::string EncodeOutcome(const Outcome& outcome);
std::optional<Outcome> DecodeOutcome(absl::string_view bytes);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_CODEC_H_
