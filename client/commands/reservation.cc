// show and list.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/catalogue_names.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/outcome.h"
#include "client/commands/reservation_filter.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/suggest.h"
#include "client/time_grammar.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Reservation;
using v1::ReservationService;

struct ListOptions {
  std::string asset;
  std::string user;
  std::string organisation;
  std::string site;
  std::string state;
  std::string from;
  std::string to;
  bool mine = false;
  bool all = false;
  int limit = 0;
};

absl::Status ShowReservation(Session& session, const std::string& name) {
  v1::GetReservationRequest request;
  request.set_name(FullName(kReservations, name));
  const absl::StatusOr<Reservation> found =
      Read(session, &ReservationService::Stub::GetReservation, request);
  if (!found.ok()) return found.status();
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(found->time_zone());
  if (!zone.ok()) return zone.status();
  return session.output.ShowText(*found, ReservationTable({*found}, *zone, nullptr), [&] {
    return absl::StrCat("Reservation ", ShortName(found->name()), " is ", StateText(found->state()),
                        ".\n", Details(session, *found, *zone));
  });
}

absl::StatusOr<std::string> StateName(const std::string& word) {
  const std::string name = absl::AsciiStrToUpper(absl::StrReplaceAll(word, {{"-", "_"}}));
  std::vector<std::string> known;
  const auto* states = Reservation::State_descriptor();
  for (int i = 1; i < states->value_count(); ++i) {
    const std::string state = states->value(i)->name().substr(sizeof("STATE_") - 1);
    if (state == name || absl::StrCat("STATE_", state) == name) return state;
    known.push_back(absl::AsciiStrToLower(absl::StrReplaceAll(state, {{"_", "-"}})));
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", word, "\" is no state.",
                                                 DidYouMean(Suggest(word, known)), " There are ",
                                                 absl::StrJoin(known, ", "), "."));
}

absl::StatusOr<std::string> OwnName(Session& session) {
  const absl::StatusOr<v1::User> me =
      Read(session, &v1::DirectoryService::Stub::WhoAmI, v1::WhoAmIRequest());
  if (!me.ok()) return me.status();
  if (me->name().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("you are no user of the daemon but its ", me->display_name(),
                     ", so nothing is yours; name somebody with --user"));
  }
  return me->name();
}

std::string FilterTime(absl::Time time) {
  return absl::FormatTime("\"%Y-%m-%dT%H:%M:%SZ\"", time, absl::UTCTimeZone());
}

absl::StatusOr<std::string> Filter(Session& session, const ListOptions& options) {
  std::vector<std::string> terms;
  std::string user = FullName(kUsers, options.user);
  if (options.mine) {
    const absl::StatusOr<std::string> own = OwnName(session);
    if (!own.ok()) return own.status();
    user = *own;
  }
  for (const auto& [field, name] : std::vector<std::pair<std::string, std::string>>{
           {"asset", FullName(kAssets, options.asset)},
           {"user", user},
           {"organisation", FullName(kOrganisations, options.organisation)},
           {"site", FullName(kSites, options.site)}}) {
    if (absl::Status status = AddNameTerm(field, name, &terms); !status.ok()) return status;
  }
  if (!options.state.empty()) {
    const absl::StatusOr<std::string> state = StateName(options.state);
    if (!state.ok()) return state.status();
    terms.push_back(absl::StrCat("state = ", *state));
  } else if (!options.all) {
    terms.insert(terms.end(), {"state != CANCELLED", "state != EXPIRED", "state != REJECTED"});
  }
  const absl::StatusOr<TimeContext> times =
      options.asset.empty()
          ? TimesOfNoPlace(session)
          : TimesOfAsset(session, FullName(kAssets, options.asset), FullName(kSites, options.site));
  if (!times.ok()) return times.status();
  if (!options.from.empty()) {
    const absl::StatusOr<absl::Time> from = ParseMoment(options.from, *times);
    if (!from.ok()) return from.status();
    terms.push_back(absl::StrCat("end_time > ", FilterTime(*from)));
  }
  if (!options.to.empty()) {
    const absl::StatusOr<absl::Time> to = ParseMoment(options.to, *times);
    if (!to.ok()) return to.status();
    terms.push_back(absl::StrCat("start_time < ", FilterTime(*to)));
  }
  return absl::StrJoin(terms, " AND ");
}

// What there is no record of, of a name in the filter.
template <typename Stub, typename Request, typename Reply>
std::string UnknownHint(Session& session, Connection::Method<Stub, Request, Reply> get,
                        absl::string_view what, absl::string_view collection,
                        const std::string& name) {
  if (name.empty()) return "";
  Request request;
  request.set_name(FullName(collection, name));
  if (!absl::IsNotFound(Read(session, get, request).status())) return "";
  return absl::StrCat("; there is no ", what, " ", Printable(ShortName(name)), ".",
                      DidYouMean(Suggest(ShortName(name), NamesIn(session, collection))));
}

// Why there may be none.
std::string EmptyListHint(Session& session, const ListOptions& options) {
  using v1::DirectoryService;
  return absl::StrCat(
      UnknownHint(session, &DirectoryService::Stub::GetUser, "user", kUsers, options.user),
      UnknownHint(session, &DirectoryService::Stub::GetOrganisation, "organisation", kOrganisations,
                  options.organisation),
      UnknownHint(session, &v1::CatalogueService::Stub::GetSite, "site", kSites, options.site));
}

absl::Status List(Session& session, const ListOptions& options) {
  const absl::StatusOr<std::string> filter = Filter(session, options);
  if (!filter.ok()) return filter.status();
  const absl::StatusOr<v1::ListReservationsResponse> reply =
      ListReservations(session, *filter, options.limit);
  if (!reply.ok()) return reply.status();
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  const std::vector<Reservation> found(reply->reservations().begin(), reply->reservations().end());
  Table table = ReservationTable(found, *zone, session.zone.has_value() ? &*zone : nullptr);
  if (found.empty() && session.output.ForPeople()) {
    absl::StrAppend(&table.when_empty, EmptyListHint(session, options));
  }
  return session.output.Show(*reply, table);
}

}  // namespace

void AddReservationCommands(CLI::App& root, Session& session) {
  CLI::App* show = AddCommand(root, "show", "Show one reservation",
                              {"labslot show 1042", "labslot show 1042 -o yaml"});
  auto name = std::make_shared<std::string>();
  show->add_option("reservation", *name, "Its id, such as 1042")
      ->type_name("RESERVATION")
      ->required();
  show->callback([&session, name] {
    session.action = [&session, name] { return ShowReservation(session, *name); };
  });

  CLI::App* list = AddCommand(root, "list", "List reservations, by start",
                              {"labslot list --mine --from today",
                               "labslot list --asset make-lab --from 2027-03-01 --to 2027-04-01",
                               "labslot list --org acme --state cancelled -o csv"});
  auto options = std::make_shared<ListOptions>();
  list->add_option("--asset", options->asset, "Of this asset")->type_name("ASSET");
  list->add_option("--user", options->user, "Of this user")->type_name("USER");
  list->add_option("--org", options->organisation, "For this organisation")->type_name("ORG");
  list->add_option("--site", options->site, "At this site")->type_name("SITE");
  list->add_option("--state", options->state, "In this state, such as held or cancelled");
  list->add_option("--from", options->from, "Those that end after this moment")->type_name("TIME");
  list->add_option("--to", options->to, "Those that start before this moment")->type_name("TIME");
  list->add_flag("--mine", options->mine, "Your own");
  list->add_flag("--all", options->all, "Cancelled, rejected and expired ones too");
  list->add_option("--limit", options->limit, "At most so many")->check(CLI::PositiveNumber);
  list->callback([&session, options] {
    session.action = [&session, options] { return List(session, *options); };
  });
}

}  // namespace labslot::client
