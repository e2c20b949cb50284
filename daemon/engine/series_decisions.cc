#include "daemon/engine/series_decisions.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/granting.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// Where a request has what is reserved.
constexpr char kDraftField[] = "series.reservation";

// Tries occurrences out one after the other and gathers the changes.
class Placement {
 public:
  Placement(const DecisionContext& context, Series series, const Series* before)
      : context_(context),
        series_(std::move(series)),
        zone_(FindTimeZone(series_.recurrence.zone).value_or(absl::UTCTimeZone())),
        trial_(context.state) {
    // Its occurrences are filled in when they are known; its place is the first.
    if (before == nullptr) {
      series_.id = NextRevision(context, decision_);
      series_.create_time = context.now;
    }
    series_.update_time = context.now;
    AddChange(context, before == nullptr ? EventType::kCreated : EventType::kUpdated, series_,
              before, decision_);
    series_.revision = decision_.changes.front().event.revision;
  }

  Series& series() { return series_; }
  const absl::TimeZone& zone() const { return zone_; }
  int refused() const { return refused_; }
  int granted() const { return granted_; }
  const std::vector<Violation>& violations() const { return violations_; }

  Occurrence* Find(absl::CivilDay day) {
    const auto it = std::find_if(series_.occurrences.begin(), series_.occurrences.end(),
                                 [&](const Occurrence& o) { return o.day == day; });
    return it == series_.occurrences.end() ? nullptr : &*it;
  }

  // Takes a reservation out of the trial, so that the others do not collide with
  // what it leaves.
  void Vacate(const Reservation& r) {
    Reservation gone = r;
    gone.state = ReservationState::kRejected;  // counts nowhere
    Try(gone, &r);
  }

  // Puts it back as it was. False if something else of the series is there now, unless it
  // leaves its slot free anyway.
  bool PutBack(const Reservation& r) {
    Candidate candidate{r, nullptr, context_.now};
    candidate.stands = true;
    const std::vector<Violation> violations = Judge(context_.state, candidate);
    const auto is_taken = [this](const Violation& v) {
      return v.rule == Rule::kCapacityExceeded || v.rule == Rule::kRelatedAssetBusy ||
             v.rule == Rule::kNoFittingUnit ||
             (v.rule == Rule::kTravelDoesNotFit && IsAboutOwn(v.conflicts));
    };
    const bool taken =
        !r.leaves_slot_free && std::any_of(violations.begin(), violations.end(), is_taken);
    if (!taken) Try(r, nullptr);
    return !taken;
  }

  bool IsAboutOwn(const std::vector<Conflict>& conflicts) const {
    return std::any_of(conflicts.begin(), conflicts.end(), [this](const Conflict& conflict) {
      return std::any_of(
          series_.occurrences.begin(), series_.occurrences.end(),
          [&](const Occurrence& o) { return o.reservation == conflict.reservation; });
    });
  }

  // Judges an occurrence on a day. `current` is what is there, already vacated;
  // null if nothing is. Returns whether it was granted.
  bool Place(absl::CivilDay day, const Reservation* current) {
    Occurrence result;
    result.day = day;
    const auto when = IntervalOn(series_.recurrence, day, zone_);
    if (const auto* problem = std::get_if<LocalTimeProblem>(&when)) {
      return Refuse(std::move(result), current, {{LocalTimeIs(*problem, day)}, {}, {}});
    }
    result.interval = std::get<Interval>(when);
    std::optional<Reservation> vacated;
    if (current != nullptr) {
      vacated = *current;
      vacated->state = ReservationState::kRejected;
    }
    Result<Reservation> granted =
        Grant(context_, Draft(day, result.interval, current), vacated ? &*vacated : nullptr, 0,
              refused_ < static_cast<int>(limits::kMaxWaysOutOfSeries));
    if (!granted.ok()) return Refuse(std::move(result), current, *granted.error().refusal);
    AddReservationChange(context_, current == nullptr ? EventType::kCreated : EventType::kUpdated,
                         std::move(granted).value(), current, decision_);
    const auto& placed = std::get<Reservation>(decision_.changes.back().event.resource);
    result.reservation = placed.id;
    Try(placed, vacated ? &*vacated : nullptr);
    ++granted_;
    Put(std::move(result));
    return true;
  }

  // The occurrence as the series wants it.
  Reservation Draft(absl::CivilDay day, const Interval& interval, const Reservation* current) {
    Reservation r = series_.draft;
    if (current != nullptr) {
      r.id = current->id;
      r.state = current->state;
      r.create_time = current->create_time;
      r.revision = current->revision;
      r.notes = current->notes;
      r.state_reason = current->state_reason;
    }
    r.interval = interval;
    r.series = series_.id;
    r.occurrence = day;
    TakeOverTerms(context_.catalogue(), current, r);
    return r;
  }

  // The same at the time of that day; at no time if the day has no such.
  Reservation Wanted(absl::CivilDay day, const Reservation& current) {
    const auto when = IntervalOn(series_.recurrence, day, zone_);
    const auto* run = std::get_if<Interval>(&when);
    return Draft(day, run == nullptr ? Interval() : *run, &current);
  }

  // A change that needs no judgement.
  void Change(EventType type, Reservation next, const Reservation& current) {
    AddReservationChange(context_, type, std::move(next), &current, decision_);
  }

  void Put(Occurrence occurrence) {
    auto& all = series_.occurrences;
    const auto it =
        std::lower_bound(all.begin(), all.end(), occurrence.day,
                         [](const Occurrence& o, absl::CivilDay day) { return o.day < day; });
    if (it != all.end() && it->day == occurrence.day) {
      *it = std::move(occurrence);
    } else {
      all.insert(it, std::move(occurrence));
    }
  }

  Decision Finish() && {
    Resource& first = decision_.changes.front().event.resource;
    first = std::move(series_);
    decision_.result = first;
    return std::move(decision_);
  }

 private:
  void Try(const Reservation& after, const Reservation* before) {
    Event event;
    event.revision = context_.state.head();
    event.time = context_.now;
    event.resource = after;
    if (before == nullptr) return trial_.Apply(event, nullptr);
    const Resource was = *before;
    trial_.Apply(event, &was);
  }

  bool Refuse(Occurrence result, const Reservation* current, Refusal refusal) {
    ++refused_;
    for (const Violation& violation : refusal.violations) {
      if (violations_.size() < limits::kMaxNotes) violations_.push_back(violation);
    }
    for (Violation& violation : refusal.violations) {
      if (violation.conflicts.size() <= limits::kMaxConflictsKept) continue;
      violation.conflicts.resize(limits::kMaxConflictsKept);
    }
    if (current != nullptr) result.reservation = current->id;
    result.refusal = std::move(refusal);
    Put(std::move(result));
    return false;
  }

  Violation LocalTimeIs(LocalTimeProblem problem, absl::CivilDay day) const {
    const bool skipped = problem == LocalTimeProblem::kSkipped;
    const std::string date = absl::FormatCivilTime(day);
    return {skipped ? Rule::kLocalTimeSkipped : Rule::kLocalTimeRepeated,
            absl::StrCat("on ", date, " the clocks change in ", series_.recurrence.zone,
                         skipped ? ", and the run's local time does not exist"
                                 : ", and the run's local time comes twice: say which is meant"),
            series_.draft.items.front().asset,
            "a local time of that day",
            date,
            {}};
  }

  const DecisionContext& context_;
  Series series_;
  const absl::TimeZone zone_;
  Decision decision_;
  Trial trial_;
  int refused_ = 0;
  int granted_ = 0;
  std::vector<Violation> violations_;
};

Result<std::vector<absl::CivilDay>> Days(const Recurrence& recurrence) {
  auto days = DaysOf(recurrence, limits::kMaxOccurrences);
  if (!days.ok()) {
    return InvalidField("series.recurrence.rrule", std::string(days.status().message()));
  }
  return *std::move(days);
}

// An occurrence that begins before the one before it has made room could never
// be had on the same asset: the rule is wrong, not the day.
std::optional<Error> RunsIntoItself(const Series& series, const std::vector<absl::CivilDay>& days,
                                    const absl::TimeZone& zone) {
  Seconds around = 0;
  for (const ReservationItem& item : series.draft.items) {
    around = std::max(around, item.set_up + item.tear_down);
  }
  Instant free_from = std::numeric_limits<Instant>::min();
  for (const absl::CivilDay day : days) {
    const auto when = IntervalOn(series.recurrence, day, zone);
    const auto* run = std::get_if<Interval>(&when);
    if (run == nullptr) continue;
    if (run->start < free_from) {
      return InvalidField("series.recurrence.end",
                          absl::StrCat("makes the occurrence on ", absl::FormatCivilTime(day),
                                       " begin before the one before it is over",
                                       around > 0 ? ", with set-up and tear-down" : ""));
    }
    free_from = run->end + around;
  }
  return std::nullopt;
}

// The hour that autumn repeats must be read one way or the other.
std::optional<Error> ReadingIsOpen(const Series& series, const std::vector<absl::CivilDay>& days,
                                   const absl::TimeZone& zone) {
  for (const absl::CivilDay day : days) {
    const auto when = IntervalOn(series.recurrence, day, zone);
    const auto* problem = std::get_if<LocalTimeProblem>(&when);
    if (problem == nullptr || *problem != LocalTimeProblem::kRepeated) continue;
    return InvalidField(
        "series.recurrence.repeated_hour",
        absl::StrCat("must be FIRST or SECOND: on ", absl::FormatCivilTime(day), " the clocks in ",
                     series.recurrence.zone, " are set back, and the local time comes twice"));
  }
  return std::nullopt;
}

std::optional<Error> CannotBeRead(const Series& series, const std::vector<absl::CivilDay>& days) {
  const absl::TimeZone zone = FindTimeZone(series.recurrence.zone).value_or(absl::UTCTimeZone());
  if (auto error = ReadingIsOpen(series, days, zone)) return error;
  return RunsIntoItself(series, days, zone);
}

bool BearsSo(const SeriesContract& contract, int refused, int granted) {
  if (refused == 0) return true;
  switch (contract.kind) {
    case ContractKind::kAllOrNothing:
      return false;
    case ContractKind::kSkipConflicts:
      return granted > 0;
    case ContractKind::kAtMost: {
      const int share = (refused + granted) * contract.max_refused_percent / 100;
      return granted > 0 && refused <= std::max(contract.max_refused, share);
    }
  }
  return false;
}

// `because` follows the number of refused occurrences, in words.
Error RefusedSeries(const Placement& placement, absl::string_view because) {
  Refusal refusal;
  refusal.violations = placement.violations();
  Error error = Refused(std::move(refusal));
  error.message = absl::StrCat(Counted(placement.refused(), "occurrence was", "occurrences were"),
                               " refused of ", placement.refused() + placement.granted(), because,
                               ": ", error.message);
  return error;
}

constexpr char kAboveContract[] = ", more than the contract allows";

// What of a reservation the series prescribes, but for the run.
void TakeWords(const Series& series, Reservation& r) {
  const Reservation& draft = series.draft;
  r.display_name = draft.display_name;
  r.purpose = draft.purpose;
  r.project = draft.project;
  r.priority = draft.priority;
  r.activity_class = draft.activity_class;
  r.attendees = draft.attendees;
  r.confidential = draft.confidential;
  r.labels = draft.labels;
  r.access_mode = draft.access_mode;
  r.on_behalf_of = draft.on_behalf_of;
  r.funding = draft.funding;
  r.activity_reason = draft.activity_reason;
}

bool SameRun(const Reservation& a, const Reservation& b) {
  return a.items == b.items && a.interval == b.interval && a.site == b.site &&
         a.attendees == b.attendees && a.purpose == b.purpose && a.project == b.project &&
         a.activity_class == b.activity_class;
}

// The series, if the principal may change it and has its last version.
Result<Series> ChangeableSeries(const DecisionContext& context, SeriesId id, Revision etag) {
  std::optional<Series> current = context.reservations.FindSeries(id);
  if (!current || !MaySee(context.catalogue(), context.principal, current->draft)) {
    return NotFound(NameOfSeries(id));
  }
  if (!MayChange(context.catalogue(), context.principal, current->draft)) {
    return RoleRequired(absl::StrCat("change ", NameOfSeries(id),
                                     ": it is for its user, the managers of its assets and "
                                     "administrators"),
                        kAssetManagerRole);
  }
  if (etag != 0 && etag != current->revision) return EtagMismatch(NameOfSeries(id));
  return *std::move(current);
}

// The reservations of a series that can still be called off, by day: those that lost their
// place and would get another one are among them.
std::map<absl::CivilDay, Reservation> ToComeFrom(const DecisionContext& context,
                                                 const Series& series,
                                                 std::optional<absl::CivilDay> from) {
  std::map<absl::CivilDay, Reservation> to_come;
  for (const Occurrence& occurrence : series.occurrences) {
    if (occurrence.reservation == 0 || (from && occurrence.day < *from)) continue;
    std::optional<Reservation> r = context.reservations.FindReservation(occurrence.reservation);
    if (!r || !IsToCome(context, *r)) continue;
    if (!IsBlocking(r->state) && !Waits(r->state)) continue;
    to_come.emplace(occurrence.day, *std::move(r));
  }
  return to_come;
}

// Those of them that have a place, and can be moved to another one.
std::map<absl::CivilDay, Reservation> LiveFrom(const DecisionContext& context, const Series& series,
                                               std::optional<absl::CivilDay> from) {
  std::map<absl::CivilDay, Reservation> live = ToComeFrom(context, series, from);
  std::erase_if(live, [](const auto& entry) { return Waits(entry.second.state); });
  return live;
}

// True if somebody moved the occurrence away from what the series says; not if
// the series could not take it along.
bool MovedByHand(const Series& series, absl::CivilDay day, const Reservation& r,
                 const absl::TimeZone& zone) {
  const bool left_behind =
      std::any_of(series.occurrences.begin(), series.occurrences.end(),
                  [&](const Occurrence& o) { return o.day == day && o.refusal.has_value(); });
  if (left_behind) return false;
  const auto when = IntervalOn(series.recurrence, day, zone);
  const auto* run = std::get_if<Interval>(&when);
  return run == nullptr || *run != r.interval;
}

// Calls off what goes; or the reasons against it, of all of them.
Result<std::vector<Reservation>> CallOffAll(const DecisionContext& context,
                                            const std::map<absl::CivilDay, Reservation>& going) {
  std::vector<Reservation> gone;
  Refusal refusal;
  for (const auto& [day, r] : going) {
    // Where it only waits there is nothing to judge.
    Result<Reservation> next = Waits(r.state) ? CalledOff(context, r) : CallOff(context, r);
    if (next.ok()) {
      gone.push_back(std::move(next).value());
      continue;
    }
    for (const Violation& violation : next.error().refusal->violations) {
      if (refusal.violations.size() < limits::kMaxNotes) refusal.violations.push_back(violation);
    }
  }
  if (!refusal.violations.empty()) return Refused(std::move(refusal));
  return gone;
}

bool IsOver(const Series& series, absl::CivilDay day, const absl::TimeZone& zone, Instant now) {
  const auto when = IntervalOn(series.recurrence, day, zone);
  const auto* run = std::get_if<Interval>(&when);
  return run != nullptr && run->start <= now;
}

// What an update makes of the occurrences that are to come.
struct Plan {
  std::vector<absl::CivilDay> place;             // judged anew, or for the first time
  std::map<absl::CivilDay, Reservation> moving;  // what is there on days of `place`
  std::map<absl::CivilDay, Reservation> going;   // cancelled
  std::map<absl::CivilDay, Reservation> staying;
};

Plan PlanOf(Placement& placement, const Series& before, std::map<absl::CivilDay, Reservation> live,
            const std::vector<absl::CivilDay>& before_days, const std::vector<absl::CivilDay>& days,
            Instant now) {
  Plan plan;
  const auto stays = [&](std::map<absl::CivilDay, Reservation>::iterator there) {
    plan.staying.insert(*there);
    return live.erase(there);
  };
  for (auto it = live.begin(); it != live.end();) {
    const bool by_hand = MovedByHand(before, it->first, it->second, placement.zone());
    it = by_hand ? stays(it) : std::next(it);
  }
  for (const absl::CivilDay day : days) {
    if (plan.staying.contains(day)) continue;
    const auto there = live.find(day);
    // What is to come is not called off because its new time is over.
    const bool over = IsOver(placement.series(), day, placement.zone(), now);
    if (there == live.end()) {
      const Occurrence* known = placement.Find(day);
      // What somebody called off stays so; what only fell out comes back.
      const bool called_off = known != nullptr && known->reservation != 0 &&
                              std::binary_search(before_days.begin(), before_days.end(), day);
      if (!over && !called_off) plan.place.push_back(day);
    } else if (over || SameRun(placement.Wanted(day, there->second), there->second)) {
      stays(there);
    } else {
      plan.place.push_back(day);
      plan.moving.insert(*there);
      live.erase(there);
    }
  }
  plan.going = std::move(live);
  return plan;
}

// Forgets the refused days that the series does not want any more.
void ForgetRefused(const std::vector<absl::CivilDay>& days, std::optional<absl::CivilDay> from,
                   Series& series) {
  auto& all = series.occurrences;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Occurrence& o) {
                             return o.reservation == 0 && (!from || o.day >= *from) &&
                                    !std::binary_search(days.begin(), days.end(), o.day);
                           }),
            all.end());
}

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const CreateSeries& command) {
  Series series = command.draft;
  if (auto error =
          Complete(context.catalogue(), context.principal, series.draft, "series.reservation.user"))
    return *std::move(error);
  if (auto error = Unsound(context.catalogue(), context.principal, series.draft, kDraftField))
    return *std::move(error);
  series.recurrence.zone = ZoneNameOf(context.catalogue(), series.draft);
  TakeOverTerms(context.catalogue(), nullptr, series.draft);
  Result<std::vector<absl::CivilDay>> days = Days(series.recurrence);
  if (!days.ok()) return std::move(days).error();
  if (auto error = CannotBeRead(series, days.value())) return *std::move(error);
  Placement placement(context, std::move(series), nullptr);
  for (const absl::CivilDay day : days.value()) placement.Place(day, nullptr);
  if (!BearsSo(placement.series().contract, placement.refused(), placement.granted())) {
    return RefusedSeries(placement, kAboveContract);
  }
  return std::move(placement).Finish();
}

Result<Decision> DecideBody(const DecisionContext& context, const UpdateSeries& command) {
  Result<Series> found = ChangeableSeries(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Series& before = found.value();
  Result<Series> patched = command.patch(before);
  if (!patched.ok()) return std::move(patched).error();
  Series next = std::move(patched).value();
  if (auto error = Unsound(context.catalogue(), context.principal, next.draft, kDraftField))
    return *std::move(error);
  next.recurrence.zone = ZoneNameOf(context.catalogue(), next.draft);
  TakeOverTerms(context.catalogue(), &before.draft, next.draft);
  Result<std::vector<absl::CivilDay>> days = Days(next.recurrence);
  if (!days.ok()) return std::move(days).error();
  if (auto error = CannotBeRead(next, days.value())) return *std::move(error);
  next.cancelled = false;

  std::map<absl::CivilDay, Reservation> live = LiveFrom(context, before, command.from);
  std::vector<absl::CivilDay> wanted = std::move(days).value();
  if (command.from) {
    wanted.erase(wanted.begin(), std::lower_bound(wanted.begin(), wanted.end(), *command.from));
  }
  Placement placement(context, std::move(next), &before);
  Result<std::vector<absl::CivilDay>> before_days = Days(before.recurrence);
  if (!before_days.ok()) return std::move(before_days).error();
  const Plan plan =
      PlanOf(placement, before, std::move(live), before_days.value(), wanted, context.now);
  Result<std::vector<Reservation>> gone = CallOffAll(context, plan.going);
  if (!gone.ok()) return std::move(gone).error();
  size_t next_gone = 0;
  for (const auto& [day, r] : plan.going) {
    placement.Vacate(r);
    placement.Change(EventType::kCancelled, gone.value()[next_gone++], r);
  }
  for (const auto& [day, r] : plan.moving) placement.Vacate(r);
  std::vector<absl::CivilDay> refused;
  for (const absl::CivilDay day : plan.place) {
    const auto there = plan.moving.find(day);
    const Reservation* current = there == plan.moving.end() ? nullptr : &there->second;
    if (!placement.Place(day, current) && current != nullptr) refused.push_back(day);
  }
  bool put_back = true;
  for (const absl::CivilDay day : refused) {
    put_back = placement.PutBack(plan.moving.at(day)) && put_back;
  }
  const int kept = placement.granted() + static_cast<int>(plan.staying.size());
  if (!put_back || !BearsSo(placement.series().contract, placement.refused(), kept)) {
    return RefusedSeries(placement, kAboveContract);
  }
  ForgetRefused(wanted, command.from, placement.series());
  if (placement.series().occurrences.size() > limits::kMaxOccurrences) {
    return InvalidField("series.recurrence.rrule",
                        absl::StrCat("makes the series longer than ", limits::kMaxOccurrences,
                                     " days, those that are over included; begin a new one"));
  }
  for (const auto& [day, r] : plan.staying) {
    Reservation worded = r;
    TakeWords(placement.series(), worded);
    if (!(worded == r)) placement.Change(EventType::kUpdated, std::move(worded), r);
  }
  return std::move(placement).Finish();
}

Result<Decision> DecideBody(const DecisionContext& context, const CancelSeries& command) {
  Result<Series> found = ChangeableSeries(context, command.id, command.etag);
  if (!found.ok()) return std::move(found).error();
  const Series& before = found.value();
  const std::map<absl::CivilDay, Reservation> going = ToComeFrom(context, before, command.from);
  Result<std::vector<Reservation>> gone = CallOffAll(context, going);
  if (!gone.ok()) return std::move(gone).error();
  Series next = before;
  next.state_reason = context.reason;
  next.cancelled = !command.from.has_value() || next.cancelled;
  // What was refused is not tried again.
  next.occurrences.erase(std::remove_if(next.occurrences.begin(), next.occurrences.end(),
                                        [&](const Occurrence& o) {
                                          return o.reservation == 0 &&
                                                 (!command.from || o.day >= *command.from);
                                        }),
                         next.occurrences.end());
  Placement placement(context, std::move(next), &before);
  size_t next_gone = 0;
  for (const auto& [day, r] : going) {
    placement.Change(EventType::kCancelled, gone.value()[next_gone++], r);
  }
  Decision decision = std::move(placement).Finish();
  decision.changes.front().event.type = EventType::kCancelled;
  return decision;
}

Result<Decision> DecideBody(const DecisionContext& context, const RetrySeries& command) {
  Result<Series> found = ChangeableSeries(context, command.id, 0);
  if (!found.ok()) return std::move(found).error();
  const Series& before = found.value();
  Placement placement(context, before, &before);
  for (const Occurrence& occurrence : before.occurrences) {
    const bool named =
        std::find(command.days.begin(), command.days.end(), occurrence.day) != command.days.end();
    if (!command.days.empty() && !named) continue;
    if (IsOver(before, occurrence.day, placement.zone(), context.now)) continue;
    const std::optional<Reservation> there =
        occurrence.reservation == 0 ? std::nullopt
                                    : context.reservations.FindReservation(occurrence.reservation);
    if (there && IsBlocking(there->state)) {
      // One that the series could not take along is tried where it should be.
      if (!occurrence.refusal || !IsToCome(context, *there)) continue;
      placement.Vacate(*there);
      if (!placement.Place(occurrence.day, &*there)) placement.PutBack(*there);
    } else if (!there || named) {
      // One that was called off is made again if it is named.
      placement.Place(occurrence.day, nullptr);
    }
  }
  if (placement.granted() == 0) {
    if (placement.refused() > 0) return RefusedSeries(placement, ", as before");
    Decision decision;
    decision.result = before;
    return decision;
  }
  return std::move(placement).Finish();
}

}  // namespace labslot::engine
