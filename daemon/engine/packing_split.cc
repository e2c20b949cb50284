// What is left of a part, in parts that have nothing to do with each other.

#include <algorithm>
#include <limits>
#include <numeric>

#include "daemon/engine/packing_part.h"

namespace labslot::engine {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// Sets of wishes that are joined step by step.
class Joined {
 public:
  explicit Joined(size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t Find(size_t at) {
    while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
    return at;
  }
  void Join(size_t a, size_t b) { parent_[Find(a)] = Find(b); }

 private:
  std::vector<size_t> parent_;
};

class Splitter {
 public:
  Splitter(const PackingPart& whole, const std::vector<Fate>& fate)
      : whole_(whole), wish_of_(WishesOf(whole)), open_(whole.options.size(), 0) {
    Open(fate);
    for (const PackingRow& row : whole_.rows) left_.push_back(LimitLeft(row, fate));
    for (size_t i = 0; i < left_.size(); ++i) CloseTooHeavy(whole_.rows[i], left_[i]);
    best_.resize(whole_.wishes.size(), 0);
    for (size_t i = 0; i < left_.size(); ++i) AddIfScarce(whole_.rows[i], left_[i]);
  }

  std::vector<PackingPart> Parts() {
    Joined joined(whole_.wishes.size());
    for (const PackingRow& row : rows_) {
      const size_t first = wish_of_[row.terms[0].first];
      for (const auto& term : row.terms) joined.Join(wish_of_[term.first], first);
    }
    std::vector<PackingPart> parts;
    std::vector<size_t> part_of(whole_.wishes.size(), kNone);
    std::vector<size_t> wish_in_part(whole_.wishes.size(), kNone);
    std::vector<size_t> place(whole_.options.size(), kNone);
    for (size_t option = 0; option < open_.size(); ++option) {
      if (open_[option] == 0) continue;
      size_t& at = part_of[joined.Find(wish_of_[option])];
      if (at == kNone) {
        at = parts.size();
        parts.emplace_back();
      }
      place[option] = AddOption(option, wish_in_part[wish_of_[option]], parts[at]);
    }
    for (PackingRow& row : rows_) {
      PackingPart& part = parts[part_of[joined.Find(wish_of_[row.terms[0].first])]];
      for (auto& term : row.terms) term.first = place[term.first];
      part.rows.push_back(std::move(row));
    }
    std::stable_sort(parts.begin(), parts.end(), [](const PackingPart& a, const PackingPart& b) {
      return a.options.size() < b.options.size();
    });
    return parts;
  }

 private:
  // Opens the options that are, of the wishes that have none taken.
  void Open(const std::vector<Fate>& fate) {
    for (const std::vector<size_t>& options : whole_.wishes) {
      const bool fulfilled = std::any_of(options.begin(), options.end(), [&fate](size_t option) {
        return fate[option] == Fate::kTaken;
      });
      for (const size_t option : options) {
        open_[option] = !fulfilled && fate[option] == Fate::kOpen ? 1 : 0;
      }
    }
  }

  static int64_t LimitLeft(const PackingRow& row, const std::vector<Fate>& fate) {
    int64_t left = row.limit;
    for (const auto& [option, weight] : row.terms) {
      if (fate[option] == Fate::kTaken) left -= weight;
    }
    return left;
  }

  void CloseTooHeavy(const PackingRow& row, int64_t left) {
    for (const auto& [option, weight] : row.terms) {
      if (weight > left) open_[option] = 0;
    }
  }

  // Adds what is left of the row if the heaviest options of all wishes together
  // break it.
  void AddIfScarce(const PackingRow& row, int64_t left) {
    PackingRow rest = {left, {}};
    int64_t most = 0;
    for (const auto& [option, weight] : row.terms) {
      if (open_[option] == 0) continue;
      rest.terms.emplace_back(option, weight);
      int64_t& best = best_[wish_of_[option]];
      most += std::max<int64_t>(weight - best, 0);
      best = std::max(best, weight);
    }
    for (const auto& term : rest.terms) best_[wish_of_[term.first]] = 0;
    if (most > left) rows_.push_back(std::move(rest));
  }

  // Returns the place of the option in the part. `wish` is that of its wish, or
  // none yet.
  size_t AddOption(size_t option, size_t& wish, PackingPart& part) const {
    if (wish == kNone) {
      wish = part.wishes.size();
      part.wishes.emplace_back();
    }
    const size_t place = part.options.size();
    part.wishes[wish].push_back(place);
    part.options.push_back(option);
    part.values.push_back(whole_.values[option]);
    return place;
  }

  const PackingPart& whole_;
  const std::vector<size_t> wish_of_;
  std::vector<char> open_;
  std::vector<int64_t> left_;  // by row of the whole
  std::vector<PackingRow> rows_;
  std::vector<int64_t> best_;  // scratch of AddIfScarce, by wish
};

}  // namespace

std::vector<PackingPart> PartsLeft(const PackingPart& whole, const std::vector<Fate>& fate) {
  return Splitter(whole, fate).Parts();
}

}  // namespace labslot::engine
