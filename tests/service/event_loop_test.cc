#include "daemon/service/event_loop.h"

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace labslot::service {
namespace {

class EventLoopTest : public ::testing::Test {
 protected:
  EventLoopTest() {
    grpc::ServerBuilder builder;
    loop_ = std::make_unique<EventLoop>(builder.AddCompletionQueue());
    server_ = builder.BuildAndStart();
  }

  ~EventLoopTest() override { Shutdown(); }

  void Run(std::function<bool()> drain = [] { return false; }) {
    thread_ = std::thread([this, drain = std::move(drain)] {
      loop_->Run({drain, []() -> std::optional<Instant> { return std::nullopt; }});
    });
  }

  void Shutdown() {
    if (server_ == nullptr) return;
    server_->Shutdown();
    loop_->Shutdown();
    if (thread_.joinable()) thread_.join();
    server_.reset();
  }

  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<grpc::Server> server_;
  std::thread thread_;
};

TEST_F(EventLoopTest, PostedTasksRunInOrderOnTheThreadOfTheLoop) {
  Run();
  std::vector<int> order;
  std::promise<std::thread::id> done;
  for (int i = 0; i < 100; ++i) loop_->Post([&order, i] { order.push_back(i); });
  loop_->Post([&] { done.set_value(std::this_thread::get_id()); });
  EXPECT_EQ(done.get_future().get(), thread_.get_id());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST_F(EventLoopTest, ATaskMayPostTheNext) {
  Run();
  std::promise<void> done;
  loop_->Post([&] { loop_->Post([&] { loop_->Post([&] { done.set_value(); }); }); });
  done.get_future().wait();
}

TEST_F(EventLoopTest, TasksOfManyThreadsAllRun) {
  Run();
  std::atomic<int> ran = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 250; ++i) loop_->Post([&] { ++ran; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::promise<void> done;
  loop_->Post([&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_EQ(ran, 1000);
}

TEST_F(EventLoopTest, WorkIsDrainedAfterATask) {
  std::atomic<bool> queued = false;
  std::promise<void> drained;
  Run([&] {
    if (queued.exchange(false)) drained.set_value();
    return false;
  });
  loop_->Post([&] { queued = true; });
  drained.get_future().wait();
}

TEST_F(EventLoopTest, WorkThatIsNotDoneIsDrainedAgainAtOnce) {
  std::atomic<int> left = 0;
  std::promise<void> done;
  Run([&] {
    if (left == 0) return false;
    if (--left == 0) done.set_value();
    return left > 0;
  });
  loop_->Post([&] { left = 50; });
  done.get_future().wait();
  Shutdown();  // the loop may still be reading `left`
}

TEST_F(EventLoopTest, WhatWasPostedBeforeShutdownRuns) {
  std::atomic<bool> ran = false;
  loop_->Post([&] { ran = true; });
  Run();
  Shutdown();
  EXPECT_TRUE(ran);
}

TEST_F(EventLoopTest, WhatIsPostedAfterShutdownIsDropped) {
  Run();
  Shutdown();
  bool ran = false;
  loop_->Post([&] { ran = true; });
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace labslot::service
