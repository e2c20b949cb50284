#include "daemon/service/convert/site.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/calendar.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {

namespace {

std::map<std::string, Seconds> TravelTimesFromProto(const v1::Site& proto, absl::string_view id,
                                                    absl::string_view path, FieldErrors& errors) {
  CheckCount(proto.travel_times_size(), limits::kMaxTravelTimes, path, errors);
  std::map<std::string, Seconds> times;
  for (int i = 0; i < AtMost(proto.travel_times_size(), limits::kMaxTravelTimes); ++i) {
    const v1::TravelTime& time = proto.travel_times(i);
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    const std::string site_path = FieldPath(element, "site");
    const std::string to = IdFromName(kSites, time.site(), Presence::kRequired, site_path, errors);
    const Seconds seconds = DurationFromProto(time.duration(), 0, limits::kLongestTravel,
                                              FieldPath(element, "duration"), errors);
    if (to.empty()) continue;
    if (to == id) errors.Add(site_path, "must be another site than this one");
    if (!times.emplace(to, seconds).second) {
      errors.Add(site_path, absl::StrCat("must not be listed twice: ", time.site()));
    }
  }
  return times;
}

}  // namespace

Site SiteFromProto(const v1::Site& proto, absl::string_view id, absl::string_view path,
                   FieldErrors& errors) {
  Site site;
  site.id = std::string(id);
  site.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText, Presence::kOptional,
                                    FieldPath(path, "display_name"), errors);
  site.time_zone =
      ZoneFromProto(proto.time_zone(), Presence::kRequired, FieldPath(path, "time_zone"), errors);
  const Position position =
      PositionFromProto(proto.location(), FieldPath(path, "location"), errors);
  site.latitude = position.latitude;
  site.longitude = position.longitude;
  site.region = RegionFromProto(proto.region(), FieldPath(path, "region"), errors);
  if (proto.has_calendar()) {
    site.calendar = CalendarFromProto(proto.calendar(), FieldPath(path, "calendar"), errors);
  }
  site.organisation = IdFromName(kOrganisations, proto.organisation(), Presence::kOptional,
                                 FieldPath(path, "organisation"), errors);
  site.power_kw =
      MeasureFromProto(proto.power_kw(), 0, kMostPowerKw, FieldPath(path, "power_kw"), errors);
  site.clearance_m = MeasureFromProto(proto.clearance_m(), 0, kMostClearanceM,
                                      FieldPath(path, "clearance_m"), errors);
  site.labels = LabelsFromProto(proto.labels(), FieldPath(path, "labels"), errors);
  site.travel_times = TravelTimesFromProto(proto, id, FieldPath(path, "travel_times"), errors);
  return site;
}

void ToProto(const Site& site, v1::Site& proto) {
  proto.set_name(NameOf(kSites, site.id));
  proto.set_display_name(site.display_name);
  proto.set_time_zone(site.time_zone);
  // The domain keeps an unknown place as 0, 0, which is open sea.
  if (site.latitude != 0 || site.longitude != 0) {
    proto.mutable_location()->set_latitude(site.latitude);
    proto.mutable_location()->set_longitude(site.longitude);
  }
  proto.set_region(site.region);
  if (site.calendar) ToProto(*site.calendar, *proto.mutable_calendar());
  proto.set_organisation(NameOf(kOrganisations, site.organisation));
  proto.set_power_kw(site.power_kw);
  proto.set_clearance_m(site.clearance_m);
  ToProto(site.labels, *proto.mutable_labels());
  for (const auto& [to, seconds] : site.travel_times) {
    v1::TravelTime& added = *proto.add_travel_times();
    added.set_site(NameOf(kSites, to));
    ToProto(seconds, *added.mutable_duration());
  }
  ToProto(site.create_time, *proto.mutable_create_time());
  ToProto(site.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(site.revision));
}

}  // namespace labslot::service
