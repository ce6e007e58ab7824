// The group of processes that train together: joining it, what it is made of, and who is to blame when it fails.
#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/distributed/c10d/Store.hpp>
#include <torch/csrc/distributed/c10d/Types.hpp>
#include <torch/csrc/distributed/c10d/Work.hpp>
#include <torch/version.h>

#if TORCH_VERSION_MAJOR >= 2
#include <torch/csrc/distributed/c10d/Backend.hpp>
#else
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#endif

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

namespace engine {

// libtorch 2 calls what runs the collectives a backend; a process group there is a set of them.
#if TORCH_VERSION_MAJOR >= 2
using Collectives = c10d::Backend;
#else
using Collectives = c10d::ProcessGroup;
#endif

/// Where the processes meet, and as which of them this one comes.
struct Meeting {
  std::string host;
  int64_t port;
  /// Whether this process serves the store; otherwise another one (rank 0, or torchrun's agent) does.
  bool serve;
  /// Of all keys: an agent's store outlives restarts.
  std::string prefix;
  int64_t rank;
  int64_t size;
  double timeoutSeconds;
  /// Whether this process ends soon after another one is killed, whatever it is doing; otherwise its next collective fails.
  bool endsWithOthers;
};

/// What an asynchronous collective reads and writes until it has ended.
struct Pending {
  c10::intrusive_ptr<c10d::Work> work;
  std::string operation;
};

class GroupWatch;

struct ProcessGroup {
  ProcessGroup();
  ~ProcessGroup();
  Meeting meeting;
  std::chrono::milliseconds timeout;
  c10::intrusive_ptr<c10d::Store> store;
  /// Collectives of tensors on the CPU, and of those on CUDA if NCCL was not there at build time.
  c10::intrusive_ptr<Collectives> gloo;
  /// Null if the addon was built without it, or if no GPU is here.
  c10::intrusive_ptr<Collectives> nccl;
  /// `host, process 123` of each rank.
  std::vector<std::string> names;
  /// The group belongs to the thread that joined it: collectives of two threads would mix.
  std::thread::id owner;
  std::map<int64_t, Pending> pending;
  int64_t nextWork = 0;
  /// Null unless the process ends with others.
  std::unique_ptr<GroupWatch> watch;

  Collectives& collectivesFor(const at::Tensor& tensor) { return tensor.is_cuda() && nccl ? *nccl : *gloo; }
};

/// Joins. @throws c10::Error that names this rank, the meeting point, the timeout and the ranks that did not come
void joinGroup(const Meeting& meeting);
/// The group of this process, from inside a collective. @throws c10::Error if there is none
ProcessGroup& group();
/// The same for a call from JavaScript. @throws c10::Error from another thread than the one that joined
ProcessGroup& ownGroup(const char* operation);
bool inGroup();
/// After a collective has failed: leaves, so that the others fail at once, and finds out who began it.
[[noreturn]] void failGroup(const std::string& operation, const std::string& cause);

}  // namespace engine
