#ifndef LABSLOT_DAEMON_ENGINE_FINDINGS_H_
#define LABSLOT_DAEMON_ENGINE_FINDINGS_H_

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/refusal.h"

namespace labslot::engine {

// No later start would help.
inline constexpr Instant kNever = std::numeric_limits<Instant>::max();

// What one rule says, broken or not.
struct RuleFinding {
  bool broken = false;
  Violation rule;
};

// Where the rules put what they find. A rule first says whether it is broken,
// and what that does to the request; only if somebody wants to read it does it
// then make words:
//
//   if (!findings.Wants(broken, effect, retry_at)) return;
//   findings.Add({...});
class Findings {
 public:
  enum class Reader {
    kNobody,      // only what it comes to
    kViolations,  // the rules that are broken
    kAll,         // all rules that apply
  };

  explicit Findings(Reader reader) : reader_(reader) {}

  // Notes that a rule was judged, and returns whether its words are wanted.
  // `retry_at` is an instant before which no other start of the same run can
  // mend it: the search for a time that passes jumps there.
  bool Wants(bool broken, Effect effect = Effect::kReject, Instant retry_at = kNever) {
    broken_ = broken;
    if (broken) {
      refused_ = refused_ || effect == Effect::kReject;
      needs_approval_ = needs_approval_ || effect == Effect::kNeedsApproval;
      warned_ = warned_ || effect == Effect::kWarn;
      if (effect == Effect::kReject) retry_at_ = std::max(retry_at_, retry_at);
    }
    effect_ = effect;
    return reader_ == Reader::kAll || (broken && reader_ == Reader::kViolations);
  }

  // The words of the rule judged last.
  void Add(Violation violation) {
    violation.effect = effect_;
    list_.push_back({broken_, std::move(violation)});
  }

  // True if nothing that is still to be found would change the outcome.
  bool settled() const { return refused_ && reader_ == Reader::kNobody; }

  bool refused() const { return refused_; }
  bool needs_approval() const { return needs_approval_; }
  // True if no rule had anything to say.
  bool clean() const { return !refused_ && !needs_approval_ && !warned_; }

  // Before this no start passes; kNever if only another request would.
  Instant retry_at() const { return retry_at_; }

  std::vector<RuleFinding>&& Take() { return std::move(list_); }

 private:
  const Reader reader_;
  bool refused_ = false;
  bool needs_approval_ = false;
  bool warned_ = false;
  bool broken_ = false;
  Effect effect_ = Effect::kReject;
  Instant retry_at_ = std::numeric_limits<Instant>::min();
  std::vector<RuleFinding> list_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_FINDINGS_H_
