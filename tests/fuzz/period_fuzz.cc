// The periods of reports: the first line is a period, the second what it is compared
// with.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/period_grammar.h"
#include "tests/fuzz/client_times.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::fuzz {
namespace {

void RequirePeriod(const absl::StatusOr<client::TimeRange>& period) {
  if (!period.ok()) {
    Require(absl::IsInvalidArgument(period.status()), "a mistake is INVALID_ARGUMENT");
    Require(!period.status().message().empty(), "an error says something");
    return;
  }
  if (period->start < period->end) return;
  Fail(absl::StrCat("a period is not empty: ", absl::FormatTime(period->start), " to ",
                    absl::FormatTime(period->end)));
}

void Try(absl::string_view text, absl::string_view other, const client::TimeContext& context) {
  const auto period = client::ParsePeriod(text, context);
  RequirePeriod(period);
  if (period.ok()) RequirePeriod(client::ParseOtherPeriod(other, *period, context));
}

}  // namespace
}  // namespace labslot::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const std::pair<absl::string_view, absl::string_view> lines =
      absl::StrSplit(text, absl::MaxSplits('\n', 1));
  for (const labslot::client::TimeContext& context : labslot::fuzz::Contexts()) {
    labslot::fuzz::Try(lines.first, lines.second, context);
  }
  return 0;
}
