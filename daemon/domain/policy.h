#ifndef LABSLOT_DAEMON_DOMAIN_POLICY_H_
#define LABSLOT_DAEMON_DOMAIN_POLICY_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/civil_time.h"
#include "daemon/base/clock.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/selector.h"

namespace labslot {

// What happens to a request that breaks a rule.
enum class Effect { kReject = 1, kWarn = 2, kNeedsApproval = 3 };

// A distance from one instant to another: first so many local days at the same
// time of day, then so many seconds. `2 days 3 hours` is {2, 10800}.
struct Lead {
  int32_t days = 0;
  Seconds seconds = 0;
  bool zero() const { return days == 0 && seconds == 0; }
  friend bool operator==(const Lead&, const Lead&) = default;
};

// Local days, both inclusive.
struct DateRange {
  absl::CivilDay first;
  absl::CivilDay last;
  friend bool operator==(const DateRange&, const DateRange&) = default;
};

// The kinds of rule. Each is described at its message in the API's
// policy.proto, whose words these follow.

// The length that counts leaves out when the policy sleeps, and closed time
// where a ClosedTimeRule says that it does not count.
struct DurationRule {
  Seconds min = 0;
  Seconds max = 0;  // 0: no limit
  friend bool operator==(const DurationRule&, const DurationRule&) = default;
};

// Start and end lie on multiples of `step` from local midnight.
struct GranularityRule {
  Seconds step = 0;
  friend bool operator==(const GranularityRule&, const GranularityRule&) = default;
};

// The run starts with a slot and ends with a slot.
struct SlotRule {
  std::vector<WeeklyWindow> slots;
  friend bool operator==(const SlotRule&, const SlotRule&) = default;
};

// Least time before the start; zero leads say nothing.
struct NoticeRule {
  Lead create;
  Lead change;
  Lead cancel;
  friend bool operator==(const NoticeRule&, const NoticeRule&) = default;
};

// How far ahead a run may end. Of those that apply the longest wins.
struct HorizonRule {
  Lead lead;
  friend bool operator==(const HorizonRule&, const HorizonRule&) = default;
};

// So close before its start a run is not moved or shortened any more.
struct LockRule {
  Lead lead;
  friend bool operator==(const LockRule&, const LockRule&) = default;
};

// Least time between two runs of one holder.
struct BufferRule {
  Seconds gap = 0;
  bool of_organisation = false;  // else of the user
  bool on_any_asset = false;     // else on the same asset
  friend bool operator==(const BufferRule&, const BufferRule&) = default;
};

// The user holds it, and it is valid through the end of the run.
struct QualificationRule {
  std::string qualification;
  friend bool operator==(const QualificationRule&, const QualificationRule&) = default;
};

// Something else is reserved for the whole run: in the same reservation, or in
// another one of the same user if that will do.
struct CompanionRule {
  std::string asset;  // this one, or
  std::string kind;   // any of this kind
  int32_t quantity = 1;
  bool other_reservation_will_do = false;
  friend bool operator==(const CompanionRule&, const CompanionRule&) = default;
};

// What the site of the run must offer.
struct SiteRule {
  double power_kw = 0;
  double clearance_m = 0;
  Labels labels;
  friend bool operator==(const SiteRule&, const SiteRule&) = default;
};

// Only for whom one of these fits.
struct EligibilityRule {
  std::vector<Selector> who;
  friend bool operator==(const EligibilityRule&, const EligibilityRule&) = default;
};

// Broken by every request: with the effect kNeedsApproval everything that the
// policy applies to awaits approval.
struct ApprovalRule {
  friend bool operator==(const ApprovalRule&, const ApprovalRule&) = default;
};

struct HoldRule {
  Seconds max = 0;                // longest hold; 0: no limit
  Seconds ends_before_start = 0;  // a hold ends at the latest so long before the start
  friend bool operator==(const HoldRule&, const HoldRule&) = default;
};

// So close before its start nobody but its user moves or cancels a run.
struct ProtectionRule {
  Lead lead;
  friend bool operator==(const ProtectionRule&, const ProtectionRule&) = default;
};

// Grants that a run goes on while it is closed.
struct ClosedTimeRule {
  bool counts = false;  // closed hours count for durations and quotas
  friend bool operator==(const ClosedTimeRule&, const ClosedTimeRule&) = default;
};

// Kept for whom one of these fits, until so close before the start; then open
// to all.
struct ReservedRule {
  std::vector<Selector> who;
  Lead until;
  friend bool operator==(const ReservedRule&, const ReservedRule&) = default;
};

// Who has not checked in so long after the start loses the slot.
struct GraceRule {
  Seconds grace = 0;
  friend bool operator==(const GraceRule&, const GraceRule&) = default;
};

// Grants that a request takes the place of others. What harm and worth are is said
// in the API.
struct DisplacementRule {
  int32_t priority_gap = 1;
  double least_gain = 2;
  double priority_weight = 0;
  double notice_weight = 0;
  Lead notice = {};
  friend bool operator==(const DisplacementRule&, const DisplacementRule&) = default;
};

// What becomes of a use that goes on beyond the end of its run.
struct OverrunRule {
  bool ends_for_next = false;
  Seconds close_after = 12 * 3600;
  friend bool operator==(const OverrunRule&, const OverrunRule&) = default;
};

// In the order of the numbers of the API's oneof.
using PolicyRule =
    std::variant<DurationRule, GranularityRule, SlotRule, NoticeRule, HorizonRule, LockRule,
                 BufferRule, QualificationRule, CompanionRule, SiteRule, EligibilityRule,
                 ApprovalRule, HoldRule, ProtectionRule, ClosedTimeRule, ReservedRule, GraceRule,
                 DisplacementRule, OverrunRule>;

// How a request that needs approval gets it.
struct ApprovalTerms {
  Actors approvers;      // empty: those who manage the asset
  Seconds time_out = 0;  // 0: until the run would be over
  bool leaves_slot_free = false;
  friend bool operator==(const ApprovalTerms&, const ApprovalTerms&) = default;
};

// One rule of booking as data.
struct Policy {
  std::string id;
  std::string display_name;
  std::string description;
  PolicyRule rule;
  Effect effect = Effect::kReject;
  std::vector<Selector> applies_to;  // one must fit; empty: everything
  std::vector<Selector> except;      // none may fit
  std::vector<WeeklyWindow> sleeps;  // does not hold then
  std::vector<DateRange> periods;    // holds on these days only; empty: on all
  Actors overriders;
  ApprovalTerms approval;
  bool disabled = false;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Policy&, const Policy&) = default;
};

// `from` moved by the lead, in local time.
Instant Later(Instant from, const Lead& lead, const absl::TimeZone& zone);
Instant Earlier(Instant from, const Lead& lead, const absl::TimeZone& zone);

// `2 days 3 h`.
std::string LeadWords(const Lead& lead);

// The instants of `period` that lie in the weekly windows, in the local time of
// `zone`; none if there are no windows.
IntervalSet TimesInWindows(const std::vector<WeeklyWindow>& windows, const Interval& period,
                           const absl::TimeZone& zone);

// The instants of `period` on these days; all of them if the list is empty.
IntervalSet TimesInRanges(const std::vector<DateRange>& ranges, const Interval& period,
                          const absl::TimeZone& zone);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_POLICY_H_
