#include "daemon/service/convert/selector.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

using TextList = google::protobuf::RepeatedPtrField<std::string>;

// The elements of a list, each read by `read` (text, path), none of them empty
// and none twice.
template <typename Read>
std::vector<std::string> WordsFromProto(const TextList& texts, absl::string_view path,
                                        FieldErrors& errors, Read read) {
  CheckCount(texts.size(), limits::kMaxSelectorEntries, path, errors);
  std::vector<std::string> words;
  std::set<std::string> seen;
  for (int i = 0; i < AtMost(texts.size(), limits::kMaxSelectorEntries); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    if (texts[i].empty()) errors.Add(element, "must be set");
    std::string word = read(texts[i], element);
    if (word.empty()) continue;
    if (!seen.insert(word).second) {
      errors.Add(element, absl::StrCat("must not be listed twice: ", Quoted(word)));
      continue;
    }
    words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> IdsOf(absl::string_view collection, const TextList& names,
                               absl::string_view path, FieldErrors& errors) {
  return IdsFromNames(collection, names, limits::kMaxSelectorEntries, path, errors);
}

void NamesToProto(absl::string_view collection, const std::vector<std::string>& ids,
                  TextList& names) {
  for (const std::string& id : ids) *names.Add() = NameOf(collection, id);
}

void WordsToProto(const std::vector<std::string>& words, TextList& texts) {
  for (const std::string& word : words) *texts.Add() = word;
}

// The half of a selector that is about the holder.
void HolderFromProto(const v1::Selector& proto, absl::string_view path, FieldErrors& errors,
                     Selector& selector) {
  selector.organisation_kinds = EnumsFromProto<OrganisationKind, v1::Organisation::Kind>(
      proto.organisation_kinds(), FieldPath(path, "organisation_kinds"), errors);
  selector.organisations =
      IdsOf(kOrganisations, proto.organisations(), FieldPath(path, "organisations"), errors);
  selector.regions = WordsFromProto(proto.regions(), FieldPath(path, "regions"), errors,
                                    [&](const std::string& text, const std::string& element) {
                                      return RegionFromProto(text, element, errors);
                                    });
  selector.users = IdsOf(kUsers, proto.users(), FieldPath(path, "users"), errors);
  selector.groups = IdsOf(kGroups, proto.groups(), FieldPath(path, "groups"), errors);
  selector.relations = EnumsFromProto<Relation, v1::Selector::Relation>(
      proto.relations(), FieldPath(path, "relations"), errors);
}

}  // namespace

Selector SelectorFromProto(const v1::Selector& proto, absl::string_view path, FieldErrors& errors) {
  Selector selector;
  HolderFromProto(proto, path, errors, selector);
  selector.assets = IdsOf(kAssets, proto.assets(), FieldPath(path, "assets"), errors);
  selector.asset_kinds = WordsFromProto(
      proto.asset_kinds(), FieldPath(path, "asset_kinds"), errors,
      [&](const std::string& text, const std::string& element) {
        return LineFromProto(text, limits::kMaxNameText, Presence::kOptional, element, errors);
      });
  selector.labels = LabelsFromProto(proto.labels(), FieldPath(path, "labels"), errors);
  selector.sites = IdsOf(kSites, proto.sites(), FieldPath(path, "sites"), errors);
  selector.purposes = WordsFromProto(proto.purposes(), FieldPath(path, "purposes"), errors,
                                     [&](const std::string& text, const std::string& element) {
                                       return TextFromProto(text, limits::kMaxText,
                                                            Presence::kOptional, element, errors);
                                     });
  selector.activity_classes = EnumsFromProto<ActivityClass, v1::Reservation::ActivityClass>(
      proto.activity_classes(), FieldPath(path, "activity_classes"), errors);
  return selector;
}

void ToProto(const Selector& selector, v1::Selector& proto) {
  for (const OrganisationKind kind : selector.organisation_kinds) {
    proto.add_organisation_kinds(static_cast<v1::Organisation::Kind>(kind));
  }
  NamesToProto(kOrganisations, selector.organisations, *proto.mutable_organisations());
  WordsToProto(selector.regions, *proto.mutable_regions());
  NamesToProto(kUsers, selector.users, *proto.mutable_users());
  NamesToProto(kGroups, selector.groups, *proto.mutable_groups());
  for (const Relation relation : selector.relations) {
    proto.add_relations(static_cast<v1::Selector::Relation>(relation));
  }
  NamesToProto(kAssets, selector.assets, *proto.mutable_assets());
  WordsToProto(selector.asset_kinds, *proto.mutable_asset_kinds());
  ToProto(selector.labels, *proto.mutable_labels());
  NamesToProto(kSites, selector.sites, *proto.mutable_sites());
  WordsToProto(selector.purposes, *proto.mutable_purposes());
  for (const ActivityClass activity_class : selector.activity_classes) {
    proto.add_activity_classes(static_cast<v1::Reservation::ActivityClass>(activity_class));
  }
}

std::vector<Selector> SelectorsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Selector>& protos, absl::string_view path,
    FieldErrors& errors) {
  CheckCount(protos.size(), limits::kMaxSelectors, path, errors);
  std::vector<Selector> selectors;
  for (int i = 0; i < AtMost(protos.size(), limits::kMaxSelectors); ++i) {
    selectors.push_back(
        SelectorFromProto(protos[i], ElementPath(path, static_cast<size_t>(i)), errors));
  }
  return selectors;
}

void ToProto(const std::vector<Selector>& selectors,
             google::protobuf::RepeatedPtrField<v1::Selector>& protos) {
  for (const Selector& selector : selectors) ToProto(selector, *protos.Add());
}

Actors ActorsFromProto(const v1::Actors& proto, absl::string_view path, FieldErrors& errors) {
  Actors actors;
  actors.users = IdsOf(kUsers, proto.users(), FieldPath(path, "users"), errors);
  actors.groups = IdsOf(kGroups, proto.groups(), FieldPath(path, "groups"), errors);
  actors.managers = proto.managers();
  return actors;
}

void ToProto(const Actors& actors, v1::Actors& proto) {
  NamesToProto(kUsers, actors.users, *proto.mutable_users());
  NamesToProto(kGroups, actors.groups, *proto.mutable_groups());
  proto.set_managers(actors.managers);
}

Effect EffectFromProto(v1::RuleEffect effect, absl::string_view path, FieldErrors& errors) {
  if (effect == v1::RULE_EFFECT_UNSPECIFIED) return Effect::kReject;
  return EnumFromProto<Effect>(effect, Presence::kOptional, path, errors);
}

ApprovalTerms ApprovalTermsFromProto(const v1::ApprovalTerms& proto, absl::string_view path,
                                     FieldErrors& errors) {
  ApprovalTerms terms;
  terms.approvers = ActorsFromProto(proto.approvers(), FieldPath(path, "approvers"), errors);
  terms.time_out =
      DurationFromProto(proto.time_out(), 0, limits::kHorizon, FieldPath(path, "time_out"), errors);
  terms.leaves_slot_free = proto.leaves_slot_free();
  return terms;
}

void ToProto(const ApprovalTerms& terms, v1::ApprovalTerms& proto) {
  if (!terms.approvers.empty()) ToProto(terms.approvers, *proto.mutable_approvers());
  if (terms.time_out != 0) ToProto(terms.time_out, *proto.mutable_time_out());
  proto.set_leaves_slot_free(terms.leaves_slot_free);
}

}  // namespace labslot::service
