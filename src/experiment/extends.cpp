#include "experiment/extends.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "experiment/data_path.h"
#include "experiment/fail_at.h"
#include "experiment/map_reader.h"
#include "experiment/parse_node.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

Node load(const fs::path& file, std::vector<fs::path>& chain) {
  Node root = parse_yaml_file(file);
  if (root.type != Node::Type::map) {
    throw UserError(root.origin + ": found " + describe(root) + ", expected an experiment's keys");
  }
  make_data_path_absolute(root, file.parent_path());
  const Node* extends = root.find("extends");
  if (extends == nullptr) return root;

  const std::string base_name = to_string(*extends, "extends", {});
  const fs::path base_file = file.parent_path() / base_name;
  if (!is_file(base_file)) {
    fail_at(extends->origin, "extends",
            "found '" + base_name + "', expected the path of a file from this one's folder");
  }
  chain.push_back(fs::canonical(file));
  if (std::find(chain.begin(), chain.end(), fs::canonical(base_file)) != chain.end()) {
    fail_at(extends->origin, "extends", "found '" + base_name + "', which leads back to itself: a cycle");
  }
  Node base = load(base_file, chain);
  for (const char* own : {"cell", "kind", "title", "description", "extends"}) base.erase(own);
  return merged(std::move(base), root);
}

}  // namespace

Node load_extended(const fs::path& file) {
  std::vector<fs::path> chain;
  return load(file, chain);
}

}  // namespace touchstone
