#ifndef LABSLOT_CLIENT_COMMANDS_RECORD_COMMANDS_H_
#define LABSLOT_CLIENT_COMMANDS_RECORD_COMMANDS_H_

// list, show, create, update and delete: the same for every collection of the
// catalogue and the directory. A `Kind` says what differs:
//
//   struct SiteKind {
//     using Record = v1::Site;
//     using CreateRequest = v1::CreateSiteRequest;  // and the others
//     static constexpr char kNoun[] = "site";  // as in `labslot site`
//     static constexpr char kOne[] = "a site";
//     static constexpr char kExampleId[] = "lommel";
//     static constexpr char kDeleted[] = "deleted";
//     static constexpr char kDeleteHelp[] = "Remove a site that nothing needs any more";
//     static constexpr absl::string_view kCollection = kSites;
//     static auto List() { return &v1::CatalogueService::Stub::ListSites; }  // and the others
//     static const auto& Records(const v1::ListSitesResponse& reply) { return reply.sites(); }
//     static Table Rows(const std::vector<v1::Site>& sites);
//     static void SetCreate(const std::string& id, Record record, CreateRequest* request);
//     static Record* UpdateTarget(UpdateRequest* request);
//     static std::vector<std::string> CreateExamples();
//   };

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/names.h"
#include "client/session.h"
#include "client/yaml/record_reader.h"
#include "client/yaml/record_writer.h"

namespace labslot::client {

// What create, update and delete are told.
struct RecordOptions {
  std::string id;
  std::vector<std::string> assignments;
  std::string file;
  std::string reason;
  // If set, the record must still have this version.
  std::string etag;
  WriteFlags write;
};

// Reads --file into a record, if it is given.
absl::Status ReadRecordFile(Session& session, const std::string& file,
                            google::protobuf::Message* record);

// Reads a catalogue file, less what the daemon keeps for itself.
absl::Status ReadCatalogueFile(Session& session, const std::string& file, v1::Catalogue* catalogue);

// "2 sites, 1 policy"; "no records" if there are none.
std::string Contents(const v1::Catalogue& catalogue);

// "The site lommel is created." with what a dry run did not do.
std::string RecordHeadline(const std::string& noun, const std::string& name,
                           const std::string& done, const WriteFlags& write);

// The fields of a record, for the help of create and update.
std::string FieldList(const google::protobuf::Descriptor& type);

template <typename Kind>
absl::Status ShowOne(Session& session, const typename Kind::Record& record,
                     const std::string& headline) {
  return session.output.ShowText(record, Kind::Rows({record}),
                                 [&] { return absl::StrCat(headline, WriteRecord(record)); });
}

template <typename Kind>
absl::Status ListRecords(Session& session, typename Kind::ListRequest request) {
  using Reply = typename Kind::ListReply;
  const absl::StatusOr<Connection*> connection = session.Connect();
  if (!connection.ok()) return connection.status();
  const absl::StatusOr<Reply> reply =
      (*connection)
          ->ReadPages(Kind::List(), std::move(request),
                      std::function<int(const Reply&)>(
                          [](const Reply& page) { return Kind::Records(page).size(); }));
  if (!reply.ok()) return reply.status();
  const auto& records = Kind::Records(*reply);
  return session.output.Show(*reply, Kind::Rows({records.begin(), records.end()}));
}

template <typename Kind>
absl::Status GetRecord(Session& session, const std::string& id) {
  typename Kind::GetRequest request;
  request.set_name(FullName(Kind::kCollection, id));
  const auto record = Read(session, Kind::Get(), request);
  if (!record.ok()) return record.status();
  return ShowOne<Kind>(session, *record, "");
}

template <typename Kind>
absl::Status CreateRecord(Session& session, const RecordOptions& options) {
  typename Kind::Record record;
  if (absl::Status status = ReadRecordFile(session, options.file, &record); !status.ok()) {
    return status;
  }
  std::vector<std::string> paths;
  if (absl::Status status = ApplyAssignments(options.assignments, &record, &paths); !status.ok()) {
    return status;
  }
  // What an absent key means is decided by the reader of the file form.
  if (absl::Status status = ReadRecord("{}", "", &record); !status.ok()) return status;
  typename Kind::CreateRequest request;
  Kind::SetCreate(ShortName(options.id), std::move(record), &request);
  const auto created = Write(session, Kind::Create(), request, options.write);
  if (!created.ok()) return created.status();
  return ShowOne<Kind>(session, *created,
                       RecordHeadline(Kind::kNoun, options.id, "created", options.write));
}

template <typename Kind>
absl::Status UpdateRecord(Session& session, const RecordOptions& options) {
  if (options.assignments.empty()) {
    return absl::InvalidArgumentError("say what to change, as FIELD=VALUE");
  }
  typename Kind::UpdateRequest request;
  typename Kind::Record* record = Kind::UpdateTarget(&request);
  std::vector<std::string> paths;
  if (absl::Status status = ApplyAssignments(options.assignments, record, &paths); !status.ok()) {
    return status;
  }
  for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
  record->set_name(FullName(Kind::kCollection, options.id));
  record->set_etag(options.etag);
  request.set_reason(options.reason);
  const auto updated = Write(session, Kind::Update(), request, options.write);
  if (!updated.ok()) return updated.status();
  return ShowOne<Kind>(session, *updated,
                       RecordHeadline(Kind::kNoun, options.id, "updated", options.write));
}

template <typename Kind>
absl::Status DeleteRecord(Session& session, const RecordOptions& options) {
  typename Kind::DeleteRequest request;
  request.set_name(FullName(Kind::kCollection, options.id));
  request.set_etag(options.etag);
  request.set_reason(options.reason);
  const auto deleted = Write(session, Kind::Delete(), request, options.write);
  if (!deleted.ok()) return deleted.status();
  return ShowOne<Kind>(session, *deleted,
                       RecordHeadline(Kind::kNoun, options.id, Kind::kDeleted, options.write));
}

// A command that names one record.
inline CLI::App* AddRecordCommand(CLI::App& group, const std::string& noun, const std::string& name,
                                  const std::string& help, const std::vector<std::string>& examples,
                                  std::string* id) {
  CLI::App* command = AddCommand(group, name, help, examples);
  command->add_option(noun, *id, "Its id")->type_name("ID")->required();
  return command;
}

// --reason and --etag, of what changes or removes a record.
inline void AddGuards(CLI::App* command, RecordOptions* options) {
  command->add_option("--reason", options->reason, "Why; kept with the change");
  command->add_option("--etag", options->etag, "Only if the record still has this version");
}

template <typename Kind>
void AddRecordWrites(CLI::App& group, Session& session) {
  const std::string noun = Kind::kNoun;
  const std::string fields =
      absl::StrCat("Fields: ", FieldList(*Kind::Record::descriptor()),
                   "\nValues are written as in the catalogue file (docs/CATALOGUE.md).\n");
  const auto add = [&](const std::string& name, const std::string& help,
                       const std::vector<std::string>& examples, auto act) {
    auto options = std::make_shared<RecordOptions>();
    CLI::App* command = AddRecordCommand(group, noun, name, help, examples, &options->id);
    AddWriteFlags(command, &options->write);
    command->callback([&session, options, act] {
      session.action = [&session, options, act] { return act(session, *options); };
    });
    return std::make_pair(command, options);
  };
  const auto [create, create_options] =
      add("create", absl::StrCat("Add ", Kind::kOne), Kind::CreateExamples(), CreateRecord<Kind>);
  create->add_option("assignments", create_options->assignments, "Values of fields")
      ->type_name("FIELD=VALUE");
  create->add_option("--file", create_options->file, "Record in the form of the catalogue file")
      ->type_name("FILE");
  create->footer(absl::StrCat("\n", fields, create->get_footer()));
  const auto [update, update_options] = add("update", absl::StrCat("Change fields of ", Kind::kOne),
                                            Kind::UpdateExamples(), UpdateRecord<Kind>);
  update->add_option("assignments", update_options->assignments, "New values; FIELD= empties one")
      ->type_name("FIELD=VALUE");
  AddGuards(update, update_options.get());
  update->footer(absl::StrCat("\n", fields, update->get_footer()));
  const auto [remove, remove_options] =
      add("delete", Kind::kDeleteHelp,
          {absl::StrCat("labslot ", noun, " delete ", Kind::kExampleId, " --dry-run"),
           absl::StrCat("labslot ", noun, " delete ", Kind::kExampleId, " --reason \"sold\"")},
          DeleteRecord<Kind>);
  AddGuards(remove, remove_options.get());
}

// All five. Returns the group; `list` is without options.
template <typename Kind>
CLI::App* AddRecordCommands(CLI::App& root, Session& session, const std::string& help) {
  const std::string noun = Kind::kNoun;
  CLI::App* group = AddCommand(root, noun, help,
                               {absl::StrCat("labslot ", noun, " list"),
                                absl::StrCat("labslot ", noun, " show ", Kind::kExampleId)});
  group->require_subcommand(1);
  auto id = std::make_shared<std::string>();
  CLI::App* show =
      AddRecordCommand(*group, noun, "show", absl::StrCat("Show ", Kind::kOne),
                       {absl::StrCat("labslot ", noun, " show ", Kind::kExampleId),
                        absl::StrCat("labslot ", noun, " show ", Kind::kExampleId, " -o json")},
                       id.get());
  show->callback([&session, id] {
    session.action = [&session, id] { return GetRecord<Kind>(session, *id); };
  });
  AddRecordWrites<Kind>(*group, session);
  return group;
}

// A `list` without options of its own.
template <typename Kind>
void AddPlainList(CLI::App& group, Session& session) {
  const std::string noun = Kind::kNoun;
  CLI::App* list = AddCommand(
      group, "list", "List all, by name",
      {absl::StrCat("labslot ", noun, " list"), absl::StrCat("labslot ", noun, " list -o csv")});
  list->callback([&session] {
    session.action = [&session] {
      return ListRecords<Kind>(session, typename Kind::ListRequest());
    };
  });
}

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_RECORD_COMMANDS_H_
