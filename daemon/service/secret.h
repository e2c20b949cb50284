#ifndef LABSLOT_DAEMON_SERVICE_SECRET_H_
#define LABSLOT_DAEMON_SERVICE_SECRET_H_

#include <string>

namespace labslot::service {

// A new bearer secret: `labslot_` and 256 random bits. Thread-safe.
std::string NewSecret();

// A new id for a token: `t` and 80 random bits. It says nothing of the secret.
std::string NewTokenId();

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_SECRET_H_
