#ifndef LABSLOT_CLIENT_REFUSAL_TEXT_H_
#define LABSLOT_CLIENT_REFUSAL_TEXT_H_

#include <functional>
#include <string>

#include "absl/time/time.h"
#include "labslot/v1/refusal.pb.h"

namespace labslot::client {

// The command line that asks for an alternative.
using AlternativeCommand = std::function<std::string(const v1::Alternative&)>;

// A refusal for a person: every reason with what stands in the way, the
// earliest start that would pass, and the alternatives, numbered, each with the
// command to paste. Times are in `zone` unless an alternative has its own.
// Every line has its break. Without `command` the alternatives stand alone.
std::string RefusalText(const v1::Refusal& refusal, absl::TimeZone zone,
                        const AlternativeCommand& command);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_REFUSAL_TEXT_H_
