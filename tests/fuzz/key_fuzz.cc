// Keys of the store: any bytes are a key that is made again from its parts, or none at
// all; and what is made of parts gives them back.

#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "daemon/storage/key_layout.h"
#include "tests/fuzz/escaped.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::storage {
namespace {

using fuzz::Require;

void TryKey(absl::string_view key) {
  if (const auto entry = ParseIndexKey(key)) {
    const bool by_asset = key[0] == 'A';
    Require(key == (by_asset ? AssetIndexKey(entry->asset, entry->start, entry->reservation)
                             : StartIndexKey(entry->start, entry->reservation)),
            "a key of A or S is made of its parts");
  }
  if (const auto revision = ParseLogKey(key)) {
    Require(key == LogKey(*revision), "a key of L is made of its revision");
  }
  if (const auto entry = ParseRefusedKey(key)) {
    const std::string same = RefusedKey(entry->asset, entry->start, entry->time, 0);
    Require(key.size() == same.size() && absl::StartsWith(key, same.substr(0, same.size() - 8)),
            "a key of D is made of its parts and a number");
  }
  if (const auto parts = ParseMachineKey(key)) {
    Require(key == MachineKey(parts->asset, parts->start, parts->report),
            "a key of M is made of its parts");
  }
  if (const auto number = NumberInKey(key)) {
    Require(key == ReservationKey(*number) || key == SeriesKey(*number),
            "a key of B or R is made of its number");
  }
  if (const auto entry = ParseHistoryKey(key)) {
    Require(key == HistoryKey(entry->key, entry->revision), "a key of H is made of its parts");
  }
  Require(!DescribeKey(key).empty(), "every key has words");
}

// Takes parts from the front of the bytes.
class Parts {
 public:
  explicit Parts(absl::string_view bytes) : bytes_(bytes) {}

  int64_t Number() {
    int64_t number = 0;
    const size_t size = std::min(bytes_.size(), sizeof(number));
    std::memcpy(&number, bytes_.data(), size);
    bytes_.remove_prefix(size);
    return number;
  }
  // No id has a zero byte.
  std::string Id() { return std::string(bytes_.substr(0, bytes_.find('\0'))); }

 private:
  absl::string_view bytes_;
};

void TryParts(absl::string_view bytes) {
  Parts parts(bytes);
  const int64_t a = parts.Number();
  const int64_t b = parts.Number();
  const std::string id = parts.Id();
  const auto index = ParseIndexKey(AssetIndexKey(id, a, b));
  Require(index && index->asset == id && index->start == a && index->reservation == b,
          "A gives its parts back");
  const auto start = ParseIndexKey(StartIndexKey(a, b));
  Require(start && start->start == a && start->reservation == b, "S gives its parts back");
  const auto refused = ParseRefusedKey(RefusedKey(id, a, b, a));
  Require(refused && refused->asset == id && refused->start == a && refused->time == b,
          "D gives its parts back");
  const auto machine = ParseMachineKey(MachineKey(id, a, b));
  Require(machine && machine->asset == id && machine->start == a && machine->report == b,
          "M gives its parts back");
  Require(ParseLogKey(LogKey(a)) == a, "L gives its revision back");
  Require(NumberInKey(ReservationKey(a)) == a && NumberInKey(SeriesKey(b)) == b,
          "B and R give their numbers back");
  const std::string record = RecordKey(Collection::kAssets, id);
  const auto history = ParseHistoryKey(HistoryKey(record, a));
  Require(history && history->key == record && history->revision == a, "H gives its parts back");
  Require((a < b) == (LogKey(a) < LogKey(b)), "keys are in the order of their numbers");
}

}  // namespace
}  // namespace labslot::storage

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes = labslot::fuzz::BytesOf({reinterpret_cast<const char*>(data), size});
  labslot::storage::TryKey(bytes);
  labslot::storage::TryParts(bytes);
  return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  return labslot::fuzz::PutText(labslot::fuzz::MutateEscaped(text), data, size, max_size);
}
