#include "client/app.h"

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/catalogue_names.h"
#include "client/command_line.h"
#include "client/complete.h"
#include "client/exit_code.h"
#include "client/explain_rule.h"
#include "client/failure.h"
#include "client/names.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/refusal_text.h"
#include "client/session.h"
#include "client/suggest.h"

namespace labslot::client {
namespace {

// "Did you mean make-lab?", from the names that the daemon knows.
std::string SuggestName(Session& session, const absl::Status& status) {
  const std::string resource = ErrorMetadata(status, "resource");
  const std::vector<std::string> names = NamesIn(session, CollectionOf(resource));
  return DidYouMean(Suggest(ShortName(resource), names));
}

// The status itself as JSON or YAML on standard output, for programs.
void PrintForPrograms(Session& session, const absl::Status& status) {
  const auto remote = RemoteStatus(status);
  std::string json;
  if (!remote.has_value() || !ToJson(*remote, false, &json).ok()) return;
  session.output.Print(session.output.format() == Format::kYaml ? JsonToYaml(json) : json);
}

// "refused", and which stop of a visit it is about; people count them from 1.
std::string RefusedWords(const absl::Status& status) {
  const std::string metadata = ErrorMetadata(status, "stop");
  absl::string_view stop = metadata;
  int index = 0;
  const bool told = absl::ConsumePrefix(&stop, "stops[") && absl::ConsumeSuffix(&stop, "]") &&
                    absl::SimpleAtoi(stop, &index);
  return told ? absl::StrCat("refused, because of stop ", index + 1) : "refused";
}

// That of the place which the command named, else that of an asset which is in the way.
absl::TimeZone ZoneOfRefusal(Session& session, const v1::Refusal& refusal) {
  if (session.place_zone.has_value()) return *session.place_zone;
  for (const v1::Violation& violation : refusal.violations()) {
    if (!violation.asset().empty()) return ZoneCache(session).Of(violation.asset());
  }
  return session.ZoneFor("").value_or(session.environment.local_zone);
}

void Report(Session& session, const absl::Status& status) {
  const Format format = session.output.format();
  if (format == Format::kJson || format == Format::kYaml) PrintForPrograms(session, status);
  std::string text;
  if (const auto refusal = DetailOf<v1::Refusal>(status)) {
    const absl::TimeZone zone = ZoneOfRefusal(session, *refusal);
    text = absl::StrCat(RefusedWords(status), ":\n",
                        RefusalText(*refusal, zone, session.alternative_command, RemarkFor(session),
                                    session.output.columns()));
  } else {
    text = absl::StrCat(FailureText(status), "\n");
  }
  if (status.code() == absl::StatusCode::kNotFound) {
    const std::string suggestion = SuggestName(session, status);
    if (!suggestion.empty()) text.insert(text.find('\n'), absl::StrCat(".", suggestion));
  }
  *session.environment.err << "labslot: " << text << std::flush;
}

int Finish(Session& session, const absl::Status& status) {
  if (!status.ok()) Report(session, status);
  return static_cast<int>(ExitCodeOf(status));
}

}  // namespace

int RunApp(const std::vector<std::string>& arguments, const Environment& environment) {
  Session session(environment);
  const std::unique_ptr<CLI::App> app = MakeCommandLine(session);
  if (!arguments.empty() && arguments[0] == "__complete") {
    Complete(*app, session, {arguments.begin() + 1, arguments.end()});
    return 0;
  }
  if (arguments.empty()) {
    *environment.err << app->help() << "\n";
    return static_cast<int>(ExitCode::kUsage);
  }
  const std::vector<std::string> shielded = ShieldNegativeTimes(arguments);
  try {
    // CLI11 takes its arguments from the back.
    app->parse(std::vector<std::string>(shielded.rbegin(), shielded.rend()));
  } catch (const CLI::Success& success) {
    return app->exit(success, *environment.out, *environment.err);
  } catch (const CLI::ParseError& error) {
    *environment.err << "labslot: " << Printable(UsageText(*app, arguments, error)) << "\n";
    return static_cast<int>(ExitCode::kUsage);
  }
  const int code = Finish(session, session.action());
  if (code != 0 || environment.out->good()) return code;
  *environment.err << "labslot: the output could not be written; is the disk full?\n";
  return static_cast<int>(ExitCode::kError);
}

}  // namespace labslot::client
