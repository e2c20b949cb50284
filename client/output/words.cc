#include "client/output/words.h"

#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace labslot::client {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";
constexpr absl::string_view kCutMark = "...";

// All bytes but those that continue a UTF-8 sequence.
bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// Bytes of the UTF-8 sequence at the front, 0 if it is not valid.
std::size_t SequenceLength(absl::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  std::size_t length = 0;
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) length = 2;
  if (lead >= 0xE0 && lead < 0xF0) length = 3;
  if (lead >= 0xF0 && lead < 0xF5) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond Unicode.
  const bool bad_second = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) >= 0xA0) ||
                          (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) >= 0x90);
  return bad_second ? 0 : length;
}

// C1 controls, and the marks that turn the direction of what follows.
bool IsHarmful(absl::string_view sequence) {
  if (sequence.size() == 2) {
    return sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
  }
  if (sequence.size() != 3) return false;
  const bool embedding = sequence >= "\xE2\x80\xAA" && sequence <= "\xE2\x80\xAE";
  const bool isolate = sequence >= "\xE2\x81\xA6" && sequence <= "\xE2\x81\xA9";
  return embedding || isolate;
}

}  // namespace

std::size_t Width(absl::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += BeginsCharacter(c) ? 1 : 0;
  return width;
}

std::string Printable(absl::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    if (length == 0) {
      result.append(kReplacement.data(), kReplacement.size());
      text.remove_prefix(1);
      continue;
    }
    const absl::string_view sequence = text.substr(0, length);
    text.remove_prefix(length);
    if (sequence == "\n" || sequence == "\t" || sequence == "\r") {
      result.push_back(' ');
    } else if ((length == 1 && absl::ascii_iscntrl(static_cast<unsigned char>(sequence[0]))) ||
               IsHarmful(sequence)) {
      result.append(kReplacement.data(), kReplacement.size());
    } else {
      result.append(sequence.data(), sequence.size());
    }
  }
  return result;
}

std::string EnumWords(absl::string_view value, absl::string_view prefix) {
  absl::ConsumePrefix(&value, prefix);
  return absl::StrReplaceAll(absl::AsciiStrToLower(value), {{"_", " "}});
}

std::string Wrap(absl::string_view text, int columns, absl::string_view indent) {
  std::string result;
  std::size_t used = 0;
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const bool fits = columns <= 0 || used + 1 + Width(word) <= static_cast<std::size_t>(columns);
    if (used > 0 && fits) {
      absl::StrAppend(&result, " ", word);
      used += 1 + Width(word);
    } else {
      absl::StrAppend(&result, used > 0 ? "\n" : "", indent, word);
      used = Width(indent) + Width(word);
    }
  }
  return result.empty() ? "" : absl::StrCat(result, "\n");
}

std::string Cut(const std::string& text, std::size_t columns) {
  if (Width(text) <= columns) return text;
  std::size_t end = 0;
  for (std::size_t left = columns - kCutMark.size() + 1; end < text.size(); ++end) {
    if (BeginsCharacter(text[end]) && --left == 0) break;
  }
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(text.substr(0, end)), kCutMark);
}

std::string OrList(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i]);
  }
  return text;
}

std::string MoneyText(double amount) { return absl::StrFormat("%.2f", amount); }

std::string Count(std::int64_t number, absl::string_view singular, absl::string_view plural) {
  return absl::StrCat(number, " ", number == 1 ? singular : plural);
}

std::string BytesText(std::int64_t bytes) {
  constexpr std::int64_t kStep = 1024;
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < kStep) return absl::StrCat(bytes, " bytes");
  std::int64_t unit = kStep;
  std::size_t name = 0;
  for (; name + 1 < std::size(kUnits) && bytes / unit >= kStep; ++name) unit *= kStep;
  return absl::StrFormat("%.1f %s", static_cast<double>(bytes) / static_cast<double>(unit),
                         kUnits[name]);
}

}  // namespace labslot::client
