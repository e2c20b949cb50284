#include "daemon/service/convert/fingerprint.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/unknown_field_set.h"

namespace labslot::service {
namespace {

// The message in one of its encodings, always the same for equal messages of
// one build. What is unknown to this build is part of it.
std::string Canonical(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  return bytes;
}

// The same without top-level fields. They are cut out of the bytes, because a copy of
// the message to clear them in takes longer than all the rest.
std::string CanonicalWithout(absl::Span<const absl::string_view> ignored,
                             const google::protobuf::Message& message) {
  google::protobuf::UnknownFieldSet fields;
  fields.ParseFromString(Canonical(message));
  for (const absl::string_view name : ignored) {
    const auto* field = message.GetDescriptor()->FindFieldByName(std::string(name));
    if (field != nullptr) fields.DeleteByNumber(field->number());
  }
  std::string bytes;
  fields.SerializeToString(&bytes);
  return bytes;
}

}  // namespace

std::string Sha256(absl::string_view bytes) {
  // Looked up once: to find the algorithm takes OpenSSL longer than to run it.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             algorithm, nullptr);
  return digest;
}

std::string RequestFingerprint(absl::string_view method, const google::protobuf::Message& request) {
  return FingerprintWithout({"request_id", "validate_only"}, method, request);
}

std::string FingerprintWithout(absl::Span<const absl::string_view> ignored,
                               absl::string_view context,
                               const google::protobuf::Message& message) {
  // The length keeps the end of the context from passing for a beginning of
  // the message.
  std::string digest =
      Sha256(absl::StrCat(context.size(), ":", context, CanonicalWithout(ignored, message)));
  digest.resize(kFingerprintBytes);
  return digest;
}

}  // namespace labslot::service
