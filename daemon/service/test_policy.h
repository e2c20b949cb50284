#ifndef LABSLOT_DAEMON_SERVICE_TEST_POLICY_H_
#define LABSLOT_DAEMON_SERVICE_TEST_POLICY_H_

#include "daemon/engine/impact.h"
#include "daemon/service/call.h"
#include "daemon/service/conflict_mask.h"
#include "labslot/v1/policy_service.pb.h"

namespace labslot::service {

// PolicyService.TestPolicy. Judges what a snapshot of the store holds on a worker
// thread.
void TestPolicy(const DaemonCore& core, const CallInfo& call,
                const ::labslot::v1::TestPolicyRequest& request,
                const Reply<::labslot::v1::TestPolicyResponse>& reply);

// What the principal is told of a reservation that would break rules: of one
// that he may not see, when and on which assets it is, and which rules.
void TellBroken(const engine::Catalogue& catalogue, const engine::Principal& principal,
                engine::BrokenReservation broken, ConflictMask& mask,
                ::labslot::v1::BrokenReservation& to);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_TEST_POLICY_H_
