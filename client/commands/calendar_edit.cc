#include "client/commands/calendar_edit.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/calendar_edits.h"
#include "client/commands/common.h"
#include "client/commands/policy_change.h"
#include "client/editor.h"
#include "client/names.h"
#include "client/places.h"
#include "client/yaml/record_reader.h"
#include "client/yaml/record_writer.h"
#include "labslot/v1/policy_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::ApplyPolicyRequest;
using v1::ApplyPolicyResponse;
using v1::Calendar;
using v1::PolicyService;

struct EditOptions {
  std::string place;
  CalendarEdits edits;
  bool editor = false;
  bool test = false;
  ExistingOptions existing;
  WriteFlags write;
};

// The record whose calendar is edited, in a catalogue of its own.
struct EditedPlace {
  v1::Catalogue catalogue;
  // In `catalogue`.
  Calendar* calendar = nullptr;
  TimeContext times;
};

absl::Status ReadSite(Session& session, const std::string& name, EditedPlace* place) {
  const absl::StatusOr<v1::Site> site = GetSite(session, name);
  if (!site.ok()) return site.status();
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(site->time_zone());
  if (!zone.ok()) return zone.status();
  place->times = {session.environment.now(), *zone};
  *place->catalogue.add_sites() = *site;
  ClearOutputOnly(&place->catalogue);
  place->calendar = place->catalogue.mutable_sites(0)->mutable_calendar();
  return absl::OkStatus();
}

absl::Status ReadAsset(Session& session, const std::string& name, EditedPlace* place) {
  const absl::StatusOr<v1::Asset> asset = GetAsset(session, name);
  if (!asset.ok()) return asset.status();
  const absl::StatusOr<TimeContext> times = TimesOfAsset(session, name, "");
  if (!times.ok()) return times.status();
  place->times = *times;
  v1::Asset* edited = place->catalogue.add_assets();
  *edited = *asset;
  ClearOutputOnly(&place->catalogue);
  place->calendar = edited->mutable_calendar();
  if (asset->has_calendar() || asset->site().empty()) return absl::OkStatus();
  // Hours of its own come in place of those of the site, so they start as these.
  const absl::StatusOr<v1::Site> site = GetSite(session, asset->site());
  if (!site.ok()) return site.status();
  *place->calendar = site->calendar();
  session.output.Note(absl::StrCat("note: ", ShortName(name), " has the opening hours of ",
                                   asset->site(), "; with hours of its own it leaves them"));
  return absl::OkStatus();
}

absl::Status ReadPlace(Session& session, const std::string& word, EditedPlace* place) {
  return CollectionOf(word) == kSites ? ReadSite(session, word, place)
                                      : ReadAsset(session, FullName(kAssets, word), place);
}

absl::Status EditByHand(Session& session, const std::string& place, Calendar* calendar) {
  const std::string heading =
      absl::StrCat("# Opening hours of ", place,
                   ". The form is in docs/CATALOGUE.md.\n# Empty the file to give "
                   "up.\n");
  const absl::StatusOr<std::string> text =
      EditText(session.environment, absl::StrCat(heading, WriteRecord(*calendar)));
  if (!text.ok()) return text.status();
  if (text->empty()) return absl::CancelledError("given up: the file was empty");
  calendar->Clear();
  return ReadRecord(*text, "the edited calendar", calendar);
}

absl::Status ApplyEdit(Session& session, const EditOptions& options, const EditedPlace& place) {
  ApplyPolicyRequest request;
  *request.mutable_changes() = place.catalogue;
  if (absl::Status status = ReadExisting(options.existing, &request); !status.ok()) return status;
  const absl::StatusOr<ApplyPolicyResponse> reply =
      Write(session, &PolicyService::Stub::ApplyPolicy, request, options.write);
  if (!reply.ok()) return reply.status();
  return session.output.ShowText(*reply, AppliedTable(*reply), [&] {
    const std::string done = reply->unchanged_count() > 0 ? "are unchanged"
                             : options.write.dry_run      ? "would be changed"
                                                          : "are changed";
    return absl::StrCat("The opening hours of ", options.place, " ", done, ".\n",
                        WriteRecord(*place.calendar), AppliedText(*reply, options.write));
  });
}

absl::Status Edit(Session& session, const EditOptions& options) {
  if (options.editor != IsEmpty(options.edits)) {
    return absl::InvalidArgumentError(
        "say what to change, as in --close 2027-12-24..2028-01-02 --because \"Year-end\", or "
        "--editor alone");
  }
  EditedPlace place;
  if (absl::Status status = ReadPlace(session, options.place, &place); !status.ok()) return status;
  const absl::Status edited = options.editor ? EditByHand(session, options.place, place.calendar)
                                             : Apply(options.edits, place.times, place.calendar);
  if (!edited.ok()) return edited;
  if (!options.test) return ApplyEdit(session, options, place);
  v1::TestPolicyRequest request;
  *request.mutable_changes() = place.catalogue;
  return TestChange(session, request);
}

void AddEdits(CLI::App* command, CalendarEdits* edits) {
  const auto add = [&](const char* name, std::vector<std::string>* values, const char* type,
                       const char* help) {
    command->add_option(name, *values, help)->type_name(type)->allow_extra_args(false);
  };
  add("--close", &edits->close, "DATES", "Close on these days, D, D..D or D,D");
  add("--open", &edits->open, "DATES", "On these days, other hours than the weekly ones");
  add("--hours", &edits->hours, "H:MM-H:MM", "With --open: from when to when; may be repeated");
  add("--shorten", &edits->shorten, "DATES", "Close earlier on these days");
  command->add_option("--by", edits->by, "With --shorten: how much earlier")->type_name("LENGTH");
  command->add_option("--because", edits->because, "Why; shown to who wants to book then")
      ->type_name("TEXT");
  add("--reopen", &edits->reopen, "DATES", "Take back what was said about exactly these days");
  add("--weekly", &edits->weekly, "\"DAYS H:MM-H:MM\"",
      "Weekly hours, in place of all that there are; may be repeated");
  command->add_option("--holidays", edits->holidays, "Public holidays of this region, or none")
      ->type_name("REGION");
}

}  // namespace

void AddCalendarEdit(CLI::App& calendar, Session& session) {
  CLI::App* command = AddCommand(
      calendar, "edit", "Change the opening hours of an asset or a site",
      {"labslot calendar edit sites/lommel --close 2027-12-24..2028-01-02 --because \"Year-end\"",
       "labslot calendar edit sem --open 2027-05-15 --hours 10:00-16:00 --because \"Open day\"",
       "labslot calendar edit sem --weekly \"mon-fri 08:00-17:00\" --weekly \"sat 08:00-12:00 "
       "groups=staff\"",
       "labslot calendar edit sites/lommel --close 2027-06-24 --test   # which bookings it breaks",
       "labslot calendar edit sem --close 2027-06-24 --existing cancel --notice 2d --reason "
       "\"Power cut\"",
       "labslot calendar edit sites/lommel --editor"});
  auto options = std::make_shared<EditOptions>();
  command->add_option("place", options->place, "An asset, or sites/...")
      ->type_name("ASSET|sites/SITE")
      ->required();
  AddEdits(command, &options->edits);
  command->add_flag("--editor", options->editor, "Edit it as YAML in $VISUAL or $EDITOR");
  command->add_flag("--test", options->test,
                    "Show which bookings it would break, and change nothing");
  AddExistingOptions(command, &options->existing);
  AddWriteFlags(command, &options->write);
  command->callback([&session, options] {
    session.action = [&session, options] { return Edit(session, *options); };
  });
}

}  // namespace labslot::client
