#include "daemon/service/convert/machine_report.h"

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

std::vector<MachineSpan> SpansFromProto(
    const google::protobuf::RepeatedPtrField<v1::MachineReport::Span>& protos,
    absl::string_view path, FieldErrors& errors) {
  if (protos.empty()) errors.Add(path, "must have at least one span");
  CheckCount(protos.size(), limits::kMaxMachineSpans, path, errors);
  std::vector<MachineSpan> spans;
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxMachineSpans); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    MachineSpan span;
    span.interval = IntervalFromProto(protos[i].interval(), limits::kLongestMachineSpan,
                                      FieldPath(element, "interval"), errors);
    span.state = EnumFromProto<MachineState>(protos[i].state(), Presence::kRequired,
                                             FieldPath(element, "state"), errors);
    if (!spans.empty() && span.interval.start < spans.back().interval.end) {
      errors.Add(FieldPath(element, "interval"), "must not begin before the end of the one before");
    }
    spans.push_back(span);
  }
  return spans;
}

}  // namespace

MachineReport MachineReportFromProto(const v1::MachineReport& proto, absl::string_view path,
                                     FieldErrors& errors) {
  MachineReport report;
  report.asset =
      IdFromName(kAssets, proto.asset(), Presence::kRequired, FieldPath(path, "asset"), errors);
  if (!proto.unit().empty()) {
    report.unit = IdFromProto(proto.unit(), FieldPath(path, "unit"), errors);
  }
  report.spans = SpansFromProto(proto.spans(), FieldPath(path, "spans"), errors);
  return report;
}

void ToProto(const MachineReport& report, v1::MachineReport& proto) {
  proto.set_name(NameOf(Resource(report)));
  proto.set_asset(NameOf(kAssets, report.asset));
  proto.set_unit(report.unit);
  for (const MachineSpan& span : report.spans) {
    v1::MachineReport::Span& added = *proto.add_spans();
    ToProto(span.interval, *added.mutable_interval());
    added.set_state(static_cast<v1::MachineReport::State>(span.state));
  }
  ToProto(report.create_time, *proto.mutable_create_time());
}

}  // namespace labslot::service
