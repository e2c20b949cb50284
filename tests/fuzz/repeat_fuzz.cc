// How often something repeats, as people write it: the rule that the client makes of it
// is one that the daemon reads, and says the same days.

#include <string>

#include "absl/strings/str_cat.h"
#include "client/repeat_grammar.h"
#include "daemon/domain/recurrence_rule.h"
#include "tests/fuzz/client_times.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::fuzz {
namespace {

void Try(absl::string_view text, const client::TimeContext& context) {
  const auto repetition = client::ParseRepetition(text, context);
  if (!repetition.ok()) {
    Require(absl::IsInvalidArgument(repetition.status()), "a mistake is INVALID_ARGUMENT");
    Require(!repetition.status().message().empty(), "an error says something");
    return;
  }
  const auto rule = ReadRecurrenceRule(repetition->rrule);
  if (!rule.ok()) {
    Fail(absl::StrCat("the daemon reads what the client writes: ", repetition->rrule, " ",
                      rule.status().message()));
  }
  Require((rule->count == 0) != !rule->until.has_value(), "a repetition has one end");
  Require(rule->week_days.size() == repetition->weekdays.size(), "it names the weekdays");
  for (const DayOfWeek& day : rule->week_days) {
    Require(repetition->weekdays.count(day.weekday) == 1, "it names no other weekday");
  }
}

}  // namespace
}  // namespace labslot::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  for (const labslot::client::TimeContext& context : labslot::fuzz::Contexts()) {
    labslot::fuzz::Try(text, context);
  }
  return 0;
}
