// approve, reject, checkin and checkout.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/outcome.h"
#include "client/names.h"
#include "client/output/reservation_text.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Reservation;
using v1::ReservationService;

struct ApproveOptions {
  std::vector<std::string> reservations;
  std::string reason;
  // Of checkin and checkout: "rigs=rig-1,rig-2".
  std::vector<std::string> units;
  // Of checkout: "rigs", "rigs:2".
  std::vector<std::string> returned;
  WriteFlags write;
};

// What is done to one reservation.
using Act = absl::StatusOr<Reservation> (*)(Session&, const std::string& name,
                                            const ApproveOptions&);

absl::StatusOr<Reservation> Approve(Session& session, const std::string& name,
                                    const ApproveOptions& options) {
  v1::ApproveReservationRequest request;
  request.set_name(name);
  request.set_reason(options.reason);
  return Write(session, &ReservationService::Stub::ApproveReservation, request, options.write);
}

absl::StatusOr<Reservation> Reject(Session& session, const std::string& name,
                                   const ApproveOptions& options) {
  v1::RejectReservationRequest request;
  request.set_name(name);
  request.set_reason(options.reason);
  return Write(session, &ReservationService::Stub::RejectReservation, request, options.write);
}

absl::StatusOr<std::vector<v1::UnitChoice>> ReadUnits(const std::vector<std::string>& texts) {
  std::vector<v1::UnitChoice> choices;
  for (const std::string& text : texts) {
    const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text, "\" names no units: write --units rigs=rig-1,rig-2"));
    }
    v1::UnitChoice& choice = choices.emplace_back();
    choice.set_asset(FullName(kAssets, parts[0]));
    for (const absl::string_view unit : absl::StrSplit(parts[1], ',', absl::SkipEmpty())) {
      choice.add_units(std::string(unit));
    }
  }
  return choices;
}

absl::StatusOr<Reservation> CheckIn(Session& session, const std::string& name,
                                    const ApproveOptions& options) {
  v1::CheckInRequest request;
  request.set_name(name);
  const absl::StatusOr<std::vector<v1::UnitChoice>> units = ReadUnits(options.units);
  if (!units.ok()) return units.status();
  for (const v1::UnitChoice& choice : *units) *request.add_units() = choice;
  return Write(session, &ReservationService::Stub::CheckIn, request, options.write);
}

// The item of that asset, made if there is none.
v1::ReturnedItem* ItemOf(const std::string& asset, v1::CheckOutRequest* request) {
  for (v1::ReturnedItem& item : *request->mutable_items()) {
    if (item.asset() == asset) return &item;
  }
  v1::ReturnedItem* item = request->add_items();
  item->set_asset(asset);
  return item;
}

absl::Status ReadReturned(const ApproveOptions& options, v1::CheckOutRequest* request) {
  for (const std::string& word : options.returned) {
    const absl::StatusOr<ItemWord> part = ParseItemWord(word);
    if (!part.ok() || !part->unit_labels.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--return: \"", word, "\" does not say how many are back: write rigs:3 for three units"));
    }
    ItemOf(part->asset, request)->set_quantity(part->quantity);
  }
  const absl::StatusOr<std::vector<v1::UnitChoice>> units = ReadUnits(options.units);
  if (!units.ok()) return units.status();
  for (const v1::UnitChoice& choice : *units) {
    *ItemOf(choice.asset(), request)->mutable_units() = choice.units();
  }
  return absl::OkStatus();
}

absl::StatusOr<Reservation> CheckOut(Session& session, const std::string& name,
                                     const ApproveOptions& options) {
  v1::CheckOutRequest request;
  request.set_name(name);
  if (absl::Status status = ReadReturned(options, &request); !status.ok()) return status;
  return Write(session, &ReservationService::Stub::CheckOut, request, options.write);
}

// All of them, whatever becomes of the others. The first failure is the
// outcome.
absl::Status ForEach(Session& session, const ApproveOptions& options, Act act) {
  absl::Status outcome;
  // A request_id stands for one request.
  if (options.reservations.size() > 1 && !options.write.request_id.empty()) {
    return absl::InvalidArgumentError("--request-id is for one reservation");
  }
  if (options.reservations.size() > 1 && !options.units.empty()) {
    return absl::InvalidArgumentError("--units is for one reservation");
  }
  if (options.reservations.size() > 1 && !options.returned.empty()) {
    return absl::InvalidArgumentError("--return is for one reservation");
  }
  for (const std::string& word : options.reservations) {
    const std::string name = FullName(kReservations, word);
    const absl::StatusOr<Reservation> done = act(session, name, options);
    const absl::Status status =
        done.ok() ? ShowOutcome(session, *done, StateText(done->state()), options.write)
                  : done.status();
    if (status.ok()) continue;
    if (options.reservations.size() > 1) {
      session.output.Note(absl::StrCat("not done: reservation ", word, ": ", status.message()));
    }
    if (outcome.ok()) outcome = status;
  }
  return outcome;
}

void AddUnits(CLI::App* command, const std::string& help, ApproveOptions* options) {
  command->add_option("--units", options->units, help)
      ->type_name("ASSET=UNIT,...")
      ->allow_extra_args(false);
}

std::shared_ptr<ApproveOptions> AddAct(CLI::App* command, Session& session, Act act) {
  auto options = std::make_shared<ApproveOptions>();
  command->add_option("reservations", options->reservations, "Their ids, such as 1042")
      ->type_name("RESERVATION...")
      ->required();
  command->add_flag("--explain", session.explain,
                    "If it is refused, tell each rule in words for a newcomer");
  AddWriteFlags(command, &options->write);
  command->callback([&session, options, act] {
    session.action = [&session, options, act] { return ForEach(session, *options, act); };
  });
  return options;
}

}  // namespace

void AddApproveCommands(CLI::App& root, Session& session) {
  CLI::App* approve =
      AddCommand(root, "approve", "Approve what awaits approval",
                 {"labslot approve 1042", "labslot list --state pending -q | xargs labslot approve",
                  "labslot approve 1042 1043 --reason \"trained last week\""});
  const auto approve_options = AddAct(approve, session, Approve);
  approve->add_option("--reason", approve_options->reason, "Why; kept with it");

  CLI::App* reject = AddCommand(root, "reject", "Turn down what awaits approval",
                                {"labslot reject 1042 --reason \"no operator that week\"",
                                 "labslot reject 1042 --reason \"a trial\" --dry-run"});
  const auto reject_options = AddAct(reject, session, Reject);
  reject->add_option("--reason", reject_options->reason, "Why; told to its holder")->required();

  CLI::App* check_in = AddCommand(root, "checkin", "Tell that the use begins",
                                  {"labslot checkin 1042", "labslot checkin 1042 --dry-run",
                                   "labslot checkin 1042 --units rigs=rig-1,rig-2"});
  const auto check_in_options = AddAct(check_in, session, CheckIn);
  AddUnits(check_in,
           "Which units of a pool are handed out (default: the first free ones); may be repeated",
           check_in_options.get());

  CLI::App* check_out = AddCommand(
      root, "checkout", "Tell that the use is over, or that a part of it is back",
      {"labslot checkout 1042", "labslot checkout 1042 --return rigs:2     # the rest is in use",
       "labslot checkout 1042 --units rigs=rig-1 --dry-run"});
  const auto check_out_options = AddAct(check_out, session, CheckOut);
  check_out
      ->add_option("--return", check_out_options->returned,
                   "Only this is back, all that it has of it or so many; may be repeated")
      ->type_name("ASSET[:N]")
      ->allow_extra_args(false);
  AddUnits(check_out, "Only these units are back, of a pool that names them; may be repeated",
           check_out_options.get());
}

}  // namespace labslot::client
