#include "daemon/storage/memory_store.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace labslot::storage {
namespace {

// Entries that a scan copies at a time, so that its visitor runs without the
// lock and may use the store.
constexpr size_t kScanStep = 256;

// What `versions` shows at `sequence`; null if nothing.
template <typename Versions>
const std::string* ShownAt(const Versions& versions, uint64_t sequence) {
  for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
    if (it->written <= sequence) return it->value ? &*it->value : nullptr;
  }
  return nullptr;
}

}  // namespace

class MemoryStore::View : public Snapshot {
 public:
  View(const MemoryStore& store, Revision revision, Sequence sequence)
      : store_(store), revision_(revision), sequence_(sequence) {}
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() override { store_.Release(sequence_); }

  Revision revision() const override { return revision_; }

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    return store_.GetAt(key, sequence_);
  }

  absl::Status Scan(absl::string_view from, absl::string_view to,
                    const EntryVisitor& visitor) const override {
    std::string next(from);
    while (true) {
      const std::vector<Entry> entries = store_.EntriesAt(next, to, sequence_, kScanStep);
      for (const Entry& entry : entries) {
        if (!visitor(entry.key, entry.value)) return absl::OkStatus();
      }
      if (entries.size() < kScanStep) return absl::OkStatus();
      next = entries.back().key;
      next.push_back('\0');  // the least key behind it
    }
  }

 private:
  const MemoryStore& store_;
  const Revision revision_;
  const Sequence sequence_;
};

Revision MemoryStore::head() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

absl::StatusOr<std::optional<std::string>> MemoryStore::Get(absl::string_view key) const {
  return GetAt(key, std::numeric_limits<Sequence>::max());
}

std::unique_ptr<const Snapshot> MemoryStore::TakeSnapshot() const {
  const std::lock_guard lock(mutex_);
  viewed_.insert(sequence_);
  return std::make_unique<View>(*this, head_, sequence_);
}

Revision MemoryStore::GuardVersion(absl::string_view name) const { return guards_.VersionOf(name); }

absl::Status MemoryStore::Commit(const WriteSet& write_set) {
  const std::lock_guard lock(mutex_);
  if (absl::Status allowed = guards_.Check(write_set, head_); !allowed.ok()) return allowed;
  ++sequence_;
  for (const std::string& key : write_set.deletes) Write(key, std::nullopt);
  for (const Put& put : write_set.puts) Write(put.key, put.value);
  head_ = write_set.revision;
  guards_.Committed(write_set);
  return absl::OkStatus();
}

absl::Status MemoryStore::Backup(const std::string& /*folder*/) {
  return absl::UnimplementedError("a store in memory has no backups");
}

int64_t MemoryStore::FreeBytes() const { return std::numeric_limits<int64_t>::max(); }

std::optional<std::string> MemoryStore::GetAt(absl::string_view key, Sequence sequence) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(std::string(key));
  if (found == entries_.end()) return std::nullopt;
  const std::string* value = ShownAt(found->second, sequence);
  return value == nullptr ? std::nullopt : std::optional<std::string>(*value);
}

std::vector<MemoryStore::Entry> MemoryStore::EntriesAt(absl::string_view from, absl::string_view to,
                                                       Sequence sequence, size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> result;
  for (auto it = entries_.lower_bound(std::string(from));
       it != entries_.end() && it->first < to && result.size() < limit; ++it) {
    if (const std::string* value = ShownAt(it->second, sequence)) {
      result.push_back({it->first, *value});
    }
  }
  return result;
}

void MemoryStore::Release(Sequence sequence) const {
  const std::lock_guard lock(mutex_);
  viewed_.erase(viewed_.find(sequence));
}

void MemoryStore::Write(const std::string& key, std::optional<std::string> value) {
  const auto found = entries_.try_emplace(key).first;
  std::vector<Version>& versions = found->second;
  if (!versions.empty() && versions.back().written == sequence_) versions.pop_back();
  // The oldest snapshot needs the last version that is not newer than it; what
  // is older than that one nobody sees.
  const Sequence oldest = viewed_.empty() ? sequence_ : *viewed_.begin();
  const auto needed = std::find_if(versions.rbegin(), versions.rend(),
                                   [&](const Version& v) { return v.written <= oldest; });
  if (viewed_.empty()) {
    versions.clear();
  } else if (needed != versions.rend()) {
    versions.erase(versions.begin(), std::prev(needed.base()));
  }
  if (!value && versions.empty()) {
    entries_.erase(found);
    return;
  }
  versions.push_back({sequence_, std::move(value)});
}

}  // namespace labslot::storage
