#include "daemon/service/convert/holiday_region.h"

#include <algorithm>
#include <optional>
#include <set>
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

// All of a holiday but its date.
Holiday HolidayFromProto(const v1::Holiday& proto, absl::string_view path, FieldErrors& errors) {
  Holiday holiday;
  holiday.display_name =
      LineFromProto(proto.display_name(), limits::kMaxNameText, Presence::kOptional,
                    FieldPath(path, "display_name"), errors);
  const std::string effect_path = FieldPath(path, "effect");
  holiday.effect =
      EnumFromProto<DayEffect>(proto.effect(), Presence::kRequired, effect_path, errors);
  if (holiday.effect == DayEffect::kSpecialHours) {
    errors.Add(effect_path,
               "must be DAY_EFFECT_CLOSED or DAY_EFFECT_SHORTENED; special hours are an exception "
               "of a calendar");
  }
  holiday.shortened_by = ShorteningFromProto(proto, FieldPath(path, "shortened_by"), errors);
  return holiday;
}

void HolidayToProto(const Holiday& holiday, v1::Holiday& proto) {
  ToProto(holiday.date, *proto.mutable_date());
  proto.set_display_name(holiday.display_name);
  proto.set_effect(static_cast<v1::DayEffect>(holiday.effect));
  if (holiday.shortened_by != 0) ToProto(holiday.shortened_by, *proto.mutable_shortened_by());
}

std::vector<Holiday> HolidaysFromProto(const v1::HolidayRegion& proto, absl::string_view path,
                                       FieldErrors& errors) {
  CheckCount(proto.holidays_size(), limits::kMaxHolidays, path, errors);
  std::vector<Holiday> holidays;
  std::set<absl::CivilDay> seen;
  for (int i = 0; i < AtMost(proto.holidays_size(), limits::kMaxHolidays); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    const std::optional<absl::CivilDay> date =
        DateFromProto(proto.holidays(i).date(), FieldPath(element, "date"), errors);
    if (date && !seen.insert(*date).second) {
      errors.Add(FieldPath(element, "date"), "must not be the date of another holiday");
    }
    holidays.push_back(HolidayFromProto(proto.holidays(i), element, errors));
    holidays.back().date = date.value_or(absl::CivilDay());
  }
  std::stable_sort(holidays.begin(), holidays.end(),
                   [](const Holiday& a, const Holiday& b) { return a.date < b.date; });
  return holidays;
}

}  // namespace

HolidayRegion HolidayRegionFromProto(const v1::HolidayRegion& proto, absl::string_view id,
                                     absl::string_view path, FieldErrors& errors) {
  HolidayRegion region;
  region.id = std::string(id);
  region.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText,
                                      Presence::kOptional, FieldPath(path, "display_name"), errors);
  const std::string through_path = FieldPath(path, "valid_through");
  const std::optional<absl::CivilDay> from =
      DateFromProto(proto.valid_from(), FieldPath(path, "valid_from"), errors);
  const std::optional<absl::CivilDay> through =
      DateFromProto(proto.valid_through(), through_path, errors);
  if (from && through && *through < *from) {
    errors.Add(through_path, "must not be before valid_from");
  }
  region.valid_from = from.value_or(absl::CivilDay());
  region.valid_through = through.value_or(absl::CivilDay());
  region.holidays = HolidaysFromProto(proto, FieldPath(path, "holidays"), errors);
  region.attribution = TextFromProto(proto.attribution(), limits::kMaxText, Presence::kOptional,
                                     FieldPath(path, "attribution"), errors);
  return region;
}

void ToProto(const HolidayRegion& region, v1::HolidayRegion& proto) {
  proto.set_name(NameOf(kHolidayRegions, region.id));
  proto.set_display_name(region.display_name);
  ToProto(region.valid_from, *proto.mutable_valid_from());
  ToProto(region.valid_through, *proto.mutable_valid_through());
  for (const Holiday& holiday : region.holidays) HolidayToProto(holiday, *proto.add_holidays());
  proto.set_attribution(region.attribution);
  proto.set_etag(EtagOf(region.revision));
}

}  // namespace labslot::service
