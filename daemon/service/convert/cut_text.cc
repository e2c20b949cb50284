#include "daemon/service/convert/cut_text.h"

#include "daemon/base/text.h"

namespace labslot::service {
namespace {

constexpr absl::string_view kEllipsis = "\xE2\x80\xA6";

// Length of the clean character at `position`, or 0.
size_t CharacterLength(absl::string_view text, size_t position) {
  for (size_t length = 1; length <= 4 && position + length <= text.size(); ++length) {
    if (IsCleanText(text.substr(position, length))) return length;
  }
  return 0;
}

}  // namespace

std::string CutText(absl::string_view text, size_t most) {
  std::string cut;
  size_t room_for_ellipsis = 0;  // length of the longest prefix that leaves room for it
  for (size_t position = 0; position < text.size();) {
    const size_t length = CharacterLength(text, position);
    const absl::string_view character = length == 0 ? "?" : text.substr(position, length);
    if (cut.size() + character.size() > most) {
      cut.resize(room_for_ellipsis);
      cut.append(kEllipsis.data(), kEllipsis.size());
      return cut;
    }
    cut.append(character.data(), character.size());
    if (cut.size() + kEllipsis.size() <= most) room_for_ellipsis = cut.size();
    position += length == 0 ? 1 : length;
  }
  return cut;
}

}  // namespace labslot::service
