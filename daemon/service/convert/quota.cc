#include "daemon/service/convert/quota.h"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/calendar.h"
#include "daemon/service/convert/lead.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/selector.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

// Fields that belong together are judged by the one that governs (measure,
// period, each), and only where that is set: an update may name the other
// alone, and is judged with the record then.

CapacityShare ShareFromProto(const v1::CapacityShare& proto, absl::string_view path,
                             FieldErrors& errors) {
  constexpr int64_t kWhole = 100 * 100;
  CapacityShare share;
  share.hundredths = static_cast<int32_t>(
      HundredthsFromProto(proto.percent(), 1, kWhole, FieldPath(path, "percent"), errors));
  share.base = EnumFromProto<CapacityBase>(proto.base(), Presence::kRequired,
                                           FieldPath(path, "base"), errors);
  return share;
}

// What a share of capacity cannot go with.
void CheckShare(const v1::Quota& proto, absl::string_view path, FieldErrors& errors) {
  const std::string share_path = FieldPath(path, "max_share");
  if (proto.has_max_time()) errors.Add(share_path, "must not be set beside max_time");
  if (!proto.prime_time().empty()) errors.Add(share_path, "must not be set beside prime_time");
  if (proto.period() == v1::Quota::ROLLING || proto.period() == v1::Quota::FUTURE) {
    errors.Add(share_path, "must go with a period of the calendar: DAY, WEEK, MONTH or YEAR");
  }
}

void LimitFromProto(const v1::Quota& proto, absl::string_view path, FieldErrors& errors,
                    Quota& quota) {
  quota.measure = EnumFromProto<Measure>(proto.measure(), Presence::kRequired,
                                         FieldPath(path, "measure"), errors);
  const std::string time_path = FieldPath(path, "max_time");
  const std::string count_path = FieldPath(path, "max_count");
  const Seconds max_time =
      DurationFromProto(proto.max_time(), 0, limits::kMaxQuotaSeconds, time_path, errors);
  const int32_t max_count =
      NumberFromProto(proto.max_count(), 0, limits::kMaxQuotaCount, count_path, errors);
  if (proto.has_max_share()) {
    quota.share = ShareFromProto(proto.max_share(), FieldPath(path, "max_share"), errors);
    CheckShare(proto, path, errors);
  }
  if (proto.measure() == v1::Quota::TIME) {
    quota.limit = max_time;
    if (proto.max_time().seconds() == 0 && !quota.share) {
      errors.Add(time_path, "must be set, or max_share, as measure is TIME");
    }
    if (max_count != 0) errors.Add(count_path, "must not be set, as measure is TIME");
  } else if (proto.measure() == v1::Quota::COUNT) {
    quota.limit = max_count;
    if (proto.max_count() == 0) errors.Add(count_path, "must be set, as measure is COUNT");
    if (max_time != 0) errors.Add(time_path, "must not be set, as measure is COUNT");
    if (quota.share) {
      errors.Add(FieldPath(path, "max_share"), "must not be set, as measure is COUNT");
    }
  }
}

bool IsOtherPeriod(v1::Quota::Period period) {
  return period != v1::Quota::PERIOD_UNSPECIFIED && period != v1::Quota::ROLLING &&
         v1::Quota::Period_IsValid(period);
}

void PeriodFromProto(const v1::Quota& proto, absl::string_view path, FieldErrors& errors,
                     Quota& quota) {
  quota.period = EnumFromProto<QuotaPeriod>(proto.period(), Presence::kRequired,
                                            FieldPath(path, "period"), errors);
  const std::string days_path = FieldPath(path, "rolling_days");
  quota.rolling_days =
      NumberFromProto(proto.rolling_days(), 0, limits::kMaxRollingDays, days_path, errors);
  if (proto.period() == v1::Quota::ROLLING) {
    if (proto.rolling_days() == 0) errors.Add(days_path, "must be set, as period is ROLLING");
  } else if (IsOtherPeriod(proto.period()) && quota.rolling_days != 0) {
    errors.Add(days_path, "must not be set unless period is ROLLING");
  }
}

// What is counted is kept without its purpose.
std::vector<Selector> CountedFromProto(
    const google::protobuf::RepeatedPtrField<v1::Selector>& protos, absl::string_view path,
    FieldErrors& errors) {
  std::vector<Selector> selectors = SelectorsFromProto(protos, path, errors);
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxSelectors); ++i) {
    if (protos[i].purposes().empty()) continue;
    errors.Add(FieldPath(ElementPath(path, static_cast<size_t>(i)), "purposes"),
               "must be empty: quotas do not know purposes");
  }
  return selectors;
}

void ScopeFromProto(const v1::Quota& proto, absl::string_view path, FieldErrors& errors,
                    Quota& quota) {
  const std::string applies_path = FieldPath(path, "applies_to");
  quota.applies_to = CountedFromProto(proto.applies_to(), applies_path, errors);
  quota.except = CountedFromProto(proto.except(), FieldPath(path, "except"), errors);
  quota.each = EnumsFromProto<Dimension, v1::Quota::Dimension>(proto.each(),
                                                               FieldPath(path, "each"), errors);
  if (std::find(quota.each.begin(), quota.each.end(), Dimension::kGroup) == quota.each.end()) {
    return;
  }
  const bool named = !proto.applies_to().empty() &&
                     std::all_of(proto.applies_to().begin(), proto.applies_to().end(),
                                 [](const v1::Selector& one) { return !one.groups().empty(); });
  if (!named) errors.Add(applies_path, "must name groups in each selector, as each has GROUP");
}

}  // namespace

Quota QuotaFromProto(const v1::Quota& proto, absl::string_view id, absl::string_view path,
                     FieldErrors& errors) {
  Quota quota;
  quota.id = std::string(id);
  quota.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText,
                                     Presence::kOptional, FieldPath(path, "display_name"), errors);
  quota.description = TextFromProto(proto.description(), limits::kMaxText, Presence::kOptional,
                                    FieldPath(path, "description"), errors);
  ScopeFromProto(proto, path, errors, quota);
  LimitFromProto(proto, path, errors, quota);
  PeriodFromProto(proto, path, errors, quota);
  quota.prime_time =
      WeeklyTimesFromProto(proto.prime_time(), FieldPath(path, "prime_time"), errors);
  quota.periods = DateRangesFromProto(proto.periods(), FieldPath(path, "periods"), errors);
  quota.counts_set_up = proto.counts_set_up();
  quota.counts_no_shows = proto.counts_no_shows();
  quota.counts_cancelled_within =
      DurationFromProto(proto.counts_cancelled_within(), 0, limits::kHorizon,
                        FieldPath(path, "counts_cancelled_within"), errors);
  if (proto.has_hand_back()) {
    quota.hand_back =
        LeadFromProto(proto.hand_back(), Presence::kRequired, FieldPath(path, "hand_back"), errors);
  }
  quota.fair_share = proto.fair_share();
  if (quota.fair_share && quota.hand_back) {
    errors.Add(FieldPath(path, "fair_share"), "must not be set beside hand_back");
  }
  quota.effect = EffectFromProto(proto.effect(), FieldPath(path, "effect"), errors);
  quota.overriders = ActorsFromProto(proto.overriders(), FieldPath(path, "overriders"), errors);
  quota.approval = ApprovalTermsFromProto(proto.approval(), FieldPath(path, "approval"), errors);
  quota.disabled = proto.disabled();
  quota.rule_set = LineFromProto(proto.rule_set(), limits::kMaxNameText, Presence::kOptional,
                                 FieldPath(path, "rule_set"), errors);
  return quota;
}

void ToProto(const Quota& quota, v1::Quota& proto) {
  proto.set_name(NameOf(kQuotas, quota.id));
  proto.set_display_name(quota.display_name);
  proto.set_description(quota.description);
  ToProto(quota.applies_to, *proto.mutable_applies_to());
  ToProto(quota.except, *proto.mutable_except());
  for (const Dimension dimension : quota.each) {
    proto.add_each(static_cast<v1::Quota::Dimension>(dimension));
  }
  proto.set_measure(static_cast<v1::Quota::Measure>(quota.measure));
  if (quota.share) {
    proto.mutable_max_share()->set_percent(FromHundredths(quota.share->hundredths));
    proto.mutable_max_share()->set_base(static_cast<v1::CapacityShare::Base>(quota.share->base));
  } else if (quota.measure == Measure::kTime) {
    ToProto(quota.limit, *proto.mutable_max_time());
  } else {
    proto.set_max_count(static_cast<int32_t>(quota.limit));
  }
  proto.set_period(static_cast<v1::Quota::Period>(quota.period));
  proto.set_rolling_days(quota.rolling_days);
  ToProto(quota.prime_time, *proto.mutable_prime_time());
  ToProto(quota.periods, *proto.mutable_periods());
  proto.set_counts_set_up(quota.counts_set_up);
  proto.set_counts_no_shows(quota.counts_no_shows);
  if (quota.counts_cancelled_within != 0) {
    ToProto(quota.counts_cancelled_within, *proto.mutable_counts_cancelled_within());
  }
  if (quota.hand_back) ToProto(*quota.hand_back, *proto.mutable_hand_back());
  proto.set_fair_share(quota.fair_share);
  proto.set_effect(static_cast<v1::RuleEffect>(quota.effect));
  if (!quota.overriders.empty()) ToProto(quota.overriders, *proto.mutable_overriders());
  if (quota.approval != ApprovalTerms{}) ToProto(quota.approval, *proto.mutable_approval());
  proto.set_disabled(quota.disabled);
  proto.set_rule_set(quota.rule_set);
  ToProto(quota.create_time, *proto.mutable_create_time());
  ToProto(quota.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(quota.revision));
}

}  // namespace labslot::service
