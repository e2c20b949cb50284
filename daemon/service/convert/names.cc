#include "daemon/service/convert/names.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/numbers.h"

namespace labslot::service {
namespace {

std::string RuleOfIds() {
  return absl::StrCat("1 to ", limits::kMaxIdLength,
                      " characters of a-z, 0-9 and hyphen, beginning with a letter and not ending "
                      "in a hyphen");
}

void AddNumberMistake(absl::string_view collection, absl::string_view name, absl::string_view path,
                      FieldErrors& errors) {
  errors.Add(path, name.empty() ? absl::StrCat("must be set, as ", collection, "/{number}")
                                : absl::StrCat("must be ", collection, "/{number}; ", Quoted(name),
                                               " is not"));
}

}  // namespace

std::string IdFromProto(absl::string_view id, absl::string_view path, FieldErrors& errors) {
  if (id.empty()) {
    errors.Add(path, absl::StrCat("must be set: ", RuleOfIds()));
    return "";
  }
  if (!IsLegalId(id)) {
    errors.Add(path, absl::StrCat("must be ", RuleOfIds(), "; ", Quoted(id), " is not"));
    return "";
  }
  return std::string(id);
}

std::string IdFromName(absl::string_view collection, absl::string_view name, Presence presence,
                       absl::string_view path, FieldErrors& errors) {
  if (name.empty()) {
    if (presence == Presence::kRequired) {
      errors.Add(path, absl::StrCat("must be set, as ", collection, "/{id}"));
    }
    return "";
  }
  if (std::optional<std::string> id = IdIn(collection, name)) return *std::move(id);
  errors.Add(path, absl::StrCat("must be ", collection, "/{id} with an id of ", RuleOfIds(), "; ",
                                Quoted(name), " is not"));
  return "";
}

ReservationId ReservationIdFromName(absl::string_view name, absl::string_view path,
                                    FieldErrors& errors) {
  if (const std::optional<ReservationId> id = ReservationIdIn(name)) return *id;
  AddNumberMistake(kReservations, name, path, errors);
  return 0;
}

SeriesId SeriesIdFromName(absl::string_view name, absl::string_view path, FieldErrors& errors) {
  if (const std::optional<SeriesId> id = SeriesIdIn(name)) return *id;
  AddNumberMistake(kSeries, name, path, errors);
  return 0;
}

std::vector<std::string> IdsFromNames(absl::string_view collection,
                                      const google::protobuf::RepeatedPtrField<std::string>& names,
                                      size_t most, absl::string_view path, FieldErrors& errors) {
  CheckCount(names.size(), most, path, errors);
  std::vector<std::string> ids;
  std::set<std::string> seen;
  for (int i = 0; i < AtMost(names.size(), most); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    std::string id = IdFromName(collection, names[i], Presence::kRequired, element, errors);
    if (id.empty()) continue;
    if (!seen.insert(id).second) {
      errors.Add(element, absl::StrCat("must not be listed twice: ", names[i]));
      continue;
    }
    ids.push_back(std::move(id));
  }
  return ids;
}

int64_t RevisionFromEtag(absl::string_view etag, absl::string_view path, FieldErrors& errors) {
  if (etag.empty()) return 0;
  absl::string_view digits = etag;
  int64_t revision = 0;
  // The comparison refuses second spellings such as `"007"`.
  if (absl::ConsumePrefix(&digits, "\"") && absl::ConsumeSuffix(&digits, "\"") &&
      absl::SimpleAtoi(digits, &revision) && revision > 0 && EtagOf(revision) == etag) {
    return revision;
  }
  errors.Add(path, absl::StrCat("must be an etag as the daemon gave it out, or empty; ",
                                Quoted(etag), " is not"));
  return 0;
}

std::string NameOfActor(const std::string& actor) {
  return absl::StartsWith(actor, "@") ? actor.substr(1) : NameOf(kUsers, actor);
}

std::string EtagOf(int64_t revision) { return absl::StrCat("\"", revision, "\""); }

}  // namespace labslot::service
