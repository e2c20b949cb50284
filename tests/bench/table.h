#ifndef LABSLOT_TESTS_BENCH_TABLE_H_
#define LABSLOT_TESTS_BENCH_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace labslot::bench {

// A table for people: the first column to the left, all others to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}

  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  // Prints title and table to standard output.
  void Print(const std::string& title) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// `12,345`
std::string Whole(double number);

// With so many digits behind the point.
std::string Fixed(double number, int digits);

// A figure and what it should be: `0.91 (>= 0.90)`, with `!` if it is missed.
std::string AtLeast(double value, double target, int digits);
std::string AtMost(double value, double target, int digits);

// The middle one; 0 of none.
double Median(std::vector<double> values);

// The value that so large a share (0 to 1) of the values does not exceed.
double Quantile(std::vector<float>& values, double share);

// Machine, versions, load and file system of `folder`, one fact a line.
std::string Surroundings(const std::string& folder);

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_TABLE_H_
