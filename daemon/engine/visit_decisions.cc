#include "daemon/engine/visit_decisions.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/names.h"
#include "daemon/engine/batch_decisions.h"
#include "daemon/engine/granting.h"
#include "daemon/engine/place.h"
#include "daemon/engine/rehearsal.h"
#include "daemon/engine/visit.h"

namespace labslot::engine {
namespace {

const Site& SiteOfItem(const Catalogue& catalogue, const Reservation& r, size_t item) {
  return *PlaceOf(catalogue, *catalogue.FindAsset(r.items[item].asset), r.site);
}

// People are at one place at a time.
std::optional<Error> ApartFromEachOther(const Catalogue& catalogue, const Reservation& draft,
                                        absl::string_view option) {
  const Site& first = SiteOfItem(catalogue, draft, 0);
  for (size_t i = 1; i < draft.items.size(); ++i) {
    const Site& site = SiteOfItem(catalogue, draft, i);
    if (site.id == first.id) continue;
    return InvalidField(absl::StrCat(option, ".items[", i, "].asset"),
                        absl::StrCat("is at ", NameOf(kSites, site.id), ", and items[0] at ",
                                     NameOf(kSites, first.id), ": make two stops of them"));
  }
  return std::nullopt;
}

// What would be reserved for an option of a stop, but for its start. The error is that of
// the stop.
Result<Reservation> DraftOf(const DecisionContext& context, const Reservation& common,
                            const VisitStop& stop, size_t option) {
  Reservation draft = common;
  if (!stop.display_name.empty()) draft.display_name = stop.display_name;
  draft.items = stop.options[option].items;
  draft.site = stop.options[option].site;
  draft.interval = {0, stop.duration};
  const std::string path = absl::StrCat("options[", option, "]");
  if (auto error = Unsound(context.catalogue(), context.principal, draft, path)) {
    return *std::move(error);
  }
  if (auto error = ApartFromEachOther(context.catalogue(), draft, path)) return *std::move(error);
  TakeOverTerms(context.catalogue(), nullptr, draft);
  return draft;
}

Result<VisitWish> WishOf(const DecisionContext& context, const CreateVisit& command) {
  Reservation common = command.common;
  if (auto error = Complete(context.catalogue(), context.principal, common, "common.user")) {
    return *std::move(error);
  }
  common.labels[kVisitLabel] = absl::StrCat(context.state.head() + 1);
  VisitWish wish;
  wish.in_order = command.in_order;
  wish.same_day = command.same_day;
  for (size_t i = 0; i < command.stops.size(); ++i) {
    std::vector<Reservation>& options = wish.stops.emplace_back();
    for (size_t j = 0; j < command.stops[i].options.size(); ++j) {
      Result<Reservation> draft = DraftOf(context, common, command.stops[i], j);
      if (!draft.ok()) return OfStop(i, std::move(draft).error());
      options.push_back(std::move(draft).value());
    }
  }
  return wish;
}

Result<Decision> Make(const DecisionContext& context, const VisitPlan& plan) {
  std::vector<CreateReservation> requests;
  for (const PlacedStop& placed : plan) requests.push_back({placed.reservation});
  return DecideOneBehindTheOther(
      context, requests,
      [&](size_t i, Error error) { return OfStop(plan[i].stop, std::move(error)); },
      "an earlier stop of the visit");
}

Error TooMuchToSearch() {
  return InvalidField("windows",
                      absl::StrCat("leave more than ", limits::kMaxVisitLooks,
                                   " starts to try: give shorter windows, or fewer options"));
}

// The rest of the first window that lies in the future; all of it if none does.
Interval WindowToExplain(const CreateVisit& command, Instant now) {
  Interval window = command.windows.front();
  if (window.end > now) window.start = std::max(window.start, now);
  return window;
}

// The first start in the window at which it is open for the whole run; that of the window if
// there is none.
Instant FirstOpening(const Catalogue& catalogue, const Reservation& draft, const Interval& window) {
  const Asset& asset = *catalogue.FindAsset(draft.items.front().asset);
  const OpeningHours hours = HoursOf(catalogue, asset, SiteOfItem(catalogue, draft, 0));
  for (const Interval& open : OpenTimes(hours, window)) {
    if (open.length() >= draft.interval.length()) return open.start;
  }
  return window.start;
}

// A run that no rule refuses at that time, but for which the visit has none left.
Violation NoTimeLeft(const Catalogue& catalogue, const Reservation& r) {
  const absl::TimeZone zone = ZoneOf(SiteOfItem(catalogue, r, 0));
  const std::string there = FormatLocal(r.interval.start, zone);
  return {Rule::kTravelDoesNotFit,
          absl::StrCat("it does not fit behind the other stops and the ways between them: it "
                       "could not begin before ",
                       there, ", and takes ", LengthWords(r.interval.length())),
          r.items.front().asset,
          "time for the whole visit",
          absl::StrCat("there from ", there),
          {}};
}

void AddNew(std::vector<Violation> more, std::vector<Violation>& violations) {
  for (Violation& violation : more) {
    if (std::find(violations.begin(), violations.end(), violation) == violations.end()) {
      violations.push_back(std::move(violation));
    }
  }
}

bool Refuses(const std::vector<Violation>& violations) {
  return std::any_of(violations.begin(), violations.end(), [](const Violation& violation) {
    return violation.effect == Effect::kReject;
  });
}

// Why the stop cannot be had with any of its options, each at the start that it has in
// `options`, behind the stops of `plan`.
Error RefusedBehind(const DecisionContext& context, const VisitPlan& plan, size_t stop,
                    const std::vector<Reservation>& options) {
  Decision decision;
  Rehearsal rehearsal(context.state, decision);
  for (const PlacedStop& placed : plan) {
    rehearsal.Add(context, EventType::kCreated, placed.reservation, nullptr);
  }
  std::vector<Violation> violations;
  for (const Reservation& option : options) {
    AddNew(Judge(context.state, {option, nullptr, context.now}), violations);
  }
  if (!plan.empty() || !Refuses(violations)) {
    violations.push_back(NoTimeLeft(context.catalogue(), options.front()));
  }
  const Candidate candidate{options.front(), nullptr, context.now};
  return OfStop(stop, Refused(RefusalFor(context, candidate, std::move(violations), true)));
}

void StartAt(Instant start, Reservation& r) { r.interval = {start, start + r.interval.length()}; }

Error RefusedAlone(const DecisionContext& context, const Interval& window, size_t stop,
                   std::vector<Reservation> options) {
  for (Reservation& option : options) {
    StartAt(FirstOpening(context.catalogue(), option, window), option);
  }
  return RefusedBehind(context, {}, stop, options);
}

// Each stop fits alone, but not all of them together: the first that is not in the plan does
// not fit behind those that are.
Error RefusedTogether(const DecisionContext& context, const VisitWish& wish, const VisitPlan& plan,
                      Instant start) {
  size_t stop = 0;
  while (std::any_of(plan.begin(), plan.end(),
                     [&](const PlacedStop& placed) { return placed.stop == stop; })) {
    ++stop;
  }
  std::vector<Reservation> options = wish.stops[stop];
  for (Reservation& option : options) {
    StartAt(plan.empty()
                ? start
                : EndOf(plan) + WayBetween(context.catalogue(), plan.back().reservation, option),
            option);
  }
  return RefusedBehind(context, plan, stop, options);
}

Error WhyNot(const DecisionContext& context, const CreateVisit& command, const VisitWish& wish,
             const VisitPlan& furthest) {
  const Interval window = WindowToExplain(command, context.now);
  for (size_t stop = 0; stop < wish.stops.size(); ++stop) {
    if (FitsAlone(context.state, wish.stops[stop], command.windows, context.now)) continue;
    return RefusedAlone(context, window, stop, wish.stops[stop]);
  }
  return RefusedTogether(context, wish, furthest, window.start);
}

// Decides plan after plan, until one is made or there is no hope for others.
class Takes {
 public:
  explicit Takes(const DecisionContext& context) : context_(context) {}

  bool operator()(const VisitPlan& plan) {
    Result<Decision> decided = Make(context_, plan);
    const bool refused = !decided.ok() && decided.error().kind == ErrorKind::kRefused;
    // The refusal of the first plan is the one that is told.
    if (decided.ok() || !outcome_) outcome_ = std::move(decided);
    return !refused || --left_ == 0;
  }

  // Nothing if there was no plan.
  std::optional<Result<Decision>>& outcome() { return outcome_; }

 private:
  const DecisionContext& context_;
  size_t left_ = limits::kMaxVisitPlans;
  std::optional<Result<Decision>> outcome_;
};

}  // namespace

Result<Decision> DecideBody(const DecisionContext& context, const CreateVisit& command) {
  const Result<VisitWish> wish = WishOf(context, command);
  if (!wish.ok()) return wish.error();
  Takes takes(context);
  VisitPlan furthest;
  size_t looks_left = limits::kMaxVisitLooks;
  for (const Interval& window : command.windows) {
    VisitSearch search = SearchVisit(context, wish.value(), window, looks_left, std::ref(takes));
    if (search.taken) break;
    if (search.furthest.size() > furthest.size()) furthest = std::move(search.furthest);
  }
  if (takes.outcome()) return *std::move(takes.outcome());
  if (looks_left == 0) return TooMuchToSearch();
  return WhyNot(context, command, wish.value(), furthest);
}

}  // namespace labslot::engine
