#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_FILTER_TOKENS_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_FILTER_TOKENS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace labslot::service {

// A piece of a filter.
struct FilterToken {
  enum class Kind { kWord, kString, kOperator, kOther, kEnd };

  Kind kind = Kind::kEnd;
  std::string text;     // of a string, without its quotes
  size_t position = 1;  // in characters, from 1

  // True if this is the given keyword (or word), unquoted.
  bool Is(absl::string_view word) const { return kind == Kind::kWord && text == word; }
  bool IsKeyword() const { return Is("AND") || Is("OR") || Is("NOT"); }
  bool IsValue() const { return (kind == Kind::kWord && !IsKeyword()) || kind == Kind::kString; }

  // What stands there, for people: quoted, or `the end`.
  std::string Description() const;
};

// Splits a filter into pieces. Not thread-safe.
class FilterTokens {
 public:
  // Keeps the view.
  explicit FilterTokens(absl::string_view text) : text_(text) {}

  // The next token without, and with, going on. At the end it stays there.
  FilterToken Peek() const;
  FilterToken Next();

 private:
  absl::string_view text_;
  size_t offset_ = 0;  // in bytes
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_FILTER_TOKENS_H_
