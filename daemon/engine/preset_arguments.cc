#include "daemon/engine/preset_arguments.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/preset_values.h"

namespace labslot::engine {
namespace {

using limits::kDay;

// Values are repeated in descriptions, which must stay short enough.
constexpr size_t kMaxValueLength = limits::kMaxText / 2;

// Accepts every value.
constexpr auto kAny = [](const auto&) { return true; };

// Accepts what lies within.
template <typename T>
auto Within(T least, T most) {
  return [least, most](T value) { return least <= value && value <= most; };
}

// Accepts so many entries.
auto AtMost(size_t count) {
  return [count](const auto& entries) { return entries.size() <= count; };
}

std::optional<std::string> ReadWord(absl::string_view text) {
  if (!IsLegalId(text)) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> ReadGroup(absl::string_view text) {
  std::optional<std::string> id = IdIn(kGroups, text);
  return id ? id : ReadWord(text);
}

// Which of the two words it is.
std::optional<bool> ReadChoice(absl::string_view text, absl::string_view yes,
                               absl::string_view no) {
  if (text != yes && text != no) return std::nullopt;
  return text == yes;
}

}  // namespace

Arguments::Arguments(const Preset& preset, const std::map<std::string, std::string>& given) {
  std::vector<std::string> known;
  for (const PresetParameter& parameter : preset.parameters) {
    known.push_back(parameter.key);
    const auto value = given.find(parameter.key);
    if (value != given.end()) {
      values_[parameter.key] = value->second;
    } else if (!parameter.default_value.empty()) {
      values_[parameter.key] = parameter.default_value;
    } else {
      Add(parameter.key, absl::StrCat("must be given: ", parameter.description));
    }
  }
  for (const auto& [key, value] : given) {
    if (values_.count(key) != 0) continue;
    Add(key, absl::StrCat("is not a parameter of ", preset.name, ", which has ",
                          absl::StrJoin(known, ", ")));
  }
}

std::string Arguments::Text(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::string() : found->second;
}

template <typename T, typename Read, typename Accept>
T Arguments::Value(const std::string& key, Read read, Accept accept, std::string form) {
  const auto found = values_.find(key);
  if (found == values_.end()) return T();  // missing, which was noted
  if (found->second.size() <= kMaxValueLength) {
    std::optional<T> value = read(found->second);
    if (value && accept(*value)) return *std::move(value);
  }
  Add(key, absl::StrCat("must be ", form));
  return T();
}

Seconds Arguments::Length(const std::string& key, Seconds least, Seconds most) {
  return Value<Seconds>(key, ReadLength, Within(least, most),
                        absl::StrCat("a length of time such as 15m, 24h or 14d, from ",
                                     LengthWords(least), " to ", LengthWords(most)));
}

Lead Arguments::LeadOf(const std::string& key) {
  const auto in_range = [](const Lead& lead) {
    return !lead.zero() && lead.days <= limits::kMaxLeadDays &&
           lead.seconds <= limits::kMaxLeadDays * kDay;
  };
  return Value<Lead>(
      key, ReadLead, in_range,
      absl::StrCat("a length of time such as 14d, 36h or 1d12h, above zero and up to ",
                   limits::kMaxLeadDays, " days"));
}

int64_t Arguments::Count(const std::string& key, int64_t least, int64_t most) {
  return Value<int64_t>(key, ReadCount, Within(least, most),
                        absl::StrCat("a whole number from ", least, " to ", most));
}

double Arguments::Amount(const std::string& key, double most) {
  return Value<double>(key, ReadAmount, Within(0.0, most),
                       absl::StrCat("a number such as 40 or 4.5, from 0 to ", most));
}

std::vector<WeeklyWindow> Arguments::Windows(const std::string& key) {
  return Value<std::vector<WeeklyWindow>>(key, ReadWindows, AtMost(limits::kMaxCalendarEntries),
                                          "windows such as mon-fri 08:00-17:00, sat 09:00-13:00");
}

uint8_t Arguments::Days(const std::string& key) {
  return Value<uint8_t>(key, ReadDays, kAny, "days such as mon-fri or mon-wed,fri");
}

int32_t Arguments::TimeOfDay(const std::string& key) {
  return Value<int32_t>(key, ReadTimeOfDay, Within<int32_t>(0, kDay - 1),
                        "a time of day such as 06:00");
}

std::vector<DateRange> Arguments::DateRanges(const std::string& key) {
  return Value<std::vector<DateRange>>(key, ReadDateRanges, AtMost(limits::kMaxDateRanges),
                                       "days such as 2027-02-08..2027-05-28, 2027-09-20");
}

bool Arguments::Answer(const std::string& key) {
  const auto read = [](absl::string_view text) { return ReadChoice(text, "yes", "no"); };
  return Value<bool>(key, read, kAny, "yes or no");
}

std::string Arguments::Group(const std::string& key) {
  return Value<std::string>(key, ReadGroup, kAny,
                            "the id of a group, such as partners or groups/partners");
}

Actors Arguments::ManagersOrGroup(const std::string& key) {
  const auto read = [](absl::string_view text) -> std::optional<Actors> {
    Actors actors;
    actors.managers = text == "managers";
    if (actors.managers) return actors;
    std::optional<std::string> group = ReadGroup(text);
    if (!group) return std::nullopt;
    actors.groups = {*std::move(group)};
    return actors;
  };
  return Value<Actors>(key, read, kAny,
                       "managers, or the id of a group such as safety or groups/safety");
}

Actors Arguments::ManagersOrNobody(const std::string& key) {
  const auto read = [](absl::string_view text) { return ReadChoice(text, "managers", "nobody"); };
  Actors actors;
  actors.managers = Value<bool>(key, read, kAny, "managers or nobody");
  return actors;
}

std::string Arguments::Word(const std::string& key) {
  return Value<std::string>(key, ReadWord, kAny, "a word of a-z, 0-9 and hyphen, such as laser-4");
}

void Arguments::Add(const std::string& key, std::string description) {
  problems_.push_back({absl::StrCat("parameters[", key, "]"), std::move(description)});
}

}  // namespace labslot::engine
