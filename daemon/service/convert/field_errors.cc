#include "daemon/service/convert/field_errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "daemon/base/text.h"
#include "daemon/service/convert/cut_text.h"

namespace labslot::service {
namespace {

// Enough to recognise a value by, and no more.
constexpr size_t kLongestQuotation = 80;

}  // namespace

void FieldErrors::Add(absl::string_view path, absl::string_view description) {
  if (violations_.size() == kMost) {
    ++not_kept_;
    return;
  }
  violations_.push_back({std::string(path), std::string(description)});
}

Error FieldErrors::ToError() const {
  std::vector<FieldViolation> violations = violations_;
  if (not_kept_ > 0) {
    absl::StrAppend(&violations.back().description, " (and ", not_kept_,
                    " more violations that are not listed)");
  }
  return InvalidFields(std::move(violations));
}

std::string FieldPath(absl::string_view parent, absl::string_view field) {
  return parent.empty() ? std::string(field) : absl::StrCat(parent, ".", field);
}

std::string ElementPath(absl::string_view list, size_t index) {
  return absl::StrCat(list, "[", index, "]");
}

std::string EntryPath(absl::string_view map, absl::string_view key) {
  return absl::StrCat(map, "[", JsonString(CutText(key, kLongestQuotation)), "]");
}

std::string Quoted(absl::string_view value) {
  const std::string cut = CutText(value, kLongestQuotation);
  return absl::StrCat("'", absl::StrReplaceAll(cut, {{"\n", " "}, {"\t", " "}}), "'");
}

}  // namespace labslot::service
