#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "data/tensor_fwd.h"
#include "optim/tensor_number.h"
#include "optim/update_pipeline.h"
#include "optim/update_rule.h"

namespace touchstone {

/// Parameters with their grad(), for apply_pipeline.h: on their own device, in their own precision.
class ParameterTensors {
 public:
  explicit ParameterTensors(const std::vector<at::Tensor>& parameters) : parameters_(parameters) {}

  class Element {
   public:
    explicit Element(const at::Tensor& parameter) : parameter_(parameter) {}

    bool is_kernel() const;
    TensorNumber square_sum() const;
    static TensorNumber exact(double value) { return TensorNumber(value); }
    static TensorNumber constant(double value) { return TensorNumber(value); }
    template <typename F>
    void each(const F& f) {
      TensorNumber parameter(parameter_);
      TensorNumber gradient = gradient_number();
      f(parameter, gradient);
      assign(parameter, gradient);
    }

   private:
    TensorNumber gradient_number() const;
    void assign(const TensorNumber& parameter, const TensorNumber& gradient);

    const at::Tensor& parameter_;
  };

  std::size_t size() const { return parameters_.size(); }
  Element operator[](std::size_t i) const;

 private:
  const std::vector<at::Tensor>& parameters_;
};

/// `rule`, with what its configuration's pipeline does to `parameters` and their gradients before each step; `rule`
/// itself if that is nothing. What a configuration cannot ask for is left out.
std::unique_ptr<UpdateRule> with_pipeline(std::unique_ptr<UpdateRule> rule, const std::vector<at::Tensor>& parameters,
                                          const UpdatePipeline& pipeline);

}  // namespace touchstone
