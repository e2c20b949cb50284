#include "client/names.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace labslot::client {

std::string FullName(absl::string_view collection, absl::string_view name) {
  if (name.empty() || absl::StrContains(name, '/')) return std::string(name);
  return absl::StrCat(collection, "/", name);
}

std::string ShortName(absl::string_view name) {
  const std::size_t slash = name.rfind('/');
  return std::string(slash == absl::string_view::npos ? name : name.substr(slash + 1));
}

absl::string_view CollectionOf(absl::string_view name) {
  const std::size_t slash = name.find('/');
  return slash == absl::string_view::npos ? absl::string_view() : name.substr(0, slash);
}

absl::StatusOr<ItemWord> ParseItemWord(absl::string_view word) {
  const std::vector<absl::string_view> parts = absl::StrSplit(word, ':');
  if (parts[0].empty()) return absl::InvalidArgumentError("the name of an asset is empty");
  ItemWord result;
  result.asset = FullName(kAssets, parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> label =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    if (!label.first.empty() && !label.second.empty()) {
      result.unit_labels[std::string(label.first)] = std::string(label.second);
    } else if (i > 1 || !absl::SimpleAtoi(parts[i], &result.quantity) || result.quantity < 1) {
      return absl::InvalidArgumentError(absl::StrCat(
          "\"", word, "\" does not say how many, or what they must have: write ", parts[0],
          ":3 for three units, ", parts[0], ":detector=eds for one that has this label"));
    }
  }
  return result;
}

std::string ShellWord(absl::string_view word) {
  bool plain = !word.empty();
  for (const char c : word) {
    plain = plain && (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                      absl::StrContains("-_./:=+,@", c));
  }
  if (plain) return std::string(word);
  if (!absl::StrContains(word, '"') && word.find_first_of("$`\\!") == absl::string_view::npos) {
    return absl::StrCat("\"", word, "\"");
  }
  return absl::StrCat("'", absl::StrReplaceAll(word, {{"'", "'\\''"}}), "'");
}

}  // namespace labslot::client
