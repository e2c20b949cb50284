#ifndef LABSLOT_CLIENT_COMMANDS_HITS_TEXT_H_
#define LABSLOT_CLIENT_COMMANDS_HITS_TEXT_H_

#include <string>

#include "client/output/table.h"
#include "labslot/v1/catalogue.pb.h"

namespace labslot::client {

// "moved", "cut short".
std::string OutcomeText(v1::Hit::Outcome outcome);

// The reservation by its id; "(another's)" of one that the reader may not see.
std::string HitName(const v1::Hit& hit);

// Reservations that had to give way, with what became of each.
Table HitsTable(const google::protobuf::RepeatedPtrField<v1::Hit>& hits);

// "3 reservations: 1 moved, 2 wait listed."
std::string HitsSum(const google::protobuf::RepeatedPtrField<v1::Hit>& hits);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_HITS_TEXT_H_
