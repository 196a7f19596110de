#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/result.h"

namespace touchstone {

/// `folder/study`: the blocks of a study and its manifest.
std::filesystem::path study_folder(const std::filesystem::path& folder);

/// Whether there is a manifest in it.
bool has_study(const std::filesystem::path& folder);

/// What a study's figures end with, "_bands", before the file's extension.
inline constexpr const char* study_suffix = "bands";
/// Whether a figure's script is a study's.
bool is_of_study(const std::filesystem::path& script);

/// `folder/study.csv` has one row per arm and seed: the cells that every study has, of its header and of a row.
std::vector<std::string> study_header();
std::vector<std::string> study_row(std::size_t arm, const std::string& label, std::uint64_t seed,
                                   const History& history);

/// `folder/epochs.csv` has one row per arm, seed and epoch: its header, and the rows of a run.
std::string epochs_header();
std::string epochs_rows(std::size_t arm, const std::string& label, std::uint64_t seed, const History& history);

/// Writes `folder/bands.csv`. Throws EnvironmentError.
void write_bands(const std::filesystem::path& folder, const ExperimentResult& study);
/// Writes `folder/study/manifest.json`. Throws EnvironmentError.
void write_study_manifest(const std::filesystem::path& folder, const ExperimentResult& study);

/// Removes what an earlier study left but the blocks: tables, manifest and figures' scripts. Throws EnvironmentError.
void remove_earlier_study(const std::filesystem::path& folder);

/// Reads the manifest, without the bands, and validates it. Throws UserError, naming the file, the line
/// or key, and what was expected.
ExperimentResult read_study_manifest(const std::filesystem::path& folder);
/// The same, with the bands.
ExperimentResult read_study(const std::filesystem::path& folder);

}  // namespace touchstone
