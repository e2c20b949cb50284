#include "daemon/service/convert/event.h"

#include <string>
#include <variant>

#include "daemon/domain/names.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/machine_report.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/outage.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/quota.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/round.h"
#include "daemon/service/convert/series.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/convert/token.h"
#include "daemon/service/convert/user.h"

namespace labslot::service {
namespace {

// Who reads an event may see less than who made it.
void HideConflicts(v1::Series& series) {
  for (v1::Occurrence& occurrence : *series.mutable_occurrences()) {
    if (!occurrence.has_refusal()) continue;
    for (v1::Violation& violation : *occurrence.mutable_refusal()->mutable_violations()) {
      for (v1::Conflict& conflict : *violation.mutable_conflicts()) conflict.clear_reservation();
    }
  }
}

// Puts a resource into the field of the event that is for it.
struct ResourceWriter {
  const ZoneOfReservation& zone_of;
  v1::Event& proto;

  void operator()(const Site& site) const { ToProto(site, *proto.mutable_site()); }
  void operator()(const Asset& asset) const { ToProto(asset, *proto.mutable_asset()); }
  void operator()(const HolidayRegion& region) const {
    ToProto(region, *proto.mutable_holiday_region());
  }
  void operator()(const Organisation& organisation) const {
    ToProto(organisation, *proto.mutable_organisation());
  }
  void operator()(const User& user) const { ToProto(user, *proto.mutable_user()); }
  void operator()(const Token& token) const { ToProto(token, *proto.mutable_token()); }
  void operator()(const Reservation& reservation) const {
    ToProto(reservation, zone_of(reservation), *proto.mutable_reservation());
  }
  void operator()(const Group& group) const { ToProto(group, *proto.mutable_group()); }
  void operator()(const Policy& policy) const { ToProto(policy, *proto.mutable_policy()); }
  void operator()(const Quota& quota) const { ToProto(quota, *proto.mutable_quota()); }
  void operator()(const Outage& outage) const {
    ToProto(outage, *proto.mutable_outage());
    HideHits(*proto.mutable_outage());
  }
  void operator()(const Round& round) const { ToProto(round, *proto.mutable_round()); }
  void operator()(const MachineReport& report) const {
    ToProto(report, *proto.mutable_machine_report());
  }
  void operator()(const Series& series) const {
    ToProto(series, *proto.mutable_series());
    HideConflicts(*proto.mutable_series());
  }
};

}  // namespace

void ToProto(const Event& event, const ZoneOfReservation& zone_of, v1::Event& proto) {
  proto.set_revision(event.revision);
  ToProto(event.time, *proto.mutable_time());
  proto.set_actor(NameOfActor(event.actor));
  proto.set_type(static_cast<v1::Event::Type>(event.type));
  proto.set_reason(event.reason);
  proto.set_resource_name(NameOf(event.resource));
  std::visit(ResourceWriter{zone_of, proto}, event.resource);
}

}  // namespace labslot::service
