// confirm, move, extend and cancel.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/outcome.h"
#include "client/moment_reader.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Reservation;
using v1::ReservationService;

struct ChangeOptions {
  std::string reservation;
  std::vector<std::string> time;
  std::string site;
  std::vector<std::string> assets;
  std::string reason;
  std::string override_reason;
  WriteFlags write;
};

absl::StatusOr<Reservation> GetReservation(Session& session, const std::string& name) {
  v1::GetReservationRequest request;
  request.set_name(FullName(kReservations, name));
  return Read(session, &ReservationService::Stub::GetReservation, request);
}

// How to move to an alternative, which may be another asset or site.
std::string MoveLine(const Reservation& before, const v1::Alternative& other,
                     absl::TimeZone fallback) {
  const absl::TimeZone zone = ZoneOr(other.time_zone(), fallback);
  std::string line = absl::StrCat("labslot move ", ShellWord(ShortName(before.name())), " ",
                                  ShellWord(SpanToType(ToTime(other.interval().start_time()),
                                                       ToTime(other.interval().end_time()), zone)));
  if (zone.name() != fallback.name()) absl::StrAppend(&line, " --zone ", zone.name());
  if (ItemsText(other.items()) != ItemsText(before.items())) {
    for (const v1::Item& item : other.items()) {
      absl::StrAppend(&line, " --asset ", ShellWord(ItemText(item)));
    }
  }
  if (other.site() != before.site() && !other.site().empty()) {
    absl::StrAppend(&line, " --site ", ShellWord(ShortName(other.site())));
  }
  return line;
}

// Sends the new interval, with the site and the assets if they were given,
// guarded by the etag.
absl::Status SendChange(Session& session, const Reservation& before, absl::Time start,
                        absl::Time end, const ChangeOptions& options, const std::string& headline) {
  if (end <= start) {
    return absl::InvalidArgumentError("that would leave no time: the end is not after the start");
  }
  v1::UpdateReservationRequest request;
  Reservation* wish = request.mutable_reservation();
  wish->set_name(before.name());
  wish->set_etag(before.etag());
  *wish->mutable_interval() = ToInterval(start, end);
  request.mutable_update_mask()->add_paths("interval");
  if (!options.site.empty()) {
    wish->set_site(FullName(kSites, options.site));
    request.mutable_update_mask()->add_paths("site");
  }
  if (!options.assets.empty()) {
    if (absl::Status status = ReadItems(options.assets, wish); !status.ok()) return status;
    request.mutable_update_mask()->add_paths("items");
  }
  request.set_reason(options.reason);
  request.set_override_reason(options.override_reason);
  const absl::TimeZone zone = session.place_zone.value_or(session.environment.local_zone);
  session.alternative_command = [before, zone](const v1::Alternative& other) {
    return MoveLine(before, other, zone);
  };
  const absl::StatusOr<Reservation> changed =
      Write(session, &ReservationService::Stub::UpdateReservation, request, options.write);
  if (!changed.ok()) return changed.status();
  return ShowOutcome(session, *changed, headline, options.write);
}

// The zone in which the new time is to be read: that of the new place.
absl::StatusOr<TimeContext> TimesOf(Session& session, const Reservation& reservation,
                                    const std::string& site) {
  absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(reservation.time_zone());
  if (!site.empty() && !session.zone.has_value()) {
    const absl::StatusOr<v1::Site> place = GetSite(session, FullName(kSites, site));
    if (!place.ok()) return place.status();
    zone = session.ZoneFor(place->time_zone());
  }
  if (!zone.ok()) return zone.status();
  session.place_zone = *zone;
  return TimeContext{session.environment.now(), *zone};
}

// A range, a new start that keeps the length, or a shift such as +1d.
absl::StatusOr<TimeRange> NewRange(const std::string& text, const Reservation& before,
                                   const TimeContext& times) {
  const absl::Time start = ToTime(before.interval().start_time());
  const absl::Duration length = ToTime(before.interval().end_time()) - start;
  Length shift;
  if (text.empty()) return TimeRange{start, start + length};
  if (ParseShift(text, &shift)) {
    const absl::StatusOr<absl::Time> moved = AddLength(start, shift, times.zone);
    if (!moved.ok()) return moved.status();
    return TimeRange{*moved, *moved + length};
  }
  if (LooksLikeRange(text)) return ParseRange(text, times, BareDay::kIsError);
  const absl::StatusOr<absl::Time> moved = ParseMoment(text, times);
  if (!moved.ok()) return moved.status();
  return TimeRange{*moved, *moved + length};
}

absl::Status Move(Session& session, const ChangeOptions& options) {
  const absl::StatusOr<Reservation> before = GetReservation(session, options.reservation);
  if (!before.ok()) return before.status();
  const std::string text = absl::StrJoin(options.time, " ");
  if (text.empty() && options.site.empty() && options.assets.empty()) {
    return absl::InvalidArgumentError("say where to: a time, --site or --asset");
  }
  const absl::StatusOr<TimeContext> times = TimesOf(session, *before, options.site);
  if (!times.ok()) return times.status();
  const absl::StatusOr<TimeRange> range = NewRange(text, *before, *times);
  if (!range.ok()) return range.status();
  return SendChange(session, *before, range->start, range->end, options, "moved");
}

// A time alone is of the day on which the reservation ends; a weekday counts from its
// start.
absl::StatusOr<absl::Time> ReadEnd(const std::string& text, absl::Time start, absl::Time end,
                                   const TimeContext& times) {
  const absl::CivilDay first_day(times.zone.At(start).cs);
  const TimeContext context{ReferenceOfEnd(text, first_day, times), times.zone};
  const absl::CivilDay last_day(times.zone.At(end - absl::Seconds(1)).cs);
  const absl::StatusOr<Moment> moment = ReadMomentOf(last_day, text, context);
  if (!moment.ok()) return moment.status();
  return moment->time;
}

absl::Status Extend(Session& session, const ChangeOptions& options) {
  const absl::StatusOr<Reservation> before = GetReservation(session, options.reservation);
  if (!before.ok()) return before.status();
  const absl::StatusOr<TimeContext> times = TimesOf(session, *before, "");
  if (!times.ok()) return times.status();
  const absl::Time start = ToTime(before->interval().start_time());
  const absl::Time end = ToTime(before->interval().end_time());
  const std::string text = absl::StrJoin(options.time, " ");
  Length shift;
  if (ParseShift(text, &shift)) {
    const absl::StatusOr<absl::Time> moved = AddLength(end, shift, times->zone);
    if (!moved.ok()) return moved.status();
    return SendChange(session, *before, start, *moved, options, "changed");
  }
  const absl::StatusOr<absl::Time> moved = ReadEnd(text, start, end, *times);
  if (!moved.ok()) return moved.status();
  if (*moved <= start) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" would leave no time: it is not after the start"));
  }
  return SendChange(session, *before, start, *moved, options, "changed");
}

absl::Status Confirm(Session& session, const ChangeOptions& options) {
  v1::ConfirmReservationRequest request;
  request.set_name(FullName(kReservations, options.reservation));
  const absl::StatusOr<Reservation> confirmed =
      Write(session, &ReservationService::Stub::ConfirmReservation, request, options.write);
  if (!confirmed.ok()) return confirmed.status();
  return ShowOutcome(session, *confirmed, StateText(confirmed->state()), options.write);
}

absl::Status Cancel(Session& session, const ChangeOptions& options) {
  v1::CancelReservationRequest request;
  request.set_name(FullName(kReservations, options.reservation));
  request.set_reason(options.reason);
  request.set_override_reason(options.override_reason);
  const absl::StatusOr<Reservation> cancelled =
      Write(session, &ReservationService::Stub::CancelReservation, request, options.write);
  if (!cancelled.ok()) return cancelled.status();
  return ShowOutcome(session, *cancelled, "cancelled", options.write);
}

using Action = absl::Status (*)(Session&, const ChangeOptions&);

// What all four have in common.
std::shared_ptr<ChangeOptions> AddChange(CLI::App* command, Session& session, Action action) {
  auto options = std::make_shared<ChangeOptions>();
  command->add_option("reservation", options->reservation, "Its id, such as 1042")
      ->type_name("RESERVATION")
      ->required();
  AddWriteFlags(command, &options->write);
  command->callback([&session, options, action] {
    session.action = [&session, options, action] { return action(session, *options); };
  });
  return options;
}

void AddReason(CLI::App* command, Session& session, ChangeOptions* options) {
  command->add_option("--reason", options->reason, "Why; kept with the change");
  AddRefusalOptions(command, session, &options->override_reason);
}

}  // namespace

void AddChangeCommands(CLI::App& root, Session& session) {
  CLI::App* confirm = AddCommand(root, "confirm", "Make a hold firm",
                                 {"labslot confirm 1042", "labslot confirm 1042 --dry-run"});
  AddChange(confirm, session, Confirm);
  confirm->add_flag("--explain", session.explain,
                    "If it is refused, tell each rule in words for a newcomer");

  CLI::App* move =
      AddCommand(root, "move", "Move a reservation to another time, asset or site",
                 {"labslot move 1042 tomorrow 14:00        # keeps its length",
                  "labslot move 1042 tomorrow 14:00-17:00",
                  "labslot move 1042 +1d                   # a day later, same wall-clock time",
                  "labslot move 1042 --site acme-ghent", "labslot move 1042 --asset fib-sem"});
  const auto move_options = AddChange(move, session, Move);
  move->add_option("time", move_options->time, "A range, a new start, or a shift such as +1d")
      ->type_name("TIME");
  move->add_option("--site", move_options->site, "Where a mobile asset comes to")
      ->type_name("SITE");
  move->add_option("--asset", move_options->assets,
                   "Instead of its assets, NAME or NAME:QUANTITY; may be repeated")
      ->type_name("ASSET")
      ->allow_extra_args(false);
  AddReason(move, session, move_options.get());

  CLI::App* extend = AddCommand(
      root, "extend", "Let a reservation end later, or earlier",
      {"labslot extend 1042 +2h", "labslot extend 1042 17:30", "labslot extend 1042 -30m"});
  const auto extend_options = AddChange(extend, session, Extend);
  extend
      ->add_option(
          "time", extend_options->time,
          "The new end, a time alone on the day on which it ends, or how much later (+2h, -30m)")
      ->type_name("TIME")
      ->required();
  AddReason(extend, session, extend_options.get());

  CLI::App* cancel = AddCommand(root, "cancel", "Call a reservation off",
                                {"labslot cancel 1042 --reason \"machine is down\"",
                                 "labslot cancel reservations/1042 --dry-run",
                                 "labslot cancel 1042 --override \"the course moved\""});
  const auto cancel_options = AddChange(cancel, session, Cancel);
  AddReason(cancel, session, cancel_options.get());
}

}  // namespace labslot::client
