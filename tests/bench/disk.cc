#include "tests/bench/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>

#include "tests/bench/child.h"

namespace labslot::bench {

std::vector<float> TimeBareSyncs(const std::string& folder, int times) {
  using Clock = std::chrono::steady_clock;
  const std::string content(512, 'x');
  const int file = ::open((folder + "/bare-syncs").c_str(), O_CREAT | O_APPEND | O_WRONLY, 0600);
  std::vector<float> took_us;
  for (int i = 0; i < times; ++i) {
    const auto began = Clock::now();
    const bool written = ::write(file, content.data(), content.size()) == 512;
    if (!written || ::fdatasync(file) != 0) Fail("cannot write to " + folder);
    took_us.push_back(std::chrono::duration<float, std::micro>(Clock::now() - began).count());
  }
  ::close(file);
  return took_us;
}

}  // namespace labslot::bench
