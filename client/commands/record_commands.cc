#include "client/commands/record_commands.h"

#include <iterator>

#include "absl/strings/str_join.h"
#include "client/output/words.h"

namespace labslot::client {

absl::Status ReadRecordFile(Session& session, const std::string& file,
                            google::protobuf::Message* record) {
  if (file.empty()) return absl::OkStatus();
  if (file == "-") {
    const std::string text(std::istreambuf_iterator<char>(*session.environment.in), {});
    return ReadRecord(text, "standard input", record);
  }
  const absl::StatusOr<std::string> text = ReadWholeFile(file);
  if (!text.ok()) return text.status();
  return ReadRecord(*text, file, record);
}

absl::Status ReadCatalogueFile(Session& session, const std::string& file,
                               v1::Catalogue* catalogue) {
  const absl::Status status = ReadRecordFile(session, file, catalogue);
  if (status.ok()) ClearOutputOnly(catalogue);
  return status;
}

std::string Contents(const v1::Catalogue& catalogue) {
  std::vector<std::string> parts;
  const auto add = [&](int count, absl::string_view singular, absl::string_view plural) {
    if (count > 0) parts.push_back(Count(count, singular, plural));
  };
  add(catalogue.holiday_regions_size(), "holiday region", "holiday regions");
  add(catalogue.organisations_size(), "organisation", "organisations");
  add(catalogue.users_size(), "user", "users");
  add(catalogue.groups_size(), "group", "groups");
  add(catalogue.sites_size(), "site", "sites");
  add(catalogue.assets_size(), "asset", "assets");
  add(catalogue.policies_size(), "policy", "policies");
  add(catalogue.quotas_size(), "quota", "quotas");
  return parts.empty() ? "no records" : absl::StrJoin(parts, ", ");
}

std::string RecordHeadline(const std::string& noun, const std::string& name,
                           const std::string& done, const WriteFlags& write) {
  return absl::StrCat("The ", noun, " ", ShortName(name), write.dry_run ? " would be " : " is ",
                      done, ".", DryRunNote(write), "\n");
}

std::string FieldList(const google::protobuf::Descriptor& type) {
  std::string text;
  std::size_t line = 0;
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& name = type.field(i)->name();
    const bool kept_by_daemon = name == "name" || name == "create_time" || name == "update_time" ||
                                name == "retire_time" || name == "state" || name == "etag";
    if (kept_by_daemon) continue;
    const bool first = text.empty();
    line += name.size() + 2;
    absl::StrAppend(&text, first ? "" : line > 64 ? ",\n  " : ", ", name);
    if (line > 64) line = name.size();
  }
  return absl::StrCat(text, ".");
}

}  // namespace labslot::client
