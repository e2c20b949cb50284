// book and hold.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/flexible_wish.h"
#include "client/commands/outcome.h"
#include "client/commands/series_create.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/time_grammar.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Reservation;
using v1::ReservationService;
using OnConflict = v1::CreateReservationRequest::OnConflict;

// How it differs from what was asked for, as it goes on behind a state.
std::string DifferenceText(const Reservation& made, const Reservation& wish, absl::TimeZone zone) {
  std::string text;
  if (ItemsText(made.items()) != ItemsText(wish.items())) {
    absl::StrAppend(&text, ", with ", Printable(ItemsText(made.items())), " instead of ",
                    Printable(ItemsText(wish.items())));
  }
  if (!wish.site().empty() && made.site() != wish.site()) {
    absl::StrAppend(&text, ", at ", Printable(ShortName(made.site())), " instead of ",
                    Printable(ShortName(wish.site())));
  }
  if (ToTime(made.interval().start_time()) != ToTime(wish.interval().start_time()) ||
      ToTime(made.interval().end_time()) != ToTime(wish.interval().end_time())) {
    absl::StrAppend(&text, ", at another time than asked for: ", SpanText(made.interval(), zone),
                    " instead of ", SpanText(wish.interval(), zone));
  }
  return text;
}

// What became of a wish: what it is now, and what differs from what was asked for.
std::string Headline(const Reservation& made, const Reservation& wish, const BookOptions& options,
                     absl::TimeZone zone) {
  std::string text = options.write.dry_run
                         ? "It would be "
                         : absl::StrCat("Reservation ", Printable(ShortName(made.name())), " is ");
  if (made.state() == Reservation::STATE_WAITLISTED) {
    absl::StrAppend(&text, "on the wait list");
    if (made.has_hold_expire_time()) {
      absl::StrAppend(&text, " until ", TimeTextWithZone(ToTime(made.hold_expire_time()), zone));
    }
    absl::StrAppend(&text, ": others stand in the way. It gets an offer when time is freed.");
  } else {
    absl::StrAppend(&text, StateText(made.state()), DifferenceText(made, wish, zone), ".");
  }
  return absl::StrCat(text, DryRunNote(options.write), "\n");
}

OnConflict OnConflictOf(const BookOptions& options) {
  if (options.wait) return v1::CreateReservationRequest::WAIT_LIST;
  if (options.displace) return v1::CreateReservationRequest::DISPLACE;
  if (options.nearest) return v1::CreateReservationRequest::NEAREST;
  return v1::CreateReservationRequest::ON_CONFLICT_UNSPECIFIED;
}

}  // namespace

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
  request.set_on_conflict(OnConflictOf(options));

  const absl::TimeZone zone = wish->times.zone;
  session.alternative_command = [&options, command, zone](const v1::Alternative& alternative) {
    return PasteLine(command, options, alternative, zone);
  };
  const absl::StatusOr<Reservation> made =
      Write(session, &ReservationService::Stub::CreateReservation, request, options.write);
  if (!made.ok()) return made.status();
  return session.output.ShowText(*made, ReservationTable({*made}, zone, nullptr), [&] {
    return absl::StrCat(Headline(*made, request.reservation(), options, zone),
                        Details(session, *made, zone));
  });
}

namespace {

absl::Status BookSeries(Session& session, const BookOptions& options, const RepeatOptions& repeat) {
  if (const std::string given = FlexibilityGiven(options); !given.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        given, " does not go with a series: book its days one by one, or leave it out"));
  }
  return CreateSeries(session, options, repeat);
}

// --displace and --nearest. Returns them, for others that exclude them.
std::pair<CLI::Option*, CLI::Option*> AddConflictFlags(CLI::App* command, BookOptions* options) {
  CLI::Option* displace = command->add_flag(
      "--displace", options->displace,
      "Take the place of others, where a policy lets you; see `plan displacement`");
  CLI::Option* nearest = command->add_flag(
      "--nearest", options->nearest, "If it is refused, book the first of what would pass instead");
  displace->excludes(nearest);
  return {displace, nearest};
}

void AddOnConflict(CLI::App* book, BookOptions* options) {
  const auto [displace, nearest] = AddConflictFlags(book, options);
  CLI::Option* wait =
      book->add_flag("--wait", options->wait, "Go on the wait list if others stand in the way");
  wait->excludes(displace)->excludes(nearest);
  CLI::Option* round =
      book->add_option("--round", options->round,
                       "Compete in this round: it is decided when the round is cleared")
          ->type_name("ROUND");
  round->excludes(wait)->excludes(displace)->excludes(nearest);
  AddValueOption(book, options);
}

void AddBook(CLI::App& root, Session& session) {
  CLI::App* book = AddCommand(
      root, "book", "Reserve assets for a time",
      {"labslot book make-lab tomorrow 9:00..12:00 --site acme-ghent --for \"Welding demo\"",
       "labslot book rigs:3 clean-room mon 14:00 +2h --org flanders-make",
       "labslot book sem --at 2027-03-28T08:00/PT2H --dry-run",
       "labslot book sem mon 9:00..12:00 --window \"mon 8:00..fri 18:00\" --wait",
       "labslot book sem mon 9:00..12:00 --flex 2h --or \"fib-sem @ tue 9:00..12:00\" --or fib-sem",
       "labslot book sem mon 9:00..12:00 --priority 9 --displace",
       "labslot book sem mon 9:00..12:00 --class rental --activity-reason \"paid, no research\"",
       "labslot book sem tue 9:00..11:00 --repeat \"every tue,thu until 2027-06-30\"",
       "labslot book sem tomorrow 9:00..18:00 --explain    # tells refusals at length"});
  auto options = std::make_shared<BookOptions>();
  auto repeat = std::make_shared<RepeatOptions>();
  AddWishOptions(book, options.get());
  AddWindowOptions(book, options.get());
  AddChoiceOptions(book, options.get());
  AddOnConflict(book, options.get());
  AddRepeatOptions(book, repeat.get());
  AddRefusalOptions(book, session, &options->override_reason);
  AddWriteFlags(book, &options->write);
  book->callback([&session, options, repeat] {
    session.action = [&session, options, repeat] {
      if (IsGiven(*repeat)) return BookSeries(session, *options, *repeat);
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
  AddWindowOptions(hold, options.get());
  AddChoiceOptions(hold, options.get());
  AddConflictFlags(hold, options.get());
  hold->add_option("--ttl,--hold-for", options->ttl, "For how long (default: 30m)")
      ->type_name("LENGTH");
  AddRefusalOptions(hold, session, &options->override_reason);
  AddWriteFlags(hold, &options->write);
  hold->callback([&session, options] {
    session.action = [&session, options] { return Book(session, "hold", *options); };
  });
}

}  // namespace labslot::client
