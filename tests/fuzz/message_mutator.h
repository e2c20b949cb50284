#ifndef LABSLOT_TESTS_FUZZ_MESSAGE_MUTATOR_H_
#define LABSLOT_TESTS_FUZZ_MESSAGE_MUTATOR_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace labslot::fuzz {

// Changes messages by their own description, so that what comes out is always a message
// of its type, however deep the change is.
class MessageMutator {
 public:
  // Texts are taken from `words` now and then, numbers lie about `instant`.
  MessageMutator(unsigned seed, const std::vector<std::string>& words, int64_t instant)
      : random_(seed), words_(words), instant_(instant) {}

  // Changes one field, in the message or in one that it holds.
  void Mutate(google::protobuf::Message& message);

  // A number below `n`.
  size_t Below(size_t n) { return random_() % n; }

 private:
  void Remove(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);
  void Set(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);
  void Enter(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);
  std::string Text(const std::string& old);
  int64_t Number(int64_t old);
  double Measure(double old);

  std::mt19937 random_;
  const std::vector<std::string>& words_;
  const int64_t instant_;
};

}  // namespace labslot::fuzz

#endif  // LABSLOT_TESTS_FUZZ_MESSAGE_MUTATOR_H_
