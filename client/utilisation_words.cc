#include "client/utilisation_words.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"

namespace labslot::client {
namespace {

using v1::QueryUtilisationRequest;
using v1::UtilisationRow;

constexpr std::array<UseState, 13> kStates = {{
    {"used", "USED-H", "█", "#", "\x1b[32m", &UtilisationRow::used_seconds},
    {"used beyond its end", "OVERRUN-H", "▓", "!", "\x1b[1;31m", &UtilisationRow::overrun_seconds},
    {"booked", "BOOKED-H", "▄", "b", "\x1b[36m", &UtilisationRow::booked_seconds},
    {"held", "HELD-H", "░", "h", "\x1b[36m", &UtilisationRow::held_seconds},
    {"reserved, nobody there", "IDLE-H", "▪", "i", "\x1b[35m", &UtilisationRow::idle_seconds},
    {"nobody came", "NO-SHOW-H", "×", "x", "\x1b[35m", &UtilisationRow::no_show_seconds},
    {"set-up or tear-down", "CHANGEOVER-H", "▒", "=", "\x1b[33m",
     &UtilisationRow::changeover_seconds},
    {"on the way", "TRAVEL-H", "»", ">", "\x1b[34m", &UtilisationRow::travel_seconds},
    {"planned outage", "PLANNED-OUT-H", "╲", "\\", "\x1b[33m",
     &UtilisationRow::planned_outage_seconds},
    {"breakdown", "UNPLANNED-OUT-H", "╱", "/", "\x1b[31m",
     &UtilisationRow::unplanned_outage_seconds},
    {"blocked by a related asset", "BLOCKED-H", "╳", "X", "\x1b[35m",
     &UtilisationRow::blocked_seconds},
    {"free", "FREE-H", "─", "-", "\x1b[2;32m", &UtilisationRow::available_seconds},
    {"closed", "CLOSED-H", "·", ".", "\x1b[2m", &UtilisationRow::closed_seconds},
}};

// Words that the API has as names of enum values.
std::string EnumValue(const std::string& value) {
  for (const absl::string_view prefix : {"KIND_", "SIZE_CLASS_", "ACTIVITY_CLASS_"}) {
    if (absl::StartsWith(value, prefix)) return EnumWords(value, prefix);
  }
  return EnumWords(value, "");
}

std::string GroupCell(Dimension dimension, const std::string& value) {
  switch (dimension) {
    case QueryUtilisationRequest::ASSET:
    case QueryUtilisationRequest::SITE:
    case QueryUtilisationRequest::OWNER:
    case QueryUtilisationRequest::USER:
    case QueryUtilisationRequest::ORGANISATION:
    case QueryUtilisationRequest::ON_BEHALF_OF:
      return ShortName(value);
    case QueryUtilisationRequest::ORGANISATION_KIND:
    case QueryUtilisationRequest::ORGANISATION_SIZE:
    case QueryUtilisationRequest::ACTIVITY_CLASS:
    case QueryUtilisationRequest::ACCESS_MODE:
      return EnumValue(value);
    default:
      return value;
  }
}

// Civil, half-open: what the bucket is when it is not cut.
struct CivilBucket {
  absl::CivilSecond start;
  absl::CivilSecond end;
};

CivilBucket Around(Bucket bucket, absl::CivilSecond local) {
  const absl::CivilDay day(local);
  const absl::CivilMonth month(local);
  switch (bucket) {
    case QueryUtilisationRequest::HOUR:
      return {absl::CivilSecond(absl::CivilHour(local)),
              absl::CivilSecond(absl::CivilHour(local) + 1)};
    case QueryUtilisationRequest::DAY:
      return {absl::CivilSecond(day), absl::CivilSecond(day + 1)};
    case QueryUtilisationRequest::WEEK: {
      const absl::CivilDay monday = absl::PrevWeekday(day + 1, absl::Weekday::monday);
      return {absl::CivilSecond(monday), absl::CivilSecond(monday + 7)};
    }
    case QueryUtilisationRequest::MONTH:
      return {absl::CivilSecond(month), absl::CivilSecond(month + 1)};
    case QueryUtilisationRequest::QUARTER: {
      const absl::CivilMonth first(month.year(), (month.month() - 1) / 3 * 3 + 1);
      return {absl::CivilSecond(first), absl::CivilSecond(first + 3)};
    }
    case QueryUtilisationRequest::YEAR:
      return {absl::CivilSecond(local.year(), 1), absl::CivilSecond(local.year() + 1, 1)};
    default:
      return {local, local};
  }
}

// "2027-W09": the week of ISO 8601 that begins on that Monday.
std::string WeekText(absl::CivilDay monday) {
  const absl::CivilDay thursday = monday + 3;
  const int week = (absl::GetYearDay(thursday) - 1) / 7 + 1;
  return absl::StrFormat("%d-W%02d", static_cast<int>(thursday.year()), week);
}

std::string CivilText(Bucket bucket, absl::CivilSecond start) {
  switch (bucket) {
    case QueryUtilisationRequest::HOUR:
      return absl::FormatCivilTime(absl::CivilDay(start)) +
             absl::StrFormat(" %02d:00", start.hour());
    case QueryUtilisationRequest::WEEK:
      return WeekText(absl::CivilDay(start));
    case QueryUtilisationRequest::MONTH:
      return absl::FormatCivilTime(absl::CivilMonth(start));
    case QueryUtilisationRequest::QUARTER:
      return absl::StrFormat("%d-Q%d", static_cast<int>(start.year()), (start.month() - 1) / 3 + 1);
    case QueryUtilisationRequest::YEAR:
      return absl::StrCat(start.year());
    default:
      return absl::FormatCivilTime(absl::CivilDay(start));
  }
}

// The last day that belongs to the whole period.
std::string DaysText(absl::Time start, absl::Time end, absl::TimeZone zone) {
  const std::string first = absl::FormatTime("%Y-%m-%d", start, zone);
  const std::string last = absl::FormatTime("%Y-%m-%d", end - absl::Seconds(1), zone);
  return first == last ? first : absl::StrCat(first, "..", last);
}

std::string HourOfWeekText(int hour) {
  static constexpr std::array<const char*, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                       "Fri", "Sat", "Sun"};
  return absl::StrFormat("%s %02d:00", kDays[static_cast<std::size_t>(hour / 24 % 7)], hour % 24);
}

}  // namespace

const std::array<UseState, 13>& UseStates() { return kStates; }

bool Grouping::OfAssets() const {
  return std::all_of(dimensions.begin(), dimensions.end(), [](Dimension dimension) {
    return dimension <= QueryUtilisationRequest::OWNER;
  });
}

const std::vector<std::pair<std::string, Dimension>>& Dimensions() {
  static const std::vector<std::pair<std::string, Dimension>> kDimensions = {
      {"asset", QueryUtilisationRequest::ASSET},
      {"kind", QueryUtilisationRequest::KIND},
      {"label", QueryUtilisationRequest::LABEL},
      {"site", QueryUtilisationRequest::SITE},
      {"region", QueryUtilisationRequest::REGION},
      {"owner", QueryUtilisationRequest::OWNER},
      {"user", QueryUtilisationRequest::USER},
      {"organisation", QueryUtilisationRequest::ORGANISATION},
      {"organisation-kind", QueryUtilisationRequest::ORGANISATION_KIND},
      {"organisation-size", QueryUtilisationRequest::ORGANISATION_SIZE},
      {"organisation-region", QueryUtilisationRequest::ORGANISATION_REGION},
      {"activity-class", QueryUtilisationRequest::ACTIVITY_CLASS},
      {"access-mode", QueryUtilisationRequest::ACCESS_MODE},
      {"project", QueryUtilisationRequest::PROJECT},
      {"funding", QueryUtilisationRequest::FUNDING},
      {"purpose", QueryUtilisationRequest::PURPOSE},
      {"on-behalf-of", QueryUtilisationRequest::ON_BEHALF_OF},
      {"unit", QueryUtilisationRequest::UNIT},
      {"quota", QueryUtilisationRequest::QUOTA}};
  return kDimensions;
}

std::string DimensionName(const Grouping& grouping, std::size_t i) {
  for (const auto& [name, dimension] : Dimensions()) {
    if (dimension != grouping.dimensions[i]) continue;
    const bool keyed = dimension == QueryUtilisationRequest::LABEL;
    return keyed ? absl::StrCat(name, ":", grouping.label) : name;
  }
  return "";
}

std::vector<std::string> GroupCells(const Grouping& grouping, const UtilisationRow& row) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < grouping.dimensions.size(); ++i) {
    const int at = static_cast<int>(i);
    // A row by asset alone may have it in its own field only.
    const std::string& value = at < row.group_size() ? row.group(at) : row.asset();
    cells.push_back(GroupCell(grouping.dimensions[i], value));
  }
  return cells;
}

std::string GroupTitle(const Grouping& grouping, const UtilisationRow& row) {
  std::string title;
  for (const std::string& cell : GroupCells(grouping, row)) {
    absl::StrAppend(&title, title.empty() ? "" : ", ", cell.empty() ? "-" : Printable(cell));
  }
  return title;
}

const std::vector<std::pair<std::string, Bucket>>& Buckets() {
  static const std::vector<std::pair<std::string, Bucket>> kBuckets = {
      {"hour", QueryUtilisationRequest::HOUR},
      {"day", QueryUtilisationRequest::DAY},
      {"week", QueryUtilisationRequest::WEEK},
      {"month", QueryUtilisationRequest::MONTH},
      {"quarter", QueryUtilisationRequest::QUARTER},
      {"year", QueryUtilisationRequest::YEAR},
      {"hour-of-week", QueryUtilisationRequest::HOUR_OF_WEEK},
      {"whole", QueryUtilisationRequest::BUCKET_UNSPECIFIED},
      {"none", QueryUtilisationRequest::BUCKET_UNSPECIFIED}};
  return kBuckets;
}

std::string BucketText(Bucket bucket, const UtilisationRow& row) {
  const absl::TimeZone zone = ZoneOr(row.time_zone(), absl::UTCTimeZone());
  const absl::Time start = ToTime(row.interval().start_time());
  const absl::Time end = ToTime(row.interval().end_time());
  if (bucket == QueryUtilisationRequest::HOUR_OF_WEEK) return HourOfWeekText(row.hour_of_week());
  if (bucket == QueryUtilisationRequest::BUCKET_UNSPECIFIED) return DaysText(start, end, zone);
  const CivilBucket whole = Around(bucket, zone.At(start).cs);
  // An hour that the clocks repeat, or that ends at one they skip, is whole too.
  const bool cut =
      bucket == QueryUtilisationRequest::HOUR
          ? end - start < absl::Hours(1)
          : absl::FromCivil(whole.start, zone) != start || absl::FromCivil(whole.end, zone) != end;
  return absl::StrCat(CivilText(bucket, whole.start), cut ? "*" : "");
}

std::string BucketKey(Bucket bucket, const UtilisationRow& row) {
  const absl::TimeZone zone = ZoneOr(row.time_zone(), absl::UTCTimeZone());
  const absl::CivilSecond start = zone.At(ToTime(row.interval().start_time())).cs;
  return absl::FormatCivilTime(Around(bucket, start).start);
}

std::string HoursOf(std::int64_t seconds) {
  return absl::StrFormat("%.1f", static_cast<double>(seconds) / 3600);
}

std::string PercentOf(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.1f%%", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string OccupancyText(const UtilisationRow& row) {
  return absl::StrCat(PercentOf(row.booked_open_seconds(), row.open_seconds()), " ",
                      HoursOf(row.booked_open_seconds()), "/", HoursOf(row.open_seconds()));
}

}  // namespace labslot::client
