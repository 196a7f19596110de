#include "experiment/conventions.h"

namespace touchstone {

const NameTable<Convention>& conventions() {
  static const NameTable<Convention> all = {{{Convention::keras, "keras"},
                                             {Convention::torch, "torch"},
                                             {Convention::paper, "paper"},
                                             {Convention::keras3, "keras3"}}};
  return all;
}

}  // namespace touchstone
