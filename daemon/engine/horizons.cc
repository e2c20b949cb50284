#include "daemon/engine/horizons.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

// The first instant behind the run at which a policy holds; kNever if there is
// none within the time that a search looks ahead.
Instant AwakeBehind(const PolicyCase& p) {
  const Interval ahead = {p.run().end, p.run().end + limits::kAlternativeHorizon};
  const IntervalSet times = p.AwakeTimes(ahead);
  return times.empty() ? kNever : times.front().start;
}

}  // namespace

void Horizons::Consider(const PolicyCase& p, const HorizonRule& rule) {
  const Instant latest = Later(p.c.now(), rule.lead, p.c.zone);
  if (longest_ != nullptr && latest <= latest_) return;
  longest_ = &p.policy;
  rule_ = &rule;
  latest_ = latest;
}

void Horizons::Apply(const ItemCase& c, Findings& findings) const {
  if (longest_ == nullptr || c.candidate.stands) return;
  if (c.current() != nullptr && c.run().end <= c.current()->interval.end) return;
  const PolicyCase p{c, *longest_};
  const bool broken = c.run().end > latest_;
  const Instant retry = broken ? std::min(p.Retry(), WhenAnotherWakes(c)) : kNever;
  if (!findings.Wants(broken, longest_->effect, retry)) return;
  p.Report(findings, Rule::kBeyondHorizon,
           absl::StrCat(c.asset.display_name, " is booked at most ", LeadWords(rule_->lead),
                        " ahead, to ", c.When(latest_), "; the run ends ", c.When(c.run().end)),
           c.When(latest_), c.When(c.run().end));
}

// The first start with which a horizon that sleeps now would have a say.
Instant Horizons::WhenAnotherWakes(const ItemCase& c) const {
  Instant first = kNever;
  for (const Policy* policy : asleep_) {
    const Instant awake = AwakeBehind({c, *policy});
    if (awake == kNever) continue;
    first = std::min(first, std::max(c.run().start + 1, awake - c.run().length() + 1));
  }
  return first;
}

}  // namespace labslot::engine
