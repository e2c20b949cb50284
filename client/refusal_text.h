#ifndef LABSLOT_CLIENT_REFUSAL_TEXT_H_
#define LABSLOT_CLIENT_REFUSAL_TEXT_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "labslot/v1/refusal.pb.h"

namespace labslot::client {

// The command line that asks for an alternative.
using AlternativeCommand = std::function<std::string(const v1::Alternative&)>;

// What is told behind each reason, in whole lines; may be empty.
using ViolationRemark = std::function<std::string(const v1::Violation&)>;

// The reason alone, in one line without a break: the words of the daemon and
// the rule they come from.
std::string ViolationLine(const v1::Violation& violation);

// Words that a rule led to, with its name behind them unless they tell it.
std::string WithSource(const std::string& text, const std::string& source);

// Who may do something about a rule, as people say it: "managers of the asset",
// "anna", "group staff".
std::string ActorsText(const google::protobuf::RepeatedPtrField<std::string>& actors);

// A refusal for a person: every reason with what stands in the way, the
// earliest start that would pass, and the alternatives, numbered, each with the
// command to paste. Times are in `zone` unless an alternative has its own.
// Every line has its break; reasons are wrapped to `columns`, if that is not 0.
// Without `command` the alternatives stand alone.
std::string RefusalText(const v1::Refusal& refusal, absl::TimeZone zone,
                        const AlternativeCommand& command, const ViolationRemark& remark,
                        int columns);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_REFUSAL_TEXT_H_
