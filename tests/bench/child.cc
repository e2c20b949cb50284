#include "tests/bench/child.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace labslot::bench {

namespace fs = std::filesystem;

void Fail(const std::string& message) {
  std::fprintf(stderr, "bench: %s\n", message.c_str());
  std::exit(EXIT_FAILURE);
}

WorkFolder::WorkFolder() {
  const char* base = std::getenv("TMPDIR");
  path_ = std::string(base == nullptr ? "/var/tmp" : base) + "/labslot-bench-XXXXXX";
  if (::mkdtemp(path_.data()) == nullptr) Fail("cannot make a folder like " + path_);
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Child::Child(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) Fail("cannot start a process");
  if (pid_ == 0) {
    // A measurement that fails leaves nothing running behind.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::execv(arguments[0], arguments.data());
    std::fprintf(stderr, "bench: cannot run %s\n", arguments[0]);
    ::_exit(127);
  }
}

Child::~Child() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

double Child::CpuSeconds() const {
  clockid_t clock;
  timespec time;
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    Fail("a server ended before its time");
  }
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

int64_t Child::ResidentBytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  int64_t all = 0;
  int64_t resident = 0;
  file >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

int64_t Child::PeakBytes() const {
  constexpr int64_t kKilobyte = 1024;
  std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
  int64_t kilobytes = 0;
  for (std::string word; file >> word;) {
    if (word == "VmHWM:") file >> kilobytes;
  }
  return kilobytes * kKilobyte;
}

std::string SiblingProgram(const std::string& name) {
  return (fs::read_symlink("/proc/self/exe").parent_path() / name).string();
}

std::string AwaitFile(const std::string& path) {
  for (int i = 0; i < 6000; ++i) {
    if (fs::exists(path)) {
      std::stringstream content;
      content << std::ifstream(path).rdbuf();
      return content.str();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  Fail("a server did not write " + path + " within a minute");
}

}  // namespace labslot::bench
