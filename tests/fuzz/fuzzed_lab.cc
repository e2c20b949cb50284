#include "tests/fuzz/fuzzed_lab.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/service/admin_service.h"
#include "daemon/service/availability_service.h"
#include "daemon/service/catalogue_service.h"
#include "daemon/service/change_service.h"
#include "daemon/service/directory_service.h"
#include "daemon/service/planning_service.h"
#include "daemon/service/policy_service.h"
#include "daemon/service/reservation_service.h"
#include "daemon/service/utilisation_service.h"
#include "grpcpp/server_builder.h"
#include "labslot/v1/admin_service.grpc.pb.h"
#include "labslot/v1/availability_service.grpc.pb.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"
#include "labslot/v1/change_service.grpc.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"
#include "labslot/v1/planning_service.grpc.pb.h"
#include "labslot/v1/policy_service.grpc.pb.h"
#include "labslot/v1/reservation_service.grpc.pb.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"
#include "tests/fuzz/require.h"
#include "tests/runtime/same_state.h"
#include "tests/support/records.h"

namespace labslot::service {
namespace {

constexpr char kOperator[] = "operator";

// A handler needs the queue of a loop for nothing but to wait for more requests.
std::unique_ptr<grpc::ServerCompletionQueue> IdleQueue() {
  return grpc::ServerBuilder().AddCompletionQueue();
}

engine::ImportRecords RestOfLab() {
  User mia = support::MakeUser("mia");
  mia.role_bindings = {support::Binding(Role::kAssetManager)};
  engine::ImportRecords rest;
  rest.records = {support::MakeUser("eve"), mia, support::MakeSite("brno", "Europe/Prague"),
                  support::MakeMobile("van")};
  return rest;
}

}  // namespace

FuzzedLab::FuzzedLab() : loop_(IdleQueue()) {
  runtime::SmallLab lab;
  runtime::Life(lab.store, lab.clock).Must(runtime::Order(RestOfLab()));
  beginning_ = lab.store.commits();
  facts_.start_time = lab.clock.Now();
  BeginAgain();
  core_.emplace(DaemonCore{life_->sequencer, life_->feed, *store_, workers_, loop_, facts_});
  Add<::labslot::v1::AdminService>(AddAdminMethods);
  Add<::labslot::v1::AvailabilityService>(AddAvailabilityMethods);
  Add<::labslot::v1::CatalogueService>(AddCatalogueMethods);
  Add<::labslot::v1::ChangeService>(AddChangeMethods);
  Add<::labslot::v1::DirectoryService>(AddDirectoryMethods);
  Add<::labslot::v1::PlanningService>(AddPlanningMethods);
  Add<::labslot::v1::PolicyService>(AddPolicyMethods);
  Add<::labslot::v1::ReservationService>(AddReservationMethods);
  Add<::labslot::v1::UtilisationService>(AddUtilisationMethods);
}

template <typename Generated>
void FuzzedLab::Add(void (*add_methods)(Methods&)) {
  services_.push_back(std::make_unique<RawServiceOf<Generated>>());
  methods_.push_back(std::make_unique<Methods>(*services_.back(), *core_, gate_));
  add_methods(*methods_.back());
}

Result<CallInfo> FuzzedLab::NoGate::Admit(const grpc::ServerContext&, const std::string&) {
  fuzz::Fail("nobody calls but the fuzzer");
}

void FuzzedLab::BeginAgain() {
  life_.reset();
  store_.emplace();
  for (const storage::WriteSet& commit : beginning_) {
    fuzz::Require(store_->Commit(commit).ok(), "the lab is made");
  }
  clock_.Set(facts_.start_time);
  life_.emplace(*store_, clock_);
}

bool FuzzedLab::Wait(Seconds seconds) {
  constexpr int kMostRounds = 1000;
  clock_.Advance(seconds);
  runtime::Sequencer& sequencer = life_->sequencer;
  for (int round = 0; round < kMostRounds; ++round) {
    const bool more = sequencer.Drain();
    const std::optional<Instant> due = sequencer.NextDue();
    if (!more && (!due || *due > sequencer.Now())) return true;
  }
  return false;
}

// What a restart forgets at once, the daemon forgets some minutes later.
std::string FuzzedLab::Memory() const {
  engine::State state = life_->sequencer.state();
  state.ForgetBefore(state.last_time() - runtime::Sequencer::kMemoryOfThePast);
  return runtime::PictureOf(state);
}

bool FuzzedLab::MayCall(const std::string& caller) const {
  const User* user = life_->sequencer.state().catalogue().FindUser(caller);
  return caller == kOperator || (user != nullptr && user->state == UserState::kActive);
}

FuzzedLab::Answer FuzzedLab::Ask(const google::protobuf::MethodDescriptor& method,
                                 const std::string& caller, const std::string& request) {
  const std::string name = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  CallInfo info;
  info.method = name;
  info.principal = caller == kOperator ? engine::LocalOperator() : engine::Principal{caller};
  info.patience = absl::InfiniteFuture();
  Answer answer;
  const grpc::Slice slice(request);
  const auto note = [&](const google::protobuf::Message& response, const grpc::Status& status) {
    ++answer.times;
    answer.status = status;
    answer.response = response.SerializeAsString();
  };
  bool served = false;
  for (const auto& methods : methods_) {
    served = served || methods->Serve(info, grpc::ByteBuffer(&slice, 1), note);
  }
  fuzz::Require(served, "every method has a handler");
  while (life_->sequencer.queued() > 0) life_->sequencer.Drain();
  // A job that answers is through when one behind it is.
  std::promise<void> idle;
  fuzz::Require(workers_.Run([&] { idle.set_value(); }), "there is room for a job");
  idle.get_future().wait();
  return answer;
}

}  // namespace labslot::service
