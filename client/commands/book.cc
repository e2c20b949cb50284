// book and hold.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/approval_text.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/series_create.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/time_grammar.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Reservation;
using v1::ReservationService;

std::string Headline(const Reservation& made, const BookOptions& options) {
  const std::string state = StateText(made.state());
  if (options.write.dry_run)
    return absl::StrCat("It would be ", state, ". Nothing was changed (--dry-run).\n");
  return absl::StrCat("Reservation ", ShortName(made.name()), " is ", state, ".\n");
}

absl::Status Book(Session& session, const std::string& command, const BookOptions& options) {
  v1::CreateReservationRequest request;
  if (command == "hold") {
    const absl::StatusOr<absl::Duration> ttl = ParseDuration(options.ttl);
    if (!ttl.ok()) return ttl.status();
    *request.mutable_hold_duration() = ToProtoDuration(*ttl);
  }
  absl::StatusOr<Wish> wish = ReadWish(session, command, options);
  if (!wish.ok()) return wish.status();
  *request.mutable_reservation() = std::move(wish->reservation);
  request.set_override_reason(options.override_reason);

  const absl::TimeZone zone = wish->times.zone;
  session.alternative_command = [&options, command, zone](const v1::Alternative& alternative) {
    return PasteLine(command, options, alternative, zone);
  };
  const absl::StatusOr<Reservation> made =
      Write(session, &ReservationService::Stub::CreateReservation, request, options.write);
  if (!made.ok()) return made.status();
  return session.output.ShowText(*made, ReservationTable({*made}, zone, nullptr), [&] {
    return absl::StrCat(Headline(*made, options), ReservationText(*made, zone),
                        ApprovalText(session, *made, zone));
  });
}

void AddBook(CLI::App& root, Session& session) {
  CLI::App* book = AddCommand(
      root, "book", "Reserve assets for a time",
      {"labslot book make-lab tomorrow 9:00..12:00 --site acme-ghent --for \"Welding demo\"",
       "labslot book rigs:3 clean-room mon 14:00 +2h --org flanders-make",
       "labslot book sem --at 2027-03-28T08:00/PT2H --dry-run",
       "labslot book sem tue 9:00..11:00 --repeat \"every tue,thu until 2027-06-30\"",
       "labslot book sem tomorrow 9:00..18:00 --explain    # tells refusals at length"});
  auto options = std::make_shared<BookOptions>();
  auto repeat = std::make_shared<RepeatOptions>();
  AddWishOptions(book, options.get());
  AddRepeatOptions(book, repeat.get());
  AddRefusalOptions(book, session, &options->override_reason);
  AddWriteFlags(book, &options->write);
  book->callback([&session, options, repeat] {
    session.action = [&session, options, repeat] {
      if (IsGiven(*repeat)) return CreateSeries(session, *options, *repeat);
      return Book(session, "book", *options);
    };
  });
}

}  // namespace

void AddBookCommands(CLI::App& root, Session& session) {
  AddBook(root, session);
  CLI::App* hold = AddCommand(root, "hold", "Hold a slot for a while, to confirm it later",
                              {"labslot hold sem tomorrow 9:00..12:00 --ttl 2h",
                               "labslot hold make-lab \"next mon 8:00 +1d\" --site acme-ghent"});
  auto options = std::make_shared<BookOptions>();
  AddWishOptions(hold, options.get());
  hold->add_option("--ttl,--hold-for", options->ttl, "For how long (default: 30m)")
      ->type_name("LENGTH");
  AddRefusalOptions(hold, session, &options->override_reason);
  AddWriteFlags(hold, &options->write);
  hold->callback([&session, options] {
    session.action = [&session, options] { return Book(session, "hold", *options); };
  });
}

}  // namespace labslot::client
