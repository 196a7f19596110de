#include "study/identity.h"

#include <fmt/format.h>

#include <boost/crc.hpp>
#include <charconv>

#include "files/errors.h"
#include "files/printable.h"

namespace touchstone {
namespace {

std::string checksum_of(const Split& data) {
  boost::crc_32_type crc;
  for (const Dataset* part : {&data.train, &data.test}) {
    crc.process_bytes(part->x.data(), part->x.size() * sizeof(double));
    crc.process_bytes(part->y.data(), part->y.size() * sizeof(std::int64_t));
  }
  return fmt::format("{} and {} rows, checksum {:08x}", data.train.rows(), data.test.rows(), crc.checksum());
}

}  // namespace

Identity described_identity(const ExperimentResult& study, std::size_t arm) {
  const Provenance& made = study.provenance;
  Identity identity = {{"experiment", study.name},
                       {"arm", study.arms[arm].label},
                       {"engine", made.engine},
                       {"device", made.device},
                       {"dtype", made.dtype}};
  if (study.pair_arms) identity["pair_arms"] = "true";
  for (const auto& [component, version] : made.versions) identity["version " + component] = version;
  for (const ResolvedValue& value : study.arms[arm].resolved) {
    if (value.key != "data.csv.path") identity["configuration " + value.key] = value.text;  // the data say it
  }
  return identity;
}

Identity identity_of(const ExperimentResult& study, std::size_t arm, const Split& data, std::uint64_t seeds_per_block) {
  Identity identity = described_identity(study, arm);
  identity["data"] = checksum_of(data);
  identity["block"] = std::to_string(seeds_per_block);
  return identity;
}

std::uint64_t seeds_per_block(const Identity& identity) {
  const auto block = identity.find("block");
  const std::string text = block == identity.end() ? "" : block->second;
  std::uint64_t seeds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seeds);
  if (error != std::errc() || end != text.data() + text.size() || seeds == 0) {
    throw UserError(fmt::format("block: found '{}', expected how many seeds a block has", printable(text)));
  }
  return seeds;
}

}  // namespace touchstone
