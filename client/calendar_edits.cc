#include "client/calendar_edits.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/days.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/yaml/scalars.h"

namespace labslot::client {
namespace {

using v1::Calendar;
using v1::CalendarException;

absl::StatusOr<std::vector<DaySpan>> ReadSpans(const std::vector<std::string>& texts,
                                               const TimeContext& times) {
  std::vector<DaySpan> spans;
  for (const std::string& text : texts) {
    for (const absl::string_view part : absl::StrSplit(text, ',')) {
      const absl::StatusOr<DaySpan> span = ParseDaySpan(part, times);
      if (!span.ok()) return span.status();
      spans.push_back(*span);
    }
  }
  return spans;
}

bool IsOf(const CalendarException& exception, const DaySpan& span) {
  const absl::CivilDay first = ToDay(exception.start_date());
  const absl::CivilDay last = exception.has_end_date() ? ToDay(exception.end_date()) : first;
  return first == span.first && last == span.last;
}

// How many exceptions had exactly these dates.
int Remove(const DaySpan& span, Calendar* calendar) {
  int removed = 0;
  for (int i = calendar->exceptions_size() - 1; i >= 0; --i) {
    if (!IsOf(calendar->exceptions(i), span)) continue;
    calendar->mutable_exceptions()->DeleteSubrange(i, 1);
    ++removed;
  }
  return removed;
}

// Adds one exception a span, each like `model`.
absl::Status AddExceptions(const std::vector<std::string>& dates, const CalendarException& model,
                           const TimeContext& times, Calendar* calendar) {
  const absl::StatusOr<std::vector<DaySpan>> spans = ReadSpans(dates, times);
  if (!spans.ok()) return spans.status();
  for (const DaySpan& span : *spans) {
    Remove(span, calendar);
    CalendarException* exception = calendar->add_exceptions();
    *exception = model;
    *exception->mutable_start_date() = ToDate(span.first);
    if (span.last != span.first) *exception->mutable_end_date() = ToDate(span.last);
  }
  return absl::OkStatus();
}

absl::Status Close(const CalendarEdits& edits, const TimeContext& times, Calendar* calendar) {
  CalendarException model;
  model.set_effect(v1::DAY_EFFECT_CLOSED);
  model.set_reason(edits.because);
  return AddExceptions(edits.close, model, times, calendar);
}

absl::Status Open(const CalendarEdits& edits, const TimeContext& times, Calendar* calendar) {
  if (edits.open.empty() != edits.hours.empty()) {
    return absl::InvalidArgumentError(
        "--open and --hours go together, as in --open 2027-05-15 --hours 10:00-16:00");
  }
  CalendarException model;
  model.set_effect(v1::DAY_EFFECT_SPECIAL_HOURS);
  model.set_reason(edits.because);
  for (const std::string& hours : edits.hours) {
    const absl::StatusOr<v1::OpeningWindow> window = ReadOpeningWindow(hours);
    if (!window.ok()) return window.status();
    *model.add_windows() = *window;
  }
  return AddExceptions(edits.open, model, times, calendar);
}

absl::Status Shorten(const CalendarEdits& edits, const TimeContext& times, Calendar* calendar) {
  if (edits.shorten.empty() != edits.by.empty()) {
    return absl::InvalidArgumentError(
        "--shorten and --by go together, as in --shorten 2027-12-23 --by 2h");
  }
  if (edits.shorten.empty()) return absl::OkStatus();
  const absl::StatusOr<absl::Duration> by = ParseDuration(edits.by);
  if (!by.ok()) return by.status();
  CalendarException model;
  model.set_effect(v1::DAY_EFFECT_SHORTENED);
  *model.mutable_shortened_by() = ToProtoDuration(*by);
  model.set_reason(edits.because);
  return AddExceptions(edits.shorten, model, times, calendar);
}

absl::Status Reopen(const CalendarEdits& edits, const TimeContext& times, Calendar* calendar) {
  const absl::StatusOr<std::vector<DaySpan>> spans = ReadSpans(edits.reopen, times);
  if (!spans.ok()) return spans.status();
  for (const DaySpan& span : *spans) {
    if (Remove(span, calendar) > 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("there is no exception of exactly ", absl::FormatCivilTime(span.first),
                     span.last == span.first ? "" : "..",
                     span.last == span.first ? "" : absl::FormatCivilTime(span.last)));
  }
  return absl::OkStatus();
}

absl::Status SetWeekly(const CalendarEdits& edits, Calendar* calendar) {
  if (edits.weekly.empty()) return absl::OkStatus();
  calendar->clear_weekly_windows();
  for (const std::string& text : edits.weekly) {
    const absl::StatusOr<v1::WeeklyWindow> window = ReadWeeklyWindow(text);
    if (!window.ok()) return window.status();
    *calendar->add_weekly_windows() = *window;
  }
  return absl::OkStatus();
}

}  // namespace

bool IsEmpty(const CalendarEdits& edits) {
  return edits.close.empty() && edits.open.empty() && edits.hours.empty() &&
         edits.shorten.empty() && edits.by.empty() && edits.reopen.empty() &&
         edits.weekly.empty() && edits.holidays.empty();
}

absl::Status Apply(const CalendarEdits& edits, const TimeContext& times, Calendar* calendar) {
  if (!edits.because.empty() && edits.close.empty() && edits.open.empty() &&
      edits.shorten.empty()) {
    return absl::InvalidArgumentError("--because goes with --close, --open or --shorten");
  }
  // What is reopened goes first, so that the same days can be changed anew.
  for (const auto edit : {Reopen, Close, Open, Shorten}) {
    if (absl::Status status = edit(edits, times, calendar); !status.ok()) return status;
  }
  if (edits.holidays == "none") {
    calendar->clear_holiday_region();
  } else if (!edits.holidays.empty()) {
    calendar->set_holiday_region(FullName(kHolidayRegions, edits.holidays));
  }
  return SetWeekly(edits, calendar);
}

}  // namespace labslot::client
