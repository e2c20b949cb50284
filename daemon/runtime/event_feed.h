#ifndef LABSLOT_DAEMON_RUNTIME_EVENT_FEED_H_
#define LABSLOT_DAEMON_RUNTIME_EVENT_FEED_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "daemon/domain/event.h"

namespace labslot::runtime {

using SharedEvent = std::shared_ptr<const Event>;

// The newest durable events, for watchers. A watcher is a place in the
// sequence: it asks for what comes after its place, and falls back to the
// store when it is too far behind for the feed. So a slow watcher costs no
// memory and loses nothing. Not thread-safe.
class EventFeed {
 public:
  // Begins behind `head`, and keeps at most `capacity` events.
  EventFeed(Revision head, size_t capacity) : head_(head), capacity_(capacity) {}

  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  // The last event that is durable.
  Revision head() const { return head_; }

  // Takes in events that have become durable, in order, and wakes all.
  void Publish(std::vector<SharedEvent> events);

  // Up to `limit` events after `revision`; nothing if some of them are no
  // longer kept here.
  std::optional<std::vector<SharedEvent>> After(Revision revision, size_t limit) const;

  // Calls `wake` after each Publish, until the returned ticket is given back.
  // `wake` may give its own ticket back.
  int64_t Subscribe(std::function<void()> wake);
  void Unsubscribe(int64_t ticket);

  size_t subscriber_count() const { return wakes_.size(); }

 private:
  Revision head_;
  const size_t capacity_;
  std::deque<SharedEvent> newest_;  // consecutive revisions up to head_
  absl::btree_map<int64_t, std::function<void()>> wakes_;
  int64_t next_ticket_ = 1;
};

}  // namespace labslot::runtime

#endif  // LABSLOT_DAEMON_RUNTIME_EVENT_FEED_H_
