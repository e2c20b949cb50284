#include "daemon/service/convert/refusal.h"

#include <string>

#include "daemon/domain/names.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

void ConflictToProto(const Conflict& conflict, v1::Conflict& proto) {
  proto.set_reservation(NameOf(conflict.reservation));
  proto.set_asset(NameOf(kAssets, conflict.asset));
  ToProto(conflict.occupancy, *proto.mutable_occupancy());
  proto.set_quantity(conflict.quantity);
}

}  // namespace

void ToProto(const Violation& violation, v1::Violation& proto) {
  proto.set_rule(static_cast<v1::Violation::Rule>(violation.rule));
  proto.set_message(violation.message);
  proto.set_asset(NameOf(kAssets, violation.asset));
  proto.set_limit(violation.limit);
  proto.set_found(violation.found);
  for (const Conflict& conflict : violation.conflicts)
    ConflictToProto(conflict, *proto.add_conflicts());
  proto.set_source(violation.source);
  proto.set_scope(violation.scope);
  proto.set_effect(static_cast<v1::RuleEffect>(violation.effect));
  for (const std::string& actor : violation.overridable_by) proto.add_overridable_by(actor);
}

void ToProto(const Alternative& alternative, v1::Alternative& proto) {
  proto.set_kind(static_cast<v1::Alternative::Kind>(alternative.kind));
  for (const ReservationItem& item : alternative.items) ToProto(item, *proto.add_items());
  ToProto(alternative.interval, *proto.mutable_interval());
  proto.set_site(NameOf(kSites, alternative.site));
  proto.set_time_zone(alternative.time_zone);
  proto.set_needs_approval(alternative.needs_approval);
}

void ToProto(const Refusal& refusal, v1::Refusal& proto) {
  for (const Violation& violation : refusal.violations) ToProto(violation, *proto.add_violations());
  if (refusal.earliest_start) {
    ToProto(*refusal.earliest_start, *proto.mutable_earliest_start_time());
  }
  for (const Alternative& alternative : refusal.alternatives) {
    ToProto(alternative, *proto.add_alternatives());
  }
}

}  // namespace labslot::service
