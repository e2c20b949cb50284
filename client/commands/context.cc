// context list, use, set and remove.

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/settings.h"
#include "client/suggest.h"
#include "google/protobuf/struct.pb.h"

namespace labslot::client {
namespace {

struct ContextOptions {
  Context context;
  bool use = false;
};

auto FindContext(ConfigFile& config, const std::string& name) {
  return std::find_if(config.contexts.begin(), config.contexts.end(),
                      [&](const Context& context) { return context.name == name; });
}

absl::Status NoSuchContext(const ConfigFile& config, const std::string& name) {
  std::vector<std::string> names;
  for (const Context& context : config.contexts) names.push_back(context.name);
  return absl::InvalidArgumentError(
      absl::StrCat("there is no context \"", name, "\".", DidYouMean(Suggest(name, names))));
}

// Reads the configuration, changes it, writes it back.
template <typename Change>
absl::Status ChangeConfig(Session& session, Change change) {
  const std::string path = ConfigPath(session.environment);
  absl::StatusOr<ConfigFile> config = ReadConfig(path);
  if (!config.ok()) return config.status();
  const absl::StatusOr<std::string> done = change(*config);
  if (!done.ok()) return done.status();
  if (absl::Status status = WriteConfig(path, *config); !status.ok()) return status;
  session.output.Note(absl::StrCat(*done, " (", path, ")"));
  return absl::OkStatus();
}

// As the API would say it, without the tokens themselves.
google::protobuf::Struct ForPrograms(const ConfigFile& config) {
  google::protobuf::Struct all;
  auto* contexts = (*all.mutable_fields())["contexts"].mutable_list_value();
  for (const Context& context : config.contexts) {
    auto* fields = contexts->add_values()->mutable_struct_value()->mutable_fields();
    (*fields)["name"].set_string_value(context.name);
    (*fields)["current"].set_bool_value(context.name == config.current);
    (*fields)["server"].set_string_value(context.server);
    (*fields)["tokenFile"].set_string_value(context.token_file);
    (*fields)["ca"].set_string_value(context.ca);
  }
  return all;
}

absl::Status ListContexts(Session& session) {
  const absl::StatusOr<ConfigFile> config = ReadConfig(ConfigPath(session.environment));
  if (!config.ok()) return config.status();
  Table table;
  table.columns = {{"CONTEXT"}, {"CURRENT"}, {"SERVER"}, {"TOKEN"}, {"CA"}};
  table.when_empty = "no contexts; add one with `labslot context set`";
  for (const Context& context : config->contexts) {
    table.rows.push_back({context.name, context.name == config->current ? "*" : "",
                          context.server.empty() ? "(default)" : context.server,
                          !context.token.empty() ? "(kept in the file)" : context.token_file,
                          context.ca});
  }
  return session.output.Show(ForPrograms(*config), table);
}

absl::Status UseContext(Session& session, const std::string& name) {
  return ChangeConfig(session, [&](ConfigFile& config) -> absl::StatusOr<std::string> {
    if (FindContext(config, name) == config.contexts.end()) return NoSuchContext(config, name);
    config.current = name;
    return absl::StrCat("now using ", name);
  });
}

absl::Status RemoveContext(Session& session, const std::string& name) {
  return ChangeConfig(session, [&](ConfigFile& config) -> absl::StatusOr<std::string> {
    const auto found = FindContext(config, name);
    if (found == config.contexts.end()) return NoSuchContext(config, name);
    config.contexts.erase(found);
    if (config.current == name) config.current.clear();
    return absl::StrCat("removed ", name);
  });
}

absl::Status SetContext(Session& session, ContextOptions options) {
  // The global options say how to connect; here they say what to remember.
  options.context.server = session.flags.server.value_or("");
  options.context.token_file = session.flags.token_file.value_or("");
  options.context.ca = session.flags.ca.value_or("");
  return ChangeConfig(session, [&](ConfigFile& config) -> absl::StatusOr<std::string> {
    const auto found = FindContext(config, options.context.name);
    if (found == config.contexts.end()) {
      config.contexts.push_back(options.context);
    } else {
      *found = options.context;
    }
    if (options.use || config.current.empty()) config.current = options.context.name;
    return absl::StrCat("set ", options.context.name);
  });
}

}  // namespace

void AddContextCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddCommand(root, "context", "Daemons that you use, by name",
                               {"labslot context list", "labslot context use lab"});
  group->require_subcommand(1);
  CLI::App* list = AddCommand(*group, "list", "List the contexts",
                              {"labslot context list", "labslot context list -q"});
  list->callback([&session] { session.action = [&session] { return ListContexts(session); }; });

  const auto add_named = [&](const std::string& name, const std::string& help,
                             const std::vector<std::string>& examples, auto act) {
    auto context = std::make_shared<std::string>();
    CLI::App* command = AddCommand(*group, name, help, examples);
    command->add_option("name", *context, "Name of the context")->type_name("NAME")->required();
    command->callback([&session, context, act] {
      session.action = [&session, context, act] { return act(session, *context); };
    });
  };
  add_named("use", "Use a context from now on",
            {"labslot context use lab", "labslot --context lab status"}, UseContext);
  add_named("remove", "Forget a context", {"labslot context remove lab", "labslot context list"},
            RemoveContext);

  auto options = std::make_shared<ContextOptions>();
  CLI::App* set = AddCommand(
      *group, "set", "Add or replace a context, from --server, --token-file and --ca",
      {"labslot context set lab --server lab.example.org:7443 --token-file ~/.labslot-token",
       "labslot context set here --server unix:/run/labslotd/labslotd.sock --use"});
  set->add_option("name", options->context.name, "Name of the context")
      ->type_name("NAME")
      ->required();
  set->add_flag("--use", options->use, "Use it from now on");
  set->callback([&session, options] {
    session.action = [&session, options] { return SetContext(session, *options); };
  });
}

}  // namespace labslot::client
