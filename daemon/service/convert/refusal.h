#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_REFUSAL_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_REFUSAL_H_

#include "daemon/domain/refusal.h"
#include "labslot/v1/refusal.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

void ToProto(const Refusal& refusal, v1::Refusal& proto);
void ToProto(const Violation& violation, v1::Violation& proto);
void ToProto(const Alternative& alternative, v1::Alternative& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_REFUSAL_H_
