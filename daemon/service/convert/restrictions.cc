#include "daemon/service/convert/restrictions.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"

namespace labslot::service {
namespace {

// The next restriction; nothing after a mistake of form.
std::optional<Restriction> NextRestriction(absl::string_view fields, FilterTokens& tokens,
                                           FieldErrors& errors) {
  Restriction restriction;
  restriction.field = tokens.Next();
  if (restriction.field.kind != FilterToken::Kind::kWord || restriction.field.IsKeyword()) {
    RefuseFilter(restriction.field,
                 absl::StrCat("there must be one of the fields ", fields, ", not ",
                              restriction.field.Description(),
                              "; OR, NOT and parentheses are not supported"),
                 errors);
    return std::nullopt;
  }
  restriction.op = tokens.Next();
  if (restriction.op.kind != FilterToken::Kind::kOperator) {
    RefuseFilter(
        restriction.op,
        absl::StrCat("there must be one of the operators =, !=, <, <=, >, >= after ",
                     restriction.field.Description(), ", not ", restriction.op.Description()),
        errors);
    return std::nullopt;
  }
  restriction.value = tokens.Next();
  if (!restriction.value.IsValue()) {
    RefuseFilter(restriction.value,
                 absl::StrCat("there must be a value, not ", restriction.value.Description()),
                 errors);
    return std::nullopt;
  }
  return restriction;
}

}  // namespace

void RefuseFilter(const FilterToken& at, absl::string_view what, FieldErrors& errors) {
  errors.Add("filter", absl::StrCat("at character ", at.position, ": ", what));
}

void ReadRestrictions(absl::string_view filter, absl::string_view fields, FieldErrors& errors,
                      const std::function<bool(const Restriction&)>& apply) {
  if (filter.size() > limits::kMaxFilterLength) {
    errors.Add("filter", absl::StrCat("must have at most ", limits::kMaxFilterLength,
                                      " bytes, not ", filter.size()));
    return;
  }
  FilterTokens tokens(filter);
  if (tokens.Peek().kind == FilterToken::Kind::kEnd) return;
  while (true) {
    const auto restriction = NextRestriction(fields, tokens, errors);
    if (!restriction || !apply(*restriction)) return;
    const FilterToken joint = tokens.Next();
    if (joint.kind == FilterToken::Kind::kEnd) return;
    if (joint.Is("AND")) continue;
    RefuseFilter(joint,
                 absl::StrCat(joint.Description(), " is not supported; restrictions are ",
                              "joined by AND, without OR, NOT and parentheses"),
                 errors);
    return;
  }
}

}  // namespace labslot::service
