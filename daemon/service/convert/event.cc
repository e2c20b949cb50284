#include "daemon/service/convert/event.h"

#include <string>
#include <variant>

#include "absl/strings/match.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/convert/token.h"
#include "daemon/service/convert/user.h"

namespace labslot::service {
namespace {

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
};

// Actors without a record begin with `@`: the daemon, the local operator.
std::string ActorName(const std::string& actor) {
  return absl::StartsWith(actor, "@") ? actor.substr(1) : NameOf(kUsers, actor);
}

}  // namespace

void ToProto(const Event& event, const ZoneOfReservation& zone_of, v1::Event& proto) {
  proto.set_revision(event.revision);
  ToProto(event.time, *proto.mutable_time());
  proto.set_actor(ActorName(event.actor));
  proto.set_type(static_cast<v1::Event::Type>(event.type));
  proto.set_reason(event.reason);
  proto.set_resource_name(NameOf(event.resource));
  std::visit(ResourceWriter{zone_of, proto}, event.resource);
}

}  // namespace labslot::service
