#ifndef LABSLOT_DAEMON_DOMAIN_REFUSED_REQUEST_H_
#define LABSLOT_DAEMON_DOMAIN_REFUSED_REQUEST_H_

#include <cstdint>
#include <string>

#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"

namespace labslot {

// What somebody wanted of an asset and did not get, because there was none left. No
// calendar shows it.
struct RefusedRequest {
  std::string asset;
  Interval run;
  int32_t quantity = 1;
  std::string user;
  std::string organisation;
  std::string project;
  ActivityClass activity_class = ActivityClass::kUnspecified;
  AccessMode access_mode = AccessMode::kUnspecified;
  Instant time = 0;  // when it was refused
  friend bool operator==(const RefusedRequest&, const RefusedRequest&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_REFUSED_REQUEST_H_
