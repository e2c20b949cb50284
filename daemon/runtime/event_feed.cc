#include "daemon/runtime/event_feed.h"

#include <algorithm>
#include <utility>

namespace labslot::runtime {

void EventFeed::Publish(std::vector<SharedEvent> events) {
  if (events.empty()) return;
  head_ = events.back()->revision;
  for (SharedEvent& event : events) newest_.push_back(std::move(event));
  while (newest_.size() > capacity_) newest_.pop_front();
  std::vector<int64_t> tickets;
  for (const auto& [ticket, wake] : wakes_) tickets.push_back(ticket);
  for (const int64_t ticket : tickets) {
    const auto it = wakes_.find(ticket);
    if (it == wakes_.end()) continue;
    const std::function<void()> wake = it->second;
    wake();
  }
}

std::optional<std::vector<SharedEvent>> EventFeed::After(Revision revision, size_t limit) const {
  std::vector<SharedEvent> events;
  if (revision >= head_) return events;
  if (newest_.empty() || newest_.front()->revision > revision + 1) return std::nullopt;
  const auto first = static_cast<size_t>(revision + 1 - newest_.front()->revision);
  const size_t last = std::min(newest_.size(), first + limit);
  events.assign(newest_.begin() + static_cast<std::ptrdiff_t>(first),
                newest_.begin() + static_cast<std::ptrdiff_t>(last));
  return events;
}

int64_t EventFeed::Subscribe(std::function<void()> wake) {
  wakes_[next_ticket_] = std::move(wake);
  return next_ticket_++;
}

void EventFeed::Unsubscribe(int64_t ticket) { wakes_.erase(ticket); }

}  // namespace labslot::runtime
