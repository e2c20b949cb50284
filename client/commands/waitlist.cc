// waitlist, offer accept and offer decline.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/outcome.h"
#include "client/commands/reservation_filter.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "client/output/time_text.h"
#include "client/places.h"
#include "labslot/v1/policy_service.grpc.pb.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::ListReservationsResponse;
using v1::Reservation;
using v1::ReservationService;

// The number in `reservations/1042`.
std::int64_t NumberOf(const Reservation& reservation) {
  std::int64_t number = 0;
  return absl::SimpleAtoi(ShortName(reservation.name()), &number) ? number : 0;
}

bool IsOffered(const Reservation& reservation) {
  return reservation.state() == Reservation::STATE_OFFERED;
}

bool IsDisplaced(const Reservation& reservation) {
  return reservation.state() == Reservation::STATE_DISPLACED;
}

// The order in which they are served; those that were come first, and then those
// that had to give way. What quotas of a fair share say of it only the daemon knows.
bool ServedBefore(const Reservation& a, const Reservation& b) {
  if (IsOffered(a) != IsOffered(b)) return IsOffered(a);
  if (IsDisplaced(a) != IsDisplaced(b)) return IsDisplaced(a);
  if (a.priority() != b.priority()) return a.priority() > b.priority();
  return NumberOf(a) < NumberOf(b);
}

// All that waits or is offered for any of these assets, each once, in the order
// in which they are served. No assets means all.
absl::StatusOr<ListReservationsResponse> ReadQueue(Session& session,
                                                   const std::vector<std::string>& assets) {
  std::vector<Reservation> found;
  std::set<std::string> seen;
  const std::vector<std::string> every = {""};
  for (const std::string& asset : assets.empty() ? every : assets) {
    for (const absl::string_view state :
         {"state = OFFERED", "state = DISPLACED", "state = WAITLISTED"}) {
      std::vector<std::string> terms;
      if (absl::Status status = AddNameTerm("asset", asset, &terms); !status.ok()) return status;
      terms.emplace_back(state);
      const absl::StatusOr<ListReservationsResponse> page =
          ListReservations(session, absl::StrJoin(terms, " AND "));
      if (!page.ok()) return page.status();
      for (const Reservation& one : page->reservations()) {
        if (seen.insert(one.name()).second) found.push_back(one);
      }
    }
  }
  std::sort(found.begin(), found.end(), ServedBefore);
  ListReservationsResponse queue;
  for (Reservation& one : found) *queue.add_reservations() = std::move(one);
  return queue;
}

// Which of the queue are about each asset. Of `assets` only, unless there are
// none.
std::map<std::string, std::vector<const Reservation*>> ByAsset(
    const ListReservationsResponse& queue, const std::vector<std::string>& assets) {
  std::map<std::string, std::vector<const Reservation*>> queues;
  for (const Reservation& one : queue.reservations()) {
    std::set<std::string> told;
    for (const v1::Item& item : one.items()) {
      const bool wanted = assets.empty() || std::count(assets.begin(), assets.end(), item.asset());
      if (wanted && told.insert(item.asset()).second) queues[item.asset()].push_back(&one);
    }
  }
  return queues;
}

std::vector<std::string> QueueRow(const Reservation& one, const std::string& asset, int position,
                                  absl::TimeZone zone) {
  const absl::Time start = ToTime(one.interval().start_time());
  const absl::Time end = ToTime(one.interval().end_time());
  const std::string until =
      one.has_hold_expire_time() ? TimeText(ToTime(one.hold_expire_time()), zone) : "";
  const auto sheet = [zone](bool set, const google::protobuf::Timestamp& time) {
    return set ? SheetTime(ToTime(time), zone) : std::string();
  };
  return {ShortName(one.name()),
          ShortName(asset),
          position > 0 ? absl::StrCat(position) : "",
          StateText(one.state()),
          ShortName(one.user()),
          LengthText(end - start),
          SpanText(start, end, zone),
          SheetTime(start, zone),
          SheetTime(end, zone),
          one.has_window() ? SpanText(one.window(), zone) : "",
          sheet(one.has_window(), one.window().start_time()),
          sheet(one.has_window(), one.window().end_time()),
          absl::StrCat(one.priority()),
          until,
          sheet(one.has_hold_expire_time(), one.hold_expire_time()),
          zone.name()};
}

// With --quiet, one that waits for two assets is named once.
Table QueueTable(const Session& session, const ListReservationsResponse& queue,
                 const std::vector<std::string>& assets, absl::TimeZone fallback) {
  Table table;
  table.columns = {{"RESERVATION"},
                   {"ASSET"},
                   {"POSITION", Shown::kAlways, true},
                   {"STATE"},
                   {"USER"},
                   {"LENGTH", Shown::kPeople, true},
                   {"WANTED", Shown::kPeople},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"WINDOW", Shown::kPeople},
                   {"WINDOW-START", Shown::kSheet},
                   {"WINDOW-END", Shown::kSheet},
                   {"PRIORITY", Shown::kAlways, true},
                   {"UNTIL", Shown::kPeople},
                   {"UNTIL", Shown::kSheet},
                   {"ZONE"}};
  table.when_empty = "nobody waits";
  std::set<std::string> named;
  for (const auto& [asset, waiting] : ByAsset(queue, assets)) {
    int position = 0;
    for (const Reservation* one : waiting) {
      if (session.output.quiet() && !named.insert(one->name()).second) continue;
      const int place = IsOffered(*one) ? 0 : ++position;
      const absl::TimeZone zone = session.zone.has_value() ? fallback : ZoneOf(*one, fallback);
      table.rows.push_back(QueueRow(*one, asset, place, zone));
    }
  }
  return table;
}

// The quotas that order wait lists, by id.
absl::StatusOr<std::vector<std::string>> FairShareQuotas(Session& session) {
  using Reply = v1::ListQuotasResponse;
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<Reply> reply =
      (*connection)
          ->ReadPages(&v1::PolicyService::Stub::ListQuotas, v1::ListQuotasRequest(),
                      std::function<int(const Reply&)>(
                          [](const Reply& page) { return page.quotas_size(); }));
  if (!reply.ok()) return reply.status();
  std::vector<std::string> quotas;
  for (const v1::Quota& quota : reply->quotas()) {
    if (quota.fair_share() && !quota.disabled()) quotas.push_back(ShortName(quota.name()));
  }
  return quotas;
}

// What the positions do not say.
std::string NoteOnPositions(const std::vector<std::string>& fair_shares) {
  std::string note = "Positions count those that you may see.\n";
  if (!fair_shares.empty()) {
    absl::StrAppend(&note, "At the same priority, who has used less of a fair share goes first (",
                    absl::StrJoin(fair_shares, ", "), ").\n");
  }
  return note;
}

absl::Status WaitList(Session& session, const std::vector<std::string>& words) {
  std::vector<std::string> assets;
  for (const std::string& word : words) {
    assets.push_back(FullName(kAssets, word));
    // For a name that is none, the list would say that nobody waits.
    const absl::StatusOr<v1::Asset> asset = GetAsset(session, assets.back());
    if (!asset.ok()) return asset.status();
  }
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  const absl::StatusOr<ListReservationsResponse> queue = ReadQueue(session, assets);
  if (!queue.ok()) return queue.status();
  const absl::StatusOr<std::vector<std::string>> fair_shares = FairShareQuotas(session);
  if (!fair_shares.ok()) return fair_shares.status();
  const Table table = QueueTable(session, *queue, assets, *zone);
  return session.output.ShowText(*queue, table, [&]() -> std::string {
    if (table.rows.empty()) return absl::StrCat(table.when_empty, "\n");
    return absl::StrCat(LayOut(table, {session.output.wide(), session.output.columns()}),
                        NoteOnPositions(*fair_shares));
  });
}

struct OfferOptions {
  std::string reservation;
  std::string reason;
  WriteFlags write;
};

absl::Status Accept(Session& session, const OfferOptions& options) {
  v1::AcceptOfferRequest request;
  request.set_name(FullName(kReservations, options.reservation));
  const absl::StatusOr<Reservation> accepted =
      Write(session, &ReservationService::Stub::AcceptOffer, request, options.write);
  if (!accepted.ok()) return accepted.status();
  return ShowOutcome(session, *accepted, StateText(accepted->state()), options.write);
}

// A cancellation; so it is looked at first, lest a slip of the number should call
// off what is booked. The version guards against a change in between.
absl::Status Decline(Session& session, const OfferOptions& options) {
  v1::GetReservationRequest get;
  get.set_name(FullName(kReservations, options.reservation));
  const absl::StatusOr<Reservation> before =
      Read(session, &ReservationService::Stub::GetReservation, get);
  if (!before.ok()) return before.status();
  if (!IsOffered(*before)) {
    const std::string id = ShortName(before->name());
    return absl::FailedPreconditionError(
        absl::StrCat("reservation ", id, " is ", StateText(before->state()),
                     ", so there is no offer to decline; `labslot cancel ", id,
                     "` calls it off whatever it is"));
  }
  v1::CancelReservationRequest request;
  request.set_name(before->name());
  request.set_etag(before->etag());
  request.set_reason(options.reason);
  const absl::StatusOr<Reservation> cancelled =
      Write(session, &ReservationService::Stub::CancelReservation, request, options.write);
  if (!cancelled.ok()) return cancelled.status();
  return ShowOutcome(session, *cancelled, StateText(cancelled->state()), options.write);
}

using Act = absl::Status (*)(Session&, const OfferOptions&);

std::shared_ptr<OfferOptions> AddAct(CLI::App* command, Session& session, Act act) {
  auto options = std::make_shared<OfferOptions>();
  command->add_option("reservation", options->reservation, "Its id, such as 1042")
      ->type_name("RESERVATION")
      ->required();
  AddWriteFlags(command, &options->write);
  command->callback([&session, options, act] {
    session.action = [&session, options, act] { return act(session, *options); };
  });
  return options;
}

void AddOffer(CLI::App& root, Session& session) {
  CLI::App* offer =
      AddCommand(root, "offer", "Take what is offered from the wait list, or turn it down",
                 {"labslot list --mine --state offered", "labslot offer accept 1042"});
  offer->require_subcommand(1);
  CLI::App* accept =
      AddCommand(*offer, "accept", "Take an offer from the wait list",
                 {"labslot offer accept 1042", "labslot offer accept 1042 --dry-run"});
  AddAct(accept, session, Accept);
  accept->add_flag("--explain", session.explain,
                   "If it is refused, tell each rule in words for a newcomer");
  CLI::App* decline = AddCommand(
      *offer, "decline", "Turn an offer down, so that the next one gets it",
      {"labslot offer decline 1042", "labslot offer decline 1042 --reason \"found another lab\""});
  const auto options = AddAct(decline, session, Decline);
  decline->add_option("--reason", options->reason, "Why; kept with it");
}

}  // namespace

void AddWaitListCommands(CLI::App& root, Session& session) {
  CLI::App* list = AddCommand(root, "waitlist", "Who waits for assets, in the order of service",
                              {"labslot waitlist sem", "labslot waitlist make-lab rigs -o csv",
                               "labslot waitlist    # all that you may see"});
  auto assets = std::make_shared<std::vector<std::string>>();
  list->add_option("assets", *assets, "Which (default: all)")->type_name("ASSET...");
  list->callback([&session, assets] {
    session.action = [&session, assets] { return WaitList(session, *assets); };
  });
  AddOffer(root, session);
}

}  // namespace labslot::client
