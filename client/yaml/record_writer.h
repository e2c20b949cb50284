#ifndef LABSLOT_CLIENT_YAML_RECORD_WRITER_H_
#define LABSLOT_CLIENT_YAML_RECORD_WRITER_H_

#include <string>

#include "google/protobuf/message.h"
#include "labslot/v1/catalogue_service.pb.h"

namespace labslot::client {

// The record in the form of docs/CATALOGUE.md, which ReadRecord reads back as
// the same record, apart from what the daemon keeps for itself.
std::string WriteRecord(const google::protobuf::Message& record);

// The same in one line without a break, in braces.
std::string WriteRecordInLine(const google::protobuf::Message& record);

// Empties what the daemon keeps for itself: times, states and etags.
void ClearOutputOnly(v1::Catalogue* catalogue);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_YAML_RECORD_WRITER_H_
