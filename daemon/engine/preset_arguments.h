#ifndef LABSLOT_DAEMON_ENGINE_PRESET_ARGUMENTS_H_
#define LABSLOT_DAEMON_ENGINE_PRESET_ARGUMENTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/error.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/selector.h"
#include "daemon/engine/presets.h"

namespace labslot::engine {

// The values of the parameters of one expansion: those that are given, else
// the defaults, each read as what it is. What is wrong with them is collected,
// one problem a parameter; the value is then an empty one.
class Arguments {
 public:
  Arguments(const Preset& preset, const std::map<std::string, std::string>& given);

  // As it was written.
  std::string Text(const std::string& key) const;

  // A length of time within the bounds.
  Seconds Length(const std::string& key, Seconds least, Seconds most);
  // A lead above zero, up to the longest there is.
  Lead LeadOf(const std::string& key);
  int64_t Count(const std::string& key, int64_t least, int64_t most);
  // From 0.
  double Amount(const std::string& key, double most);
  std::vector<WeeklyWindow> Windows(const std::string& key);
  // Bit 0 is Monday.
  uint8_t Days(const std::string& key);
  // In seconds from midnight, before 24:00.
  int32_t TimeOfDay(const std::string& key);
  std::vector<DateRange> DateRanges(const std::string& key);
  // `yes` or `no`.
  bool Answer(const std::string& key);
  // The id of a group, which may stand with its collection.
  std::string Group(const std::string& key);
  // `managers`, or a group.
  Actors ManagersOrGroup(const std::string& key);
  // `managers` or `nobody`.
  Actors ManagersOrNobody(const std::string& key);
  // A word such as `laser-4`.
  std::string Word(const std::string& key);

  // Notes a problem of a parameter.
  void Add(const std::string& key, std::string description);
  const std::vector<FieldViolation>& problems() const { return problems_; }

 private:
  template <typename T, typename Read, typename Accept>
  T Value(const std::string& key, Read read, Accept accept, std::string form);

  std::map<std::string, std::string> values_;  // but for those that are missing
  std::vector<FieldViolation> problems_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PRESET_ARGUMENTS_H_
