#ifndef LABSLOT_TESTS_FUZZ_TARGETS_H_
#define LABSLOT_TESTS_FUZZ_TARGETS_H_

#include <cstddef>
#include <cstdint>

// The interface of libFuzzer. A target defines the first, and those of the next two
// that it wants; libFuzzer defines the last, and in other builds replay_main.cc does.
extern "C" {

// Runs one input, and ends the program if it finds a mistake.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

// Changes an input in place; returns its new size.
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed);

// Makes an input of two; returns its size.
size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2,
                                 size_t size2, uint8_t* out, size_t max_out_size, unsigned seed);

// Changes some of its bytes.
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

}  // extern "C"

#endif  // LABSLOT_TESTS_FUZZ_TARGETS_H_
