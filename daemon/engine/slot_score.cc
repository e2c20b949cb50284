#include "daemon/engine/slot_score.h"

#include <algorithm>

namespace labslot::engine {
namespace {

constexpr double kSoonWeight = 4;
constexpr double kNearWeight = 3;
constexpr double kSnugWeight = 2;
constexpr double kModestWeight = 1;

double WeightOf(const SlotTerms& terms) {
  return kSoonWeight + kSnugWeight + (terms.near ? kNearWeight : 0) +
         (terms.modest ? kModestWeight : 0);
}

double Part(int64_t part, int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double ScoreOf(const SlotTerms& terms) {
  const double sum = kSoonWeight * terms.soon + kSnugWeight * terms.snug +
                     kNearWeight * terms.near.value_or(0) +
                     kModestWeight * terms.modest.value_or(0);
  return sum / WeightOf(terms);
}

double Soon(const Interval& window, Instant start) {
  return Part(window.end - start, window.length());
}

Instant LatestStartWith(double score, SlotTerms terms, const Interval& window) {
  terms.soon = 0;
  const double soon = (score - ScoreOf(terms)) * WeightOf(terms) / kSoonWeight;
  const auto left = static_cast<Seconds>(soon * static_cast<double>(window.length()));
  // Rounding is worth far less than this second.
  return window.end - left + 1;
}

double Near(std::optional<Seconds> travel, Seconds longest) {
  if (!travel) return 0;
  return longest == 0 ? 1 : 1 - Part(*travel, longest);
}

double Snug(const Interval& stretch, Instant start, Seconds needed) {
  const auto wasted = [needed](Seconds gap) { return gap < needed ? gap : 0; };
  const Instant last = stretch.end - 1;
  return 1 - Part(wasted(start - stretch.start) + wasted(last - start), 2 * needed);
}

double Modest(const Asset& asset, int32_t quantity, const Labels& wanted) {
  const auto unasked = static_cast<int64_t>(asset.labels.size() - wanted.size());
  return (Part(quantity, std::max(quantity, asset.capacity)) + Part(1, 1 + unasked)) / 2;
}

}  // namespace labslot::engine
