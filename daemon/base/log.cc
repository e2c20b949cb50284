#include "daemon/base/log.h"

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/base/text.h"
#include "spdlog/formatter.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace labslot {
namespace {

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

bool g_json = false;

}  // namespace

void StartLog(LogFormat format, LogLevel least) {
  g_json = format == LogFormat::kJson;
  auto logger = std::make_shared<spdlog::logger>("labslotd",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern(g_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%v})"
                             : "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(ToSpdlog(least));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

bool IsLogged(LogLevel level) { return spdlog::default_logger_raw()->should_log(ToSpdlog(level)); }

void Log(LogLevel level, absl::string_view message) {
  const std::string line = g_json ? JsonString(message) : std::string(message);
  spdlog::default_logger_raw()->log(ToSpdlog(level), line);
}

void Die(absl::string_view message) {
  Log(LogLevel::kError, message);
  spdlog::default_logger_raw()->flush();
  std::_Exit(EXIT_FAILURE);
}

}  // namespace labslot
