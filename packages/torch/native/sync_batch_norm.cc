#include "sync_batch_norm.h"

#include <torch/csrc/autograd/custom_function.h>

#include "collectives.h"

namespace engine {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Statistics {
  at::Tensor mean;      // [channels]
  at::Tensor variance;  // [channels], biased
  at::Tensor count;     // scalar, float64; a tensor, so that a GPU need not be waited for
};

// Per process only sums over its own rows are known; they are put together in double precision.
Statistics statisticsOfAll(const at::Tensor& x) {
  const auto [ownMean, ownVariance] = at::batch_norm_update_stats(x, {}, {}, 0);
  const auto rows = static_cast<double>(x.numel() / x.size(1));
  const at::Tensor own = at::stack({ownMean.to(at::kDouble), ownVariance.to(at::kDouble), at::full_like(ownMean, rows, at::kDouble)});
  const at::Tensor all = allGather(own);  // [processes, 3, channels]
  const at::Tensor means = all.select(1, 0), variances = all.select(1, 1), counts = all.select(1, 2);
  const at::Tensor total = counts.sum(0);
  const at::Tensor mean = (counts * means).sum(0) / total;
  const at::Tensor variance = (counts * (variances + (means - mean).square())).sum(0) / total;
  return {mean.to(ownMean.scalar_type()), variance.to(ownMean.scalar_type()), total[0]};
}

// The kernels are those of evaluation, given the statistics of the whole batch. What their backward pass leaves out is how
// the statistics depend on the input: dx = γ/σ (dy − mean(dy) − x̂ · mean(dy · x̂)), of which they give γ/σ · dy.
struct SyncBatchNorm : torch::autograd::Function<SyncBatchNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const at::Tensor& mean, const at::Tensor& variance, const at::Tensor& count, double eps) {
    context->save_for_backward({x, weight, mean, variance, count});
    context->saved_data["eps"] = eps;
    return std::get<0>(at::native_batch_norm(x, weight, bias, mean, variance, false, 0, eps));
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &mean = saved[2], &variance = saved[3], &count = saved[4];
    const double eps = context->saved_data["eps"].toDouble();
    const at::Tensor none = at::empty({0}, mean.options());
    auto [dx, dweight, dbias] =
        at::native_batch_norm_backward(gradients[0], x, weight, mean, variance, none, none, false, eps, {true, true, true});
    at::Tensor sums = at::stack({dweight, dbias}).to(at::kDouble);  // Σ dy · x̂ and Σ dy of this process's rows
    allReduce(sums, "sum");
    const at::Tensor inverse = (variance.to(at::kDouble) + eps).rsqrt();
    const at::Tensor scale = weight.to(at::kDouble) * inverse / count;
    const at::Tensor slope = scale * sums[0] * inverse;
    const at::Tensor offset = scale * sums[1] - slope * mean.to(at::kDouble);
    std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
    shape[1] = x.size(1);
    const auto wide = [&](const at::Tensor& channels) { return channels.to(mean.scalar_type()).view(shape); };
    dx.sub_(x * wide(slope) + wide(offset));
    return {dx, dweight, dbias, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor syncBatchNorm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, at::Tensor& runningMean,
                         at::Tensor& runningVar, double momentum, double eps) {
  Statistics whole;
  {
    const at::NoGradGuard noGrad;
    whole = statisticsOfAll(x.detach());
    const at::Tensor unbiased = whole.variance.to(at::kDouble) * (whole.count / (whole.count - 1));
    runningMean.mul_(1 - momentum).add_(whole.mean, momentum);
    runningVar.mul_(1 - momentum).add_(unbiased.to(runningVar.scalar_type()), momentum);
  }
  return SyncBatchNorm::apply(x, weight, bias, whole.mean, whole.variance, whole.count, eps);
}

}  // namespace engine
