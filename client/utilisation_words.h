#ifndef LABSLOT_CLIENT_UTILISATION_WORDS_H_
#define LABSLOT_CLIENT_UTILISATION_WORDS_H_

// What reports of use are made of, in words: states, dimensions, buckets.

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "labslot/v1/utilisation_service.pb.h"

namespace labslot::client {

using Dimension = v1::QueryUtilisationRequest::Dimension;
using Bucket = v1::QueryUtilisationRequest::Bucket;

// What a second of an asset can be; all of them together are the total.
struct UseState {
  const char* words;
  // Of its column.
  const char* header;
  // In bars.
  const char* utf8;
  const char* ascii;
  const char* colour;
  std::int64_t (v1::UtilisationRow::*seconds)() const;
};
// In the order in which bars show them.
const std::array<UseState, 13>& UseStates();

// What rows are grouped by.
struct Grouping {
  std::vector<Dimension> dimensions;
  // The key, with LABEL.
  std::string label;

  // True if groups are of assets, so that each has opening hours of its own.
  bool OfAssets() const;
};

// As they are written in --by, such as "organisation-kind"; "label" takes a key.
const std::vector<std::pair<std::string, Dimension>>& Dimensions();
// "asset", "label:gas".
std::string DimensionName(const Grouping& grouping, std::size_t i);

// What the row has of each dimension, as people read it; empty where it has
// nothing.
std::vector<std::string> GroupCells(const Grouping& grouping, const v1::UtilisationRow& row);
// The same in one line: "acme, research"; "-" where there is nothing.
std::string GroupTitle(const Grouping& grouping, const v1::UtilisationRow& row);

// As they are written in --bucket.
const std::vector<std::pair<std::string, Bucket>>& Buckets();
// "2027-03", "2027-W09", "Mon 14:00"; with "*" if it is cut short.
std::string BucketText(Bucket bucket, const v1::UtilisationRow& row);
// The same for cut ones too, and in an order: one key a bucket, whatever zone.
std::string BucketKey(Bucket bucket, const v1::UtilisationRow& row);

// "32.5"
std::string HoursOf(std::int64_t seconds);
// "65.0%", "-" of nothing.
std::string PercentOf(std::int64_t part, std::int64_t whole);
// "65.0% 32.5/50.0": never without what it is made of.
std::string OccupancyText(const v1::UtilisationRow& row);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_UTILISATION_WORDS_H_
