#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_MACHINE_REPORT_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_MACHINE_REPORT_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/machine_report.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/machine_report.pb.h"

namespace labslot::service {

// Reads what a caller can set. `path` is where the message is in the request.
MachineReport MachineReportFromProto(const v1::MachineReport& proto, absl::string_view path,
                                     FieldErrors& errors);
void ToProto(const MachineReport& report, v1::MachineReport& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_MACHINE_REPORT_H_
