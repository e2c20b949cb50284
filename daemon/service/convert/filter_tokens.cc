#include "daemon/service/convert/filter_tokens.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/text.h"

namespace labslot::service {
namespace {

bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

// What names, ids and states are made of.
bool IsWordPart(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.' ||
         c == '/';
}

bool IsOperator(absl::string_view text) {
  return text == "=" || text == "!=" || text == "<" || text == "<=" || text == ">" || text == ">=";
}

size_t WordLength(absl::string_view rest) {
  return static_cast<size_t>(std::find_if_not(rest.begin(), rest.end(), IsWordPart) - rest.begin());
}

}  // namespace

std::string FilterToken::Description() const {
  if (kind == Kind::kEnd) return "the end";
  if (kind == Kind::kOther && (text[0] == '"' || text[0] == '\'')) return "a quote without its end";
  return Quoted(text);
}

FilterToken FilterTokens::Peek() const { return FilterTokens(*this).Next(); }

FilterToken FilterTokens::Next() {
  while (offset_ < text_.size() && IsSpace(text_[offset_])) ++offset_;
  FilterToken token;
  token.position = CharacterCount(text_.substr(0, offset_)) + 1;
  const absl::string_view rest = text_.substr(offset_);
  if (rest.empty()) return token;
  size_t length = 1;
  if (rest[0] == '"' || rest[0] == '\'') {
    const size_t end = rest.find(rest[0], 1);
    // A quote without its partner is a token that fits nowhere.
    token.kind =
        end == absl::string_view::npos ? FilterToken::Kind::kOther : FilterToken::Kind::kString;
    length = end == absl::string_view::npos ? rest.size() : end + 1;
    token.text =
        std::string(token.kind == FilterToken::Kind::kString ? rest.substr(1, end - 1) : rest);
  } else if (IsWordPart(rest[0])) {
    token.kind = FilterToken::Kind::kWord;
    length = WordLength(rest);
    token.text = std::string(rest.substr(0, length));
  } else {
    if (rest.size() >= 2 && IsOperator(rest.substr(0, 2))) length = 2;
    const bool is_operator = IsOperator(rest.substr(0, length));
    token.kind = is_operator ? FilterToken::Kind::kOperator : FilterToken::Kind::kOther;
    token.text = std::string(rest.substr(0, length));
  }
  offset_ += length;
  return token;
}

}  // namespace labslot::service
