#include "daemon/service/convert/calendar.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/day_effect.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

constexpr int32_t kDaySeconds = static_cast<int32_t>(limits::kDay);

OpeningWindow WindowFromProto(const v1::OpeningWindow& proto, absl::string_view path,
                              FieldErrors& errors) {
  const std::string opens_path = FieldPath(path, "opens");
  const std::string closes_path = FieldPath(path, "closes");
  OpeningWindow window{0, kDaySeconds, {}};
  if (proto.has_opens()) {
    window.opens = TimeOfDayFromProto(proto.opens(), EndOfDay::kRefused, opens_path, errors);
  } else {
    errors.Add(opens_path, "must be set");
  }
  if (proto.has_closes()) {
    window.closes = TimeOfDayFromProto(proto.closes(), EndOfDay::kAllowed, closes_path, errors);
  } else {
    errors.Add(closes_path, "must be set; 24:00:00 is the end of the day");
  }
  if (window.closes <= window.opens) window.closes += kDaySeconds;
  window.groups = IdsFromNames(kGroups, proto.groups(), limits::kMaxSelectorEntries,
                               FieldPath(path, "groups"), errors);
  return window;
}

void WindowToProto(const OpeningWindow& window, v1::OpeningWindow& proto) {
  TimeOfDayToProto(window.opens, *proto.mutable_opens());
  const bool next_day = window.closes > kDaySeconds;
  TimeOfDayToProto(next_day ? window.closes - kDaySeconds : window.closes, *proto.mutable_closes());
  for (const std::string& group : window.groups) proto.add_groups(NameOf(kGroups, group));
}

WeeklyWindow WeeklyFromProto(const v1::WeeklyWindow& proto, absl::string_view path,
                             FieldErrors& errors) {
  const std::string days_path = FieldPath(path, "days");
  WeeklyWindow weekly;
  if (proto.days().empty()) errors.Add(days_path, "must have at least one day");
  CheckCount(proto.days_size(), 7, days_path, errors);
  for (int i = 0; i < AtMost(proto.days_size(), 7); ++i) {
    const std::string element = ElementPath(days_path, static_cast<size_t>(i));
    const int day = proto.days(i);
    if (!IsKnownEnum(day, *google::type::DayOfWeek_descriptor(), Presence::kRequired, element,
                     errors)) {
      continue;
    }
    // The API's Monday is 1, the bit of the domain's is bit 0.
    const auto bit = static_cast<uint8_t>(1 << (day - 1));
    if ((weekly.days & bit) != 0) errors.Add(element, "must not be a day that is already listed");
    weekly.days = static_cast<uint8_t>(weekly.days | bit);
  }
  weekly.window = WindowFromProto(proto.window(), FieldPath(path, "window"), errors);
  return weekly;
}

void WeeklyToProto(const WeeklyWindow& weekly, v1::WeeklyWindow& proto) {
  for (int bit = 0; bit < 7; ++bit) {
    if (((weekly.days >> bit) & 1) != 0) {
      proto.add_days(static_cast<google::type::DayOfWeek>(bit + 1));
    }
  }
  WindowToProto(weekly.window, *proto.mutable_window());
}

std::vector<WeeklyWindow> WeeklyListFromProto(
    const google::protobuf::RepeatedPtrField<v1::WeeklyWindow>& protos, absl::string_view path,
    FieldErrors& errors) {
  CheckCount(protos.size(), limits::kMaxCalendarEntries, path, errors);
  std::vector<WeeklyWindow> windows;
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxCalendarEntries); ++i) {
    windows.push_back(
        WeeklyFromProto(protos[i], ElementPath(path, static_cast<size_t>(i)), errors));
  }
  return windows;
}

std::vector<OpeningWindow> SpecialHoursFromProto(const v1::CalendarException& proto,
                                                 absl::string_view path, FieldErrors& errors) {
  std::vector<OpeningWindow> windows;
  if (proto.effect() != v1::DAY_EFFECT_SPECIAL_HOURS) {
    if (!proto.windows().empty()) {
      errors.Add(path, "must be empty unless effect is DAY_EFFECT_SPECIAL_HOURS");
    }
    return windows;
  }
  if (proto.windows().empty()) {
    errors.Add(path,
               "must have at least one window; for a day without any, set effect to "
               "DAY_EFFECT_CLOSED");
  }
  CheckCount(proto.windows_size(), limits::kMaxCalendarEntries, path, errors);
  for (int i = 0; i < AtMost(proto.windows_size(), limits::kMaxCalendarEntries); ++i) {
    windows.push_back(
        WindowFromProto(proto.windows(i), ElementPath(path, static_cast<size_t>(i)), errors));
  }
  return windows;
}

CalendarException ExceptionFromProto(const v1::CalendarException& proto, absl::string_view path,
                                     FieldErrors& errors) {
  CalendarException exception;
  const std::string end_path = FieldPath(path, "end_date");
  const std::optional<absl::CivilDay> first =
      DateFromProto(proto.start_date(), FieldPath(path, "start_date"), errors);
  const std::optional<absl::CivilDay> last =
      proto.has_end_date() ? DateFromProto(proto.end_date(), end_path, errors) : first;
  if (first && last && *last < *first) errors.Add(end_path, "must not be before start_date");
  exception.first = first.value_or(absl::CivilDay());
  exception.last = last.value_or(exception.first);
  exception.effect = EnumFromProto<DayEffect>(proto.effect(), Presence::kRequired,
                                              FieldPath(path, "effect"), errors);
  exception.windows = SpecialHoursFromProto(proto, FieldPath(path, "windows"), errors);
  exception.shortened_by = ShorteningFromProto(proto, FieldPath(path, "shortened_by"), errors);
  exception.reason = LineFromProto(proto.reason(), limits::kMaxText, Presence::kOptional,
                                   FieldPath(path, "reason"), errors);
  return exception;
}

void ExceptionToProto(const CalendarException& exception, v1::CalendarException& proto) {
  ToProto(exception.first, *proto.mutable_start_date());
  if (exception.last != exception.first) ToProto(exception.last, *proto.mutable_end_date());
  proto.set_effect(static_cast<v1::DayEffect>(exception.effect));
  for (const OpeningWindow& window : exception.windows) WindowToProto(window, *proto.add_windows());
  if (exception.shortened_by != 0) {
    ToProto(exception.shortened_by, *proto.mutable_shortened_by());
  }
  proto.set_reason(exception.reason);
}

}  // namespace

Calendar CalendarFromProto(const v1::Calendar& proto, absl::string_view path, FieldErrors& errors) {
  constexpr size_t kMost = limits::kMaxCalendarEntries;
  Calendar calendar;
  calendar.weekly =
      WeeklyListFromProto(proto.weekly_windows(), FieldPath(path, "weekly_windows"), errors);
  const std::string exceptions_path = FieldPath(path, "exceptions");
  CheckCount(proto.exceptions_size(), kMost, exceptions_path, errors);
  for (int i = 0; i < AtMost(proto.exceptions_size(), kMost); ++i) {
    calendar.exceptions.push_back(ExceptionFromProto(
        proto.exceptions(i), ElementPath(exceptions_path, static_cast<size_t>(i)), errors));
  }
  calendar.holiday_region = IdFromName(kHolidayRegions, proto.holiday_region(), Presence::kOptional,
                                       FieldPath(path, "holiday_region"), errors);
  return calendar;
}

void ToProto(const Calendar& calendar, v1::Calendar& proto) {
  ToProto(calendar.weekly, *proto.mutable_weekly_windows());
  for (const CalendarException& exception : calendar.exceptions) {
    ExceptionToProto(exception, *proto.add_exceptions());
  }
  proto.set_holiday_region(NameOf(kHolidayRegions, calendar.holiday_region));
}

std::vector<WeeklyWindow> WeeklyTimesFromProto(
    const google::protobuf::RepeatedPtrField<v1::WeeklyWindow>& protos, absl::string_view path,
    FieldErrors& errors) {
  std::vector<WeeklyWindow> windows = WeeklyListFromProto(protos, path, errors);
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxCalendarEntries); ++i) {
    if (protos[i].window().groups().empty()) continue;
    errors.Add(FieldPath(ElementPath(path, static_cast<size_t>(i)), "window.groups"),
               "must be empty here; groups are for the windows of calendars");
  }
  return windows;
}

void ToProto(const std::vector<WeeklyWindow>& windows,
             google::protobuf::RepeatedPtrField<v1::WeeklyWindow>& protos) {
  for (const WeeklyWindow& weekly : windows) WeeklyToProto(weekly, *protos.Add());
}

}  // namespace labslot::service
