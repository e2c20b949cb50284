#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_RESTRICTIONS_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_RESTRICTIONS_H_

#include <functional>

#include "absl/strings/string_view.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/filter_tokens.h"

namespace labslot::service {

// The form that all filters have: restrictions joined by AND.

// `field operator value`, with the tokens as they stand in the text.
struct Restriction {
  FilterToken field;
  FilterToken op;
  FilterToken value;
};

// Adds a violation of `filter` that tells the place.
void RefuseFilter(const FilterToken& at, absl::string_view what, FieldErrors& errors);

// Reads a filter and calls `apply` with each restriction. `fields` are the words that
// may be restricted, for people. A mistake of form ends the reading, because what
// follows cannot be understood, as does `apply` by returning false; a mistake of
// meaning does not.
void ReadRestrictions(absl::string_view filter, absl::string_view fields, FieldErrors& errors,
                      const std::function<bool(const Restriction&)>& apply);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_RESTRICTIONS_H_
