#include "experiment/kinds.h"

#include "experiment/name_table.h"

namespace touchstone {
namespace {

const NameTable<Kind>& kinds() {
  static const NameTable<Kind> all = {{{Kind::definition, "definition"},
                                       {Kind::scatter, "scatter"},
                                       {Kind::training, "training"},
                                       {Kind::schedule, "schedule"}}};
  return all;
}

}  // namespace

std::vector<std::string> kind_names() { return kinds().names(); }
std::string name_of(Kind kind) { return kinds().name(kind); }
Kind kind_named(const std::string& name) { return kinds().value(name); }

}  // namespace touchstone
