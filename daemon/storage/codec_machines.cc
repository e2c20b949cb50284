#include "daemon/storage/stored_messages.h"

namespace labslot::storage {

void ToStored(const MachineReport& report, stored::MachineReport& out) {
  out.set_id(report.id);
  out.set_asset(report.asset);
  out.set_unit(report.unit);
  for (const MachineSpan& span : report.spans) {
    stored::MachineSpan& added = *out.add_spans();
    added.set_start(span.interval.start);
    added.set_length(span.interval.length());
    added.set_state(static_cast<stored::MachineState>(span.state));
  }
  out.set_create_time(report.create_time);
  out.set_revision(report.revision);
}

std::optional<MachineReport> FromStored(const stored::MachineReport& report) {
  MachineReport result;
  result.id = report.id();
  result.asset = report.asset();
  result.unit = report.unit();
  for (const auto& span : report.spans()) {
    MachineSpan& added = result.spans.emplace_back();
    added.interval = {span.start(), Sum(span.start(), span.length())};
    if (!ReadEnumerator(span.state(), stored::MachineState_IsValid, added.state)) {
      return std::nullopt;
    }
  }
  result.create_time = report.create_time();
  result.revision = report.revision();
  return result;
}

}  // namespace labslot::storage
