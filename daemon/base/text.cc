#include "daemon/base/text.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace labslot {
namespace {

// Length of the well-formed UTF-8 sequence at `position`, or 0. Overlong
// forms, surrogates and values above U+10FFFF are not well-formed (Unicode
// 15, table 3-7).
size_t SequenceLength(absl::string_view text, size_t position) {
  const auto byte = [&](size_t offset) -> uint8_t {
    return position + offset < text.size() ? static_cast<uint8_t>(text[position + offset]) : 0;
  };
  const auto continues = [&](size_t offset, uint8_t least = 0x80, uint8_t most = 0xBF) {
    return byte(offset) >= least && byte(offset) <= most;
  };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const uint8_t least = lead == 0xE0 ? 0xA0 : 0x80;
    const uint8_t most = lead == 0xED ? 0x9F : 0xBF;
    return continues(1, least, most) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const uint8_t least = lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t most = lead == 0xF4 ? 0x8F : 0xBF;
    return continues(1, least, most) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string JsonString(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppendFormat(&out, "\\u%04x", c);
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

bool IsCleanText(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) return false;
    // U+0080 to U+009F: a second set of control characters, which some
    // terminals obey.
    if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return false;
    }
    const size_t length = SequenceLength(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string LengthWords(long long seconds) {
  constexpr long long kDay = 86400;
  if (seconds != 0 && seconds % kDay == 0) return Counted(seconds / kDay, "day", "days");
  std::string words;
  const auto add = [&](long long count, absl::string_view unit) {
    if (count != 0) absl::StrAppend(&words, words.empty() ? "" : " ", count, " ", unit);
  };
  add(seconds / 3600, "h");
  add(seconds / 60 % 60, "min");
  add(seconds % 60, "s");
  return words.empty() ? "0 s" : words;
}

std::string HourWords(long long seconds) {
  return absl::StrFormat("%.1f h", static_cast<double>(seconds) / 3600);
}

std::string PercentWords(long long part, long long whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.2f %%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string Counted(long long count, absl::string_view singular, absl::string_view plural) {
  return absl::StrCat(count, " ", count == 1 ? singular : plural);
}

}  // namespace labslot
