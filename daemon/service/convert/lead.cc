#include "daemon/service/convert/lead.h"

#include <optional>
#include <string>

#include "daemon/base/limits.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

DateRange RangeFromProto(const v1::DateRange& proto, absl::string_view path, FieldErrors& errors) {
  const std::string end_path = FieldPath(path, "end_date");
  const std::optional<absl::CivilDay> first =
      DateFromProto(proto.start_date(), FieldPath(path, "start_date"), errors);
  const std::optional<absl::CivilDay> last =
      proto.has_end_date() ? DateFromProto(proto.end_date(), end_path, errors) : first;
  if (first && last && *last < *first) errors.Add(end_path, "must not be before start_date");
  DateRange range;
  range.first = first.value_or(absl::CivilDay());
  range.last = last.value_or(range.first);
  return range;
}

}  // namespace

Lead LeadFromProto(const v1::Lead& proto, Presence presence, absl::string_view path,
                   FieldErrors& errors) {
  const bool is_zero =
      proto.days() == 0 && proto.duration().seconds() == 0 && proto.duration().nanos() == 0;
  if (is_zero && presence == Presence::kRequired) {
    errors.Add(path, "must be set: days, a duration, or both");
    return {};
  }
  Lead lead;
  lead.days =
      NumberFromProto(proto.days(), 0, limits::kMaxLeadDays, FieldPath(path, "days"), errors);
  lead.seconds = DurationFromProto(proto.duration(), 0, limits::kMaxLeadDays * limits::kDay,
                                   FieldPath(path, "duration"), errors);
  return lead;
}

void ToProto(const Lead& lead, v1::Lead& proto) {
  proto.set_days(lead.days);
  if (lead.seconds != 0) ToProto(lead.seconds, *proto.mutable_duration());
}

std::vector<DateRange> DateRangesFromProto(
    const google::protobuf::RepeatedPtrField<v1::DateRange>& protos, absl::string_view path,
    FieldErrors& errors) {
  CheckCount(protos.size(), limits::kMaxDateRanges, path, errors);
  std::vector<DateRange> ranges;
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxDateRanges); ++i) {
    ranges.push_back(RangeFromProto(protos[i], ElementPath(path, static_cast<size_t>(i)), errors));
  }
  return ranges;
}

void ToProto(const std::vector<DateRange>& ranges,
             google::protobuf::RepeatedPtrField<v1::DateRange>& protos) {
  for (const DateRange& range : ranges) {
    v1::DateRange& proto = *protos.Add();
    ToProto(range.first, *proto.mutable_start_date());
    if (range.last != range.first) ToProto(range.last, *proto.mutable_end_date());
  }
}

}  // namespace labslot::service
