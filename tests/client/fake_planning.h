#ifndef LABSLOT_TESTS_CLIENT_FAKE_PLANNING_H_
#define LABSLOT_TESTS_CLIENT_FAKE_PLANNING_H_

#include <string>

#include "tests/client/fake_daemon.h"

namespace labslot::client {

// The error for a resource that does not exist.
grpc::Status NotFound(const std::string& resource);

// The record of that name.
template <typename Records, typename Record>
grpc::Status Find(const Records& records, const std::string& name, Record* reply) {
  for (const auto& record : records) {
    if (record.name() != name) continue;
    *reply = record;
    return grpc::Status::OK;
  }
  return NotFound(name);
}

// Displacement and rounds, as FakeAnswers says.
class FakePlanning final : public v1::PlanningService::Service {
 public:
  explicit FakePlanning(FakeAnswers* answers) : answers_(*answers) {}

  grpc::Status PlanDisplacement(grpc::ServerContext*, const v1::PlanDisplacementRequest* request,
                                v1::PlanDisplacementResponse* reply) override {
    answers_.displacements_planned.push_back(*request);
    *reply = answers_.displacement;
    return grpc::Status::OK;
  }
  grpc::Status GetRound(grpc::ServerContext*, const v1::GetRoundRequest* request,
                        v1::Round* reply) override {
    return Find(answers_.rounds, request->name(), reply);
  }
  grpc::Status ListRounds(grpc::ServerContext*, const v1::ListRoundsRequest*,
                          v1::ListRoundsResponse* reply) override {
    for (const v1::Round& round : answers_.rounds) *reply->add_rounds() = round;
    return grpc::Status::OK;
  }
  grpc::Status CreateRound(grpc::ServerContext*, const v1::CreateRoundRequest* request,
                           v1::Round* reply) override {
    answers_.rounds_created.push_back(*request);
    *reply = request->round();
    reply->set_name("rounds/" + request->round_id());
    reply->set_state(v1::Round::STATE_OPEN);
    return grpc::Status::OK;
  }
  grpc::Status UpdateRound(grpc::ServerContext*, const v1::UpdateRoundRequest* request,
                           v1::Round* reply) override {
    answers_.rounds_updated.push_back(*request);
    const grpc::Status found = Find(answers_.rounds, request->round().name(), reply);
    *reply->mutable_deadline_time() = request->round().deadline_time();
    return found;
  }
  grpc::Status DeleteRound(grpc::ServerContext*, const v1::DeleteRoundRequest* request,
                           v1::Round* reply) override {
    answers_.rounds_deleted.push_back(*request);
    return Find(answers_.rounds, request->name(), reply);
  }
  grpc::Status PlanAllocation(grpc::ServerContext*, const v1::PlanAllocationRequest* request,
                              v1::PlanAllocationResponse* reply) override {
    answers_.allocations_planned.push_back(*request);
    *reply = answers_.allocation;
    return grpc::Status::OK;
  }
  grpc::Status ApplyAllocation(grpc::ServerContext*, const v1::ApplyAllocationRequest* request,
                               v1::Round* reply) override {
    answers_.allocations_applied.push_back(*request);
    const grpc::Status found = Find(answers_.rounds, request->name(), reply);
    reply->set_state(v1::Round::STATE_CLEARED);
    reply->set_granted_count(request->grants_size());
    reply->set_rejected_count(request->rejections_size());
    reply->set_value(answers_.allocation.value());
    reply->set_bound(request->bound());
    return found;
  }

 private:
  FakeAnswers& answers_;
};

}  // namespace labslot::client

#endif  // LABSLOT_TESTS_CLIENT_FAKE_PLANNING_H_
