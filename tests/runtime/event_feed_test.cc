#include "daemon/runtime/event_feed.h"

#include <memory>
#include <optional>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace labslot::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

std::vector<SharedEvent> Events(Revision first, Revision last) {
  std::vector<SharedEvent> events;
  for (Revision revision = first; revision <= last; ++revision) {
    Event event;
    event.revision = revision;
    events.push_back(std::make_shared<const Event>(event));
  }
  return events;
}

std::optional<std::vector<Revision>> After(const EventFeed& feed, Revision revision,
                                           size_t limit = 100) {
  const auto events = feed.After(revision, limit);
  if (!events) return std::nullopt;
  std::vector<Revision> revisions;
  for (const SharedEvent& event : *events) revisions.push_back(event->revision);
  return revisions;
}

TEST(EventFeedTest, WhatComesAfterAPlaceIsGivenInOrder) {
  EventFeed feed(10, 100);
  feed.Publish(Events(11, 15));
  EXPECT_EQ(feed.head(), 15);
  EXPECT_THAT(After(feed, 10), Optional(ElementsAre(11, 12, 13, 14, 15)));
  EXPECT_THAT(After(feed, 13), Optional(ElementsAre(14, 15)));
  EXPECT_THAT(After(feed, 10, 2), Optional(ElementsAre(11, 12)));
}

TEST(EventFeedTest, BeyondTheHeadThereIsNothing) {
  EventFeed feed(10, 100);
  EXPECT_THAT(After(feed, 10), Optional(ElementsAre()));
  feed.Publish(Events(11, 11));
  EXPECT_THAT(After(feed, 11), Optional(ElementsAre()));
  EXPECT_THAT(After(feed, 99), Optional(ElementsAre()));
}

TEST(EventFeedTest, WhatLiesBeforeItsBeginningIsNotKept) {
  EventFeed feed(10, 100);
  EXPECT_EQ(After(feed, 9), std::nullopt);
  feed.Publish(Events(11, 12));
  EXPECT_EQ(After(feed, 9), std::nullopt);
  EXPECT_THAT(After(feed, 10), Optional(ElementsAre(11, 12)));
}

TEST(EventFeedTest, MoreThanItsCapacityIsNotKept) {
  EventFeed feed(0, 3);
  feed.Publish(Events(1, 2));
  feed.Publish(Events(3, 5));
  EXPECT_EQ(After(feed, 0), std::nullopt);
  EXPECT_EQ(After(feed, 1), std::nullopt);
  EXPECT_THAT(After(feed, 2), Optional(ElementsAre(3, 4, 5)));
}

TEST(EventFeedTest, AnEventStaysWithWhomItWasGiven) {
  EventFeed feed(0, 1);
  feed.Publish(Events(1, 1));
  const auto kept = feed.After(0, 1);
  feed.Publish(Events(2, 2));
  EXPECT_EQ(kept->front()->revision, 1);
}

TEST(EventFeedTest, EveryPublishWakesAllThatAreSubscribed) {
  EventFeed feed(0, 10);
  int first = 0;
  int second = 0;
  const int64_t ticket = feed.Subscribe([&] { ++first; });
  feed.Subscribe([&] { ++second; });
  feed.Publish(Events(1, 1));
  feed.Publish({});
  EXPECT_EQ(first, 1);
  feed.Unsubscribe(ticket);
  feed.Publish(Events(2, 2));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
  EXPECT_EQ(feed.subscriber_count(), 1u);
}

TEST(EventFeedTest, WhoIsWokenSeesTheNewEvents) {
  EventFeed feed(0, 10);
  std::optional<std::vector<Revision>> seen;
  feed.Subscribe([&] { seen = After(feed, 0); });
  feed.Publish(Events(1, 2));
  EXPECT_THAT(seen, Optional(ElementsAre(1, 2)));
}

TEST(EventFeedTest, ATicketMayBeGivenBackWhileItIsWoken) {
  EventFeed feed(0, 10);
  int woken = 0;
  int64_t ticket = 0;
  ticket = feed.Subscribe([&] {
    feed.Unsubscribe(ticket);
    ++woken;  // what the callback holds is still there
  });
  feed.Publish(Events(1, 1));
  feed.Publish(Events(2, 2));
  EXPECT_EQ(woken, 1);
}

TEST(EventFeedTest, OneThatIsWokenMayGiveBackAnothersTicket) {
  EventFeed feed(0, 10);
  int woken = 0;
  int64_t second = 0;
  feed.Subscribe([&] { feed.Unsubscribe(second); });
  second = feed.Subscribe([&] { ++woken; });
  feed.Publish(Events(1, 1));
  EXPECT_EQ(woken, 0);
}

TEST(EventFeedTest, WhoSubscribesWhileOthersAreWokenIsWokenTheNextTime) {
  EventFeed feed(0, 10);
  int woken = 0;
  feed.Subscribe([&] {
    if (feed.subscriber_count() == 1) feed.Subscribe([&] { ++woken; });
  });
  feed.Publish(Events(1, 1));
  EXPECT_EQ(woken, 0);
  feed.Publish(Events(2, 2));
  EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace labslot::runtime
