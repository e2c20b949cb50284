#ifndef LABSLOT_DAEMON_SERVICE_RESOURCE_SELECTOR_H_
#define LABSLOT_DAEMON_SERVICE_RESOURCE_SELECTOR_H_

#include <set>
#include <string>

#include "daemon/domain/event.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace labslot::service {

// Which events a caller wants, as WatchRequest.resources says it.
class ResourceSelector {
 public:
  static ResourceSelector FromProto(
      const google::protobuf::RepeatedPtrField<std::string>& resources, FieldErrors& errors);

  bool Selects(const Event& event) const;

 private:
  std::set<std::string> wanted_;  // names and collections; empty means all
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_RESOURCE_SELECTOR_H_
