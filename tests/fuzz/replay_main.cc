// Runs a fuzz target without libFuzzer: on every input of a folder, then on random
// changes of them. So each build and each compiler runs what was once found, and a
// little more.
//
//   <target>_fuzz FOLDER RUNS [SEED [FIRST]]
//
// The change number i is made from SEED and i alone: FIRST begins there.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"
#include "tests/support/seeds.h"

#pragma weak LLVMFuzzerCustomMutator
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

constexpr size_t kMaxSize = 4096;
constexpr unsigned kLonger = 20;

std::mt19937 g_random;
std::string g_what;   // is running
std::string g_input;  // that it runs on

void Write(const std::string& text) {
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

void TellOfEnd() {
  Write(g_what + " ended the program. Its input:\n");
  Write(g_input);
  Write("\n");
}

void OnAbort(int) { TellOfEnd(); }

void Run(const std::string& what, std::string input) {
  g_what = what;
  g_input = std::move(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(g_input.data()), g_input.size());
}

std::vector<std::string> InputsOf(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file);
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const std::filesystem::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    Run(path.string(), inputs.back());
  }
  return inputs;
}

unsigned ASeed() { return static_cast<unsigned>(g_random()); }

std::string Changed(std::string input) {
  const size_t size = std::min(input.size(), kMaxSize);
  input.resize(kMaxSize);
  auto* data = reinterpret_cast<uint8_t*>(input.data());
  input.resize(LLVMFuzzerCustomMutator == nullptr
                   ? LLVMFuzzerMutate(data, size, kMaxSize)
                   : LLVMFuzzerCustomMutator(data, size, kMaxSize, ASeed()));
  return input;
}

// The beginning of one input and the end of another.
std::string Spliced(const std::string& a, const std::string& b) {
  return a.substr(0, g_random() % (a.size() + 1)) + b.substr(g_random() % (b.size() + 1));
}

std::string AnInput(const std::vector<std::string>& inputs) {
  const auto any = [&]() -> const std::string& { return inputs[g_random() % inputs.size()]; };
  std::string input = any();
  if (LLVMFuzzerCustomMutator == nullptr && g_random() % 4 == 0) input = Spliced(input, any());
  for (auto changes = 1 + g_random() % 4; changes > 0; --changes) input = Changed(input);
  return input;
}

}  // namespace

size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size) {
  const size_t at = g_random() % (size + 1);
  const size_t length = std::min<size_t>(1 + g_random() % 8, size - at);
  const auto kind = g_random() % 4;
  if (kind == 0 && size < max_size) {
    std::copy_backward(data + at, data + size, data + size + 1);
    data[at] = static_cast<uint8_t>(g_random() % 3 == 0 ? g_random() : ' ' + g_random() % 95);
    return size + 1;
  }
  if (kind == 1 && size + length <= max_size) {  // the same once more
    std::copy_backward(data + at, data + size, data + size + length);
    return size + length;
  }
  if (kind == 2) {
    std::copy(data + at + length, data + size, data + at);
    return size - length;
  }
  if (at < size) data[at] = static_cast<uint8_t>(data[at] ^ (1u << g_random() % 8));
  return size;
}

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s FOLDER RUNS [SEED [FIRST]]\n", argv[0]);
    return 2;
  }
  ::signal(SIGABRT, OnAbort);
  ::signal(SIGALRM, OnAbort);
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(TellOfEnd);
  unsigned runs = static_cast<unsigned>(std::atoi(argv[2]));
  if (labslot::support::LongRun()) runs *= kLonger;
  const unsigned seed =
      argc > 3 ? static_cast<unsigned>(std::atoll(argv[3])) : std::random_device()();
  const unsigned first = argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 0;
  const std::vector<std::string> inputs = InputsOf(argv[1]);
  for (unsigned i = first; i < first + runs && !inputs.empty(); ++i) {
    std::seed_seq mixed{seed, i};
    g_random.seed(mixed);
    Run("change " + std::to_string(i) + " with seed " + std::to_string(seed), AnInput(inputs));
  }
  std::printf("%zu inputs and %u changes of them, with seed %u\n", inputs.size(), runs, seed);
  return inputs.empty() ? 1 : 0;
}
