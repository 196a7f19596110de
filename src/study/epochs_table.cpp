#include "study/epochs_table.h"

#include "files/atomic_file.h"
#include "results/study_files.h"
#include "study/join.h"
#include "training/interrupted.h"

namespace touchstone {

void write_epochs_table(const ExperimentResult& study, const std::filesystem::path& folder,
                        const std::function<bool()>& stop) {
  AtomicFile table(folder / "epochs.csv");
  table.write(epochs_header());
  for (std::size_t a = 0; a < study.arms.size(); ++a) {
    for_each_run(study_folder(folder), a, seeds_of(study), [&](std::uint64_t seed, const History& history) {
      if (stop()) throw Interrupted();
      table.write(epochs_rows(a, study.arms[a].label, seed, history));
    });
  }
  table.commit();
}

}  // namespace touchstone
