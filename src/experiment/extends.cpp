#include "experiment/extends.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "experiment/data_path.h"
#include "experiment/fail_at.h"
#include "experiment/locate.h"
#include "experiment/map_reader.h"
#include "experiment/parse_node.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

fs::path locate_base(const Node& extends, const fs::path& file, const std::string& name) {
  try {
    return base_file(file, name);
  } catch (const UserError& error) {
    fail_at(extends.origin, "extends",
            fmt::format("found '{}', expected a file beside this one or an experiment's name: {}", name, error.what()));
  }
}

/// Data come from one source: what `over` names replaces the other one of `base`.
void drop_other_source(Node& base, const Node& over) {
  Node* data = base.find("data");
  const Node* own = over.find("data");
  if (data == nullptr || own == nullptr) return;
  if (own->find("csv") != nullptr) data->erase("make_blobs");
  if (own->find("make_blobs") != nullptr) data->erase("csv");
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
  const fs::path base_file = locate_base(*extends, file, base_name);
  chain.push_back(fs::canonical(file));
  if (std::find(chain.begin(), chain.end(), fs::canonical(base_file)) != chain.end()) {
    fail_at(extends->origin, "extends", "found '" + base_name + "', which leads back to itself: a cycle");
  }
  Node base = load(base_file, chain);
  for (const char* own : {"cell", "kind", "title", "description", "extends", "claims"}) base.erase(own);
  drop_other_source(base, root);
  return merged(std::move(base), root);
}

}  // namespace

fs::path base_file(const fs::path& file, const std::string& name) {
  for (const std::string& beside : {name, name + ".yaml"}) {
    if (is_file(file.parent_path() / beside)) return file.parent_path() / beside;
  }
  if (fs::path(name).has_parent_path()) throw UserError("no such file");
  return locate_by_name(name);
}

Node load_extended(const fs::path& file) {
  std::vector<fs::path> chain;
  return load(file, chain);
}

}  // namespace touchstone
