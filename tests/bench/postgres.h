#ifndef LABSLOT_TESTS_BENCH_POSTGRES_H_
#define LABSLOT_TESTS_BENCH_POSTGRES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace labslot::bench {

// A PostgreSQL server of its own, as its package sets it up (durable, 128 MB of
// shared buffers), with room for the clients of a measurement.
class Postgres {
 public:
  // The folder of its programs; nothing if it is not installed.
  static std::optional<std::string> FindPrograms();

  // Makes a database in an empty folder and starts the server there.
  Postgres(std::string programs, std::string folder);
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;
  ~Postgres();

  std::string Version() const;

  // Runs statements; ends the benchmark if one fails.
  void Run(const std::string& sql) const;

  // Milliseconds of a query, its result thrown away: the middle one of `times`.
  double Milliseconds(const std::string& sql, int times) const;

  // Transactions a second: so many clients run a script of pgbench, from one thread.
  double PerSecond(const std::string& script, int clients, std::chrono::seconds length) const;

 private:
  std::string CommandOf(const std::string& program, const std::vector<std::string>& words) const;
  std::string Execute(const std::string& program, const std::vector<std::string>& words) const;
  std::string WriteFile(const std::string& name, const std::string& text) const;

  const std::string programs_;
  const std::string folder_;
};

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_POSTGRES_H_
