#ifndef LABSLOT_DAEMON_ENGINE_UNIT_SET_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace labslot::engine {

// Some of the units of a pool, which are numbered from 0. A plain value.
class UnitSet {
 public:
  UnitSet() = default;
  // None of so many units.
  explicit UnitSet(size_t units) : words_((units + kBits - 1) / kBits) {}

  bool Has(size_t unit) const { return (words_[unit / kBits] >> (unit % kBits) & 1) != 0; }
  void Add(size_t unit) { words_[unit / kBits] |= uint64_t{1} << (unit % kBits); }

  void Remove(size_t unit) { words_[unit / kBits] &= ~(uint64_t{1} << (unit % kBits)); }

  // Adds all of `other`, which is about the same pool.
  void Add(const UnitSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }

  // True if it has all of `part`, which is about the same pool.
  bool Includes(const UnitSet& part) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      if ((part.words_[i] & ~words_[i]) != 0) return false;
    }
    return true;
  }

  // True if they have one in common.
  bool Meets(const UnitSet& other) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }

  size_t count() const {
    size_t count = 0;
    for (const uint64_t word : words_) count += static_cast<size_t>(__builtin_popcountll(word));
    return count;
  }

  friend bool operator==(const UnitSet& a, const UnitSet& b) { return a.words_ == b.words_; }
  friend bool operator<(const UnitSet& a, const UnitSet& b) { return a.words_ < b.words_; }

 private:
  static constexpr size_t kBits = 64;

  std::vector<uint64_t> words_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_SET_H_
