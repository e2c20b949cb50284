#include "tests/bench/postgres.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "tests/bench/child.h"
#include "tests/bench/table.h"

namespace labslot::bench {
namespace {

namespace fs = std::filesystem;

// Stops the server, also where a measurement fails and ends the program.
std::string g_stop;
void StopServer() {
  if (!g_stop.empty() && std::system(g_stop.c_str()) != 0)
    std::fputs("bench: PostgreSQL did not stop\n", stderr);
  g_stop.clear();
}

// PostgreSQL refuses to run as root; its package brings a user for it.
constexpr char kServerUser[] = "postgres";

std::string Quoted(const std::string& word) {
  return absl::StrCat("'", absl::StrReplaceAll(word, {{"'", "'\\''"}}), "'");
}

// What stands behind `label` in the output.
double NumberBehind(const std::string& output, const std::string& label) {
  const size_t at = output.find(label);
  double number = 0;
  if (at == std::string::npos ||
      !(std::istringstream(output.substr(at + label.size())) >> number)) {
    Fail(absl::StrCat("there is no number behind '", label, "' in: ", output));
  }
  return number;
}

}  // namespace

std::optional<std::string> Postgres::FindPrograms() {
  std::error_code error;
  std::optional<std::string> newest;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const std::string programs = entry.path().string() + "/bin";
    const bool whole = fs::exists(programs + "/initdb") && fs::exists(programs + "/pgbench") &&
                       fs::exists(programs + "/psql");
    if (whole && (!newest || programs > *newest)) newest = programs;
  }
  if (newest && geteuid() == 0 && getpwnam(kServerUser) == nullptr) return std::nullopt;
  return newest;
}

Postgres::Postgres(std::string programs, std::string folder)
    : programs_(std::move(programs)), folder_(std::move(folder)) {
  // Its folder must be its own: nobody else may enter the folder of a measurement.
  if (geteuid() == 0) {
    const passwd& owner = *getpwnam(kServerUser);
    if (chown(folder_.c_str(), owner.pw_uid, owner.pw_gid) != 0)
      Fail("cannot give away " + folder_);
  }
  Execute("initdb", {"-D", folder_ + "/data", "-A", "trust", "-U", kServerUser, "-E", "UTF8"});
  g_stop = CommandOf("pg_ctl", {"-D", folder_ + "/data", "-w", "-m", "immediate", "stop"}) +
           " >/dev/null 2>&1";
  std::atexit(StopServer);
  Execute("pg_ctl", {"-D", folder_ + "/data", "-w", "-l", folder_ + "/log", "-o",
                     absl::StrCat("-c listen_addresses= -c unix_socket_directories=", folder_,
                                  " -c max_connections=200"),
                     "start"});
}

Postgres::~Postgres() { StopServer(); }

std::string Postgres::Version() const {
  std::string version = Execute("postgres", {"--version"});
  absl::StripAsciiWhitespace(&version);
  return version;
}

void Postgres::Run(const std::string& sql) const {
  Execute("psql", {"-h", folder_, "-U", kServerUser, "-q", "-v", "ON_ERROR_STOP=1", "-f",
                   WriteFile("run.sql", sql)});
}

double Postgres::Milliseconds(const std::string& sql, int times) const {
  std::vector<double> took;
  for (int i = 0; i < times; ++i) {
    const std::string output =
        Execute("psql", {"-h", folder_, "-U", kServerUser, "-q", "-o", "/dev/null", "-f",
                         WriteFile("query.sql", absl::StrCat("\\timing on\n", sql, ";\n"))});
    took.push_back(NumberBehind(output, "Time: "));
  }
  return Median(took);
}

double Postgres::PerSecond(const std::string& script, int clients,
                           std::chrono::seconds length) const {
  const std::string output =
      Execute("pgbench", {"-h", folder_, "-U", kServerUser, "-n", "-M", "prepared", "-f",
                          WriteFile("load.sql", script), "-c", absl::StrCat(clients), "-j", "1",
                          "-T", absl::StrCat(length.count()), kServerUser});
  return NumberBehind(output, "tps = ");
}

// What runs a program as the user of the server.
std::string Postgres::CommandOf(const std::string& program,
                                const std::vector<std::string>& words) const {
  std::string command = "cd / && ";
  if (geteuid() == 0) absl::StrAppend(&command, "runuser -u ", kServerUser, " -- ");
  absl::StrAppend(&command, programs_, "/", program);
  for (const std::string& word : words) absl::StrAppend(&command, " ", Quoted(word));
  return command;
}

// Returns what it prints.
std::string Postgres::Execute(const std::string& program,
                              const std::vector<std::string>& words) const {
  std::string command = CommandOf(program, words);
  // A server that stays must not keep our pipe open.
  const bool stays = program == "pg_ctl";
  absl::StrAppend(&command, stays ? " >/dev/null 2>&1" : " 2>&1");
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) Fail("cannot run " + command);
  std::string output;
  std::array<char, 4096> buffer;
  while (const size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), got);
  }
  if (pclose(pipe) != 0) Fail(absl::StrCat(command, " failed: ", output));
  return output;
}

std::string Postgres::WriteFile(const std::string& name, const std::string& text) const {
  const std::string path = folder_ + "/" + name;
  std::ofstream(path) << text;
  return path;
}

}  // namespace labslot::bench
