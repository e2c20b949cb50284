// series create, show, list, update, cancel and retry.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/series_create.h"
#include "client/commands/series_text.h"
#include "client/days.h"
#include "client/names.h"
#include "client/places.h"
#include "client/yaml/record_reader.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::ReservationService;
using v1::Series;

struct SeriesOptions {
  std::string id;
  std::string from;
  std::string at;
  std::vector<std::string> assignments;
  std::vector<std::string> dates;
  RepeatOptions repeat;
  std::string reason;
  std::string override_reason;
  WriteFlags write;
};

absl::StatusOr<Series> GetSeries(Session& session, const std::string& id) {
  v1::GetSeriesRequest request;
  request.set_name(FullName(kSeries, id));
  return Read(session, &ReservationService::Stub::GetSeries, request);
}

// What days and times of a series are read against.
absl::StatusOr<TimeContext> TimesOf(Session& session, const Series& series) {
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(series.recurrence().time_zone());
  if (!zone.ok()) return zone.status();
  session.place_zone = *zone;
  return TimeContext{session.environment.now(), *zone};
}

absl::Status ReadFrom(const std::string& text, const TimeContext& times, google::type::Date* date) {
  const absl::StatusOr<absl::CivilDay> day = ParseDay(text, times);
  if (day.ok()) *date = ToDate(*day);
  return day.status();
}

// Moves the first day's local start and end to a time such as 10:00-12:00; a
// start alone keeps the length.
absl::Status MoveTime(const std::string& text, const TimeContext& times,
                      v1::Recurrence* recurrence) {
  absl::CivilSecond start;
  absl::CivilSecond end;
  if (!absl::ParseLenientCivilTime(recurrence->start(), &start) ||
      !absl::ParseLenientCivilTime(recurrence->end(), &end)) {
    return absl::InternalError("the daemon sent a local time that cannot be read");
  }
  // A time without a day is of the first day.
  const TimeContext first{absl::FromCivil(absl::CivilDay(start), times.zone), times.zone};
  if (LooksLikeRange(text)) {
    const absl::StatusOr<TimeRange> range = ParseRange(text, first, BareDay::kIsError);
    if (!range.ok()) return range.status();
    recurrence->set_start(LocalTime(times.zone.At(range->start).cs));
    recurrence->set_end(LocalTime(times.zone.At(range->end).cs));
    return absl::OkStatus();
  }
  const absl::StatusOr<absl::Time> moved = ParseMoment(text, first);
  if (!moved.ok()) return moved.status();
  const absl::CivilSecond new_start = times.zone.At(*moved).cs;
  recurrence->set_start(LocalTime(new_start));
  recurrence->set_end(LocalTime(new_start + (end - start)));
  return absl::OkStatus();
}

// Fills the request with what the options change, and the mask with its names.
absl::Status ReadChanges(Session& session, const SeriesOptions& options, const Series& before,
                         const TimeContext& times, v1::UpdateSeriesRequest* request) {
  Series* series = request->mutable_series();
  std::vector<std::string> paths;
  if (absl::Status status =
          ApplyAssignments(options.assignments, series->mutable_reservation(), &paths);
      !status.ok()) {
    return status;
  }
  for (const std::string& path : paths) {
    request->mutable_update_mask()->add_paths(absl::StrCat("reservation.", path));
  }
  if (!options.at.empty() || IsGiven(options.repeat)) {
    const absl::Status status = KeepsWallClock(session, before.recurrence().time_zone());
    if (!status.ok()) return status;
    *series->mutable_recurrence() = before.recurrence();
    request->mutable_update_mask()->add_paths("recurrence");
  }
  if (!options.at.empty()) {
    if (absl::Status status = MoveTime(options.at, times, series->mutable_recurrence());
        !status.ok()) {
      return status;
    }
  }
  if (IsGiven(options.repeat)) {
    if (absl::Status status =
            ReadRecurrence(session, options.repeat, times, series->mutable_recurrence());
        !status.ok()) {
      return status;
    }
  }
  if (!HasContract(options.repeat)) return absl::OkStatus();
  request->mutable_update_mask()->add_paths("contract");
  return ReadContract(options.repeat, series->mutable_contract());
}

absl::Status Update(Session& session, const SeriesOptions& options) {
  const absl::StatusOr<Series> before = GetSeries(session, options.id);
  if (!before.ok()) return before.status();
  const absl::StatusOr<TimeContext> times = TimesOf(session, *before);
  if (!times.ok()) return times.status();
  v1::UpdateSeriesRequest request;
  if (absl::Status status = ReadChanges(session, options, *before, *times, &request);
      !status.ok()) {
    return status;
  }
  if (request.update_mask().paths().empty()) {
    return absl::InvalidArgumentError(
        "say what to change: FIELD=VALUE, --at, --repeat, --except, --also, --skip-conflicts or "
        "--at-most");
  }
  if (!options.from.empty()) {
    if (absl::Status status = ReadFrom(options.from, *times, request.mutable_from_date());
        !status.ok()) {
      return status;
    }
  }
  request.mutable_series()->set_name(before->name());
  request.mutable_series()->set_etag(before->etag());
  request.set_reason(options.reason);
  request.set_override_reason(options.override_reason);
  const absl::StatusOr<Series> changed =
      Write(session, &ReservationService::Stub::UpdateSeries, request, options.write);
  if (!changed.ok()) return changed.status();
  return ShowSeries(session, *changed, "changed", options.write);
}

absl::Status Cancel(Session& session, const SeriesOptions& options) {
  v1::CancelSeriesRequest request;
  request.set_name(FullName(kSeries, options.id));
  if (!options.from.empty()) {
    const absl::StatusOr<Series> before = GetSeries(session, options.id);
    if (!before.ok()) return before.status();
    const absl::StatusOr<TimeContext> times = TimesOf(session, *before);
    if (!times.ok()) return times.status();
    if (absl::Status status = ReadFrom(options.from, *times, request.mutable_from_date());
        !status.ok()) {
      return status;
    }
  }
  request.set_reason(options.reason);
  request.set_override_reason(options.override_reason);
  const absl::StatusOr<Series> cancelled =
      Write(session, &ReservationService::Stub::CancelSeries, request, options.write);
  if (!cancelled.ok()) return cancelled.status();
  const std::string done =
      options.from.empty() ? "cancelled" : absl::StrCat("cancelled from ", options.from, " on");
  return ShowSeries(session, *cancelled, done, options.write);
}

absl::Status Retry(Session& session, const SeriesOptions& options) {
  v1::RetrySeriesRequest request;
  request.set_name(FullName(kSeries, options.id));
  if (!options.dates.empty()) {
    const absl::StatusOr<TimeContext> times = TimesOfNoPlace(session);
    if (!times.ok()) return times.status();
    const absl::StatusOr<std::vector<absl::CivilDay>> days = ParseDayList(options.dates, *times);
    if (!days.ok()) return days.status();
    for (const absl::CivilDay day : *days) *request.add_dates() = ToDate(day);
  }
  request.set_override_reason(options.override_reason);
  const absl::StatusOr<Series> tried =
      Write(session, &ReservationService::Stub::RetrySeries, request, options.write);
  if (!tried.ok()) return tried.status();
  return ShowSeries(session, *tried, "tried again", options.write);
}

absl::Status Show(Session& session, const std::string& id) {
  const absl::StatusOr<Series> series = GetSeries(session, id);
  if (!series.ok()) return series.status();
  return ShowSeries(session, *series, "", {});
}

absl::Status List(Session& session) {
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<v1::ListSeriesResponse> reply =
      (*connection)
          ->ReadPages(&ReservationService::Stub::ListSeries, v1::ListSeriesRequest(),
                      std::function<int(const v1::ListSeriesResponse&)>(
                          [](const v1::ListSeriesResponse& page) { return page.series_size(); }));
  if (!reply.ok()) return reply.status();
  return session.output.Show(*reply, SeriesTable({reply->series().begin(), reply->series().end()}));
}

void AddCreate(CLI::App& group, Session& session) {
  CLI::App* create = AddCommand(
      group, "create", "Reserve the same on many days",
      {"labslot series create sem tue 9:00..11:00 --repeat \"every tue,thu until 2027-06-30\"",
       "labslot series create rigs:2 \"2027-03-01 13:00 +4h\" --repeat \"weekly 12 times\" "
       "--skip-conflicts",
       "labslot series create line \"2027-03-05 8:00..12:00\" --rrule "
       "\"FREQ=MONTHLY;BYDAY=1FR;COUNT=6\" --at-most 1",
       "labslot series create sem \"mon 9:00..10:00\" --repeat \"daily until 2027-04-30\" --except "
       "2027-04-05..2027-04-09"});
  auto book = std::make_shared<BookOptions>();
  auto repeat = std::make_shared<RepeatOptions>();
  AddWishOptions(create, book.get());
  AddRepeatOptions(create, repeat.get());
  AddRefusalOptions(create, session, &book->override_reason);
  AddWriteFlags(create, &book->write);
  create->callback([&session, book, repeat] {
    session.action = [&session, book, repeat] { return CreateSeries(session, *book, *repeat); };
  });
}

using Action = absl::Status (*)(Session&, const SeriesOptions&);

// A command that changes one series.
std::shared_ptr<SeriesOptions> AddChange(CLI::App* command, Session& session, Action action) {
  auto options = std::make_shared<SeriesOptions>();
  command->add_option("series", options->id, "Its id, such as 7")->type_name("SERIES")->required();
  AddRefusalOptions(command, session, &options->override_reason);
  AddWriteFlags(command, &options->write);
  command->callback([&session, options, action] {
    session.action = [&session, options, action] { return action(session, *options); };
  });
  return options;
}

void AddFromAndReason(CLI::App* command, SeriesOptions* options) {
  command->add_option("--from", options->from, "Only the days from this one on (default: all)")
      ->type_name("DATE");
  command->add_option("--reason", options->reason, "Why; kept with the change");
}

void AddUpdate(CLI::App& group, Session& session) {
  CLI::App* update = AddCommand(
      group, "update", "Change a series from a day on",
      {"labslot series update 7 --at 10:00-12:00",
       "labslot series update 7 --from 2027-05-01 --repeat \"every mon until 2027-06-30\"",
       "labslot series update 7 display_name=\"Welding course\" attendees=12",
       "labslot series update 7 --except 2027-05-06 --reason \"Ascension Day\""});
  const auto options = AddChange(update, session, Update);
  update
      ->add_option("assignments", options->assignments,
                   "New values of display_name, items, site, purpose, project, priority, "
                   "activity_class, attendees, confidential or labels")
      ->type_name("FIELD=VALUE");
  update->add_option("--at", options->at, "New time of day, as in 10:00-12:00 or 10:00")
      ->type_name("TIME");
  AddRepeatOptions(update, &options->repeat);
  AddFromAndReason(update, options.get());
}

}  // namespace

void AddSeriesCommands(CLI::App& root, Session& session) {
  CLI::App* group =
      AddCommand(root, "series", "Reservations that repeat",
                 {"labslot series create sem tue 9:00..11:00 --repeat \"weekly 10 times\"",
                  "labslot series show 7"});
  group->require_subcommand(1);
  AddCreate(*group, session);

  CLI::App* show = AddCommand(*group, "show", "Show a series, one row a day",
                              {"labslot series show 7", "labslot series show 7 -o csv"});
  auto id = std::make_shared<std::string>();
  show->add_option("series", *id, "Its id, such as 7")->type_name("SERIES")->required();
  show->callback(
      [&session, id] { session.action = [&session, id] { return Show(session, *id); }; });
  CLI::App* list = AddCommand(*group, "list", "List the series that you may see",
                              {"labslot series list", "labslot series list -o wide"});
  list->callback([&session] { session.action = [&session] { return List(session); }; });

  AddUpdate(*group, session);
  CLI::App* cancel =
      AddCommand(*group, "cancel", "Call a series off; what has begun stays",
                 {"labslot series cancel 7 --from 2027-05-01 --reason \"term is over\"",
                  "labslot series cancel 7 --dry-run"});
  AddFromAndReason(cancel, AddChange(cancel, session, Cancel).get());
  CLI::App* retry = AddCommand(*group, "retry", "Try refused days again",
                               {"labslot series retry 7", "labslot series retry 7 2027-04-06"});
  const auto retry_options = AddChange(retry, session, Retry);
  retry->add_option("dates", retry_options->dates, "Only these days (default: all refused ones)")
      ->type_name("DATE");
}

}  // namespace labslot::client
