// The times that people write: what is read can be written, and is then read again as
// the same.

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/moment_reader.h"
#include "client/output/time_text.h"
#include "client/time_grammar.h"
#include "tests/fuzz/client_times.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/targets.h"

namespace labslot::fuzz {
namespace {

void RequireError(const absl::Status& status) {
  Require(absl::IsInvalidArgument(status), "a mistake in a time is INVALID_ARGUMENT");
  Require(!status.message().empty(), "an error says something");
}

void TryMoment(absl::string_view text, const client::TimeContext& context) {
  const auto moment = client::ParseMoment(text, context);
  if (!moment.ok()) return RequireError(moment.status());
  Require(client::BeginsTime(client::SplitWords(text)[0]), "a moment begins a time");
  if (!IsUsual(*moment)) return;
  const std::string written = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", *moment, absl::UTCTimeZone());
  const auto again = client::ParseMoment(written, context);
  Require(again.ok() && *again == *moment, "a moment is read as it was written");
}

void TryRange(absl::string_view text, const client::TimeContext& context) {
  const auto range = client::ParseRange(text, context, client::BareDay::kIsError);
  const auto or_day = client::ParseRange(text, context, client::BareDay::kIsWholeDay);
  if (!or_day.ok()) {
    Require(!range.ok(), "what is a range is one where a day would do");
    return RequireError(or_day.status());
  }
  Require(range.ok() == client::LooksLikeRange(text), "a range looks like one, a day does not");
  Require(or_day->start < or_day->end, "a range is not empty");
  if (!IsUsual(or_day->start) || !IsUsual(or_day->end)) return;
  const std::string written = client::SpanToType(or_day->start, or_day->end, context.zone);
  const auto again = client::ParseRange(written, context, client::BareDay::kIsError);
  if (!again.ok() || again->start != or_day->start || again->end != or_day->end) {
    Fail(absl::StrCat("a range is read as it was written: ", written, " in ", context.zone.name()));
  }
}

void TryLength(absl::string_view text) {
  client::Length shift;
  if (client::ParseShift(text, &shift)) {
    Require(client::BeginsTime(client::SplitWords(text)[0]), "a shift begins a time");
  }
  const auto length = client::ParseDuration(text);
  if (!length.ok()) return RequireError(length.status());
  Require(*length > absl::ZeroDuration(), "a length is some time");
  // Lengths that the daemon tells of are far shorter.
  if (*length > absl::Hours(9999999)) return;
  const auto again = client::ParseDuration(client::LengthToType(*length));
  Require(again.ok() && *again == *length, "a length is read as it was written");
}

}  // namespace
}  // namespace labslot::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace labslot::fuzz;
  const absl::string_view text =
      absl::StripAsciiWhitespace({reinterpret_cast<const char*>(data), size});
  for (const labslot::client::TimeContext& context : Contexts()) {
    TryMoment(text, context);
    TryRange(text, context);
  }
  TryLength(text);
  return 0;
}
