#ifndef LABSLOT_DAEMON_APP_VERSION_H_
#define LABSLOT_DAEMON_APP_VERSION_H_

namespace labslot::app {

inline constexpr char kVersion[] = LABSLOT_VERSION;  // of the CMake project

}  // namespace labslot::app

#endif  // LABSLOT_DAEMON_APP_VERSION_H_
