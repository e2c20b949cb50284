#ifndef LABSLOT_TESTS_FUZZ_FUZZED_LAB_H_
#define LABSLOT_TESTS_FUZZ_FUZZED_LAB_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/runtime/worker_pool.h"
#include "daemon/service/call.h"
#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "daemon/service/raw_service.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"
#include "tests/runtime/life.h"

namespace labslot::service {

// A daemon without gRPC, over a store in memory: the handlers of all methods, what they
// work with, and nobody who calls but the fuzzer. The small lab, and besides the user
// `eve` of no organisation, `mia` who manages all assets, the mobile `van`, and a second
// site. Make one for the life of the program.
class FuzzedLab {
 public:
  FuzzedLab();

  FuzzedLab(const FuzzedLab&) = delete;
  FuzzedLab& operator=(const FuzzedLab&) = delete;

  // Forgets all that happened.
  void BeginAgain();

  // Lets time go by, and the daemon do what that makes due. False if it never comes to
  // an end of it.
  bool Wait(Seconds seconds);

  // True of the operator and of users who are active.
  bool MayCall(const std::string& caller) const;

  struct Answer {
    int times = 0;
    grpc::Status status;
    std::string response;  // in bytes
  };

  // Sends a request and works until it is answered. `caller` is a user id, or `operator`.
  Answer Ask(const google::protobuf::MethodDescriptor& method, const std::string& caller,
             const std::string& request);

  Revision head() const { return life_->sequencer.state().head(); }

  // What decisions are made from, in memory and as a restart would find it. The latter
  // fails if the store is damaged, or grants more than there is.
  std::string Memory() const;
  std::string Reloaded() const { return life_->Reloaded(); }

 private:
  // Nobody knocks at it.
  class NoGate : public Gate {
   public:
    Result<CallInfo> Admit(const grpc::ServerContext&, const std::string&) override;
    void Answered(const std::string&, const engine::Principal&, const grpc::Status&,
                  absl::Duration) override {}
  };

  template <typename Generated>
  void Add(void (*add_methods)(Methods&));

  std::vector<storage::WriteSet> beginning_;  // the commits that make the lab
  ManualClock clock_{0};
  // Made anew in its place each time: the methods keep what they refer to.
  std::optional<runtime::ScriptedStore> store_;
  std::optional<runtime::Life> life_;
  runtime::WorkerPool workers_{1, 256};
  EventLoop loop_;
  ServerFacts facts_;
  std::optional<DaemonCore> core_;
  NoGate gate_;
  std::vector<std::unique_ptr<RawService>> services_;
  std::vector<std::unique_ptr<Methods>> methods_;
};

}  // namespace labslot::service

#endif  // LABSLOT_TESTS_FUZZ_FUZZED_LAB_H_
