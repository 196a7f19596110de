// What an engine in C++ needs to be judged by touchstone, beside trace_io.h and nlohmann-json: update cases answered
// one by one or served. Nothing here knows of any engine: copy it. See momentum.cpp.
#pragma once

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "trace_io.h"

namespace example {

// The engine does not support the case.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline constexpr int not_supported = 77;  // the exit code that says so

template <typename Real>
using Arrays = std::vector<std::vector<Real>>;  // of each layer its kernel, row by row, then its bias

// Changes the parameters by their gradients; returns the state after, by slot, or nothing.
template <typename Real>
using Step = std::function<std::map<std::string, Arrays<Real>>(Arrays<Real>& parameters, const Arrays<Real>& gradients,
                                                               Real lr)>;

// The trace of an update case: its gradients and rates through rule.of<Real>(config, parameters) -> Step, each update's
// parameters recorded.
template <typename Real, typename Rule>
TraceFile make_updates(const Rule& rule, TraceFile trace) {
  std::vector<std::string> names;
  for (int layer = 0; trace.has("step/grad/dense_" + std::to_string(layer) + "/kernel"); ++layer) {
    for (const char* part : {"/kernel", "/bias"}) names.push_back("dense_" + std::to_string(layer) + part);
  }
  if (names.empty()) throw Unsupported("training runs: no gradients are given");
  Arrays<Real> parameters;
  for (const std::string& name : names) {
    const std::vector<double>& start = trace.at("init/" + name).reals;
    parameters.emplace_back(start.begin(), start.end());
  }
  const auto config = nlohmann::json::parse(trace.metadata.at("experiment")).at("optimizer");
  const Step<Real> step = rule.template of<Real>(config, parameters);
  const std::vector<double> rates = trace.at("step/lr").reals;
  std::map<std::string, Tensor> recorded;
  const auto record = [&](const std::string& series, const Arrays<Real>& values) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      Tensor& tensor = recorded["step/" + series + "/" + names[i]];
      tensor.shape = trace.at("step/grad/" + names[i]).shape;
      tensor.reals.insert(tensor.reals.end(), values[i].begin(), values[i].end());
    }
  };
  for (std::size_t t = 0; t < rates.size(); ++t) {
    Arrays<Real> gradients;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto size = static_cast<std::ptrdiff_t>(parameters[i].size());
      const auto begin = trace.at("step/grad/" + names[i]).reals.begin() + static_cast<std::ptrdiff_t>(t) * size;
      gradients.emplace_back(begin, begin + size);
    }
    const auto state = step(parameters, gradients, static_cast<Real>(rates[t]));
    record("param", parameters);
    for (const auto& [slot, values] : state) record("slot/" + slot, values);
  }
  for (auto& [series, tensor] : recorded) trace.tensors[series] = std::move(tensor);
  return trace;
}

template <typename Rule>
void answer(const Rule& rule, const std::string& given, const std::string& written) {
  const TraceFile file = read_trace(given);
  write_trace(written, file.is_float32 ? make_updates<float>(rule, file) : make_updates<double>(rule, file));
}

// A line `CASE TRACE` on stdin, one back on stdout, until there are no more.
template <typename Rule>
void serve(const Rule& rule) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream files(line);
    std::string given;
    std::string written;
    files >> given >> written;
    std::string said = "ok";
    try {
      answer(rule, given, written);
    } catch (const Unsupported& why) {
      said = std::string("unsupported: ") + why.what();
    } catch (const std::exception& error) {
      said = std::string("error: ") + error.what();
    }
    std::replace(said.begin(), said.end(), '\n', ' ');
    std::cout << said << std::endl;
  }
}

// CASE TRACE, or --serve.
template <typename Rule>
int adapter(int argc, char** argv, const Rule& rule) {
  try {
    if (argc == 2 && std::string(argv[1]) == "--serve") {
      serve(rule);
    } else if (argc == 3) {
      answer(rule, argv[1], argv[2]);
    } else {
      throw std::runtime_error("expected CASE TRACE, or --serve");
    }
    return 0;
  } catch (const Unsupported& why) {
    std::fprintf(stderr, "%s\n", why.what());
    return not_supported;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace example
