#ifndef LABSLOT_TESTS_BENCH_CHILD_H_
#define LABSLOT_TESTS_BENCH_CHILD_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace labslot::bench {

// Ends the benchmark with a message: a measurement that went wrong is none.
[[noreturn]] void Fail(const std::string& message);

// A folder for the files of one measurement, removed with the object. It is
// made in TMPDIR, or /var/tmp, because /tmp may be memory, where a sync is free.
class WorkFolder {
 public:
  WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder();

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A server in a process of its own, so that its processor time is its own too.
class Child {
 public:
  // Starts a program and returns at once. Its standard error is ours.
  explicit Child(const std::vector<std::string>& command);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  // Asks it to stop, and waits until it has.
  ~Child();

  // Processor time of all its threads since it started.
  double CpuSeconds() const;

  int64_t ResidentBytes() const;

  // The most that it ever was.
  int64_t PeakBytes() const;

 private:
  pid_t pid_ = -1;
};

// The program `name` in the folder of the running one.
std::string SiblingProgram(const std::string& name);

// Waits until a file exists, and returns what is in it.
std::string AwaitFile(const std::string& path);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_CHILD_H_
