#include "daemon/service/convert/text.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/calendar.h"

namespace labslot::service {
namespace {

constexpr size_t kLongestLabelKey = 63;

enum class Lines { kOne, kMany };

// Why `text` is refused, or empty.
std::string TextMistake(absl::string_view text, size_t longest, Lines lines) {
  if (!IsCleanText(text)) return "must be well-formed UTF-8 without control characters";
  if (lines == Lines::kOne && text.find_first_of("\n\t") != absl::string_view::npos) {
    return "must be on one line, without tabs";
  }
  const size_t length = CharacterCount(text);
  if (length > longest) {
    return absl::StrCat("must have at most ", longest, " characters, not ", length);
  }
  return "";
}

std::string Checked(absl::string_view text, size_t longest, Lines lines, Presence presence,
                    absl::string_view path, FieldErrors& errors) {
  if (text.empty()) {
    if (presence == Presence::kRequired) errors.Add(path, "must be set");
    return "";
  }
  const std::string mistake = TextMistake(text, longest, lines);
  if (mistake.empty()) return std::string(text);
  errors.Add(path, mistake);
  return "";
}

bool IsAlphanumeric(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }

bool IsLegalLabelKey(absl::string_view key) {
  return !key.empty() && key.size() <= kLongestLabelKey && IsAlphanumeric(key.front()) &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return IsAlphanumeric(c) || c == '_' || c == '-' || c == '.' || c == '/';
         });
}

// The zones that abseil can load. It remembers every name that it is asked for, so one that
// somebody made up must not get as far as that.
bool IsInTimeZoneFolder(const std::string& name) {
  const char* folder = std::getenv("TZDIR");
  std::error_code ignored;
  return std::filesystem::is_regular_file(
      absl::StrCat(folder != nullptr ? folder : "/usr/share/zoneinfo", "/", name), ignored);
}

}  // namespace

size_t CharacterCount(absl::string_view text) {
  // Every byte but those that continue a sequence begins a character.
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string LineFromProto(absl::string_view text, size_t longest, Presence presence,
                          absl::string_view path, FieldErrors& errors) {
  return Checked(text, longest, Lines::kOne, presence, path, errors);
}

std::string TextFromProto(absl::string_view text, size_t longest, Presence presence,
                          absl::string_view path, FieldErrors& errors) {
  return Checked(text, longest, Lines::kMany, presence, path, errors);
}

std::string ReasonFromProto(absl::string_view reason, absl::string_view path, FieldErrors& errors) {
  return TextFromProto(reason, limits::kMaxText, Presence::kOptional, path, errors);
}

Labels LabelsFromProto(const google::protobuf::Map<std::string, std::string>& labels,
                       absl::string_view path, FieldErrors& errors) {
  if (labels.size() > limits::kMaxLabels) {
    errors.Add(path, absl::StrCat("must have at most ", limits::kMaxLabels, " entries, not ",
                                  labels.size()));
  }
  Labels result(labels.begin(), labels.end());
  // By key, so that the same request always gets the same answer.
  for (const auto& [key, value] : result) {
    const std::string entry = EntryPath(path, key);
    if (!IsLegalLabelKey(key)) {
      errors.Add(entry, absl::StrCat("must have a key of 1 to ", kLongestLabelKey,
                                     " letters, digits, '_', '-', '.' and '/', beginning with "
                                     "a letter or digit"));
    }
    const std::string mistake = TextMistake(value, limits::kMaxNameText, Lines::kOne);
    if (!mistake.empty()) errors.Add(entry, mistake);
  }
  return result;
}

void ToProto(const std::map<std::string, std::string>& labels,
             google::protobuf::Map<std::string, std::string>& proto) {
  proto.clear();
  for (const auto& [key, value] : labels) proto[key] = value;
}

std::string ZoneFromProto(absl::string_view zone, Presence presence, absl::string_view path,
                          FieldErrors& errors) {
  if (zone.empty()) {
    if (presence == Presence::kRequired) {
      errors.Add(path, "must be set to an IANA time zone such as Europe/Brussels");
    }
    return "";
  }
  std::string name(zone);
  if (IsInTimeZoneFolder(name) && FindTimeZone(name)) return name;
  errors.Add(path, absl::StrCat("must be an IANA time zone such as Europe/Brussels; ", Quoted(zone),
                                " is not known"));
  return "";
}

std::string RegionFromProto(absl::string_view region, absl::string_view path, FieldErrors& errors) {
  const bool legal = region.empty() ||
                     (region.size() >= 2 && region.size() <= 5 && IsUpper(region[0]) &&
                      IsUpper(region[1]) && std::all_of(region.begin(), region.end(), [](char c) {
                        return IsAlphanumeric(c) && (IsUpper(c) || c <= '9');
                      }));
  if (legal) return std::string(region);
  errors.Add(path, absl::StrCat("must be a NUTS code such as BE22: two capital letters and up to "
                                "three letters or digits; ",
                                Quoted(region), " is not"));
  return "";
}

bool IsLegalRequestId(absl::string_view request_id) {
  return TextMistake(request_id, limits::kMaxRequestIdLength, Lines::kMany).empty();
}

std::string RequestIdFromProto(absl::string_view request_id, absl::string_view path,
                               FieldErrors& errors) {
  return TextFromProto(request_id, limits::kMaxRequestIdLength, Presence::kOptional, path, errors);
}

}  // namespace labslot::service
