// policy presets and policy preset.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/commands/common.h"
#include "client/commands/policy_change.h"
#include "client/names.h"
#include "client/output/words.h"
#include "client/suggest.h"
#include "client/yaml/record_writer.h"
#include "labslot/v1/policy_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::PolicyService;
using v1::Preset;

struct PresetOptions {
  std::string name;
  std::vector<std::string> assets;
  std::vector<std::string> kinds;
  std::vector<std::string> sites;
  std::vector<std::string> labels;
  std::string prefix;
  std::vector<std::string> values;
};

constexpr int kUsualLine = 80;

absl::StatusOr<v1::ListPresetsResponse> ReadPresets(Session& session) {
  return Read(session, &PolicyService::Stub::ListPresets, v1::ListPresetsRequest());
}

Table PresetTable(const v1::ListPresetsResponse& reply) {
  Table table;
  table.columns = {{"PRESET"}, {"PARAMETER"}, {"DEFAULT"}, {"MEANING"}};
  table.when_empty = "no presets found";
  for (const Preset& preset : reply.presets()) {
    table.rows.push_back({preset.preset(), "", "", preset.display_name()});
    for (const v1::PresetParameter& parameter : preset.parameters()) {
      table.rows.push_back(
          {preset.preset(), parameter.key(), parameter.default_value(), parameter.description()});
    }
  }
  return table;
}

std::string PresetText(const Preset& preset, int columns) {
  std::string text =
      absl::StrCat(Printable(preset.preset()), "  ", Printable(preset.display_name()), "\n",
                   Wrap(Printable(preset.description()), columns, "    "));
  for (const v1::PresetParameter& parameter : preset.parameters()) {
    const std::string value = parameter.default_value().empty()
                                  ? "must be given"
                                  : absl::StrCat("default ", parameter.default_value());
    absl::StrAppend(&text, Wrap(Printable(absl::StrCat("--set ", parameter.key(), "=...: ",
                                                       parameter.description(), " (", value, ")")),
                                columns, "      "));
  }
  return text;
}

absl::Status ListPresets(Session& session) {
  const absl::StatusOr<v1::ListPresetsResponse> reply = ReadPresets(session);
  if (!reply.ok()) return reply.status();
  const Table table = PresetTable(*reply);
  if (session.output.quiet() && session.output.ForPeople()) {
    for (const Preset& preset : reply->presets()) {
      session.output.Print(absl::StrCat(Printable(preset.preset()), "\n"));
    }
    return absl::OkStatus();
  }
  return session.output.ShowText(*reply, table, [&] {
    if (reply->presets().empty()) return absl::StrCat(table.when_empty, "\n");
    const int columns = session.output.columns() == 0 ? kUsualLine : session.output.columns();
    std::string text;
    for (const Preset& preset : reply->presets()) {
      absl::StrAppend(&text, text.empty() ? "" : "\n", PresetText(preset, columns));
    }
    return text;
  });
}

// Mistyped names are suggested from those that there are.
absl::Status WithSuggestion(Session& session, const absl::Status& status, const std::string& name) {
  if (status.code() != absl::StatusCode::kNotFound) return status;
  const absl::StatusOr<v1::ListPresetsResponse> reply = ReadPresets(session);
  if (!reply.ok()) return status;
  std::vector<std::string> names;
  for (const Preset& preset : reply->presets()) names.push_back(preset.preset());
  return absl::NotFoundError(absl::StrCat("there is no preset \"", name, "\".",
                                          DidYouMean(Suggest(name, names)),
                                          " `labslot policy presets` lists them."));
}

absl::Status ShowPreset(Session& session, const PresetOptions& options) {
  v1::ExpandPresetRequest request;
  request.set_preset(options.name);
  request.set_id_prefix(options.prefix);
  v1::Selector* selector = request.mutable_applies_to();
  for (const std::string& asset : options.assets) selector->add_assets(FullName(kAssets, asset));
  for (const std::string& kind : options.kinds) selector->add_asset_kinds(kind);
  for (const std::string& site : options.sites) selector->add_sites(FullName(kSites, site));
  if (absl::Status status = ReadLabels(options.labels, selector->mutable_labels()); !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadLabels(options.values, request.mutable_parameters(), "parameter");
      !status.ok()) {
    return status;
  }
  const absl::StatusOr<v1::ExpandPresetResponse> reply =
      Read(session, &PolicyService::Stub::ExpandPreset, request);
  if (!reply.ok()) return WithSuggestion(session, reply.status(), options.name);
  std::string text;
  if (session.output.format() == Format::kJson) {
    if (absl::Status status = ToJson(reply->changes(), false, &text); !status.ok()) return status;
  } else {
    text =
        absl::StrCat("# Preset ", Printable(options.name),
                     ". Try it with `labslot policy test`, use it with `labslot policy apply`.\n",
                     WriteRecord(reply->changes()));
  }
  session.output.Print(text);
  return absl::OkStatus();
}

}  // namespace

void AddPresetCommands(CLI::App& group, Session& session) {
  CLI::App* presets = AddCommand(group, "presets", "Rules in real use, ready to be taken over",
                                 {"labslot policy presets", "labslot policy presets -q"});
  presets->callback([&session] { session.action = [&session] { return ListPresets(session); }; });

  CLI::App* preset = AddCommand(
      group, "preset", "Write a preset in the form of the catalogue file",
      {"labslot policy preset nano-facility --kind sem > rules.yaml",
       "labslot policy preset nano-facility --asset sem --asset tem --set slots=3 --prefix fib",
       "labslot policy preset nano-facility --site lommel | labslot policy test -"});
  auto options = std::make_shared<PresetOptions>();
  preset->add_option("preset", options->name, "Which")->type_name("NAME")->required();
  const auto add = [&](const char* name, std::vector<std::string>* values, const char* type,
                       const char* help) {
    preset->add_option(name, *values, help)->type_name(type)->allow_extra_args(false);
  };
  add("--asset", &options->assets, "ASSET", "For this asset; may be repeated");
  add("--kind", &options->kinds, "KIND", "For assets of this kind; may be repeated");
  add("--site", &options->sites, "SITE", "For what is at this site; may be repeated");
  add("--label", &options->labels, "KEY=VALUE", "For assets with this label; may be repeated");
  add("--set", &options->values, "KEY=VALUE", "A parameter of the preset; may be repeated");
  preset->add_option("--prefix", options->prefix,
                     "What the ids begin with (default: the name of the preset)");
  preset->callback([&session, options] {
    session.action = [&session, options] { return ShowPreset(session, *options); };
  });
}

}  // namespace labslot::client
