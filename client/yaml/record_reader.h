#ifndef LABSLOT_CLIENT_YAML_RECORD_READER_H_
#define LABSLOT_CLIENT_YAML_RECORD_READER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace labslot::client {

// Reads a record of the catalogue, or a whole catalogue, from YAML (and so from
// JSON) in the form of docs/CATALOGUE.md. `source` is what errors call it, such
// as the path of a file. All errors are told, each with its line.
absl::Status ReadRecord(absl::string_view text, const std::string& source,
                        google::protobuf::Message* record);

// Applies "field=value" texts, the value in the same form, to a record.
// `paths` receives the fields that were named, in the spelling of field masks.
// An empty value clears the field.
absl::Status ApplyAssignments(const std::vector<std::string>& assignments,
                              google::protobuf::Message* record, std::vector<std::string>* paths);

// The collection of which a record of that type is, such as "assets" for
// labslot.v1.Asset; empty for other types.
absl::string_view CollectionOfType(const google::protobuf::Descriptor& type);

// The collection that a field names a member of; empty if it names none.
absl::string_view CollectionOfField(const google::protobuf::FieldDescriptor& field);

// The field that stands for the whole message where it is the only one said:
// `horizon: 30d` is `horizon: {lead: 30d}`. Null for most messages.
const google::protobuf::FieldDescriptor* OnlyNeededField(const google::protobuf::Descriptor& type);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_YAML_RECORD_READER_H_
