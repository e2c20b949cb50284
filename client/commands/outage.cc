// outage add, list, show, end, move and delete.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/hits_text.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Outage;
using Stub = v1::CatalogueService::Stub;

struct OutageOptions {
  // The id of an outage, or the asset of a new one.
  std::string name;
  std::vector<std::string> time;
  std::string id;
  std::string units;
  int quantity = 0;
  bool planned = false;
  std::string category;
  std::string note;
  bool past = false;
  std::string reason;
  WriteFlags write;
};

std::string ExtentText(const Outage& outage) {
  if (!outage.units().empty()) return absl::StrJoin(outage.units(), ", ");
  return outage.quantity() > 0 ? absl::StrCat(outage.quantity()) : "all";
}

std::string WhenText(const Outage& outage, absl::TimeZone zone) {
  if (outage.interval().has_end_time()) return SpanText(outage.interval(), zone);
  return absl::StrCat("from ", TimeText(ToTime(outage.interval().start_time()), zone),
                      ", end unknown");
}

std::vector<std::string> OutageRow(const Outage& outage, absl::TimeZone zone) {
  const auto& interval = outage.interval();
  return {ShortName(outage.name()),
          ShortName(outage.asset()),
          ExtentText(outage),
          WhenText(outage, zone),
          SheetTime(ToTime(interval.start_time()), zone),
          interval.has_end_time() ? SheetTime(ToTime(interval.end_time()), zone) : "",
          SheetTime(ToTime(outage.reach_time()), zone),
          zone.name(),
          outage.planned() ? "planned" : "unplanned",
          outage.category(),
          absl::StrCat(outage.hits_size()),
          outage.description()};
}

// Each in the zone of its asset.
using ZoneFinder = std::function<absl::TimeZone(const Outage&)>;

Table OutageTable(const std::vector<Outage>& outages, const ZoneFinder& zone) {
  Table table;
  table.columns = {{"OUTAGE"},
                   {"ASSET"},
                   {"OUT"},
                   {"WHEN", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"REACHES", Shown::kSheet},
                   {"ZONE"},
                   {"KIND", Shown::kWide},
                   {"CATEGORY", Shown::kWide},
                   {"HITS", Shown::kAlways, true},
                   {"NOTE", Shown::kWide, false, true}};
  table.when_empty = "no outages";
  for (const Outage& outage : outages) table.rows.push_back(OutageRow(outage, zone(outage)));
  return table;
}

void AddLine(absl::string_view what, const std::string& value, std::string* text) {
  if (value.empty()) return;
  absl::StrAppend(text, "  ", what, std::string(14 - what.size(), ' '), Printable(value), "\n");
}

// The lines of one outage below a headline, and whom it hits.
std::string OutageText(const Session& session, const Outage& outage, absl::TimeZone zone) {
  std::string text;
  const auto& interval = outage.interval();
  AddLine("asset", ShortName(outage.asset()), &text);
  AddLine("out", ExtentText(outage), &text);
  if (interval.has_end_time()) {
    AddLine("when",
            SpanTextWithZone(ToTime(interval.start_time()), ToTime(interval.end_time()), zone),
            &text);
  } else {
    AddLine("from", TimeTextWithZone(ToTime(interval.start_time()), zone), &text);
    AddLine("until",
            absl::StrCat("not known; it blocks up to ", TimeText(ToTime(outage.reach_time()), zone),
                         ", day by day more"),
            &text);
  }
  AddLine("kind", outage.planned() ? "planned" : "unplanned", &text);
  AddLine("category", outage.category(), &text);
  AddLine("note", outage.description(), &text);
  const Table hits = HitsTable(outage.hits());
  if (hits.rows.empty()) return absl::StrCat(text, "It hits no reservation.\n");
  return absl::StrCat(text, LayOut(hits, {session.output.wide(), session.output.columns()}),
                      HitsSum(outage.hits()));
}

absl::Status ShowOutage(Session& session, const Outage& outage, absl::TimeZone zone,
                        const std::string& headline) {
  const Table table = OutageTable({outage}, [zone](const Outage&) { return zone; });
  return session.output.ShowText(
      outage, table, [&] { return absl::StrCat(headline, OutageText(session, outage, zone)); });
}

// A dry run of a new one has no name yet.
std::string Headline(const Outage& outage, const std::string& done, const WriteFlags& write) {
  const std::string id = Printable(ShortName(outage.name()));
  return absl::StrCat(id.empty() ? "The outage" : absl::StrCat("Outage ", id),
                      write.dry_run ? " would be " : " is ", done, ".", DryRunNote(write), "\n");
}

// A range or a start; nothing is from now on. Without an end it is open.
absl::Status ReadTime(const std::string& text, const TimeContext& times,
                      google::type::Interval* interval) {
  if (text.empty()) {
    *interval->mutable_start_time() =
        ToTimestamp(absl::FromUnixSeconds(absl::ToUnixSeconds(times.now)));
    return absl::OkStatus();
  }
  if (LooksLikeRange(text)) {
    const absl::StatusOr<TimeRange> range = ParseRange(text, times, BareDay::kIsWholeDay);
    if (!range.ok()) return range.status();
    *interval = ToInterval(range->start, range->end);
    return absl::OkStatus();
  }
  const absl::StatusOr<absl::Time> start = ParseMoment(text, times);
  if (!start.ok()) return start.status();
  *interval->mutable_start_time() = ToTimestamp(*start);
  return absl::OkStatus();
}

// "START END" as two words is a range too.
std::string TimeWords(const std::vector<std::string>& words, const TimeContext& times) {
  const std::string text = absl::StrJoin(words, " ");
  if (words.size() != 2 || LooksLikeRange(text) || ParseMoment(text, times).ok()) return text;
  return absl::StrCat(words[0], "..", words[1]);
}

absl::Status Add(Session& session, const OutageOptions& options) {
  v1::CreateOutageRequest request;
  Outage* outage = request.mutable_outage();
  outage->set_asset(FullName(kAssets, options.name));
  const absl::StatusOr<TimeContext> times = TimesOfAsset(session, outage->asset(), "");
  if (!times.ok()) return times.status();
  if (absl::Status status =
          ReadTime(TimeWords(options.time, *times), *times, outage->mutable_interval());
      !status.ok()) {
    return status;
  }
  for (const absl::string_view unit : absl::StrSplit(options.units, ',', absl::SkipEmpty())) {
    outage->add_units(std::string(unit));
  }
  outage->set_quantity(options.quantity);
  outage->set_planned(options.planned);
  outage->set_category(options.category);
  outage->set_description(options.note);
  request.set_outage_id(ShortName(options.id));
  request.set_reason(options.reason);
  const absl::StatusOr<Outage> made = Write(session, &Stub::CreateOutage, request, options.write);
  if (!made.ok()) return made.status();
  return ShowOutage(session, *made, times->zone, Headline(*made, "entered", options.write));
}

absl::StatusOr<Outage> GetOutage(Session& session, const std::string& id) {
  v1::GetOutageRequest request;
  request.set_name(FullName(kOutages, id));
  return Read(session, &Stub::GetOutage, request);
}

// The outage of that id, and what times for its asset are read against.
struct Found {
  Outage outage;
  TimeContext times;
};

absl::StatusOr<Found> Find(Session& session, const std::string& id) {
  absl::StatusOr<Outage> outage = GetOutage(session, id);
  if (!outage.ok()) return outage.status();
  const absl::StatusOr<TimeContext> times = TimesOfAsset(session, outage->asset(), "");
  if (!times.ok()) return times.status();
  return Found{*std::move(outage), *times};
}

absl::Status List(Session& session, const OutageOptions& options) {
  v1::ListOutagesRequest request;
  request.set_asset(FullName(kAssets, options.name));
  request.set_show_past(options.past);
  if (!options.name.empty()) {
    // For a name that is none, the list would say that nothing is broken.
    const absl::StatusOr<v1::Asset> asset = GetAsset(session, request.asset());
    if (!asset.ok()) return asset.status();
  }
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const auto reply =
      (*connection)
          ->ReadPages(&Stub::ListOutages, request,
                      std::function<int(const v1::ListOutagesResponse&)>(
                          [](const v1::ListOutagesResponse& page) { return page.outages_size(); }));
  if (!reply.ok()) return reply.status();
  ZoneCache zones(session);
  return session.output.Show(
      *reply, OutageTable({reply->outages().begin(), reply->outages().end()},
                          [&zones](const Outage& outage) { return zones.Of(outage.asset()); }));
}

absl::Status ShowById(Session& session, const OutageOptions& options) {
  const absl::StatusOr<Found> found = Find(session, options.name);
  if (!found.ok()) return found.status();
  return ShowOutage(session, found->outage, found->times.zone,
                    absl::StrCat("Outage ", ShortName(found->outage.name()), "\n"));
}

// At the version that was seen.
absl::Status SendInterval(Session& session, const Found& before,
                          const google::type::Interval& interval, const std::string& done,
                          const OutageOptions& options) {
  v1::UpdateOutageRequest request;
  request.mutable_outage()->set_name(before.outage.name());
  request.mutable_outage()->set_etag(before.outage.etag());
  *request.mutable_outage()->mutable_interval() = interval;
  request.mutable_update_mask()->add_paths("interval");
  request.set_reason(options.reason);
  const absl::StatusOr<Outage> changed =
      Write(session, &Stub::UpdateOutage, request, options.write);
  if (!changed.ok()) return changed.status();
  return ShowOutage(session, *changed, before.times.zone, Headline(*changed, done, options.write));
}

absl::Status End(Session& session, const OutageOptions& options) {
  const absl::StatusOr<Found> before = Find(session, options.name);
  if (!before.ok()) return before.status();
  const TimeContext& times = before->times;
  const absl::Time start = ToTime(before->outage.interval().start_time());
  // Who ends at once what began this very second means that it is over.
  absl::Time end = absl::FromUnixSeconds(absl::ToUnixSeconds(times.now));
  if (end == start) end += absl::Seconds(1);
  if (!options.time.empty()) {
    const absl::StatusOr<absl::Time> read = ParseMoment(absl::StrJoin(options.time, " "), times);
    if (!read.ok()) return read.status();
    end = *read;
  }
  const std::string id = ShortName(before->outage.name());
  if (end <= start) {
    return absl::InvalidArgumentError(absl::StrCat(
        "it begins at ", TimeTextWithZone(start, times.zone), ", which is not before that end; ",
        "`labslot outage delete ", id, "` takes it back"));
  }
  return SendInterval(session, *before, ToInterval(start, end),
                      absl::StrCat("given its end, ", TimeText(end, times.zone)), options);
}

absl::Status Move(Session& session, const OutageOptions& options) {
  const absl::StatusOr<Found> before = Find(session, options.name);
  if (!before.ok()) return before.status();
  google::type::Interval interval;
  if (absl::Status status =
          ReadTime(TimeWords(options.time, before->times), before->times, &interval);
      !status.ok()) {
    return status;
  }
  return SendInterval(session, *before, interval, "moved", options);
}

absl::Status Delete(Session& session, const OutageOptions& options) {
  const absl::StatusOr<Found> before = Find(session, options.name);
  if (!before.ok()) return before.status();
  v1::DeleteOutageRequest request;
  request.set_name(before->outage.name());
  request.set_reason(options.reason);
  const absl::StatusOr<Outage> deleted =
      Write(session, &Stub::DeleteOutage, request, options.write);
  if (!deleted.ok()) return deleted.status();
  return ShowOutage(session, *deleted, before->times.zone,
                    Headline(*deleted, "taken back", options.write));
}

using Act = absl::Status (*)(Session&, const OutageOptions&);

// A command about an asset, or an outage: `position` says which.
std::pair<CLI::App*, std::shared_ptr<OutageOptions>> AddAct(
    CLI::App& group, Session& session, const std::string& name, const std::string& help,
    const std::vector<std::string>& examples, const std::string& position, Act act) {
  CLI::App* command = AddCommand(group, name, help, examples);
  auto options = std::make_shared<OutageOptions>();
  const bool of_asset = position == "asset";
  command->add_option(position, options->name, of_asset ? "Which asset" : "Its id, such as saw")
      ->type_name(of_asset ? "ASSET" : "OUTAGE")
      ->required(name != "list");
  command->callback([&session, options, act] {
    session.action = [&session, options, act] { return act(session, *options); };
  });
  return {command, options};
}

void AddTime(CLI::App* command, const std::string& help, OutageOptions* options) {
  command->add_option("time", options->time, help)->type_name("TIME");
}

void AddWrite(CLI::App* command, OutageOptions* options) {
  command->add_option("--reason", options->reason, "Why; kept with the change");
  AddWriteFlags(command, &options->write);
}

void AddAdd(CLI::App& group, Session& session) {
  const auto [add, options] =
      AddAct(group, session, "add", "Take an asset, or units of it, out of service",
             {"labslot outage add sem                   # broken now, end unknown",
              "labslot outage add rigs \"mon 8:00..fri 18:00\" --units rig-1,rig-2 --planned",
              "labslot outage add rigs now +4h --quantity 1 --category leak --dry-run"},
             "asset", Add);
  AddTime(add, "A range, or its start (default: now); without an end it is not known",
          options.get());
  CLI::Option* units =
      add->add_option("--units", options->units, "Which units of a pool that names them")
          ->type_name("UNIT,...");
  add->add_option("--quantity", options->quantity, "How many units or places (default: all of it)")
      ->type_name("N")
      ->check(CLI::PositiveNumber)
      ->excludes(units);
  add->add_flag("--planned", options->planned, "It was planned, such as a calibration");
  add->add_option("--category", options->category, "A word for what it is, such as calibration");
  add->add_option("--note", options->note, "What is wrong and what is done");
  add->add_option("--id", options->id, "Its id (default: the daemon gives it one)")
      ->type_name("ID");
  AddWrite(add, options.get());
}

}  // namespace

void AddOutageCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddCommand(root, "outage", "What is out of service, and whom that hits",
                               {"labslot outage add sem --note \"gun is dead\"",
                                "labslot outage list", "labslot outage end outage-17"});
  group->require_subcommand(1);
  AddAdd(*group, session);
  const auto [list, list_options] =
      AddAct(*group, session, "list", "List outages, by name",
             {"labslot outage list", "labslot outage list rigs --past -o csv"}, "asset", List);
  list->add_flag("--past", list_options->past, "Those that are over too");
  AddAct(*group, session, "show", "Show an outage and the reservations that it hit",
         {"labslot outage show outage-17", "labslot outage show outage-17 -o json"}, "outage",
         ShowById);
  const auto [end, end_options] =
      AddAct(*group, session, "end", "Say when it is in service again",
             {"labslot outage end outage-17", "labslot outage end outage-17 \"tomorrow 12:00\""},
             "outage", End);
  AddTime(end, "When (default: now)", end_options.get());
  AddWrite(end, end_options.get());
  const auto [move, move_options] =
      AddAct(*group, session, "move", "Put it off, or extend it",
             {"labslot outage move outage-17 \"mon 8:00..12:00\"",
              "labslot outage move outage-17 mon 8:00    # end unknown"},
             "outage", Move);
  AddTime(move, "A range; or its start, if its end is not known", move_options.get());
  move->get_option("time")->required();
  AddWrite(move, move_options.get());
  const auto [remove, remove_options] =
      AddAct(*group, session, "delete", "Take back one that was entered by mistake",
             {"labslot outage delete outage-17 --dry-run",
              "labslot outage delete outage-17 --reason \"it was the other rig\""},
             "outage", Delete);
  AddWrite(remove, remove_options.get());
}

}  // namespace labslot::client
