#ifndef LABSLOT_TESTS_SERVICE_CONVERT_SAMPLES_H_
#define LABSLOT_TESTS_SERVICE_CONVERT_SAMPLES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/directory.h"
#include "daemon/domain/machine_report.h"
#include "daemon/domain/outage.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/refusal.h"
#include "daemon/domain/reservation.h"
#include "daemon/domain/round.h"
#include "daemon/domain/series.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/message.h"

namespace labslot::service {

// Records with every field set, each to something else than its default.
Calendar FullCalendar();
Site FullSite();
Asset FullAsset();
HolidayRegion FullHolidayRegion();
Organisation FullOrganisation();
User FullUser();
Token FullToken();
Reservation FullReservation();
Group FullGroup();
Selector FullSelector();
Series FullSeries();
Outage FullOutage();
Round FullRound();
MachineReport FullMachineReport();

// One rule of each kind, with every field set, and a policy with one.
std::vector<PolicyRule> FullRules();
Policy FullPolicy(const PolicyRule& rule = DurationRule{900, 7200});

// Measures time, or counts.
Quota FullQuota(Measure measure = Measure::kTime);

// Has a share of capacity as its limit.
Quota ShareQuota();

// A refusal with that many violations, conflicts of each, and alternatives,
// all with long texts.
Refusal LargeRefusal(int violations, int conflicts, int alternatives, size_t text);

// One row of a table of rules: a legal message with `cleared` (a field, or
// empty) taken out and `merged` (text format) put in gives exactly one
// violation, of `field`, whose description contains `says`.
struct RuleRow {
  std::string cleared;
  std::string merged;
  std::string field;
  std::string says;
};

// `message` as the row has it. Stops the program if the row is malformed.
void Apply(const RuleRow& row, google::protobuf::Message& message);

// `field: description` a line.
std::string Told(const FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_TESTS_SERVICE_CONVERT_SAMPLES_H_
