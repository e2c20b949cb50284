#include "client/commands/booking.h"

#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/commands/common.h"
#include "client/commands/flexible_wish.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/places.h"
#include "client/suggest.h"

namespace labslot::client {
namespace {

using v1::Reservation;

// Everything but the time, which needs the zone of the place.
absl::StatusOr<Reservation> ReadReservation(const std::string& command, const BookOptions& options,
                                            const std::vector<std::string>& assets) {
  Reservation reservation;
  if (assets.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("say which asset, as in `labslot ", command,
                                                   " make-lab tomorrow 9:00..12:00`"));
  }
  if (absl::Status status = ReadItems(assets, &reservation); !status.ok()) return status;
  if (absl::Status status = ReadWords(options, &reservation); !status.ok()) return status;
  reservation.set_site(FullName(kSites, options.site));
  return reservation;
}

void AppendOption(absl::string_view option, const std::string& value, std::string* line) {
  if (!value.empty()) absl::StrAppend(line, " ", option, " ", ShellWord(value));
}

absl::StatusOr<std::string> TimeWords(const std::string& command, const BookOptions& options,
                                      const std::string& trailing) {
  if (!options.at.empty() && !trailing.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the time is given twice: \"", trailing, "\" and --at \"", options.at, "\""));
  }
  const std::string time = options.at.empty() ? trailing : options.at;
  if (time.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("say when, as in `labslot ", command, " make-lab tomorrow 9:00..12:00`"));
  }
  return time;
}

}  // namespace

absl::StatusOr<Wish> ReadWish(Session& session, const std::string& command,
                              const BookOptions& options) {
  const AssetsAndTime words = SplitAtTime(options.words);
  const absl::StatusOr<std::string> when = TimeWords(command, options, words.time);
  if (!when.ok()) return when.status();
  absl::StatusOr<Reservation> reservation = ReadReservation(command, options, words.assets);
  if (!reservation.ok()) return reservation.status();
  const absl::StatusOr<TimeContext> times =
      TimesOfAsset(session, reservation->items(0).asset(), reservation->site());
  if (!times.ok()) return times.status();
  const absl::StatusOr<TimeRange> range = ParseRange(*when, *times, BareDay::kIsError);
  if (!range.ok()) return range.status();
  *reservation->mutable_interval() = ToInterval(range->start, range->end);
  Wish wish{*std::move(reservation), *range, *times};
  if (absl::Status status = ReadFlexibility(session, options, &wish); !status.ok()) return status;
  return wish;
}

std::string PasteLine(const std::string& command, const BookOptions& options,
                      const v1::Alternative& alternative, absl::TimeZone fallback) {
  std::string line = absl::StrCat("labslot ", command);
  for (const v1::Item& item : alternative.items()) {
    absl::StrAppend(&line, " ", ShellWord(ItemText(item)));
  }
  const absl::TimeZone zone = ZoneOr(alternative.time_zone(), fallback);
  absl::StrAppend(&line, " ",
                  ShellWord(SpanToType(ToTime(alternative.interval().start_time()),
                                       ToTime(alternative.interval().end_time()), zone)));
  if (zone.name() != fallback.name()) AppendOption("--zone", zone.name(), &line);
  AppendOption("--site", ShortName(alternative.site()), &line);
  AppendOption("--org", options.organisation, &line);
  AppendOption("--user", options.user, &line);
  AppendOption("--round", options.round, &line);
  if (options.value > 0) absl::StrAppend(&line, " --value ", options.value);
  AppendOption("--for", options.title, &line);
  AppendOption("--purpose", options.purpose, &line);
  AppendOption("--project", options.project, &line);
  AppendOption("--class", options.activity_class, &line);
  AppendOption("--activity-reason", options.activity_reason, &line);
  AppendOption("--access", options.access, &line);
  AppendOption("--on-behalf-of", options.on_behalf_of, &line);
  AppendOption("--funding", options.funding, &line);
  if (options.attendees > 0) absl::StrAppend(&line, " --attendees ", options.attendees);
  if (options.priority > 0) absl::StrAppend(&line, " --priority ", options.priority);
  if (options.confidential) absl::StrAppend(&line, " --confidential");
  for (const std::string& label : options.labels) AppendOption("--label", label, &line);
  if (options.firm) absl::StrAppend(&line, " --firm");
  if (command == "hold") AppendOption("--ttl", options.ttl, &line);
  return line;
}

absl::Status ReadWords(const BookOptions& options, Reservation* reservation) {
  if (absl::Status status = ReadClass(options.activity_class, reservation); !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadAccess(options.access, reservation); !status.ok()) return status;
  if (absl::Status status = ReadLabels(options.labels, reservation->mutable_labels());
      !status.ok()) {
    return status;
  }
  reservation->set_organisation(FullName(kOrganisations, options.organisation));
  reservation->set_on_behalf_of(FullName(kOrganisations, options.on_behalf_of));
  reservation->set_user(FullName(kUsers, options.user));
  reservation->set_display_name(options.title);
  reservation->set_purpose(options.purpose);
  reservation->set_project(options.project);
  reservation->set_activity_reason(options.activity_reason);
  reservation->set_funding(options.funding);
  reservation->set_attendees(options.attendees);
  reservation->set_priority(options.priority);
  reservation->set_confidential(options.confidential);
  return absl::OkStatus();
}

absl::Status ReadClass(const std::string& word, Reservation* reservation) {
  if (word.empty()) return absl::OkStatus();
  const std::string value = absl::StrCat(
      "ACTIVITY_CLASS_", absl::AsciiStrToUpper(absl::StrReplaceAll(word, {{"-", "_"}})));
  Reservation::ActivityClass activity_class;
  if (Reservation::ActivityClass_Parse(value, &activity_class)) {
    reservation->set_activity_class(activity_class);
    return absl::OkStatus();
  }
  const std::vector<std::string> known = {
      "education", "independent-research", "collaboration", "dissemination", "rental",
      "service",   "contract-research"};
  return absl::InvalidArgumentError(absl::StrCat(
      "--class: \"", word, "\" is no activity class.", DidYouMean(Suggest(word, known)),
      " There are education, independent-research, collaboration, dissemination, rental, service "
      "and contract-research."));
}

absl::Status ReadAccess(const std::string& word, Reservation* reservation) {
  static const std::map<std::string, Reservation::AccessMode> kModes = {
      {"excellence", Reservation::EXCELLENCE_DRIVEN},
      {"market", Reservation::MARKET_DRIVEN},
      {"wide", Reservation::WIDE}};
  if (word.empty()) return absl::OkStatus();
  const auto mode = kModes.find(word);
  if (mode == kModes.end()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--access: \"", word, "\" is no access mode.",
        DidYouMean(Suggest(word, {"excellence", "market", "wide"})),
        " There are excellence (by the quality of the proposal), market (for a fee) and wide."));
  }
  reservation->set_access_mode(mode->second);
  return absl::OkStatus();
}

absl::Status ReadItem(const std::string& word, v1::Item* item) {
  const absl::StatusOr<ItemWord> wanted = ParseItemWord(word);
  if (!wanted.ok()) return wanted.status();
  item->set_asset(wanted->asset);
  item->set_quantity(wanted->quantity);
  item->mutable_unit_labels()->insert(wanted->unit_labels.begin(), wanted->unit_labels.end());
  return absl::OkStatus();
}

absl::Status ReadItems(const std::vector<std::string>& words, Reservation* reservation) {
  reservation->clear_items();
  for (const std::string& word : words) {
    if (absl::Status status = ReadItem(word, reservation->add_items()); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void AddWishOptions(CLI::App* command, BookOptions* options) {
  command
      ->add_option("what-and-when", options->words,
                   "Assets, each NAME, NAME:QUANTITY or, of units that have something, "
                   "NAME:QUANTITY:KEY=VALUE, then the time")
      ->type_name("ASSET... [TIME]");
  command->add_option("--at", options->at, "The time, if it does not follow the assets")
      ->type_name("TIME");
  command->add_option("--site", options->site, "Where a mobile asset comes to")->type_name("SITE");
  AddWordOptions(command, options);
}

void AddWordOptions(CLI::App* command, BookOptions* options) {
  command
      ->add_option("--org", options->organisation, "For which organisation (default: your first)")
      ->type_name("ORG");
  command->add_option("--user", options->user, "For whom (default: yourself)")->type_name("USER");
  command->add_option("--for", options->title, "What people call it")->type_name("TITLE");
  command->add_option("--purpose", options->purpose, "What it is for, in words");
  command->add_option("--project", options->project, "The project it is charged to");
  command->add_option("--class", options->activity_class,
                      "Activity class for funding, such as education or contract-research");
  command
      ->add_option("--activity-reason", options->activity_reason,
                   "Why it is of that class, for those who audit it")
      ->type_name("TEXT");
  command
      ->add_option("--access", options->access, "How access was given: excellence, market or wide")
      ->type_name("MODE");
  command
      ->add_option("--on-behalf-of", options->on_behalf_of,
                   "For which other organisation it is, such as the member of a cluster")
      ->type_name("ORG");
  command->add_option("--funding", options->funding, "The programme that pays");
  command->add_option("--attendees", options->attendees, "How many people come");
  command->add_option("--priority", options->priority, "Weight against others, 0 to 1000");
  command->add_flag("--confidential", options->confidential, "Others see only that it is busy");
  command->add_option("--label", options->labels, "Free label; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

}  // namespace labslot::client
