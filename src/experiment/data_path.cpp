#include "experiment/data_path.h"

#include <boost/algorithm/string/predicate.hpp>

#include "experiment/dotted_key.h"

namespace touchstone {

void make_data_path_absolute(Node& root, const std::filesystem::path& folder) {
  const std::vector<std::string> key = {"data", "csv", "path"};
  const Node* there = find_at(root, key);
  if (there == nullptr || there->type != Node::Type::scalar || there->scalar.empty()) return;
  const bool is_override = boost::starts_with(there->origin, "--set");
  Node path = *there;
  path.scalar = std::filesystem::absolute(is_override ? std::filesystem::path(path.scalar) : folder / path.scalar)
                    .lexically_normal()
                    .string();
  set_at(root, key, path);
}

}  // namespace touchstone
