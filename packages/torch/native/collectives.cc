#include "collectives.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include <utility>

#include "group_backends.h"
#include "leave_group.h"
#include "process_group.h"
#include "sync_batch_norm.h"

namespace engine {

namespace {

// A failed collective leaves the group unusable: whatever fails in here ends it.
template <typename F>
auto orFail(const std::string& operation, F&& collective) {
  std::string cause;
  try {
    return collective();
  } catch (const c10::Error& error) {
    cause = error.what_without_backtrace();
  } catch (const std::exception& error) {
    cause = error.what();
  }
  failGroup(operation, cause);
}

c10d::ReduceOp reduceOp(const std::string& name) {
  if (name == "sum") return c10d::ReduceOp::SUM;
  if (name == "max") return c10d::ReduceOp::MAX;
  if (name == "min") return c10d::ReduceOp::MIN;
  if (name == "product") return c10d::ReduceOp::PRODUCT;
  TORCH_CHECK(false, "op: expected sum, max, min or product, received ", name, ". Use one of these");
}

// Before anything is sent: a mistake in a call is not the group's end.
void requireKnownDtype(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kFloat: case at::kDouble: case at::kHalf: case at::kChar: case at::kByte: case at::kInt: case at::kLong: return;
    case at::kBFloat16: if (tensor.is_cuda() && group().nccl) return; break;
    default: break;
  }
  TORCH_CHECK(false, "expected a tensor of float32, float64, float16, int8, uint8, int32 or int64, received ", tensor.dtype(),
              ". Convert it first, with to({ dtype })");
}

// Gloo takes contiguous memory: a dense tensor is contiguous when seen flat.
at::Tensor flat(const at::Tensor& tensor) { return tensor.detach().as_strided({tensor.numel()}, {1}); }

// What was written behind autograd's back must not pass as what it saved.
void bumpVersion(at::Tensor& tensor) { tensor.unsafeGetTensorImpl()->bump_version(); }

c10::intrusive_ptr<c10d::Work> startAllReduce(at::Tensor& tensor, c10d::ReduceOp op) {
  c10d::AllreduceOptions options;
  options.reduceOp = op;
  std::vector<at::Tensor> tensors{flat(tensor)};
  bumpVersion(tensor);
  return group().collectivesFor(tensor).allreduce(tensors, options);
}

void broadcastFrom(at::Tensor& tensor, int64_t root) {
  c10d::BroadcastOptions options;
  options.rootRank = root;
  std::vector<at::Tensor> tensors{flat(tensor)};
  bumpVersion(tensor);
  group().collectivesFor(tensor).broadcast(tensors, options)->wait();
}

// Through a dense copy if the tensor is none, e.g. a column of a matrix.
template <typename F>
void inDenseMemory(at::Tensor& tensor, F&& collective) {
  if (tensor.numel() == 0) return;
  if (tensor.is_non_overlapping_and_dense()) return collective(tensor);
  const at::NoGradGuard noGrad;
  at::Tensor dense = tensor.detach().clone(at::MemoryFormat::Contiguous);
  collective(dense);
  tensor.copy_(dense);
}

int64_t allReduceStart(at::Tensor& tensor, const std::string& op) {
  ProcessGroup& all = ownGroup("all_reduce_start");
  TORCH_CHECK(tensor.is_non_overlapping_and_dense() && tensor.numel() > 0,
              "all_reduce_start: expected a tensor with elements and without gaps in memory, received sizes ", tensor.sizes(),
              ", strides ", tensor.strides(), ". Use contiguous(), or the synchronous all-reduce");
  requireKnownDtype(tensor);
  const auto operation = reduceOp(op);
  auto work = orFail("all-reduce", [&] { return startAllReduce(tensor, operation); });
  all.pending[all.nextWork] = {work, "all-reduce"};
  return all.nextWork++;
}

void waitFor(int64_t number) {
  ProcessGroup& all = ownGroup("wait");
  const auto found = all.pending.find(number);
  TORCH_CHECK(found != all.pending.end(), "wait: expected the number of a started collective, received ", number,
              ". Each is waited for once");
  const Pending pending = found->second;
  all.pending.erase(found);
  orFail(pending.operation, [&] { pending.work->wait(); });
}

void waitForAll(const std::string& operation) {
  orFail(operation, [] { group().gloo->barrier()->wait(); });
}

void join(const Meeting& meeting) {
  joinGroup(meeting);
  // Until all are connected, nobody can tell a rank that fails at once from one that cannot be reached.
  waitForAll("joining");
}

void barrier() {
  ownGroup("barrier");
  waitForAll("barrier");
}

at::Tensor& broadcast(at::Tensor& tensor, int64_t root) {
  const ProcessGroup& all = ownGroup("broadcast_");
  TORCH_CHECK(root >= 0 && root < all.meeting.size, "root: expected a rank of 0 to ", all.meeting.size - 1, ", received ", root,
              ". Use the rank that has the tensor");
  requireKnownDtype(tensor);
  inDenseMemory(tensor, [&](at::Tensor& dense) { orFail("broadcast", [&] { broadcastFrom(dense, root); }); });
  return tensor;
}

}  // namespace

void allReduce(at::Tensor& tensor, const std::string& op) {
  const auto operation = reduceOp(op);
  requireKnownDtype(tensor);
  inDenseMemory(tensor, [&](at::Tensor& dense) {
    orFail("all-reduce", [&] { startAllReduce(dense, operation)->wait(); });
  });
}

at::Tensor allGather(const at::Tensor& tensor) {
  ProcessGroup& all = group();
  requireKnownDtype(tensor);
  const at::Tensor input = tensor.detach().contiguous();
  std::vector<int64_t> sizes = input.sizes().vec();
  sizes.insert(sizes.begin(), all.meeting.size);
  const at::Tensor output = at::empty(sizes, input.options());
  if (input.numel() == 0) return output;
  std::vector<std::vector<at::Tensor>> outputs{output.unbind(0)};
  std::vector<at::Tensor> inputs{input};
  orFail("all-gather", [&] { all.collectivesFor(input).allgather(outputs, inputs)->wait(); });
  return output;
}

void registerCollectives() {
  static const auto library = []() -> std::unique_ptr<torch::Library> {
    // Another copy of this addon is in the process: its operators, and its group, serve both.
    if (c10::Dispatcher::singleton().findSchema({"duchenne::barrier", ""})) return nullptr;
    auto made = std::make_unique<torch::Library>(torch::Library::FRAGMENT, "duchenne", c10::nullopt, __FILE__, __LINE__);
    made->def("init_process_group(str host, int port, bool serve, str prefix, int rank, int size, float timeout, bool ends_with_others) -> ()",
              [](std::string host, int64_t port, bool serve, std::string prefix, int64_t rank, int64_t size, double timeout,
                 bool endsWithOthers) {
                join({std::move(host), port, serve, std::move(prefix), rank, size, timeout, endsWithOthers});
              });
    made->def("destroy_process_group(str reason) -> ()", [](std::string reason) { leaveGroup(reason); });
    made->def("in_process_group() -> bool", [] { return inGroup(); });
    made->def("built_with_nccl() -> bool", [] { return builtWithNccl(); });
    made->def("all_reduce_(Tensor(a!) self, str op) -> Tensor(a!)", [](at::Tensor& tensor, std::string op) -> at::Tensor& {
      ownGroup("all_reduce_");
      allReduce(tensor, op);
      return tensor;
    });
    made->def("all_reduce_start(Tensor(a!) self, str op) -> int",
              [](at::Tensor& tensor, std::string op) { return allReduceStart(tensor, op); });
    made->def("wait(int work) -> ()", waitFor);
    made->def("all_gather(Tensor self) -> Tensor", [](const at::Tensor& tensor) {
      ownGroup("all_gather");
      return allGather(tensor);
    });
    made->def("broadcast_(Tensor(a!) self, int root) -> Tensor(a!)", broadcast);
    made->def("barrier() -> ()", barrier);
    made->def("sync_batch_norm(Tensor self, Tensor weight, Tensor bias, Tensor(a!) running_mean, Tensor(b!) running_var, float momentum, float eps) -> Tensor",
              [](const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, at::Tensor& mean, at::Tensor& var,
                 double momentum, double eps) {
                ownGroup("sync_batch_norm");
                return syncBatchNorm(x, weight, bias, mean, var, momentum, eps);
              });
    return made;
  }();
  static_cast<void>(library);
}

}  // namespace engine
