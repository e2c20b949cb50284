#include "daemon/service/convert/round.h"

#include <limits>
#include <string>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {

Round RoundFromProto(const v1::Round& proto, absl::string_view id, absl::string_view path,
                     FieldErrors& errors) {
  Round round;
  round.id = std::string(id);
  round.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText,
                                     Presence::kOptional, FieldPath(path, "display_name"), errors);
  round.description = TextFromProto(proto.description(), limits::kMaxText, Presence::kOptional,
                                    FieldPath(path, "description"), errors);
  const std::string assets_path = FieldPath(path, "assets");
  if (proto.assets().empty()) errors.Add(assets_path, "must name at least one asset");
  round.assets =
      IdsFromNames(kAssets, proto.assets(), limits::kMaxRoundAssets, assets_path, errors);
  round.interval = IntervalFromProto(proto.interval(), limits::kLongestAvailabilityPeriod,
                                     FieldPath(path, "interval"), errors);
  const std::string deadline_path = FieldPath(path, "deadline_time");
  if (!proto.has_deadline_time()) errors.Add(deadline_path, "must be set");
  round.deadline = InstantFromProto(proto.deadline_time(), deadline_path, errors);
  if (proto.has_organisation_limit()) {
    round.organisation_limit =
        DurationFromProto(proto.organisation_limit(), 1, limits::kMaxQuotaSeconds,
                          FieldPath(path, "organisation_limit"), errors);
  }
  round.user_limit = NumberFromProto(proto.user_limit(), 0, limits::kMaxQuotaCount,
                                     FieldPath(path, "user_limit"), errors);
  return round;
}

void ToProto(const Round& round, v1::Round& proto) {
  proto.set_name(NameOf(kRounds, round.id));
  proto.set_display_name(round.display_name);
  proto.set_description(round.description);
  for (const std::string& asset : round.assets) proto.add_assets(NameOf(kAssets, asset));
  ToProto(round.interval, *proto.mutable_interval());
  ToProto(round.deadline, *proto.mutable_deadline_time());
  if (round.organisation_limit != 0) {
    ToProto(round.organisation_limit, *proto.mutable_organisation_limit());
  }
  proto.set_user_limit(round.user_limit);
  proto.set_state(static_cast<v1::Round::State>(round.state));
  proto.set_value(round.value);
  proto.set_bound(round.bound);
  proto.set_granted_count(round.granted_count);
  proto.set_rejected_count(round.rejected_count);
  ToProto(round.create_time, *proto.mutable_create_time());
  ToProto(round.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(round.revision));
}

}  // namespace labslot::service
