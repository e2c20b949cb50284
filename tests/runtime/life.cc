#include "tests/runtime/life.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "daemon/runtime/loader.h"
#include "tests/runtime/same_state.h"
#include "tests/support/records.h"
#include "tests/support/script.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::runtime {
namespace {

engine::State MustLoad(const storage::Store& store) {
  absl::StatusOr<engine::State> state = LoadState(store);
  if (!state.ok()) Die(absl::StrCat("the test's store does not load: ", state.status().message()));
  return *std::move(state);
}

}  // namespace

Life::Life(ScriptedStore& on, const Clock& clock, size_t feed_capacity)
    : store(on), feed(on.head(), feed_capacity), sequencer(on, MustLoad(on), clock, feed) {}

Slot Life::Submit(engine::Command command, Patience patience) {
  auto slot = std::make_shared<std::optional<Result<Answer>>>();
  sequencer.Submit(std::move(command), patience, [slot](Result<Answer> answer) {
    if (slot->has_value()) Die("a command was answered twice");
    slot->emplace(std::move(answer));
  });
  return slot;
}

Result<Answer> Life::Run(engine::Command command) {
  const Slot slot = Submit(std::move(command));
  while (!slot->has_value()) sequencer.Drain();
  return **slot;
}

Answer Life::Must(engine::Command command) {
  Result<Answer> answer = Run(std::move(command));
  if (!answer.ok()) Die(absl::StrCat("the test's command: ", support::Describe(answer.error())));
  return std::move(answer).value();
}

std::string Life::Memory() const { return PictureOf(sequencer.state()); }
std::string Life::Reloaded() const { return PictureOf(MustLoad(store)); }

SmallLab::SmallLab() : clock(support::At("2027-02-28 12:00")) {
  Life life(store, clock);
  engine::ImportRecords records;
  records.records = {support::MakeOrganisation("acme"),  support::MakeUser("ada", {"acme"}),
                     support::MakeUser("bob", {"acme"}), support::MakeSite("lommel"),
                     support::MakeAsset("lab"),          support::MakePool("rigs", 3)};
  life.Must(Order(records));
}

engine::Command OrderOf(const std::string& user, engine::CommandBody body,
                        const std::string& request_id, const std::string& fingerprint) {
  engine::Command command;
  command.principal = {user};
  command.request_id = request_id;
  command.fingerprint = fingerprint;
  command.body = std::move(body);
  return command;
}

engine::Command Order(engine::CommandBody body, const std::string& request_id,
                      const std::string& fingerprint) {
  return OrderOf(engine::kLocalOperator, std::move(body), request_id, fingerprint);
}

engine::CreateReservation Booking(const std::string& asset, absl::string_view when,
                                  int32_t quantity, Seconds hold_for) {
  engine::CreateReservation booking;
  booking.draft = support::Draft({support::Item(asset, quantity)}, support::Span(when));
  booking.draft.user = "ada";
  booking.hold_for = hold_for;
  return booking;
}

engine::UpdateReservation Moving(ReservationId id, absl::string_view when) {
  engine::UpdateReservation moving;
  moving.id = id;
  moving.patch = support::SetInterval(support::Span(when));
  return moving;
}

ReservationId IdOf(const Answer& answer) { return std::get<Reservation>(answer.result).id; }

std::string WordOf(const Result<Answer>& answer) {
  if (answer.ok()) return answer.value().replayed ? "replayed" : "ok";
  const ErrorKind kind = answer.error().kind;
  if (kind == ErrorKind::kOverloaded) return "overloaded";
  if (kind == ErrorKind::kOutcomeUnknown) return "outcome_unknown";
  if (!answer.error().refusal) return support::ErrorWord(kind);
  std::string rules;
  for (const Violation& violation : answer.error().refusal->violations) {
    absl::StrAppend(&rules, rules.empty() ? "" : " ", support::RuleWord(violation.rule));
  }
  return rules;
}

std::string WordOf(const Slot& slot) { return slot->has_value() ? WordOf(**slot) : "waiting"; }

}  // namespace labslot::runtime
