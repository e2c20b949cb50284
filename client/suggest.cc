#include "client/suggest.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace labslot::client {
namespace {

constexpr std::size_t kMostSuggestions = 3;
// Words longer than any name are not worth a quadratic comparison.
constexpr std::size_t kLongestWord = 200;
constexpr std::size_t kShortestPart = 3;

}  // namespace

std::size_t EditDistance(absl::string_view a, absl::string_view b) {
  a = a.substr(0, kLongestWord);
  b = b.substr(0, kLongestWord);
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  const auto same = [&](std::size_t i, std::size_t j) {
    return absl::ascii_tolower(static_cast<unsigned char>(a[i - 1])) ==
           absl::ascii_tolower(static_cast<unsigned char>(b[j - 1]));
  };
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      cost[i][j] = std::min(
          {cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same(i, j) ? 0U : 1U)});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

std::vector<std::string> Suggest(absl::string_view word,
                                 const std::vector<std::string>& candidates) {
  std::vector<std::pair<std::size_t, std::string>> near;
  const std::size_t allowed = std::max<std::size_t>(1, word.size() / 3);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    const bool part =
        word.size() >= kShortestPart &&
        (absl::StartsWithIgnoreCase(candidate, word) || absl::EndsWithIgnoreCase(candidate, word));
    if (distance <= allowed || part) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> suggestions;
  for (const auto& [distance, candidate] : near) {
    if (suggestions.size() == kMostSuggestions) break;
    suggestions.push_back(candidate);
  }
  return suggestions;
}

std::string DidYouMean(const std::vector<std::string>& suggestions) {
  if (suggestions.empty()) return "";
  std::string text = absl::StrCat(" Did you mean ", suggestions[0]);
  for (std::size_t i = 1; i < suggestions.size(); ++i) {
    absl::StrAppend(&text, i + 1 == suggestions.size() ? " or " : ", ", suggestions[i]);
  }
  return absl::StrCat(text, "?");
}

}  // namespace labslot::client
