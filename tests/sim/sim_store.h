#ifndef LABSLOT_TESTS_SIM_SIM_STORE_H_
#define LABSLOT_TESTS_SIM_SIM_STORE_H_

#include "absl/status/status.h"
#include "daemon/storage/store.h"

namespace labslot::sim {

// What the next commit does.
enum class CommitFault {
  kNone,
  kFull,         // refuses for want of space; nothing changes
  kUnknownLost,  // fails, and nothing is there after a restart
  kUnknownKept,  // fails, and everything is there after a restart
};

// A store whose commits can be made to fail. After a commit whose outcome is unknown
// it takes no further ones until it is reopened.
class SimStore : public storage::Store {
 public:
  // Of the next commit. If there is none before the next call, it is dropped.
  virtual void Plan(CommitFault fault) = 0;

  // The fault that fired since the last call.
  virtual CommitFault TakeFired() = 0;

  // The process ends and begins again: what is durable is there. After an error
  // nothing is.
  virtual absl::Status Reopen() = 0;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_SIM_STORE_H_
