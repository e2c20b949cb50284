// Values of the store: any bytes are damaged, or a value whose own bytes give the same
// value. The first line is the kind of message, the rest the message as message_text.h
// keeps it.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "daemon/storage/codec.h"
#include "tests/fuzz/escaped.h"
#include "tests/fuzz/message_text.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::storage {
namespace {

constexpr Instant kInstant = 1796000000;

// The bytes of the value that some bytes are read as; nothing for damaged ones.
using Recode = std::function<std::optional<std::string>(absl::string_view)>;

template <typename Value, typename Encode>
std::optional<std::string> Encoded(const std::optional<Value>& value, Encode encode) {
  if (!value) return std::nullopt;
  return encode(*value);
}

Recode RecordIn(Collection collection) {
  return [=](absl::string_view bytes) {
    return Encoded(DecodeRecord(collection, bytes), EncodeRecord);
  };
}

const std::map<std::string, Recode>& Kinds() {
  static const auto* const kinds = new std::map<std::string, Recode>{
      {"Site", RecordIn(Collection::kSites)},
      {"Asset", RecordIn(Collection::kAssets)},
      {"HolidayRegion", RecordIn(Collection::kHolidayRegions)},
      {"Organisation", RecordIn(Collection::kOrganisations)},
      {"User", RecordIn(Collection::kUsers)},
      {"Token", RecordIn(Collection::kTokens)},
      {"Group", RecordIn(Collection::kGroups)},
      {"Policy", RecordIn(Collection::kPolicies)},
      {"Quota", RecordIn(Collection::kQuotas)},
      {"Outage", RecordIn(Collection::kOutages)},
      {"Round", RecordIn(Collection::kRounds)},
      {"Reservation",
       [](absl::string_view bytes) { return Encoded(DecodeReservation(bytes), EncodeRecord); }},
      {"Series",
       [](absl::string_view bytes) { return Encoded(DecodeSeries(bytes), EncodeRecord); }},
      {"Event",
       [](absl::string_view bytes) { return Encoded(DecodeEvent(1042, bytes), EncodeEvent); }},
      {"Occupancy",
       [](absl::string_view bytes) {
         OccupancyDecoder decoder;
         return Encoded(decoder.Decode({"rig", kInstant, 7}, bytes), EncodeOccupancy);
       }},
      {"Outcome",
       [](absl::string_view bytes) { return Encoded(DecodeOutcome(bytes), EncodeOutcome); }},
      {"Format",
       [](absl::string_view bytes) { return Encoded(DecodeFormat(bytes), EncodeFormat); }},
  };
  return *kinds;
}

// Values are compared by their bytes, which are equal if they are: a number that is none
// is not equal to itself.
void Try(const Recode& recode, absl::string_view bytes) {
  const std::optional<std::string> once = recode(bytes);
  if (!once) return;
  const std::optional<std::string> twice = recode(*once);
  fuzz::Require(twice.has_value(), "what was written can be read");
  fuzz::Require(*once == *twice, "what was read again is the same");
}

struct Input {
  std::string kind;
  absl::string_view body;
  const google::protobuf::Descriptor* type = nullptr;
  const Recode* recode = nullptr;
};

// Nothing if the kind is unknown.
std::optional<Input> Read(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const std::pair<absl::string_view, absl::string_view> lines =
      absl::StrSplit(text, absl::MaxSplits('\n', 1));
  Input input{std::string(lines.first), lines.second};
  const auto kind = Kinds().find(input.kind);
  if (kind == Kinds().end()) return std::nullopt;
  input.recode = &kind->second;
  input.type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
      absl::StrCat("labslot.storage.v1.", input.kind));
  return input;
}

}  // namespace
}  // namespace labslot::storage

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto input = labslot::storage::Read(data, size);
  if (!input) return 0;
  const auto bytes = labslot::fuzz::WireOf(*input->type, input->body);
  if (bytes) labslot::storage::Try(*input->recode, *bytes);
  return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  static const auto* const words = new std::vector<std::string>{
      "", "rig", "lommel", "Europe/Brussels", "be-vlg", "ada", "@daemon", "\xff\xfe"};
  labslot::fuzz::MessageMutator mutator(seed, *words, labslot::storage::kInstant);
  const auto input = labslot::storage::Read(data, size);
  if (!input) return labslot::fuzz::PutText("Reservation\n", data, size, max_size);
  const std::string text = absl::StrCat(
      input->kind, "\n", labslot::fuzz::MutateText(*input->type, input->body, mutator));
  return labslot::fuzz::PutText(text, data, size, max_size);
}
