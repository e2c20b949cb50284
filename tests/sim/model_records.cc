#include <algorithm>

#include "tests/sim/model.h"

// The part of the model about assets, what is out of service, and calls for requests.

namespace labslot::sim {

Outcome Model::ChangeThing(const Request& request, Instant now) {
  const auto found = books_.things.find(request.asset);
  const bool missing = found == books_.things.end() && request.verb != Verb::kAddAsset;
  if (missing) return Failed(ErrorKind::kNotFound);
  if (!Manages(request.principal)) return Failed(ErrorKind::kRoleRequired);
  if (request.verb == Verb::kAddAsset) {
    if (found != books_.things.end()) return Failed(ErrorKind::kIdInUse);
    Thing added;
    added.exists = {now, kEver};
    added.kind = kStand;
    return ApplyToThing(request.asset, added, now);
  }
  const Thing before = found->second;
  Thing after = before;
  bool same = false;
  if (request.verb == Verb::kSetCapacity) {
    after.capacity = static_cast<int32_t>(request.number);
    same = after.capacity == before.capacity;
  } else if (request.verb == Verb::kSetSetUp) {
    after.set_up = request.number;
    same = after.set_up == before.set_up;
  } else if (request.verb == Verb::kSetGroup) {
    after.in_group = request.in_group;
    same = after.in_group == before.in_group;
  } else if (request.verb == Verb::kSetLabel) {
    Labels& labels = after.units[request.unit];
    labels.erase("hot");
    if (request.is_hot) labels["hot"] = "yes";
    same = after.units == before.units;
  } else {
    same = before.retired;
    after.retired = true;
    after.exists.end = now;
  }
  if (same) return {true, ErrorKind::kDefect, thing_revisions_[request.asset], {}};
  books_.things[request.asset] = after;
  const bool breaks =
      after.retired && !before.retired
          ? books_.MostUsed(request.asset, {now, kEver}, 0) > 0
          : books_.Breaks(request.asset, now) || !books_.HaveUnits(request.asset, now);
  if (breaks) return Failed(ErrorKind::kRefused);
  return ApplyToThing(request.asset, after, now);
}

Outcome Model::ApplyToThing(const std::string& id, const Thing& changed, Instant now) {
  books_.things[id] = changed;
  CommitRecord(now);
  thing_revisions_[id] = head_;
  changes_records_ = wakes_ = true;
  return {true, ErrorKind::kDefect, head_, {}};
}

Outcome Model::ChangeFault(const Request& request, Instant now) {
  const auto found = books_.faults.find(request.record);
  const bool is_new = request.verb == Verb::kBreakDown;
  if (!is_new && found == books_.faults.end()) return Failed(ErrorKind::kNotFound);
  if (!Manages(request.principal)) return Failed(ErrorKind::kRoleRequired);
  if (is_new && found != books_.faults.end()) return Failed(ErrorKind::kIdInUse);
  if (request.verb == Verb::kRepair) {
    freed_.insert(found->second.asset);
    books_.faults.erase(found);
    CommitRecord(now);
    return {true, ErrorKind::kDefect, head_, {}};
  }
  Fault next;
  next.asset = request.asset;
  next.quantity = static_cast<int32_t>(request.number);
  next.unit = request.unit;
  if (!is_new) next = found->second;
  if (!is_new && next.interval == request.interval) {
    return {true, ErrorKind::kDefect, next.revision, {}};
  }
  next.interval = request.interval;
  if (!is_new) freed_.insert(next.asset);
  PutFault(request.record, next, now);
  return {true, ErrorKind::kDefect, books_.faults.at(request.record).revision, {}};
}

// What is there already is never touched by a quota; it counts.
Outcome Model::ChangeQuota(const Request& request, Instant now) {
  const auto found = books_.quotas.find(request.record);
  const bool is_new = request.verb == Verb::kAddQuota;
  if (!is_new && found == books_.quotas.end()) return Failed(ErrorKind::kNotFound);
  if (!Manages(request.principal)) return Failed(ErrorKind::kRoleRequired);
  if (is_new && found != books_.quotas.end()) return Failed(ErrorKind::kIdInUse);
  if (request.verb == Verb::kChangeQuota && found->second == request.quota) {
    return {true, ErrorKind::kDefect, quota_revisions_[request.record], {}};
  }
  if (request.verb == Verb::kDropQuota) {
    books_.quotas.erase(found);
  } else {
    books_.quotas[request.record] = request.quota;
  }
  CommitRecord(now);
  quota_revisions_[request.record] = head_;
  changes_records_ = wakes_ = true;
  return {true, ErrorKind::kDefect, head_, {}};
}

Outcome Model::OpenCall(const Request& request, Instant now) {
  if (!Manages(request.principal)) return Failed(ErrorKind::kRoleRequired);
  if (books_.calls.count(request.record) > 0) return Failed(ErrorKind::kIdInUse);
  Call& call = books_.calls[request.record];
  for (const Wanted& wanted : request.items) call.assets.push_back(wanted.asset);
  call.interval = request.interval;
  call.deadline = request.number;
  CommitRecord(now);
  changes_records_ = wakes_ = true;
  return {true, ErrorKind::kDefect, head_, {}};
}

// What others have is for the round to weigh; all other rules hold at once.
Outcome Model::Submit(const Request& request, Reservation next, Instant now) {
  const auto found = books_.calls.find(request.call);
  if (found == books_.calls.end()) return Failed(ErrorKind::kInvalidFields);
  const Call& call = found->second;
  const bool about_it = std::all_of(next.items.begin(), next.items.end(), [&](const auto& item) {
    return std::count(call.assets.begin(), call.assets.end(), item.asset) > 0;
  });
  if (call.cleared || call.deadline <= now || !about_it || !call.interval.Contains(next.interval) ||
      !books_.FitsRules(next, nullptr, now) || !books_.KeepsQuotas(next, nullptr, now)) {
    return Failed(ErrorKind::kRefused);
  }
  next.state = ReservationState::kPending;
  next.leaves_slot_free = true;
  next.hold_expire_time = call.interval.end;
  return Commit(std::move(next), std::nullopt, now);
}

Outcome Model::ClearCall(const Request& request, Instant now) {
  const auto found = books_.calls.find(request.record);
  if (found == books_.calls.end()) return Failed(ErrorKind::kNotFound);
  if (!Manages(request.principal)) return Failed(ErrorKind::kRoleRequired);
  if (found->second.cleared || now < found->second.deadline) return Failed(ErrorKind::kRefused);
  const std::vector<ReservationId> requests = books_.RequestsOf(request.record);
  for (const ReservationId granted : request.granted) {
    if (std::count(requests.begin(), requests.end(), granted) == 0) {
      return Failed(ErrorKind::kInvalidFields);
    }
  }
  for (const ReservationId id : requests) {
    if (request.granted.count(id) == 0) continue;
    const Reservation current = books_.reservations.at(id);
    Reservation next = current;
    if (!books_.Passes(next, nullptr, now)) return Failed(ErrorKind::kRefused);
    next.notes = books_.NotesOn(next, nullptr, now);
    Settle(next, now);
    Commit(std::move(next), current, now);
  }
  for (const ReservationId id : requests) {
    if (request.granted.count(id) > 0) continue;
    const Reservation current = books_.reservations.at(id);
    Reservation next = current;
    next.state = ReservationState::kRejected;
    next.hold_expire_time = 0;
    next.leaves_slot_free = false;
    Commit(std::move(next), current, now);
  }
  books_.calls[request.record].cleared = true;
  CommitRecord(now);
  changes_records_ = wakes_ = true;
  return {true, ErrorKind::kDefect, head_, {}};
}

}  // namespace labslot::sim
