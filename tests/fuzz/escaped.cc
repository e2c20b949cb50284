#include "tests/fuzz/escaped.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "tests/fuzz/targets.h"

namespace labslot::fuzz {

std::string BytesOf(absl::string_view text) {
  absl::ConsumeSuffix(&text, "\n");
  std::string bytes;
  return absl::CUnescape(text, &bytes) ? bytes : std::string(text);
}

std::string MutateEscaped(absl::string_view text) {
  constexpr size_t kRoom = 16;
  std::string bytes = BytesOf(text);
  const size_t size = bytes.size();
  bytes.resize(size + kRoom);
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(bytes.data()), size, bytes.size()));
  return absl::CHexEscape(bytes);
}

size_t PutText(const std::string& text, uint8_t* data, size_t size, size_t max_size) {
  if (text.size() > max_size) return size;
  std::copy(text.begin(), text.end(), data);
  return text.size();
}

}  // namespace labslot::fuzz
