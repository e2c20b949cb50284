#include "daemon/service/convert/outage.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

void IntervalOfOutage(const v1::Outage& proto, absl::string_view path, FieldErrors& errors,
                      Outage& outage) {
  outage.open = !proto.interval().has_end_time();
  if (!outage.open) {
    outage.interval =
        IntervalFromProto(proto.interval(), limits::kLongestReportPeriod, path, errors);
    return;
  }
  const std::string start_path = FieldPath(path, "start_time");
  if (!proto.interval().has_start_time()) errors.Add(start_path, "must be set");
  const Instant start = InstantFromProto(proto.interval().start_time(), start_path, errors);
  outage.interval = {start, start + 1};
}

void UnitsOfOutage(const v1::Outage& proto, absl::string_view path, FieldErrors& errors,
                   Outage& outage) {
  const std::string units_path = FieldPath(path, "units");
  CheckCount(proto.units_size(), limits::kMaxUnits, units_path, errors);
  for (int i = 0; i < AtMost(proto.units_size(), limits::kMaxUnits); ++i) {
    const std::string element = ElementPath(units_path, static_cast<size_t>(i));
    std::string unit = IdFromProto(proto.units(i), element, errors);
    if (std::find(outage.units.begin(), outage.units.end(), unit) != outage.units.end()) {
      errors.Add(element, "must not be listed twice");
    }
    outage.units.push_back(std::move(unit));
  }
  const std::string quantity_path = FieldPath(path, "quantity");
  outage.quantity =
      NumberFromProto(proto.quantity(), 0, limits::kMaxCapacity, quantity_path, errors);
  if (outage.units.empty()) return;
  const auto count = static_cast<int32_t>(outage.units.size());
  if (outage.quantity != 0 && outage.quantity != count) {
    errors.Add(quantity_path, absl::StrCat("must be 0 or ", count, ", the number of the units"));
  }
  outage.quantity = count;
}

}  // namespace

Outage OutageFromProto(const v1::Outage& proto, absl::string_view id, absl::string_view path,
                       FieldErrors& errors) {
  Outage outage;
  outage.id = std::string(id);
  outage.asset =
      IdFromName(kAssets, proto.asset(), Presence::kRequired, FieldPath(path, "asset"), errors);
  UnitsOfOutage(proto, path, errors, outage);
  IntervalOfOutage(proto, FieldPath(path, "interval"), errors, outage);
  outage.planned = proto.planned();
  outage.category = LineFromProto(proto.category(), limits::kMaxNameText, Presence::kOptional,
                                  FieldPath(path, "category"), errors);
  outage.description = TextFromProto(proto.description(), limits::kMaxText, Presence::kOptional,
                                     FieldPath(path, "description"), errors);
  return outage;
}

void ToProto(const Hit& hit, v1::Hit& proto) {
  proto.set_reservation(NameOf(hit.reservation));
  proto.set_outcome(static_cast<v1::Hit::Outcome>(hit.outcome));
  proto.set_message(hit.message);
}

void ToProto(const Outage& outage, v1::Outage& proto) {
  proto.set_name(NameOf(kOutages, outage.id));
  proto.set_asset(NameOf(kAssets, outage.asset));
  proto.set_quantity(outage.quantity);
  for (const std::string& unit : outage.units) proto.add_units(unit);
  ToProto(outage.interval, *proto.mutable_interval());
  if (outage.open) proto.mutable_interval()->clear_end_time();
  ToProto(outage.interval.end, *proto.mutable_reach_time());
  proto.set_planned(outage.planned);
  proto.set_category(outage.category);
  proto.set_description(outage.description);
  for (const Hit& hit : outage.hits) ToProto(hit, *proto.add_hits());
  ToProto(outage.create_time, *proto.mutable_create_time());
  ToProto(outage.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(outage.revision));
}

void HideHits(v1::Outage& proto) {
  for (v1::Hit& hit : *proto.mutable_hits()) hit.clear_reservation();
}

}  // namespace labslot::service
