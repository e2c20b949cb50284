// calendar.

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "client/commands/calendar_edit.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "client/week_bars.h"
#include "labslot/v1/availability_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::AvailabilityService;

constexpr int kDays = 7;
constexpr int kLeastColumns = 60;

struct CalendarOptions {
  std::string asset;
  std::vector<std::string> week;
  std::string site;
};

// "2 h + 2 h": set-up and tear-down around the run, if there are any.
std::string AroundText(const v1::Occupancy& one) {
  const absl::Duration before =
      ToTime(one.run().start_time()) - ToTime(one.interval().start_time());
  const absl::Duration after = ToTime(one.interval().end_time()) - ToTime(one.run().end_time());
  if (before == absl::ZeroDuration() && after == absl::ZeroDuration()) return "";
  return absl::StrCat(LengthText(before), " + ", LengthText(after));
}

Table OccupancyTable(const v1::AssetFreeBusy& answer, bool mobile, absl::TimeZone zone) {
  Table table;
  table.columns = {{"ID"},
                   {"STATE"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE", Shown::kSheet},
                   {"QUANTITY", answer.capacity() > 1 ? Shown::kAlways : Shown::kWide, true},
                   {"SITE", mobile ? Shown::kAlways : Shown::kWide},
                   {"AROUND", Shown::kPeople}};
  table.when_empty = "no reservations";
  for (const v1::Occupancy& one : answer.occupancies()) {
    const absl::Time start = ToTime(one.run().start_time());
    const absl::Time end = ToTime(one.run().end_time());
    table.rows.push_back({one.reservation().empty() ? "(busy)" : ShortName(one.reservation()),
                          StateText(one.state()), SpanText(start, end, zone),
                          SheetTime(start, zone), SheetTime(end, zone), zone.name(),
                          absl::StrCat(std::max(1, one.quantity())), ShortName(one.site()),
                          AroundText(one)});
  }
  return table;
}

// Monday of the week in which the day lies.
absl::CivilDay MondayOf(absl::CivilDay day) {
  return absl::PrevWeekday(day + 1, absl::Weekday::monday);
}

absl::Status Calendar(Session& session, const CalendarOptions& options) {
  const std::string asset_name = FullName(kAssets, options.asset);
  const std::string site = FullName(kSites, options.site);
  const absl::StatusOr<v1::Asset> asset = GetAsset(session, asset_name);
  if (!asset.ok()) return asset.status();
  const absl::StatusOr<TimeContext> times = TimesOfAsset(session, asset_name, site);
  if (!times.ok()) return times.status();
  absl::Time moment = times->now;
  if (!options.week.empty()) {
    const absl::StatusOr<absl::Time> read = ParseMoment(absl::StrJoin(options.week, " "), *times);
    if (!read.ok()) return read.status();
    moment = *read;
  }
  const absl::CivilDay monday = MondayOf(absl::CivilDay(times->zone.At(moment).cs));
  v1::QueryFreeBusyRequest request;
  request.add_assets(asset_name);
  request.set_site(site);
  *request.mutable_interval() = ToInterval(absl::FromCivil(monday, times->zone),
                                           absl::FromCivil(monday + kDays, times->zone));
  const absl::StatusOr<v1::QueryFreeBusyResponse> reply =
      Read(session, &AvailabilityService::Stub::QueryFreeBusy, request);
  if (!reply.ok()) return reply.status();
  if (reply->assets_size() != 1) return absl::InternalError("the daemon left out the asset");
  const v1::AssetFreeBusy& answer = reply->assets(0);
  const Table table = OccupancyTable(answer, asset->mobile(), times->zone);
  return session.output.ShowText(*reply, table, [&] {
    WeekBarsStyle style;
    style.columns = session.output.columns() == 0
                        ? style.columns
                        : std::max(kLeastColumns, session.output.columns());
    style.utf8 = session.output.utf8();
    style.colours = session.output.Colours();
    const std::string title =
        asset->display_name().empty() ? options.asset : Printable(asset->display_name());
    std::string text = absl::StrCat(title, " (", ShortName(asset_name), "), week of ",
                                    absl::FormatCivilTime(monday), ", ", times->zone.name(), "\n");
    absl::StrAppend(&text, WeekBars(answer, monday, kDays, times->zone, style));
    if (table.rows.empty()) return text;
    return absl::StrCat(text, "\n",
                        LayOut(table, {session.output.wide(), session.output.columns()}));
  });
}

}  // namespace

void AddCalendarCommand(CLI::App& root, Session& session) {
  CLI::App* command =
      AddCommand(root, "calendar", "A week of an asset as bars, and the opening hours",
                 {"labslot calendar make-lab", "labslot calendar rigs --week 2027-03-01",
                  "labslot calendar sem --week \"next mon\"",
                  "labslot calendar edit sem --close 2027-06-24 --because Midsummer"});
  auto options = std::make_shared<CalendarOptions>();
  command->add_option("asset", options->asset, "Which")->type_name("ASSET");
  command->add_option("--week,week", options->week, "Any moment in the week (default: this week)")
      ->type_name("TIME");
  command->add_option("--site", options->site, "Opening hours of this site, for a mobile asset")
      ->type_name("SITE");
  AddCalendarEdit(*command, session);
  command->callback([&session, options, command] {
    const bool edits = !command->get_subcommands().empty();
    // Words that `edit` has no place for fall through to here.
    if (edits && options->asset.empty()) return;
    if (edits || options->asset.empty()) {
      throw CLI::RequiredError(edits ? absl::StrCat("\"", options->asset, "\" is one word too many")
                                     : "ASSET is required");
    }
    session.action = [&session, options] { return Calendar(session, *options); };
  });
}

}  // namespace labslot::client
