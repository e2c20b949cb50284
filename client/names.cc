#include "client/names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

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

absl::StatusOr<AssetQuantity> ParseAssetQuantity(absl::string_view word) {
  AssetQuantity result;
  const std::size_t colon = word.find(':');
  if (colon != absl::string_view::npos) {
    if (!absl::SimpleAtoi(word.substr(colon + 1), &result.quantity) || result.quantity < 1) {
      return absl::InvalidArgumentError(absl::StrCat("\"", word, "\" does not say how many: write ",
                                                     word.substr(0, colon), ":3 for three units"));
    }
    word = word.substr(0, colon);
  }
  if (word.empty()) return absl::InvalidArgumentError("the name of an asset is empty");
  result.asset = FullName(kAssets, word);
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
