#ifndef LABSLOT_DAEMON_ENGINE_SLOT_SCORE_H_
#define LABSLOT_DAEMON_ENGINE_SLOT_SCORE_H_

#include <cstdint>
#include <optional>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/interval.h"

namespace labslot::engine {

// How good a slot is, in terms from 0 to 1, 1 being the best. What it means for
// people is in docs/CONFLICTS.md.
struct SlotTerms {
  double soon = 0;
  double snug = 0;
  std::optional<double> near;    // nothing: distances do not matter
  std::optional<double> modest;  // nothing: there is no choice of assets
};

// The mean of the terms that there are, by weight, 0 to 1. It never falls when a
// term rises, however it is rounded.
double ScoreOf(const SlotTerms& terms);

// 1 for a run that starts when the window does, falling evenly to 0 at its end.
double Soon(const Interval& window, Instant start);

// The last start whose slot can have the score, the other terms being these. May be
// seconds late.
Instant LatestStartWith(double score, SlotTerms terms, const Interval& window);

// 1 for no way at all, falling evenly to 0 for the longest one, and 0 for a way of
// unknown length.
double Near(std::optional<Seconds> travel, Seconds longest);

// How little time beside the run becomes too short for a like one: 1 for none.
// `stretch` has the starts around this one without a gap, `needed` is how long a
// like run takes, set-up and tear-down included.
double Snug(const Interval& stretch, Instant start, Seconds needed);

// How little of what the asset offers goes unused: the mean of the part of its
// capacity that is asked for and of 1 / (1 + labels that were not asked for).
double Modest(const Asset& asset, int32_t quantity, const Labels& wanted);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_SLOT_SCORE_H_
