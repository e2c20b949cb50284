#include "client/command_line.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/suggest.h"
#include "client/time_grammar.h"

namespace labslot::client {
namespace {

const std::map<std::string, Format> kFormats = {{"table", Format::kTable},
                                                {"wide", Format::kWide},
                                                {"json", Format::kJson},
                                                {"yaml", Format::kYaml},
                                                {"csv", Format::kCsv}};

void AddGlobalOptions(CLI::App* app, Session& session) {
  app->set_help_flag("-h,--help", "Print this help and exit");
  app->set_version_flag("--version", absl::StrCat("labslot ", ClientVersion()));
  app->add_option_function<std::string>(
         "-o,--output",
         [&session](const std::string& word) { session.output.set_format(kFormats.at(word)); },
         "table, wide, json, yaml or csv")
      ->type_name("FORMAT")
      ->check(CLI::IsMember(kFormats).description(""));
  app->add_flag_callback(
      "-q,--quiet", [&session] { session.output.set_quiet(true); },
      "Only names, and nothing on standard error but errors");
  app->add_option("--server", session.flags.server,
                  "Where the daemon is: unix:/path or host:port (LABSLOT_SERVER)")
      ->type_name("TARGET");
  app->add_option("--context", session.flags.context,
                  "Context of the configuration file (LABSLOT_CONTEXT)")
      ->type_name("NAME");
  app->add_option("--token-file", session.flags.token_file,
                  "File with a bearer token (LABSLOT_TOKEN holds the token itself)")
      ->type_name("FILE");
  app->add_option("--ca", session.flags.ca, "Certificates (PEM) to check the daemon's with")
      ->type_name("FILE");
  app->add_option("--timeout", session.timeout, "How long to wait for an answer (default: 10s)")
      ->type_name("LENGTH");
  app->add_option("--zone", session.zone,
                  "Read and write times in this zone instead of that of the place")
      ->type_name("AREA/CITY");
}

// True if the command takes words that are no commands, such as `calendar sem`.
bool TakesWords(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) return true;
  }
  return false;
}

// The command that the arguments lead to, and the first word that is none.
std::pair<const CLI::App*, std::string> FindStray(const CLI::App& app,
                                                  const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (at->get_subcommands({}).empty()) break;
    if (absl::StartsWith(word, "-")) {
      const CLI::Option* option = app.get_option_no_throw(word);
      if (option != nullptr && option->get_items_expected_min() > 0) ++i;
      continue;
    }
    const CLI::App* next = FindCommand(*at, word);
    if (next == nullptr && TakesWords(*at)) return {at, ""};
    if (next == nullptr) return {at, word};
    at = next;
  }
  return {at, ""};
}

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

// Shows positions by what stands there, such as "ASSET... [TIME]".
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(30); }
  std::string make_option_name(const CLI::Option* option, bool positional) const override {
    return positional ? option->get_type_name()
                      : CLI::Formatter::make_option_name(option, positional);
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string type = option->get_type_name();
    return option->get_positional() || type.empty() ? "" : " " + type;
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    return option->get_required() ? option->get_type_name()
                                  : absl::StrCat("[", option->get_type_name(), "]");
  }
};

std::string FullCommand(const CLI::App& app) {
  return app.get_parent() == nullptr
             ? "labslot"
             : absl::StrCat(FullCommand(*app.get_parent()), " ", app.get_name());
}

bool IsOption(const std::vector<std::string>& known, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  for (const std::string& option : known) {
    if (option == name) return true;
  }
  return false;
}

}  // namespace

const CLI::App* FindCommand(const CLI::App& app, const std::string& name) {
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

std::string ClientVersion() { return LABSLOT_VERSION; }

std::unique_ptr<CLI::App> MakeCommandLine(Session& session) {
  auto app = std::make_unique<CLI::App>(
      "Books shared lab equipment through labslotd.\n\n"
      "Times are written as in `tomorrow 9:00..12:00`, `2027-03-28 08:00 +2h` or\n"
      "`mon 14:00-16:00`, in the zone of the place, and names as in `make-lab`.",
      "labslot");
  app->require_subcommand(1);
  app->fallthrough();
  app->failure_message(CLI::FailureMessage::simple);
  app->formatter(std::make_shared<HelpFormatter>());
  AddGlobalOptions(app.get(), session);
  AddBookCommands(*app, session);
  AddVisitCommand(*app, session);
  AddChangeCommands(*app, session);
  AddApproveCommands(*app, session);
  AddUseCommands(*app, session);
  AddSeriesCommands(*app, session);
  AddWaitListCommands(*app, session);
  AddReservationCommands(*app, session);
  AddOutageCommands(*app, session);
  AddPlanCommands(*app, session);
  AddRoundCommands(*app, session);
  AddExplainCommand(*app, session);
  AddAvailabilityCommands(*app, session);
  AddCalendarCommand(*app, session);
  AddTripCommand(*app, session);
  AddUtilisationCommand(*app, session);
  AddReportCommands(*app, session);
  AddMachineCommand(*app, session);
  AddWatchCommand(*app, session);
  AddAssetCommands(*app, session);
  AddSiteCommands(*app, session);
  AddOrganisationCommands(*app, session);
  AddUserCommands(*app, session);
  AddGroupCommands(*app, session);
  AddPolicyCommands(*app, session);
  AddQuotaCommands(*app, session);
  AddHolidayCommands(*app, session);
  AddTokenCommands(*app, session);
  AddCatalogueCommands(*app, session);
  AddBackupCommands(*app, session);
  AddServerCommands(*app, session);
  AddContextCommands(*app, session);
  AddCompletionCommands(*app, session);
  app->footer(
      "\nExamples:\n"
      "  labslot book make-lab tomorrow 9:00..12:00 --site acme-ghent\n"
      "  labslot calendar make-lab --week 2027-03-01\n"
      "  labslot book sem tomorrow 9:00..18:00 --explain    # tells refusals at length\n\n"
      "Exit codes: 0 done, 1 error, 2 usage, 3 refused, 4 not found, 5 denied, 6 unavailable.\n"
      "`labslot COMMAND --help` tells more, with examples.");
  return app;
}

std::vector<std::string> ShieldNegativeTimes(std::vector<std::string> arguments) {
  for (std::string& argument : arguments) {
    if (argument == "--") break;
    Length length;
    if (absl::StartsWith(argument, "-") && ParseShift(argument, &length)) {
      argument.replace(0, 1, "\xE2\x88\x92");
    }
  }
  return arguments;
}

std::string UsageText(const CLI::App& app, const std::vector<std::string>& arguments,
                      const CLI::ParseError& error) {
  const auto [command, stray] = FindStray(app, arguments);
  const std::string see = absl::StrCat("\nSee `", FullCommand(*command), " --help`.");
  if (!stray.empty()) {
    return absl::StrCat("there is no command \"", stray, "\" in `", FullCommand(*command), "`.",
                        DidYouMean(Suggest(stray, CommandNames(*command))), see);
  }
  if (!command->get_subcommands({}).empty() && !TakesWords(*command)) {
    std::string names;
    for (const std::string& name : CommandNames(*command)) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", name);
    }
    return absl::StrCat("`", FullCommand(*command), "` needs a command: ", names, ".", see);
  }
  const std::vector<std::string> options = OptionNames(*command);
  for (const std::string& word : arguments) {
    if (!absl::StartsWith(word, "--") || word == "--" || IsOption(options, word)) continue;
    return absl::StrCat("there is no option ", word, " in `", FullCommand(*command), "`.",
                        DidYouMean(Suggest(word, options)), see);
  }
  return absl::StrCat(error.what(), ".", see);
}

}  // namespace labslot::client
