#include "tests/bench/table.h"

#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/stubs/common.h"
#include "grpcpp/grpcpp.h"
#include "rocksdb/version.h"

namespace labslot::bench {
namespace {

std::string Processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string FileSystemOf(const std::string& folder) {
  struct statfs facts;
  if (::statfs(folder.c_str(), &facts) != 0) return "unknown file system";
  switch (facts.f_type) {
    case 0xEF53:
      return "ext4";
    case 0x58465342:
      return "xfs";
    case 0x9123683E:
      return "btrfs";
    case 0x01021994:
      return "tmpfs, where a sync costs nothing: the durable figures mean little";
    default:
      return absl::StrFormat("file system %#x", facts.f_type);
  }
}

std::string WithMark(std::string text, bool met) { return met ? text : absl::StrCat(text, " !"); }

}  // namespace

void Table::Print(const std::string& title) const {
  std::vector<size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::printf("\n%s\n", title.c_str());
  for (size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (size_t i = 0; i < rows_[r].size(); ++i) {
      const std::string& cell = rows_[r][i];
      const std::string space(widths[i] - cell.size(), ' ');
      absl::StrAppend(&line, i == 0 ? "" : "  ", i == 0 ? cell + space : space + cell);
    }
    std::printf("  %s\n", line.c_str());
    if (r == 0) std::printf("  %s\n", std::string(line.size(), '-').c_str());
  }
  std::fflush(stdout);
}

std::string Whole(double number) {
  const std::string digits = absl::StrFormat("%.0f", number);
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

std::string Fixed(double number, int digits) { return absl::StrFormat("%.*f", digits, number); }

std::string AtLeast(double value, double target, int digits) {
  return WithMark(absl::StrCat(Fixed(value, digits), " (>= ", target, ")"), value >= target);
}

std::string AtMost(double value, double target, int digits) {
  return WithMark(absl::StrCat(Fixed(value, digits), " (<= ", target, ")"), value <= target);
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double Quantile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<size_t>(share * static_cast<double>(values.size() - 1));
  const auto it = values.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(values.begin(), it, values.end());
  return *it;
}

std::string Surroundings(const std::string& folder) {
  utsname system;
  ::uname(&system);
  double load = 0;
  ::getloadavg(&load, 1);
  const std::string now = absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::Now(), absl::UTCTimeZone());
  return absl::StrCat("  ", now, ", ", Processor(), ", ", ::sysconf(_SC_NPROCESSORS_ONLN),
                      " cores, ", system.sysname, " ", system.release, ", ", FileSystemOf(folder),
                      "\n  gRPC ", grpc::Version(), ", RocksDB ", ROCKSDB_MAJOR, ".", ROCKSDB_MINOR,
                      ".", ROCKSDB_PATCH, ", protobuf ", GOOGLE_PROTOBUF_VERSION / 1000 % 1000, ".",
                      GOOGLE_PROTOBUF_VERSION % 1000,
#ifdef NDEBUG
                      ", release build",
#else
                      ", NOT A RELEASE BUILD: the figures mean nothing",
#endif
                      "\n  load average ", Fixed(load, 1),
                      load < 0.5 ? ""
                                 : " before it began: absolute figures "
                                   "are too low, ratios hold roughly",
                      "\n");
}

}  // namespace labslot::bench
