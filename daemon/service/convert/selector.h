#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_SELECTOR_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_SELECTOR_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/selector.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "labslot/v1/rule_scope.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// Whether what is named exists is not asked here.
Selector SelectorFromProto(const v1::Selector& proto, absl::string_view path, FieldErrors& errors);
void ToProto(const Selector& selector, v1::Selector& proto);

// At most limits::kMaxSelectors of them.
std::vector<Selector> SelectorsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Selector>& protos, absl::string_view path,
    FieldErrors& errors);
void ToProto(const std::vector<Selector>& selectors,
             google::protobuf::RepeatedPtrField<v1::Selector>& protos);

Actors ActorsFromProto(const v1::Actors& proto, absl::string_view path, FieldErrors& errors);
void ToProto(const Actors& actors, v1::Actors& proto);

// Not set means Effect::kReject.
Effect EffectFromProto(v1::RuleEffect effect, absl::string_view path, FieldErrors& errors);

ApprovalTerms ApprovalTermsFromProto(const v1::ApprovalTerms& proto, absl::string_view path,
                                     FieldErrors& errors);
void ToProto(const ApprovalTerms& terms, v1::ApprovalTerms& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_SELECTOR_H_
