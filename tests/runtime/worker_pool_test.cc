#include "daemon/runtime/worker_pool.h"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace labslot::runtime {
namespace {

// Keeps one thread of a pool busy until it is let go.
class Plug {
 public:
  explicit Plug(WorkerPool& pool) {
    EXPECT_TRUE(pool.Run([this] {
      began_.set_value();
      go_.get_future().wait();
    }));
    began_.get_future().wait();
  }
  void Pull() { go_.set_value(); }

 private:
  std::promise<void> began_;
  std::promise<void> go_;
};

TEST(WorkerPoolTest, StopFinishesWhatIsQueued) {
  WorkerPool pool(2, 1000);
  std::atomic<int> done = 0;
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(pool.Run([&] { ++done; }));
  pool.Stop();
  EXPECT_EQ(done, 500);
}

TEST(WorkerPoolTest, MoreThanTheLimitIsRefused) {
  WorkerPool pool(1, 2);
  Plug plug(pool);
  std::atomic<int> done = 0;
  EXPECT_TRUE(pool.Run([&] { ++done; }));
  EXPECT_TRUE(pool.Run([&] { ++done; }));
  EXPECT_FALSE(pool.Run([&] { ++done; }));
  plug.Pull();
  pool.Stop();
  EXPECT_EQ(done, 2);
}

TEST(WorkerPoolTest, AfterStopNothingIsTaken) {
  WorkerPool pool(1, 10);
  pool.Stop();
  EXPECT_FALSE(pool.Run([] {}));
  pool.Stop();  // once more does no harm
}

TEST(WorkerPoolTest, OneThreadKeepsTheOrder) {
  WorkerPool pool(1, 1000);
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(pool.Run([&order, i] { order.push_back(i); }));
  pool.Stop();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(WorkerPoolTest, AJobMayQueueAnother) {
  std::atomic<int> done = 0;
  WorkerPool pool(1, 10);
  std::promise<void> second;
  ASSERT_TRUE(pool.Run([&] {
    ++done;
    EXPECT_TRUE(pool.Run([&] {
      ++done;
      second.set_value();
    }));
  }));
  second.get_future().wait();
  EXPECT_EQ(done, 2);
}

TEST(WorkerPoolTest, ManyThreadsMayQueueAtOnce) {
  std::atomic<int> done = 0;
  WorkerPool pool(2, 100000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) EXPECT_TRUE(pool.Run([&] { ++done; }));
    });
  }
  for (std::thread& thread : threads) thread.join();
  pool.Stop();
  EXPECT_EQ(done, 800);
}

}  // namespace
}  // namespace labslot::runtime
