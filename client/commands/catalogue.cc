// import and export.

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/output/words.h"
#include "client/yaml/record_reader.h"
#include "client/yaml/record_writer.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::Catalogue;
using v1::CatalogueService;

struct ImportOptions {
  std::string file;
  WriteFlags write;
};

absl::Status Import(Session& session, const ImportOptions& options) {
  v1::ImportCatalogueRequest request;
  Catalogue* catalogue = request.mutable_catalogue();
  if (absl::Status status = ReadCatalogueFile(session, options.file, catalogue); !status.ok()) {
    return status;
  }
  if (catalogue->ByteSizeLong() == 0) {
    return absl::InvalidArgumentError(absl::StrCat(options.file, " holds no records"));
  }
  if (session.output.ForPeople()) {
    session.output.Note(absl::StrCat("read ", Contents(*catalogue), "; sending"));
  }
  const absl::StatusOr<v1::ImportCatalogueResponse> reply =
      Write(session, &CatalogueService::Stub::ImportCatalogue, request, options.write);
  if (!reply.ok()) return reply.status();
  Table table;
  table.columns = {{"CREATED"}, {"UPDATED"}, {"UNCHANGED"}};
  table.rows.push_back({absl::StrCat(reply->created_count()), absl::StrCat(reply->updated_count()),
                        absl::StrCat(reply->unchanged_count())});
  return session.output.ShowText(*reply, table, [&] {
    return absl::StrCat(options.write.dry_run ? "It would be: " : "", reply->created_count(),
                        " created, ", reply->updated_count(), " updated, ",
                        reply->unchanged_count(), " unchanged.", DryRunNote(options.write), "\n");
  });
}

template <typename Records, typename Gone>
int DropGone(Records* records, Gone gone) {
  int dropped = 0;
  for (int i = records->size() - 1; i >= 0; --i) {
    if (!gone(records->Get(i))) continue;
    records->DeleteSubrange(i, 1);
    ++dropped;
  }
  return dropped;
}

// What is retired or disabled would come back to life if it were imported.
std::string DropRetired(Catalogue* catalogue) {
  const int assets = DropGone(catalogue->mutable_assets(), [](const v1::Asset& asset) {
    return asset.state() == v1::Asset::STATE_RETIRED;
  });
  const int users = DropGone(catalogue->mutable_users(), [](const v1::User& user) {
    return user.state() == v1::User::STATE_DISABLED;
  });
  if (assets + users == 0) return "";
  return absl::StrCat("# Left out: ", Count(assets, "retired asset", "retired assets"), ", ",
                      Count(users, "disabled user", "disabled users"), ".\n");
}

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (!file) return absl::UnknownError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

absl::Status Export(Session& session, const std::string& file) {
  if (session.output.format() == Format::kCsv) {
    return absl::InvalidArgumentError(
        "an export is YAML or JSON; for spreadsheets there is `labslot asset list -o csv`");
  }
  absl::StatusOr<v1::ExportCatalogueResponse> reply =
      Read(session, &CatalogueService::Stub::ExportCatalogue, v1::ExportCatalogueRequest());
  if (!reply.ok()) return reply.status();
  Catalogue* catalogue = reply->mutable_catalogue();
  const std::string remark = DropRetired(catalogue);
  ClearOutputOnly(catalogue);
  std::string text;
  if (session.output.format() == Format::kJson) {
    if (absl::Status status = ToJson(*catalogue, false, &text); !status.ok()) return status;
  } else {
    text = absl::StrCat("# Catalogue of labslot. Its form: docs/CATALOGUE.md\n", remark,
                        WriteRecord(*catalogue));
  }
  if (file.empty() || file == "-") {
    session.output.Print(text);
    return absl::OkStatus();
  }
  if (absl::Status status = WriteFile(file, text); !status.ok()) return status;
  session.output.Note(absl::StrCat("wrote ", Contents(*catalogue), " to ", file));
  return absl::OkStatus();
}

}  // namespace

void AddCatalogueCommands(CLI::App& root, Session& session) {
  CLI::App* import =
      AddCommand(root, "import", "Bring the catalogue into the state of a file",
                 {"labslot import catalogue.yaml --dry-run", "labslot export | labslot import -"});
  auto options = std::make_shared<ImportOptions>();
  import->add_option("file", options->file, "YAML or JSON; - is standard input")
      ->type_name("FILE")
      ->required();
  AddWriteFlags(import, &options->write);
  import->callback([&session, options] {
    session.action = [&session, options] { return Import(session, *options);
};
}  // namespace labslot::client
);

CLI::App* export_command =
    AddCommand(root, "export", "Write the whole catalogue in the form that import reads",
               {"labslot export > catalogue.yaml", "labslot export catalogue.json -o json"});
auto file = std::make_shared<std::string>();
export_command->add_option("file", *file, "Where to (default: standard output)")->type_name("FILE");
export_command->callback([&session, file] {
  session.action = [&session, file] { return Export(session, *file); };
});
}

}  // namespace labslot::client
