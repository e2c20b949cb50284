#include "daemon/storage/read_ahead.h"

#include <cstddef>
#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/base/mutex.h"

namespace labslot::storage {
namespace {

// A chunk is handed over when it has so many bytes; so many chunks wait at most.
constexpr size_t kChunkBytes = size_t{1} << 18;
constexpr size_t kMostChunks = 4;

// Entries as they were read, one behind the other in one string: a string for each would
// cost as much as reading them.
class Chunk {
 public:
  void Add(absl::string_view key, absl::string_view value) {
    bytes_.append(key.data(), key.size());
    bytes_.append(value.data(), value.size());
    sizes_.emplace_back(key.size(), value.size());
  }

  bool is_full() const { return bytes_.size() >= kChunkBytes; }

  // False if the visitor wants no more.
  bool Visit(const EntryVisitor& visitor) const {
    absl::string_view rest = bytes_;
    for (const auto& [key, value] : sizes_) {
      if (!visitor(rest.substr(0, key), rest.substr(key, value))) return false;
      rest.remove_prefix(key + value);
    }
    return true;
  }

 private:
  std::string bytes_;
  std::vector<std::pair<size_t, size_t>> sizes_;
};

// What one thread has read and another one is to visit.
class Pipe {
 public:
  // Waits for room. False if nobody wants it any more.
  bool Push(Chunk chunk) {
    const MutexLock lock(mutex_);
    while (chunks_.size() >= kMostChunks && !closed_) changed_.Wait(mutex_);
    if (closed_) return false;
    chunks_.push_back(std::move(chunk));
    changed_.NotifyAll();
    return true;
  }

  // Waits for a chunk; nothing if all were taken and no more come.
  std::optional<Chunk> Pop() {
    const MutexLock lock(mutex_);
    while (chunks_.empty() && !closed_) changed_.Wait(mutex_);
    if (chunks_.empty()) return std::nullopt;
    Chunk chunk = std::move(chunks_.front());
    chunks_.pop_front();
    changed_.NotifyAll();
    return chunk;
  }

  // No more come, or no more are wanted.
  void Close() {
    const MutexLock lock(mutex_);
    closed_ = true;
    changed_.NotifyAll();
  }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Chunk> chunks_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

absl::Status ReadInto(const Snapshot& snapshot, absl::string_view from, absl::string_view to,
                      Pipe& pipe) {
  Chunk chunk;
  const absl::Status status =
      snapshot.Scan(from, to, [&](absl::string_view key, absl::string_view value) {
        chunk.Add(key, value);
        return !chunk.is_full() || pipe.Push(std::exchange(chunk, Chunk()));
      });
  pipe.Push(std::move(chunk));
  pipe.Close();
  return status;
}

}  // namespace

absl::Status ReadAhead::Scan(absl::string_view from, absl::string_view to,
                             const EntryVisitor& visitor) const {
  Pipe pipe;
  absl::Status status;
  std::thread reader([&] { status = ReadInto(snapshot_, from, to, pipe); });
  bool wants_more = true;
  while (wants_more) {
    const std::optional<Chunk> chunk = pipe.Pop();
    wants_more = chunk && chunk->Visit(visitor);
  }
  pipe.Close();
  reader.join();
  return status;
}

}  // namespace labslot::storage
