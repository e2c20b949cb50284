#include "daemon/engine/presets.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/preset_arguments.h"
#include "daemon/engine/preset_values.h"

namespace labslot::engine {
namespace {

using limits::kDay;

constexpr Seconds kMinute = 60;
constexpr Seconds kHour = 3600;

// No site offers more; a slip of the pen is refused.
constexpr double kMostPower = 100000;   // kilowatt
constexpr double kMostClearance = 100;  // metres

// What is expanded: where the rules shall hold, and with which values.
struct Request {
  std::string prefix;
  Selector applies_to;
  Actors overriders;
  Arguments& arguments;
};

// A quantity of time that has been added up: `20 h`, `168 h`, not `7 days`.
std::string HourWords(Seconds seconds) {
  return seconds % kHour == 0 ? absl::StrCat(seconds / kHour, " h") : LengthWords(seconds);
}

std::string IdFor(const Request& request, absl::string_view suffix) {
  return suffix.empty() ? request.prefix : absl::StrCat(request.prefix, "-", suffix);
}

std::vector<Selector> Where(const Selector& selector) {
  if (selector == Selector()) return {};
  return {selector};
}

Policy MakePolicy(const Request& request, absl::string_view suffix, std::string display_name,
                  std::string description, PolicyRule rule) {
  Policy policy;
  policy.id = IdFor(request, suffix);
  policy.display_name = std::move(display_name);
  policy.description = std::move(description);
  policy.rule = std::move(rule);
  policy.applies_to = Where(request.applies_to);
  policy.overriders = request.overriders;
  return policy;
}

Quota MakeQuota(const Request& request, absl::string_view suffix, std::string display_name,
                std::string description) {
  Quota quota;
  quota.id = IdFor(request, suffix);
  quota.display_name = std::move(display_name);
  quota.description = std::move(description);
  quota.applies_to = Where(request.applies_to);
  quota.overriders = request.overriders;
  return quota;
}

PresetRules AskFirst(const Request& request) {
  Arguments& arguments = request.arguments;
  ApprovalTerms terms;
  terms.approvers = arguments.ManagersOrGroup("approvers");
  terms.time_out = arguments.Length("time_out", kMinute, limits::kHorizon);
  terms.leaves_slot_free = arguments.Answer("leaves_slot_free");
  Policy policy = MakePolicy(
      request, "", "Approval before use",
      absl::StrCat("Every booking is looked at before it counts; a request that nobody approves "
                   "runs out after ",
                   LengthWords(terms.time_out), "."),
      ApprovalRule{});
  policy.effect = Effect::kNeedsApproval;
  policy.approval = std::move(terms);
  return {{std::move(policy)}, {}};
}

PresetRules HalfDays(const Request& request) {
  SlotRule rule;
  rule.slots = request.arguments.Windows("sessions");
  return {{MakePolicy(request, "", "Half-days",
                      absl::StrCat("Booked by sessions, one or several on end: ",
                                   request.arguments.Text("sessions"), "."),
                      std::move(rule))},
          {}};
}

PresetRules HoursPerFortnight(const Request& request) {
  Arguments& arguments = request.arguments;
  const Seconds limit = arguments.Length("hours", kMinute, limits::kMaxRollingDays * kDay);
  const int64_t days = arguments.Count("days", 1, limits::kMaxRollingDays);
  const Seconds late = arguments.Length("late", 0, limits::kHorizon);
  const std::string hours = HourWords(limit);
  const std::string cancelled = late == 0 ? ""
                                          : absl::StrCat(" or that were cancelled within ",
                                                         LengthWords(late), " of the start");
  std::string description = absl::StrCat(
      "So that everybody gets a turn, each user has at most ", hours, " on each instrument in any ",
      Counted(days, "day", "days on end"), ". Slots to which nobody came", cancelled, " count.");
  Quota quota = MakeQuota(request, "", absl::StrCat(hours, " in ", Counted(days, "day", "days")),
                          std::move(description));
  quota.each = {Dimension::kUser, Dimension::kAsset};
  quota.limit = limit;
  quota.period = QuotaPeriod::kRolling;
  quota.rolling_days = static_cast<int32_t>(days);
  quota.counts_no_shows = true;
  quota.counts_cancelled_within = late;
  return {{}, {std::move(quota)}};
}

PresetRules NanoFacility(const Request& request) {
  Arguments& arguments = request.arguments;
  const int64_t bookings = arguments.Count("slots", 1, limits::kMaxQuotaCount);
  const Seconds grace = arguments.Length("grace", kMinute, kDay);
  Quota quota = MakeQuota(
      request, "future",
      absl::StrCat(Counted(bookings, "future booking", "future bookings"), " in working hours"),
      absl::StrCat("Each user may have at most ", Counted(bookings, "booking", "bookings"),
                   " to come of each instrument in working hours (", arguments.Text("hours"),
                   "), and any number outside. When a run starts, its "
                   "place in the count is free again."));
  quota.each = {Dimension::kUser, Dimension::kAsset};
  quota.measure = Measure::kCount;
  quota.limit = bookings;
  quota.period = QuotaPeriod::kFuture;
  quota.prime_time = arguments.Windows("hours");
  Policy policy =
      MakePolicy(request, "grace", absl::StrCat(LengthWords(grace), " of grace"),
                 absl::StrCat("Who has not checked in ", LengthWords(grace),
                              " after the start loses the slot, so that others can use it."),
                 GraceRule{grace});
  policy.overriders = Actors();  // it refuses nothing
  return {{std::move(policy)}, {std::move(quota)}};
}

PresetRules OffPeakFree(const Request& request) {
  Arguments& arguments = request.arguments;
  DurationRule rule;
  rule.max = arguments.Length("max", kMinute, limits::kLongestRun);
  Policy policy =
      MakePolicy(request, "", absl::StrCat("At most ", LengthWords(rule.max), " at peak times"),
                 absl::StrCat("A run takes at most ", LengthWords(rule.max), " of peak time (",
                              arguments.Text("peak"), "); outside it is free and does not count."),
                 rule);
  policy.sleeps = RestOfWeek(arguments.Windows("peak"));
  return {{std::move(policy)}, {}};
}

// What the rule applies to, and besides only for whom the selector says. The
// lists that say for whom are empty in the request, see OwnersFirst.
Selector Narrowed(const Request& request, const Selector& holders) {
  Selector selector = request.applies_to;
  selector.relations = holders.relations;
  selector.groups = holders.groups;
  selector.organisation_kinds = holders.organisation_kinds;
  return selector;
}

// A horizon of one class of users; the parameter is called `{suffix}_ahead`.
Policy HorizonOf(const Request& request, const char* suffix, absl::string_view who,
                 const Selector& holders) {
  const HorizonRule rule{request.arguments.LeadOf(absl::StrCat(suffix, "_ahead"))};
  Policy policy =
      MakePolicy(request, suffix, absl::StrCat("Horizon of ", who),
                 absl::StrCat("Bookings of ", who, " end at most ", LeadWords(rule.lead),
                              " ahead. Of the horizons that apply the longest wins."),
                 rule);
  policy.applies_to = Where(Narrowed(request, holders));
  return policy;
}

Quota ShareOfSmes(const Request& request, const Selector& smes) {
  Arguments& arguments = request.arguments;
  const Seconds most = arguments.Length("others_max", kMinute, limits::kMaxQuotaSeconds);
  const Lead hand_back = arguments.LeadOf("hand_back");
  Quota quota = MakeQuota(
      request, "sme-share", "Share of small and medium-sized firms",
      absl::StrCat("All but small and medium-sized firms together hold at most ", HourWords(most),
                   " a week of each asset; the rest is kept for those firms. What they have not "
                   "booked ",
                   LeadWords(hand_back), " before the start is handed back and open to all."));
  quota.except = {smes};
  quota.each = {Dimension::kAsset};
  quota.limit = most;
  quota.period = QuotaPeriod::kWeek;
  quota.hand_back = hand_back;
  return quota;
}

PresetRules OwnersFirst(const Request& request) {
  Selector owners;
  owners.relations = {Relation::kOwner};
  Selector partners;
  partners.groups = {request.arguments.Group("partners")};
  Selector smes;
  smes.organisation_kinds = {OrganisationKind::kSme};
  PresetRules rules;
  rules.policies = {HorizonOf(request, "owners", "the owner", owners),
                    HorizonOf(request, "partners", "partners", partners),
                    HorizonOf(request, "smes", "small and medium-sized firms", smes),
                    HorizonOf(request, "others", "others", Selector())};
  // Else a longer horizon of others would be theirs as well.
  rules.policies.back().except = {smes};
  rules.quotas = {ShareOfSmes(request, smes)};
  return rules;
}

PresetRules Shifts(const Request& request) {
  Arguments& arguments = request.arguments;
  const Seconds length = arguments.Length("length", kMinute, kDay);
  const int32_t first = arguments.TimeOfDay("first");
  const uint8_t days = arguments.Days("days");
  SlotRule rule;
  if (length != 0 && kDay % length != 0) {
    arguments.Add("length", "must divide 24 hours, such as 4h, 8h or 12h");
  } else if (length != 0) {
    for (Seconds at = first; at < first + kDay; at += length) {
      OpeningWindow window;
      window.opens = static_cast<int32_t>(at % kDay);
      window.closes = static_cast<int32_t>(at % kDay + length);
      rule.slots.push_back({days, std::move(window)});
    }
  }
  return {{MakePolicy(request, "", absl::StrCat("Shifts of ", LengthWords(length)),
                      absl::StrCat("Booked by shifts of ", LengthWords(length), " from ",
                                   arguments.Text("first"), " on, ", arguments.Text("days"),
                                   "; one or several on end."),
                      std::move(rule))},
          {}};
}

PresetRules SiteReady(const Request& request) {
  Arguments& arguments = request.arguments;
  SiteRule rule;
  rule.power_kw = arguments.Amount("power_kw", kMostPower);
  rule.clearance_m = arguments.Amount("clearance_m", kMostClearance);
  if (rule == SiteRule() && arguments.problems().empty()) {
    arguments.Add("power_kw", "must be above 0, or clearance_m must");
  }
  return {{MakePolicy(request, "", "What the host offers",
                      absl::StrCat("The place of a visit offers at least ",
                                   arguments.Text("power_kw"), " kW of electric power and ",
                                   arguments.Text("clearance_m"), " m of clear height."),
                      std::move(rule))},
          {}};
}

PresetRules TeachingFirst(const Request& request) {
  Arguments& arguments = request.arguments;
  Selector teaching;
  teaching.activity_classes = {ActivityClass::kEducation};
  const ReservedRule rule{{teaching}, arguments.LeadOf("release")};
  Policy policy = MakePolicy(
      request, "", "Teaching first in term",
      absl::StrCat("In term (", arguments.Text("term"), ") and in teaching hours (",
                   arguments.Text("hours"), ") it is kept for teaching until ",
                   LeadWords(rule.until), " before the start; what is free then is open to all."),
      rule);
  policy.periods = arguments.DateRanges("term");
  policy.sleeps = RestOfWeek(arguments.Windows("hours"));
  return {{std::move(policy)}, {}};
}

PresetRules TrainingGate(const Request& request) {
  const QualificationRule rule{request.arguments.Word("qualification")};
  return {{MakePolicy(request, "", absl::StrCat("Training: ", rule.qualification),
                      absl::StrCat("Only for users whose qualification ", rule.qualification,
                                   " is valid through the end of the run."),
                      rule)},
          {}};
}

using Expansion = PresetRules (*)(const Request&);

// What a preset asks of the selector.
struct Demands {
  bool equipment = false;   // it must name some: on everything the rule makes no sense
  bool any_holder = false;  // it must not say for whom: the preset does
};

struct Entry {
  Preset preset;
  Expansion expand;
  Demands demands;
};

PresetParameter Override(const char* default_value) {
  return {"override", "who may override the rules, with a reason: managers or nobody",
          default_value};
}

std::vector<Entry> MakeEntries() {
  return {
      {{"ask-first",
        "Everything needs approval",
        "Every booking waits until it is approved; a request runs out in the end. As the request "
        "policies of room mailboxes.",
        {{"approvers", "who approves: managers, or the id of a group", "managers"},
         {"time_out", "a request runs out after this time", "3d"},
         {"leaves_slot_free", "yes if a request does not block the slot, or no", "no"},
         Override("managers")}},
       AskFirst,
       {.equipment = true}},
      {{"half-days",
        "Half-days",
        "Booked by sessions in the morning and in the afternoon. As laboratories that are let by "
        "the half-day.",
        {{"sessions", "the sessions, in local time", "mon-fri 08:00-12:00, mon-fri 13:00-17:00"},
         Override("managers")}},
       HalfDays,
       {.equipment = true}},
      {{"hours-per-fortnight",
        "20 hours in 2 weeks",
        "Each user has so many hours on each instrument in any days on end; no-shows and late "
        "cancellations count. The rule of a Czech institute: 20 hours per 2 weeks per instrument.",
        {{"hours", "the hours, such as 20h", "20h"},
         {"days", "the number of days on end", "14"},
         {"late", "what is cancelled so close before its start counts; 0h for never", "24h"},
         Override("managers")}},
       HoursPerFortnight,
       {}},
      {{"nano-facility",
        "2 future bookings in working hours, 15 minutes of grace",
        "Each user has at most so many bookings to come of each instrument in working hours, and "
        "any number outside; who is late loses the slot. The rule of a nano-facility in Brno.",
        {{"slots", "the number of bookings to come", "2"},
         {"hours", "working hours, in local time", "mon-fri 08:00-17:00"},
         {"grace", "who has not checked in so long after the start loses the slot", "15m"},
         Override("managers")}},
       NanoFacility,
       {}},
      {{"off-peak-free",
        "A greatest length that sleeps off-peak",
        "A run takes at most so much peak time; at night and at weekends it may go on. As "
        "user facilities whose limits sleep outside working hours.",
        {{"max", "the greatest length at peak times", "4h"},
         {"peak", "the peak times, in local time", "mon-fri 08:00-17:00"},
         Override("managers")}},
       OffPeakFree,
       {}},
      {{"owners-first",
        "Owners 180 days ahead, partners 90, others 30, and a share of SMEs",
        "How far ahead each class of users books, and hours that others leave to small and "
        "medium-sized firms until shortly before. As operators of shared infrastructure of which "
        "owners and partners paid a part.",
        {{"partners", "the id of the group of partners", ""},
         {"owners_ahead", "how far ahead the owning organisation books", "180d"},
         {"partners_ahead", "how far ahead partners book", "90d"},
         {"smes_ahead", "how far ahead small and medium-sized firms book", "30d"},
         {"others_ahead", "how far ahead all others book", "30d"},
         {"others_max", "all but SMEs together hold at most this a week of each asset", "30h"},
         {"hand_back", "what SMEs have not booked so close before the start is open to all", "14d"},
         Override("managers")}},
       OwnersFirst,
       {.any_holder = true}},
      {{"shifts",
        "Shifts of 8 hours",
        "Booked by shifts around the clock, one or several on end. As clean rooms and beamlines.",
        {{"length", "the length of a shift, which divides 24 hours", "8h"},
         {"first", "when a shift begins, in local time", "06:00"},
         {"days", "the days on which shifts begin", "mon-sun"},
         Override("managers")}},
       Shifts,
       {.equipment = true}},
      {{"site-ready",
        "What the host of a mobile lab offers",
        "A mobile lab comes only to places that have the power and the clear height which it "
        "needs; 0 demands nothing. As labs in lorries that visit firms.",
        {{"power_kw", "least electric power, in kilowatt", ""},
         {"clearance_m", "least clear height, in metres", ""},
         Override("nobody")}},
       SiteReady,
       {.equipment = true}},
      {{"teaching-first",
        "Teaching first in term",
        "In term, in teaching hours, it is kept for bookings of the activity class education "
        "until shortly before the start. As labs of universities of applied sciences.",
        {{"term", "the days of the terms, such as 2027-02-08..2027-05-28, 2027-09-20..2027-12-17",
          ""},
         {"hours", "teaching hours, in local time", "mon-fri 08:00-18:00"},
         {"release", "so close before the start it is open to all", "14d"},
         Override("managers")}},
       TeachingFirst,
       {}},
      {{"training-gate",
        "Only for the trained",
        "The user holds a qualification that is valid through the end of the run. As clean rooms "
        "and microscopes.",
        {{"qualification", "its word, as in the qualifications of users", ""}, Override("nobody")}},
       TrainingGate,
       {.equipment = true}},
  };
}

const std::vector<Entry>& Entries() {
  static const auto* const kEntries = new std::vector<Entry>(MakeEntries());
  return *kEntries;
}

// What is wrong with the selector for this preset.
std::vector<FieldViolation> CheckSelector(const Demands& demands, const Selector& selector) {
  std::vector<FieldViolation> problems;
  if (demands.equipment && selector.assets.empty() && selector.asset_kinds.empty() &&
      selector.labels.empty() && selector.sites.empty()) {
    problems.push_back({"applies_to",
                        "must say for which equipment: assets, asset_kinds, labels "
                        "or sites"});
  }
  const auto leave_empty = [&](bool is_empty, const char* field) {
    if (is_empty) return;
    problems.push_back({absl::StrCat("applies_to.", field),
                        "must be empty: the preset says itself for whom each of its rules is"});
  };
  if (demands.any_holder) {
    leave_empty(selector.organisation_kinds.empty(), "organisation_kinds");
    leave_empty(selector.groups.empty(), "groups");
    leave_empty(selector.relations.empty(), "relations");
  }
  return problems;
}

void CheckRules(const PresetRules& rules, const Selector& applies_to,
                std::vector<FieldViolation>* problems) {
  if (!rules.quotas.empty() && !applies_to.purposes.empty()) {
    problems->push_back(
        {"applies_to.purposes", "must be empty: quotas count whatever the purpose"});
  }
  const auto is_legal = [](const auto& rule) { return IsLegalId(rule.id); };
  if (!std::all_of(rules.policies.begin(), rules.policies.end(), is_legal) ||
      !std::all_of(rules.quotas.begin(), rules.quotas.end(), is_legal)) {
    problems->push_back(
        {"id_prefix",
         "must be a-z, 0-9 and hyphen, begin with a letter, not end in a hyphen, and "
         "leave room for the rest of the ids within 63 characters"});
  }
}

}  // namespace

const std::vector<Preset>& Presets() {
  static const auto* const kPresets = [] {
    auto* presets = new std::vector<Preset>;
    for (const Entry& entry : Entries()) presets->push_back(entry.preset);
    return presets;
  }();
  return *kPresets;
}

Result<PresetRules> ExpandPreset(absl::string_view name, const Selector& applies_to,
                                 const std::string& id_prefix,
                                 const std::map<std::string, std::string>& parameters) {
  const auto entry = std::find_if(Entries().begin(), Entries().end(),
                                  [&](const Entry& e) { return e.preset.name == name; });
  if (entry == Entries().end()) return NotFound(absl::StrCat("presets/", name));
  Arguments arguments(entry->preset, parameters);
  const Request request = {id_prefix.empty() ? entry->preset.name : id_prefix, applies_to,
                           arguments.ManagersOrNobody("override"), arguments};
  PresetRules rules = entry->expand(request);
  std::vector<FieldViolation> problems = CheckSelector(entry->demands, applies_to);
  CheckRules(rules, applies_to, &problems);
  problems.insert(problems.end(), arguments.problems().begin(), arguments.problems().end());
  if (!problems.empty()) return InvalidFields(std::move(problems));
  return rules;
}

}  // namespace labslot::engine
