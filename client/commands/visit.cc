// visit.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/period_grammar.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::ReservationService;

struct VisitOptions {
  std::vector<std::string> stops;
  std::vector<std::string> windows;
  bool ordered = false;
  bool same_day = false;
  BookOptions words;
};

absl::Status NoStop(const std::string& text, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      "--stop: \"", text, "\" ", what,
      ". Write how long, and what will do, as in \"4h tem\", \"2h fib-1|fib-2 as Lamella\" or "
      "\"1d make-lab,rigs:2@acme-ghent\"."));
}

// "rigs:3,clean-room" or "make-lab@acme-ghent".
absl::StatusOr<v1::VisitOption> ReadOption(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('@', 1));
  v1::Reservation items;
  const absl::Status status =
      ReadItems(absl::StrSplit(parts[0], absl::ByAnyChar(", "), absl::SkipEmpty()), &items);
  if (!status.ok()) return status;
  v1::VisitOption option;
  *option.mutable_items() = items.items();
  if (parts.size() > 1) {
    option.set_site(FullName(kSites, absl::StripAsciiWhitespace(parts[1])));
  }
  return option;
}

// "2h fib-1|fib-2 as Lamella".
absl::StatusOr<v1::VisitStop> ReadStop(const std::string& text) {
  const std::vector<std::string> named = absl::StrSplit(text, absl::MaxSplits(" as ", 1));
  const std::vector<std::string> parts =
      absl::StrSplit(absl::StripAsciiWhitespace(named[0]), absl::MaxSplits(' ', 1));
  const absl::StatusOr<absl::Duration> length = ParseDuration(parts[0]);
  if (!length.ok()) return NoStop(text, "does not begin with a length");
  v1::VisitStop stop;
  *stop.mutable_duration() = ToProtoDuration(*length);
  if (named.size() > 1) stop.set_display_name(std::string(absl::StripAsciiWhitespace(named[1])));
  const std::string options = parts.size() > 1 ? parts[1] : "";
  for (const std::string& words : std::vector<std::string>(absl::StrSplit(options, '|'))) {
    const absl::StatusOr<v1::VisitOption> option = ReadOption(words);
    if (!option.ok()) return option.status();
    if (option->items().empty()) return NoStop(text, "does not say which asset");
    *stop.add_options() = *option;
  }
  return stop;
}

absl::StatusOr<v1::CreateVisitRequest> ReadVisit(Session& session, const VisitOptions& options) {
  v1::CreateVisitRequest request;
  for (const std::string& text : options.stops) {
    const absl::StatusOr<v1::VisitStop> stop = ReadStop(text);
    if (!stop.ok()) return stop.status();
    *request.add_stops() = *stop;
  }
  const v1::VisitOption& first = request.stops(0).options(0);
  const absl::StatusOr<TimeContext> times =
      TimesOfAsset(session, first.items(0).asset(), first.site());
  if (!times.ok()) return times.status();
  for (const std::string& text : options.windows) {
    const absl::StatusOr<TimeRange> window = ParsePeriod(text, *times);
    if (!window.ok()) return window.status();
    *request.add_windows() = ToInterval(window->start, window->end);
  }
  request.set_in_order(options.ordered);
  request.set_same_day(options.same_day);
  if (absl::Status status = ReadWords(options.words, request.mutable_common()); !status.ok()) {
    return status;
  }
  return request;
}

std::vector<std::string> StopRow(const v1::Reservation& stop, absl::TimeZone zone) {
  const absl::Time start = ToTime(stop.interval().start_time());
  const absl::Time end = ToTime(stop.interval().end_time());
  return {ShortName(stop.name()),
          ItemsText(stop.items()),
          TimeText(start, zone),
          TimeText(end, zone),
          SheetTime(start, zone),
          SheetTime(end, zone),
          zone.name(),
          LengthText(end - start),
          ShortName(stop.site()),
          stop.display_name(),
          StateText(stop.state())};
}

std::vector<std::string> WayRow(absl::Duration way, const std::string& zone) {
  return {"", "on the way", "", "", "", "", zone, LengthText(way), "", "", ""};
}

// Stops, and the ways between them. With --quiet only what has a name.
absl::StatusOr<Table> VisitTable(const Session& session, const v1::Visit& visit) {
  Table table;
  table.columns = {{"RESERVATION"},
                   {"WHAT", Shown::kAlways, false, true},
                   {"FROM", Shown::kPeople},
                   {"UNTIL", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"LENGTH", Shown::kPeople, true},
                   {"SITE", Shown::kWide},
                   {"FOR", Shown::kAlways, false, true},
                   {"STATE"}};
  for (int i = 0; i < visit.reservations_size(); ++i) {
    const v1::Reservation& stop = visit.reservations(i);
    const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(stop.time_zone());
    if (!zone.ok()) return zone.status();
    table.rows.push_back(StopRow(stop, *zone));
    if (i >= visit.travel_times_size() || session.output.quiet()) continue;
    const absl::Duration way = ToDuration(visit.travel_times(i));
    if (way > absl::ZeroDuration()) table.rows.push_back(WayRow(way, zone->name()));
  }
  return table;
}

std::string Headline(const v1::Visit& visit, const WriteFlags& write) {
  const std::string stops = Count(visit.reservations_size(), "stop", "stops");
  if (write.dry_run) return absl::StrCat("A visit of ", stops, " fits.", DryRunNote(write), "\n");
  const auto& labels = visit.reservations(0).labels();
  const auto number = labels.find("visit");
  return absl::StrCat("Visit ", number == labels.end() ? "" : Printable(number->second), " has ",
                      stops, ".\n");
}

absl::Status Visit(Session& session, const VisitOptions& options) {
  const absl::StatusOr<v1::CreateVisitRequest> request = ReadVisit(session, options);
  if (!request.ok()) return request.status();
  const WriteFlags& write = options.words.write;
  const absl::StatusOr<v1::Visit> visit =
      Write(session, &ReservationService::Stub::CreateVisit, *request, write);
  if (!visit.ok()) return visit.status();
  if (visit->reservations().empty()) return absl::InternalError("the daemon left out the stops");
  const absl::StatusOr<Table> table = VisitTable(session, *visit);
  if (!table.ok()) return table.status();
  return session.output.ShowText(*visit, *table, [&] {
    return absl::StrCat(Headline(*visit, write),
                        LayOut(*table, {session.output.wide(), session.output.columns()}));
  });
}

void AddVisitOptions(CLI::App* command, VisitOptions* options) {
  command
      ->add_option("--stop", options->stops,
                   "How long, and what will do for it, best first: LENGTH ASSET[:N][,ASSET...]"
                   "[@SITE][|...] [as TITLE]; once for each stop")
      ->type_name("STOP")
      ->required()
      ->allow_extra_args(false);
  command
      ->add_option("--in", options->windows,
                   "When it may be; repeat it for what will do as well, best first")
      ->type_name("PERIOD")
      ->required()
      ->allow_extra_args(false);
  command->add_flag("--same-day", options->same_day, "All stops are on one day");
  command->add_flag("--ordered", options->ordered, "The stops come in this order, not in any");
  AddWordOptions(command, &options->words);
}

}  // namespace

void AddVisitCommand(CLI::App& root, Session& session) {
  CLI::App* command = AddCommand(
      root, "visit", "Reserve several stops, one behind the other, at the first time that fits",
      {"labslot visit --stop \"4h tem\" --stop \"2h fib-1|fib-2|fib-3\" --in "
       "2027-03-22..2027-03-27 --in 2027-04-05..2027-04-10 --same-day",
       "labslot visit --stop \"2h sem as Imaging\" --stop \"1d make-lab@acme-ghent\" --in 2027-04 "
       "--ordered --dry-run"});
  auto options = std::make_shared<VisitOptions>();
  AddVisitOptions(command, options.get());
  command->add_flag("--explain", session.explain,
                    "If it is refused, tell each rule in words for a newcomer");
  AddWriteFlags(command, &options->words.write);
  command->callback([&session, options] {
    session.action = [&session, options] { return Visit(session, *options); };
  });
}

}  // namespace labslot::client
