#include "daemon/engine/round_decisions.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/placing.h"
#include "daemon/engine/rehearsal.h"
#include "daemon/engine/wait_list.h"

namespace labslot::engine {
namespace {

constexpr char kDecidedOtherwise[] = "the round was decided otherwise";

Violation NotInRound(const Round& round, std::string message, std::string asset = "") {
  return {
      Rule::kNotInRound, absl::StrCat(NameOf(round), " ", message), std::move(asset), "", "", {}};
}

// What a round has against one way to fulfil a request.
void JudgeByRound(const Round& round, const std::vector<ReservationItem>& items,
                  const Interval& run, std::vector<Violation>& violations) {
  for (const ReservationItem& item : items) {
    if (std::find(round.assets.begin(), round.assets.end(), item.asset) != round.assets.end()) {
      continue;
    }
    violations.push_back(
        NotInRound(round, absl::StrCat("is not about ", NameOf(kAssets, item.asset)), item.asset));
  }
  if (!round.interval.Contains(run)) {
    violations.push_back(NotInRound(round, "is about another time than that of the run"));
  }
}

// The same of all ways.
void JudgeWays(const Round& round, const Reservation& request, std::vector<Violation>& violations) {
  JudgeByRound(round, request.items, request.interval, violations);
  for (const Choice& choice : request.choices) {
    JudgeByRound(round, choice.items.empty() ? request.items : choice.items,
                 choice.interval.empty() ? request.interval : choice.interval, violations);
  }
}

// Requests are read only where there are so many of any sort that it may be.
bool IsFull(const DecisionContext& context, const Round& round) {
  size_t most = 0;
  for (const std::string& asset : round.assets) most += context.state.requests(asset).size();
  return most >= limits::kMaxRoundRequests &&
         RequestsOf(context.state, context.reservations, round).size() >= limits::kMaxRoundRequests;
}

std::vector<Violation> JudgeByRound(const DecisionContext& context, const Round& round,
                                    const Reservation& request) {
  std::vector<Violation> violations;
  if (round.deadline <= context.now) {
    violations.push_back(NotInRound(
        round, absl::StrCat("took requests until ", WhenAt(context, request, round.deadline))));
  }
  JudgeWays(round, request, violations);
  if (IsFull(context, round)) {
    violations.push_back(NotInRound(
        round, absl::StrCat("has ", limits::kMaxRoundRequests, " requests, as many as it takes")));
  }
  return violations;
}

// The round that the command may clear now.
Result<Round> Clearable(const DecisionContext& context, const ApplyAllocation& command) {
  const Round* round = context.catalogue().FindRound(command.round);
  if (round == nullptr) return NotFound(NameOf(kRounds, command.round));
  if (!ManagesAll(context.catalogue(), context.principal, round->assets)) {
    return RoleRequired(
        absl::StrCat("clear ", NameOf(*round), ": it takes an asset manager of all its assets"),
        kAssetManagerRole);
  }
  if (round->state == RoundState::kCleared) return RoundIsCleared(*round);
  if (command.etag != 0 && command.etag != round->revision) return EtagMismatch(NameOf(*round));
  if (context.now < round->deadline) {
    return RefusedBy(NotInRound(*round,
                                "takes requests still; it can be cleared after its "
                                "deadline, or with an earlier one"));
  }
  return *round;
}

// A request of the round that is granted by one of its choices.
Result<Reservation> Granted(const DecisionContext& context, const Reservation& request,
                            size_t choice) {
  if (choice > request.choices.size()) {
    return InvalidField("grants", absl::StrCat("names choice ", choice, " of ", NameOf(request.id),
                                               ", which has ", request.choices.size()));
  }
  Reservation next = choice == 0 ? request : WithChoice(context.catalogue(), request, choice - 1);
  next.state = ReservationState::kConfirmed;
  next.leaves_slot_free = false;
  Result<Reservation> granted = Grant(context, std::move(next), nullptr, 0, false);
  if (granted.ok() || granted.error().kind != ErrorKind::kRefused) return granted;
  Refusal refusal = *granted.error().refusal;
  for (Violation& violation : refusal.violations) {
    violation.message = absl::StrCat(NameOf(request.id), ": ", violation.message);
  }
  return Refused(std::move(refusal));
}

Reservation RejectedInRound(const Reservation& request, std::string reason) {
  Reservation next = request;
  next.state = ReservationState::kRejected;
  next.state_reason = std::move(reason);
  next.hold_expire_time = 0;
  next.leaves_slot_free = false;
  return next;
}

std::optional<Error> NamesStrangers(const ApplyAllocation& command,
                                    const std::vector<Reservation>& requests) {
  const auto is_request = [&](ReservationId id) {
    return std::any_of(requests.begin(), requests.end(),
                       [&](const Reservation& request) { return request.id == id; });
  };
  for (const auto& [id, choice] : command.grants) {
    if (is_request(id)) continue;
    return InvalidField(
        "grants", absl::StrCat("names ", NameOf(id), ", which does not compete in the round"));
  }
  return std::nullopt;
}

}  // namespace

Result<Decision> SubmitToRound(const DecisionContext& context, Reservation request) {
  const Round* round = context.catalogue().FindRound(request.round);
  if (round == nullptr) {
    return InvalidField("reservation.round", absl::StrCat("names ", NameOf(kRounds, request.round),
                                                          ", which does not exist"));
  }
  if (round->state == RoundState::kCleared) return RoundIsCleared(*round);
  std::vector<Violation> violations = JudgeByRound(context, *round, request);
  if (!violations.empty()) return Refused({std::move(violations), std::nullopt, {}});
  // What others have is for the round to weigh; all other rules hold at once.
  const Result<Reservation> granted = Grant(context, request, nullptr, 0);
  if (!granted.ok() &&
      (granted.error().kind != ErrorKind::kRefused || !IsForOthersOnly(*granted.error().refusal))) {
    return granted.error();
  }
  request.state = ReservationState::kPending;
  request.leaves_slot_free = true;
  request.notes.clear();
  request.hold_expire_time = round->interval.end;
  Decision decision;
  AddReservationChange(context, EventType::kCreated, std::move(request), nullptr, decision);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

std::vector<Reservation> RequestsOf(const State& state, const ReservationSource& reservations,
                                    const Round& round) {
  std::vector<ReservationId> ids;
  for (const std::string& asset : round.assets) {
    const Timeline& requests = state.requests(asset);
    for (const Occupant& occupant : requests.Overlapping(
             round.interval.Widened(limits::kLongestChangeover, limits::kLongestChangeover),
             requests.size())) {
      ids.push_back(occupant.reservation);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<Reservation> found;
  for (const ReservationId id : ids) {
    auto request = reservations.FindReservation(id);
    if (request && request->round == round.id && Competes(*request)) {
      found.push_back(*std::move(request));
    }
  }
  return found;
}

std::vector<Violation> RequestsLeftOut(const DecisionContext& context, const Round& before,
                                       const Round& after) {
  Violation left_out;
  left_out.rule = Rule::kBreaksReservations;
  long long count = 0;
  for (const Reservation& request : RequestsOf(context.state, context.reservations, before)) {
    std::vector<Violation> against;
    JudgeWays(after, request, against);
    if (against.empty()) continue;
    ++count;
    if (left_out.conflicts.size() == limits::kMaxConflictsShown) continue;
    const ReservationItem& item = request.items.front();
    left_out.conflicts.push_back(
        {request.id, item.asset, OccupancyOf(request, item), item.quantity});
  }
  if (count == 0) return {};
  left_out.message = absl::StrCat(NameOf(before), " would not be about all that ",
                                  Counted(count, "request", "requests"),
                                  " in it may be granted; they must be cancelled first");
  return {std::move(left_out)};
}

int64_t ValueOf(const Reservation& request) {
  if (request.value > 0) return request.value;
  int64_t units = 0;
  for (const ReservationItem& item : request.items) units += item.quantity;
  const int64_t minutes = std::max<Seconds>(1, request.interval.length() / 60);
  return std::min(minutes * units * (1 + request.priority), limits::kMaxRequestValue);
}

Error RoundIsCleared(const Round& round) {
  return RefusedBy(NotInRound(round, "is cleared: every request was granted or rejected"));
}

Result<Decision> DecideBody(const DecisionContext& context, const ApplyAllocation& command) {
  Result<Round> found = Clearable(context, command);
  if (!found.ok()) return std::move(found).error();
  const Round before = std::move(found).value();
  const std::vector<Reservation> requests = RequestsOf(context.state, context.reservations, before);
  if (auto error = NamesStrangers(command, requests)) return *std::move(error);
  Round next = before;
  Decision decision;
  Rehearsal rehearsal(context.state, decision);
  for (const Reservation& request : requests) {
    const auto grant = command.grants.find(request.id);
    if (grant == command.grants.end()) continue;
    Result<Reservation> granted = Granted(context, request, grant->second);
    if (!granted.ok()) return std::move(granted).error();
    next.value += ValueOf(granted.value());
    ++next.granted_count;
    rehearsal.Add(context, EventType::kConfirmed, std::move(granted).value(), &request);
  }
  for (const Reservation& request : requests) {
    if (command.grants.count(request.id) > 0) continue;
    const auto why = command.rejections.find(request.id);
    ++next.rejected_count;
    rehearsal.Add(
        context, EventType::kRejected,
        RejectedInRound(request, why == command.rejections.end() ? kDecidedOtherwise : why->second),
        &request);
  }
  next.state = RoundState::kCleared;
  next.bound = std::max(command.bound, next.value);
  next.update_time = context.now;
  rehearsal.AddRecord(context, EventType::kUpdated, std::move(next), &before);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

}  // namespace labslot::engine
