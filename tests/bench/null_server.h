#ifndef LABSLOT_TESTS_BENCH_NULL_SERVER_H_
#define LABSLOT_TESTS_BENCH_NULL_SERVER_H_

#include <string>

namespace labslot::bench {

// The least that a gRPC server can do: GetServerInfo with a constant answer,
// from one completion queue and one thread, with no gate, state or limit. The
// daemon's own cheapest call is measured against it. Serves on the unix socket
// and on a free TCP port, whose number it writes to `port_file`, until SIGTERM
// ends the process.
int RunNullServer(const std::string& socket, const std::string& port_file);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_NULL_SERVER_H_
