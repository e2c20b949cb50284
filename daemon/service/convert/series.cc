#include "daemon/service/convert/series.h"

#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/refusal.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2199;

bool HasForm(absl::string_view text, absl::string_view form) {
  if (text.size() != form.size()) return false;
  for (size_t i = 0; i < form.size(); ++i) {
    const bool is_digit = absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
  }
  return true;
}

// The number in `length` digits at `position`.
int DigitsAt(absl::string_view text, size_t position, size_t length) {
  int number = 0;
  for (const char digit : text.substr(position, length)) number = number * 10 + (digit - '0');
  return number;
}

std::optional<absl::CivilSecond> ReadLocalTime(absl::string_view text) {
  const bool has_seconds = HasForm(text, "0000-00-00T00:00:00");
  if (!has_seconds && !HasForm(text, "0000-00-00T00:00")) return std::nullopt;
  const int year = DigitsAt(text, 0, 4);
  const int month = DigitsAt(text, 5, 2);
  const int day = DigitsAt(text, 8, 2);
  const int hour = DigitsAt(text, 11, 2);
  const int minute = DigitsAt(text, 14, 2);
  const int second = has_seconds ? DigitsAt(text, 17, 2) : 0;
  // A civil time carries over what is out of range, so it differs then.
  const absl::CivilSecond time(year, month, day, hour, minute, second);
  const bool exists = time.year() == year && time.month() == month && time.day() == day &&
                      time.hour() == hour && time.minute() == minute && time.second() == second;
  if (!exists || year < kFirstYear || year > kLastYear) return std::nullopt;
  return time;
}

std::optional<absl::CivilSecond> LocalTimeFromProto(absl::string_view text, absl::string_view path,
                                                    FieldErrors& errors) {
  constexpr absl::string_view kRule =
      "a local time from 1970 to 2199, as 2027-03-01T09:00 or with seconds";
  if (text.empty()) {
    errors.Add(path, absl::StrCat("must be set to ", kRule));
    return std::nullopt;
  }
  const std::optional<absl::CivilSecond> time = ReadLocalTime(text);
  if (!time) errors.Add(path, absl::StrCat("must be ", kRule, "; ", Quoted(text), " is not"));
  return time;
}

std::string LocalTimeText(absl::CivilSecond time) {
  const std::string text = absl::StrFormat("%04d-%02d-%02dT%02d:%02d", time.year(), time.month(),
                                           time.day(), time.hour(), time.minute());
  return time.second() == 0 ? text : absl::StrCat(text, absl::StrFormat(":%02d", time.second()));
}

// True if start and length are in order.
bool RunFromProto(const v1::Recurrence& proto, absl::string_view path, FieldErrors& errors,
                  Recurrence& recurrence) {
  const std::string end_path = FieldPath(path, "end");
  const std::optional<absl::CivilSecond> start =
      LocalTimeFromProto(proto.start(), FieldPath(path, "start"), errors);
  const std::optional<absl::CivilSecond> end = LocalTimeFromProto(proto.end(), end_path, errors);
  if (!start || !end) return false;
  recurrence.start = *start;
  recurrence.length = *end - *start;
  if (recurrence.length <= 0) {
    errors.Add(end_path, "must be after start");
    return false;
  }
  if (recurrence.length > limits::kLongestRun) {
    errors.Add(end_path, absl::StrCat("must be at most ", limits::kLongestRun / limits::kDay,
                                      " days after start"));
    return false;
  }
  return true;
}

SeriesContract ContractFromProto(const v1::SeriesContract& proto, absl::string_view path,
                                 FieldErrors& errors) {
  SeriesContract contract;
  if (proto.kind() != v1::SeriesContract::KIND_UNSPECIFIED) {
    contract.kind = EnumFromProto<ContractKind>(proto.kind(), Presence::kOptional,
                                                FieldPath(path, "kind"), errors);
  }
  const std::string refused_path = FieldPath(path, "max_refused");
  const std::string percent_path = FieldPath(path, "max_refused_percent");
  contract.max_refused = NumberFromProto(
      proto.max_refused(), 0, static_cast<int32_t>(limits::kMaxOccurrences), refused_path, errors);
  contract.max_refused_percent =
      NumberFromProto(proto.max_refused_percent(), 0, 100, percent_path, errors);
  if (proto.kind() == v1::SeriesContract::AT_MOST) {
    if (proto.max_refused() == 0 && proto.max_refused_percent() == 0) {
      errors.Add(path, "must have max_refused or max_refused_percent, as kind is AT_MOST");
    }
    return contract;
  }
  if (contract.max_refused != 0) errors.Add(refused_path, "must not be set unless kind is AT_MOST");
  if (contract.max_refused_percent != 0) {
    errors.Add(percent_path, "must not be set unless kind is AT_MOST");
  }
  return contract;
}

void RecurrenceToProto(const Recurrence& recurrence, v1::Recurrence& proto) {
  proto.set_start(LocalTimeText(recurrence.start));
  proto.set_end(LocalTimeText(recurrence.start + recurrence.length));
  proto.set_time_zone(recurrence.zone);
  proto.set_rrule(recurrence.rrule);
  for (const absl::CivilDay day : recurrence.extra_days) ToProto(day, *proto.add_extra_dates());
  for (const absl::CivilDay day : recurrence.left_out_days) {
    ToProto(day, *proto.add_left_out_dates());
  }
  proto.set_repeated_hour(static_cast<v1::Recurrence::RepeatedHour>(recurrence.repeated_hour));
}

void OccurrenceToProto(const Occurrence& occurrence, v1::Occurrence& proto) {
  ToProto(occurrence.day, *proto.mutable_date());
  if (!occurrence.interval.empty()) ToProto(occurrence.interval, *proto.mutable_interval());
  proto.set_reservation(NameOf(occurrence.reservation));
  if (occurrence.refusal) ToProto(*occurrence.refusal, *proto.mutable_refusal());
}

// Takes something out of all refusals if the series is too large a message.
template <typename Shorten>
void ShortenIfLarge(v1::Series& proto, Shorten shorten) {
  if (proto.ByteSizeLong() <= limits::kFullPageBytes) return;
  for (v1::Occurrence& occurrence : *proto.mutable_occurrences()) {
    if (occurrence.has_refusal()) shorten(*occurrence.mutable_refusal());
  }
}

void KeepWithinAMessage(v1::Series& proto) {
  ShortenIfLarge(proto, [](v1::Refusal& refusal) {
    for (v1::Violation& violation : *refusal.mutable_violations()) violation.clear_conflicts();
  });
  ShortenIfLarge(proto, [](v1::Refusal& refusal) { refusal.clear_alternatives(); });
  ShortenIfLarge(proto, [](v1::Refusal& refusal) {
    while (refusal.violations_size() > 1) refusal.mutable_violations()->RemoveLast();
  });
}

}  // namespace

std::vector<absl::CivilDay> DaysFromProto(
    const google::protobuf::RepeatedPtrField<google::type::Date>& dates, absl::string_view path,
    FieldErrors& errors) {
  CheckCount(dates.size(), limits::kMaxOccurrences, path, errors);
  std::vector<absl::CivilDay> days;
  std::set<absl::CivilDay> seen;
  for (int i = 0; i < AtMost(dates.size(), limits::kMaxOccurrences); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    const std::optional<absl::CivilDay> day = DateFromProto(dates[i], element, errors);
    if (!day) continue;
    if (!seen.insert(*day).second) {
      errors.Add(element, "must not be listed twice");
      continue;
    }
    days.push_back(*day);
  }
  return days;
}

Recurrence RecurrenceFromProto(const v1::Recurrence& proto, absl::string_view path,
                               FieldErrors& errors) {
  const std::string rrule_path = FieldPath(path, "rrule");
  Recurrence recurrence;
  const bool run_is_good = RunFromProto(proto, path, errors, recurrence);
  recurrence.rrule = LineFromProto(proto.rrule(), limits::kMaxRecurrenceText, Presence::kOptional,
                                   rrule_path, errors);
  recurrence.extra_days =
      DaysFromProto(proto.extra_dates(), FieldPath(path, "extra_dates"), errors);
  recurrence.left_out_days =
      DaysFromProto(proto.left_out_dates(), FieldPath(path, "left_out_dates"), errors);
  recurrence.repeated_hour = EnumFromProto<RepeatedHour>(proto.repeated_hour(), Presence::kOptional,
                                                         FieldPath(path, "repeated_hour"), errors);
  if (!run_is_good) return recurrence;
  const absl::StatusOr<std::vector<absl::CivilDay>> days =
      DaysOf(recurrence, limits::kMaxOccurrences);
  if (!days.ok()) errors.Add(rrule_path, std::string(days.status().message()));
  return recurrence;
}

Series SeriesFromProto(const v1::Series& proto, absl::string_view path, FieldErrors& errors) {
  Series series;
  series.draft = DraftFromProto(proto.reservation(), FieldPath(path, "reservation"), errors);
  series.recurrence =
      RecurrenceFromProto(proto.recurrence(), FieldPath(path, "recurrence"), errors);
  series.contract = ContractFromProto(proto.contract(), FieldPath(path, "contract"), errors);
  return series;
}

void ToProto(const Series& series, v1::Series& proto) {
  proto.set_name(NameOfSeries(series.id));
  DraftToProto(series.draft, *proto.mutable_reservation());
  proto.mutable_reservation()->set_time_zone(series.recurrence.zone);
  RecurrenceToProto(series.recurrence, *proto.mutable_recurrence());
  v1::SeriesContract& contract = *proto.mutable_contract();
  contract.set_kind(static_cast<v1::SeriesContract::Kind>(series.contract.kind));
  contract.set_max_refused(series.contract.max_refused);
  contract.set_max_refused_percent(series.contract.max_refused_percent);
  for (const Occurrence& occurrence : series.occurrences) {
    OccurrenceToProto(occurrence, *proto.add_occurrences());
  }
  proto.set_cancelled(series.cancelled);
  proto.set_state_reason(series.state_reason);
  ToProto(series.create_time, *proto.mutable_create_time());
  ToProto(series.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(series.revision));
  KeepWithinAMessage(proto);
}

}  // namespace labslot::service
