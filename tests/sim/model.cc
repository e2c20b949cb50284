#include "tests/sim/model.h"

#include <algorithm>

#include "tests/sim/house.h"

namespace labslot::sim {
namespace {

constexpr Seconds kTolerance = 300;

bool MayChange(const std::string& principal, const std::string& user) {
  return principal == "sam" || principal == user;
}

ReservationItem ItemOf(const Wanted& wanted) {
  return {wanted.asset, wanted.quantity, 0, 0, {}, {}, wanted.labels};
}

std::map<std::string, std::pair<int32_t, Labels>> ClaimsOf(const Reservation& r) {
  std::map<std::string, std::pair<int32_t, Labels>> claims;
  for (const ReservationItem& item : r.items) {
    claims[item.asset] = {item.quantity, item.unit_labels};
  }
  return claims;
}

bool HasUnits(const Reservation& r) {
  return r.state == ReservationState::kCheckedIn &&
         std::any_of(r.items.begin(), r.items.end(),
                     [](const ReservationItem& item) { return !item.units.empty(); });
}

}  // namespace

Outcome Failed(ErrorKind kind) {
  Outcome outcome;
  outcome.error = kind;
  return outcome;
}

bool Manages(const std::string& principal) { return principal == "sam"; }

// An offer that nobody took was nobody's yet.
Reservation CalledOff(const Reservation& current, Instant now) {
  Reservation next = current;
  next.state = ReservationState::kCancelled;
  next.hold_expire_time = 0;
  next.check_in_by = 0;
  next.leaves_slot_free = false;
  const bool was_his = Blocks(current) && current.state != ReservationState::kOffered;
  if (was_his) next.use.freed = now;
  return next;
}

Model::Model(Books books, Revision head, Instant last_time)
    : books_(std::move(books)), head_(head), last_time_(last_time), event_time_(last_time) {}

Outcome Model::Commit(Reservation next, const std::optional<Reservation>& before, Instant now) {
  next.revision = ++head_;
  next.update_time = now;
  last_time_ = event_time_ = now;
  changes_.push_back({before, next});
  books_.reservations[next.id] = next;
  return {true, ErrorKind::kDefect, head_, std::move(next)};
}

void Model::CommitRecord(Instant now) {
  ++head_;
  last_time_ = event_time_ = now;
}

bool Model::IsChanged(ReservationId id) const {
  return std::any_of(changes_.begin(), changes_.end(),
                     [&](const Change& change) { return change.after.id == id; });
}

void Model::Begin() {
  changes_.clear();
  freed_.clear();
  changes_records_ = false;
}

// What follows from a decision, in the same commit: freed time is offered, and who
// stayed beyond his end is minded.
void Model::Finish(Instant now) {
  std::set<std::string> assets = freed_;
  for (const Change& change : changes_) {
    if (!change.before || !Blocks(*change.before)) continue;
    const Reservation& before = *change.before;
    if (Blocks(change.after) && change.after.interval == before.interval &&
        change.after.items == before.items && change.after.site == before.site) {
      continue;
    }
    for (const ReservationItem& item : before.items) assets.insert(item.asset);
  }
  for (const std::string& asset : std::set(assets)) {
    for (const std::string& other : books_.RelatedTo(asset)) assets.insert(other);
  }
  if (!changes_records_) Serve(assets, now);
  MindOverdue(now);
}

void Model::EndWhatIsDue(Instant now) {
  while (true) {
    const Reservation* first = nullptr;
    for (const auto& [id, r] : books_.reservations) {
      const Instant due = DueOf(r);
      if (due == 0 || due > now) continue;
      if (first == nullptr || due < DueOf(*first)) first = &r;
    }
    if (first == nullptr) return;
    Begin();
    EndOne(Reservation(*first), now);
    Finish(now);
  }
}

Outcome Model::Do(const Request& request, Instant now) {
  const bool repeatable = !request.request_id.empty() && !request.dry_run;
  const std::string key = request.principal + "/" + request.request_id;
  const auto answered = answered_.find(key);
  if (repeatable && answered != answered_.end()) {
    if (answered->second.first != Fingerprint(request)) return Failed(ErrorKind::kRequestIdReused);
    return answered->second.second;
  }
  if (request.dry_run) {
    Model trial = *this;
    trial.Read(nullptr);
    return trial.Try(request, now);
  }
  const Outcome outcome = Try(request, now);
  if (repeatable && outcome.ok) answered_[key] = {Fingerprint(request), outcome};
  return outcome;
}

// All of it or nothing.
Outcome Model::Try(const Request& request, Instant now) {
  Model trial = *this;
  trial.Begin();
  Outcome outcome = trial.Judge(request, now);
  objections_ = trial.objections_;
  if (!outcome.ok) return outcome;
  trial.Finish(now);
  const ReservationId id = outcome.reservation.id;
  if (trial.IsChanged(id)) {
    outcome.reservation = trial.books_.reservations.at(id);
    outcome.revision = outcome.reservation.revision;
  }
  *this = std::move(trial);
  return outcome;
}

Outcome Model::Judge(const Request& request, Instant now) {
  switch (request.verb) {
    case Verb::kBook:
      return Book(request, now);
    case Verb::kMove:
    case Verb::kChangeItems:
      return Update(request, now);
    case Verb::kCancel:
      return Cancel(request, now);
    case Verb::kConfirm:
      return Confirm(request, now);
    case Verb::kAccept:
      return Accept(request, now);
    case Verb::kApprove:
      return Approve(request, now);
    case Verb::kReject:
      return Reject(request, now);
    case Verb::kBookSeries:
      return BookSeries(request, now);
    case Verb::kMoveSeries:
      return MoveSeries(request, now);
    case Verb::kCancelSeries:
      return CancelSeries(request, now);
    case Verb::kRetrySeries:
      return RetrySeries(request, now);
    case Verb::kCheckIn:
      return CheckIn(request, now);
    case Verb::kCheckOut:
      return CheckOut(request, now);
    case Verb::kCorrect:
      return Correct(request, now);
    case Verb::kBreakDown:
    case Verb::kMoveFault:
    case Verb::kRepair:
      return ChangeFault(request, now);
    case Verb::kOpenCall:
      return OpenCall(request, now);
    case Verb::kClearCall:
      return ClearCall(request, now);
    case Verb::kAddQuota:
    case Verb::kChangeQuota:
    case Verb::kDropQuota:
      return ChangeQuota(request, now);
    default:
      return ChangeThing(request, now);
  }
}

void Model::Hold(Reservation& next, Seconds hold_for, Instant now) const {
  next.notes = books_.NotesOn(next, nullptr, now);
  if (hold_for == 0) return Settle(next, now);
  next.state = ReservationState::kHeld;
  next.hold_expire_time = std::min(now + hold_for, next.interval.end);
}

Outcome Model::Book(const Request& request, Instant now) {
  Reservation next;
  for (const Wanted& wanted : request.items) {
    if (books_.things.count(wanted.asset) == 0) return Failed(ErrorKind::kNotFound);
    next.items.push_back(ItemOf(wanted));
  }
  next.user = request.user.empty() ? request.principal : request.user;
  if (!MayChange(request.principal, next.user)) return Failed(ErrorKind::kRoleRequired);
  if (books_.ItemsExclude(next)) return Failed(ErrorKind::kInvalidFields);
  if (auto failed = UnsoundChoice(request)) return *failed;
  if (request.firm && !Manages(request.principal)) return Failed(ErrorKind::kRoleRequired);
  next.id = head_ + 1;
  next.interval = request.interval;
  next.create_time = now;
  next.priority = request.priority;
  next.window = request.window;
  next.choices = ChoicesOf(request);
  next.like_assets = request.like_assets;
  next.firm = request.firm;
  next.round = request.call;
  next.project = request.project;
  next.site = request.site;
  books_.TakeChangeover(next, nullptr);
  if (!request.call.empty()) return Submit(request, std::move(next), now);
  if (!books_.Passes(next, nullptr, now)) return BookOtherwise(request, next, now);
  Hold(next, request.hold_for, now);
  return Commit(std::move(next), std::nullopt, now);
}

std::optional<Outcome> Model::UnsoundChoice(const Request& request) const {
  for (const Choice& choice : ChoicesOf(request)) {
    Reservation variant;
    variant.items = choice.items;
    for (const ReservationItem& item : variant.items) {
      if (books_.things.count(item.asset) == 0) return Failed(ErrorKind::kNotFound);
    }
    if (books_.ItemsExclude(variant)) return Failed(ErrorKind::kInvalidFields);
  }
  return std::nullopt;
}

Outcome Model::BookOtherwise(const Request& request, const Reservation& wish, Instant now) {
  Reservation next = wish;
  if (books_.FindPlace(next, now, now, /*nearest=*/false)) {
    Hold(next, request.hold_for, now);
    return Commit(std::move(next), std::nullopt, now);
  }
  if (!books_.FitsRules(wish, nullptr, now) || !books_.KeepsQuotas(wish, nullptr, now)) {
    return Failed(ErrorKind::kRefused);
  }
  if (request.may_displace) return Displace(request, wish, now);
  if (!request.may_wait) return Failed(ErrorKind::kRefused);
  next.state = ReservationState::kWaitlisted;
  next.hold_expire_time = LastStartOf(next);
  return Commit(std::move(next), std::nullopt, now);
}

// ada and bob are of one organisation, eve of another; sam manages everything. Who may
// approve a request sees it, and who did so in part.
bool Model::MaySee(const std::string& principal, const Reservation& r) const {
  const bool settled_some = std::any_of(r.notes.begin(), r.notes.end(), [&](const Note& note) {
    return note.settled_by == principal;
  });
  const bool decides = r.state == ReservationState::kPending &&
                       (settled_some || books_.MayApproveSome(principal, r));
  return Manages(principal) || decides || OrganisationOf(principal) == OrganisationOf(r.user);
}

std::optional<Outcome> Model::MayNotTouch(const Request& request) const {
  const auto found = books_.reservations.find(request.reservation);
  if (found == books_.reservations.end() || !MaySee(request.principal, found->second)) {
    return Failed(ErrorKind::kNotFound);
  }
  if (!MayChange(request.principal, found->second.user)) return Failed(ErrorKind::kRoleRequired);
  return std::nullopt;
}

Outcome Model::Update(const Request& request, Instant now) {
  if (auto failed = MayNotTouch(request)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  if (!IsBlocking(current.state) || current.interval.end <= now || Competes(current)) {
    return Failed(ErrorKind::kRefused);
  }
  Reservation next = current;
  if (request.verb == Verb::kMove) {
    next.interval = request.interval;
    if (!request.site.empty()) next.site = request.site;
  } else {
    next.site = request.site;
    next.items.clear();
    for (const Wanted& wanted : request.items) {
      const bool offered = current.state == ReservationState::kOffered;
      if (books_.things.count(wanted.asset) == 0 && !offered) return Failed(ErrorKind::kNotFound);
      next.items.push_back(ItemOf(wanted));
    }
    KeepTerms(current.items, next.items);
  }
  const bool same =
      next.interval == current.interval && next.items == current.items && next.site == current.site;
  if (same) return {true, ErrorKind::kDefect, current.revision, current};
  if (current.state == ReservationState::kOffered) return Failed(ErrorKind::kRefused);
  if (books_.ItemsExclude(next)) return Failed(ErrorKind::kInvalidFields);
  const bool begun = current.interval.start <= now;
  const bool same_claims = ClaimsOf(next) == ClaimsOf(current);
  if (HasUnits(current) && !same_claims) return Failed(ErrorKind::kRefused);
  const bool same_start =
      next.interval.start == current.interval.start && next.site == current.site;
  if (begun && (!same_start || !same_claims || next.interval.end < now - kTolerance)) {
    return Failed(ErrorKind::kRefused);
  }
  books_.TakeChangeover(next, &current);
  if (!books_.Passes(next, &current, now)) return Failed(ErrorKind::kRefused);
  next.notes = books_.NotesOn(next, &current, now);
  const bool may_wait = !begun && current.state != ReservationState::kCheckedIn;
  if (AwaitsApproval(next) && !may_wait) return Failed(ErrorKind::kRefused);
  if (next.state == ReservationState::kHeld) {
    next.hold_expire_time = std::min(next.hold_expire_time, next.interval.end);
  } else if (next.state != ReservationState::kCheckedIn) {
    Settle(next, now);
    if (begun) next.check_in_by = current.check_in_by;
  }
  return Commit(std::move(next), current, now);
}

Outcome Model::Cancel(const Request& request, Instant now) {
  if (auto failed = MayNotTouch(request)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  // What is nobody's yet can always be left.
  const bool can_be_left =
      Waits(current.state) || current.state == ReservationState::kOffered || Competes(current);
  const bool may_be_called_off =
      IsBlocking(current.state) && current.state != ReservationState::kCheckedIn &&
      current.interval.end > now && current.interval.start >= now - kTolerance;
  if (!can_be_left && !may_be_called_off) return Failed(ErrorKind::kRefused);
  return Commit(CalledOff(current, now), current, now);
}

Outcome Model::Accept(const Request& request, Instant now) {
  if (auto failed = MayNotTouch(request)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  if (current.state != ReservationState::kOffered || current.hold_expire_time <= now) {
    return Failed(ErrorKind::kRefused);
  }
  Reservation next = current;
  Settle(next, now);
  return Commit(std::move(next), current, now);
}

Outcome Model::Confirm(const Request& request, Instant now) {
  if (auto failed = MayNotTouch(request)) return *failed;
  const Reservation current = books_.reservations.at(request.reservation);
  if (current.state != ReservationState::kHeld || current.interval.end <= now ||
      current.hold_expire_time <= now) {
    return Failed(ErrorKind::kRefused);
  }
  Reservation next = current;
  Settle(next, now);
  return Commit(std::move(next), current, now);
}

}  // namespace labslot::sim
