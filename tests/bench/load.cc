#include "tests/bench/load.h"

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace labslot::bench {

using SteadyClock = std::chrono::steady_clock;

std::shared_ptr<grpc::Channel> Connect(const std::string& target) {
  grpc::ChannelArguments arguments;
  // Channels with equal arguments would share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  auto channel = grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
  const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(60);
  if (!channel->WaitForConnected(deadline)) Fail("cannot connect to " + target);
  return channel;
}

Round RunRound(const Workload& workload, size_t in_flight, const RoundEnd& end,
               const Child& server) {
  std::vector<std::unique_ptr<Place>> places;
  for (size_t i = 0; i < in_flight; ++i) places.push_back(workload(i));
  grpc::CompletionQueue queue;
  Round round;
  round.latencies_us.reserve(1 << 16);
  const double cpu_before = server.CpuSeconds();
  const SteadyClock::time_point began = SteadyClock::now();
  const auto last = began + std::chrono::duration_cast<SteadyClock::duration>(end.time);
  int64_t started = 0;
  size_t on_their_way = 0;
  const auto start = [&](Place& place) {
    ++started;
    ++on_their_way;
    place.began = SteadyClock::now();
    place.Start(queue);
  };
  for (const auto& place : places) start(*place);
  SteadyClock::time_point now = began;
  void* tag = nullptr;
  bool ok = false;
  while (on_their_way > 0 && queue.Next(&tag, &ok)) {
    Place& place = *static_cast<Place*>(tag);
    place.Finish();
    --on_their_way;
    const SteadyClock::time_point answered = SteadyClock::now();
    if (answered < last) {
      now = answered;
      const std::chrono::duration<float, std::micro> took = answered - place.began;
      round.latencies_us.push_back(took.count());
      if (started < end.calls) start(place);
    } else if (round.server_cpu_seconds == 0) {
      now = last;
      round.server_cpu_seconds = server.CpuSeconds() - cpu_before;
    }
  }
  if (round.server_cpu_seconds == 0) round.server_cpu_seconds = server.CpuSeconds() - cpu_before;
  round.seconds = std::chrono::duration<double>(now - began).count();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) continue;
  return round;
}

}  // namespace labslot::bench
