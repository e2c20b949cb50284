#include "daemon/engine/use_decisions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/overrun.h"
#include "daemon/engine/quota_rules.h"
#include "daemon/engine/units.h"

namespace labslot::engine {
namespace {

// The item of what is to be given back; the error names the field of the request.
Result<ReservationItem*> ItemOf(Reservation& r, const ReturnedItem& returned,
                                const std::string& field) {
  const auto item = std::find_if(r.items.begin(), r.items.end(),
                                 [&](const auto& had) { return had.asset == returned.asset; });
  if (item == r.items.end()) {
    return InvalidField(absl::StrCat(field, ".asset"),
                        absl::StrCat("names ", NameOf(kAssets, returned.asset), ", of which ",
                                     NameOf(r.id), " has nothing (any more)"));
  }
  if (returned.quantity > item->quantity) {
    return InvalidField(absl::StrCat(field, ".quantity"),
                        absl::StrCat("must be at most ", item->quantity, ": it has no more of ",
                                     NameOf(kAssets, returned.asset)));
  }
  return &*item;
}

// Moves units from the item to what is given back: those named, or the last ones.
std::optional<Error> MoveUnits(const std::vector<std::string>& named, const std::string& field,
                               ReservationItem& from, ReservationItem& to) {
  if (from.units.empty() && named.empty()) return std::nullopt;
  if (!named.empty() && named.size() != static_cast<size_t>(to.quantity)) {
    return InvalidField(absl::StrCat(field, ".units"),
                        absl::StrCat("must name as many as the quantity, ", to.quantity));
  }
  for (const std::string& unit : named) {
    const auto had = std::find(from.units.begin(), from.units.end(), unit);
    if (had == from.units.end()) {
      return InvalidField(absl::StrCat(field, ".units"),
                          absl::StrCat("names ", unit, ", which it does not have"));
    }
    from.units.erase(had);
    to.units.push_back(unit);
  }
  while (to.units.size() < static_cast<size_t>(to.quantity) && !from.units.empty()) {
    to.units.push_back(from.units.back());
    from.units.pop_back();
  }
  return std::nullopt;
}

// Takes a part out of what the reservation has.
std::optional<Error> TakeBack(const ReturnedItem& returned, const std::string& field, Instant now,
                              Reservation& r) {
  Result<ReservationItem*> found = ItemOf(r, returned, field);
  if (!found.ok()) return std::move(found).error();
  ReservationItem& item = *found.value();
  const size_t named = returned.units.size();
  Return part{item, now};
  part.item.units.clear();
  part.item.unit_labels.clear();
  if (returned.quantity != 0 || named != 0) {
    part.item.quantity = returned.quantity != 0 ? returned.quantity : static_cast<int32_t>(named);
  }
  if (auto error = MoveUnits(returned.units, field, item, part.item)) return error;
  item.quantity -= part.item.quantity;
  if (item.quantity == 0) r.items.erase(r.items.begin() + (&item - r.items.data()));
  r.returns.push_back(std::move(part));
  return std::nullopt;
}

// The reservation without what is given back now. Without anything left it is over.
Result<Reservation> After(const DecisionContext& context, const Reservation& current,
                          const CheckOut& command) {
  if (command.items.empty()) return GivenBack(current, context.now);
  Reservation next = current;
  for (size_t i = 0; i < command.items.size(); ++i) {
    if (auto error =
            TakeBack(command.items[i], absl::StrCat("items[", i, "]"), context.now, next)) {
      return *std::move(error);
    }
  }
  if (next.items.empty()) return GivenBack(current, context.now);
  return next;
}

// Behind its end, or in a state in which its use is on record.
bool IsPast(const DecisionContext& context, const Reservation& r) {
  return r.state == ReservationState::kCompleted || r.state == ReservationState::kNoShow ||
         (r.state == ReservationState::kConfirmed && r.interval.end <= context.now);
}

// What is wrong with the times of a use.
std::optional<Error> UnsoundUse(const DecisionContext& context, const Reservation& r) {
  const Instant earliest = r.interval.start - limits::kCheckInLead;
  if (r.use.check_in < earliest) {
    return InvalidField("check_in_time",
                        absl::StrCat("must not be before ", WhenAt(context, r, earliest),
                                     ", when it could be checked in at the earliest"));
  }
  if (r.use.check_in >= r.interval.end) {
    return InvalidField("check_in_time", absl::StrCat("must be before the end of the run, ",
                                                      WhenAt(context, r, r.interval.end)));
  }
  if (r.use.check_out <= r.use.check_in) {
    return InvalidField("check_out_time", absl::StrCat("must be after the check-in, ",
                                                       WhenAt(context, r, r.use.check_in)));
  }
  const Instant latest = r.interval.end + limits::kLongestOverrun;
  if (r.use.check_out > latest) {
    return InvalidField(
        "check_out_time",
        absl::StrCat("must not be after ", WhenAt(context, r, latest), ", when any use is closed"));
  }
  if (r.use.check_out > context.now) {
    return InvalidField("check_out_time", "must not be in the future");
  }
  return std::nullopt;
}

// The reservation as it was really used.
Result<Reservation> Used(const DecisionContext& context, const Reservation& current,
                         const CorrectUse& command) {
  Reservation next = current;
  next.state = ReservationState::kCompleted;
  const Use& on_record = current.use;
  const auto first_of = [](Instant a, Instant b, Instant c) { return a != 0 ? a : b != 0 ? b : c; };
  next.use.check_in = first_of(command.check_in, on_record.check_in, current.interval.start);
  next.use.check_out = first_of(command.check_out, on_record.check_out, current.interval.end);
  if (auto error = UnsoundUse(context, next)) return *std::move(error);
  return next;
}

Result<Reservation> NotUsed(const Reservation& current, const CorrectUse& command) {
  if (command.check_in != 0 || command.check_out != 0) {
    return InvalidField(command.check_in != 0 ? "check_in_time" : "check_out_time",
                        "must be unset with NOBODY_CAME");
  }
  Reservation next = current;
  next.state = ReservationState::kNoShow;
  next.use.check_in = 0;
  next.use.check_out = 0;
  return next;
}

// What it blocks from now on. What others may book does not change by what is on
// record of the past.
std::vector<std::tuple<std::string, Interval, int32_t>> StillBlocks(const DecisionContext& context,
                                                                    const Reservation& r) {
  std::vector<std::tuple<std::string, Interval, int32_t>> blocks;
  for (const Occupancy& occupancy : OccupanciesOf(r)) {
    if (!occupancy.blocks()) continue;
    for (const Occupant& occupant : OccupantsOf(occupancy)) {
      const Interval rest = occupant.blocked.Intersect({context.now, kNever});
      if (!rest.empty()) blocks.emplace_back(occupancy.asset, rest, occupant.quantity);
    }
  }
  return blocks;
}

Result<Reservation> Corrected(const DecisionContext& context, const Reservation& current,
                              const CorrectUse& command) {
  const bool has_times = command.check_in != 0 || command.check_out != 0;
  Result<Reservation> next = current;
  if (command.outcome == Outcome::kNobodyCame) {
    next = NotUsed(current, command);
  } else if (command.outcome == Outcome::kUsed || has_times) {
    next = Used(context, current, command);
  }
  if (!next.ok() || command.patch == nullptr) return next;
  return command.patch(next.value());
}

// What is classed anew is so by the rules of the days of its run, for a reason.
void TakeOverReasons(const DecisionContext& context, const Reservation& current,
                     Reservation& next) {
  if (next.activity_class == current.activity_class) return;
  if (next.activity_reason == current.activity_reason) next.activity_reason = context.reason;
  next.rule_sets = RuleSetsFor(context.state, next);
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const CheckIn& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  if (!MayBecome(current.state, ReservationState::kCheckedIn)) {
    return StateForbids(current, absl::StrCat("is ", StateWord(current.state),
                                              "; only what is confirmed can be checked in"));
  }
  if (auto error = NotOver(context, current)) return *std::move(error);
  const Instant earliest = current.interval.start - limits::kCheckInLead;
  if (context.now < earliest) {
    return StateForbids(current, absl::StrCat("can be checked in from ",
                                              WhenAt(context, current, earliest), " on"));
  }
  Decision decision;
  Rehearsal rehearsal(context.state, decision);
  EndOverdueFor(context, current, rehearsal);
  Result<Reservation> bound = WithUnits(context, current, command.units);
  if (!bound.ok()) return std::move(bound).error();
  Reservation next = std::move(bound).value();
  next.state = ReservationState::kCheckedIn;
  next.check_in_by = 0;
  next.use.check_in = context.now;
  ForgetWarning(next);
  rehearsal.Add(context, EventType::kCheckedIn, std::move(next), &current);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

Result<Decision> DecideBody(const DecisionContext& context, const CheckOut& command) {
  Result<Reservation> found = Changeable(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Reservation& current = found.value();
  if (current.state != ReservationState::kCheckedIn) {
    return StateForbids(current, absl::StrCat("is ", StateWord(current.state),
                                              "; only what is checked in can be checked out"));
  }
  Result<Reservation> after = After(context, current, command);
  if (!after.ok()) return std::move(after).error();
  Reservation next = std::move(after).value();
  const bool over = next.state == ReservationState::kCompleted;
  Decision decision;
  Rehearsal rehearsal(context.state, decision);
  rehearsal.Add(context, over ? EventType::kCheckedOut : EventType::kReturned, std::move(next),
                &current);
  decision.result = decision.changes.back().event.resource;
  if (over) TellItIsOver(context, current, rehearsal);
  return decision;
}

Result<Decision> DecideBody(const DecisionContext& context, const CorrectUse& command) {
  const std::optional<Reservation> current = context.reservations.FindReservation(command.id);
  if (!current || !MaySee(context.catalogue(), context.principal, *current)) {
    return NotFound(NameOf(command.id));
  }
  if (!MayBookFor(context.catalogue(), context.principal, "", *current)) {
    return RoleRequired("correct what is on record of a use: it takes a manager of all its assets",
                        kAssetManagerRole);
  }
  if (command.etag != 0 && command.etag != current->revision) {
    return EtagMismatch(NameOf(command.id));
  }
  if (!IsPast(context, *current)) {
    return StateForbids(*current, absl::StrCat("is ", StateWord(current->state),
                                               "; only a use that is over can be corrected"));
  }
  Result<Reservation> corrected = Corrected(context, *current, command);
  if (!corrected.ok()) return std::move(corrected).error();
  Reservation next = std::move(corrected).value();
  TakeOverReasons(context, *current, next);
  if (!next.on_behalf_of.empty() &&
      context.catalogue().FindOrganisation(next.on_behalf_of) == nullptr) {
    return NotFound(NameOf(kOrganisations, next.on_behalf_of));
  }
  if (StillBlocks(context, *current) != StillBlocks(context, next)) {
    return StateForbids(*current, "is still being torn down; correct it when that is over");
  }
  next.use.problem = Problem::kNone;
  Decision decision;
  decision.result = *current;
  if (next == *current) return decision;
  AddReservationChange(context, EventType::kCorrected, std::move(next), &*current, decision);
  decision.result = decision.changes.back().event.resource;
  return decision;
}

}  // namespace labslot::engine
