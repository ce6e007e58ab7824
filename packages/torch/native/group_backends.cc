#include "group_backends.h"

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include <cstdlib>
#include <sstream>

namespace engine {

namespace {

// As PyTorch's Python chooses: the interfaces that GLOO_SOCKET_IFNAME names, else the one that the host's name resolves to.
c10::intrusive_ptr<c10d::ProcessGroupGloo::Options> glooOptions(std::chrono::milliseconds timeout) {
  auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  const char* chosen = std::getenv("GLOO_SOCKET_IFNAME");
  std::istringstream names(chosen ? chosen : "");
  for (std::string name; std::getline(names, name, ',');)
    if (!name.empty()) options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForInterface(name));
  if (options->devices.empty()) options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
  options->threads = 2 * static_cast<int>(options->devices.size());
  return options;
}

}  // namespace

c10::intrusive_ptr<Collectives> makeGloo(const c10::intrusive_ptr<c10d::Store>& store, const Meeting& meeting,
                                         std::chrono::milliseconds timeout) {
  auto own = c10::make_intrusive<c10d::PrefixStore>("gloo", store);
  return c10::make_intrusive<c10d::ProcessGroupGloo>(own, static_cast<int>(meeting.rank), static_cast<int>(meeting.size),
                                                     glooOptions(timeout));
}

#ifdef USE_C10D_NCCL
c10::intrusive_ptr<Collectives> makeNccl(const c10::intrusive_ptr<c10d::Store>& store, const Meeting& meeting,
                                         std::chrono::milliseconds timeout) {
  if (!at::hasCUDA() || at::detail::getCUDAHooks().getNumGPUs() == 0) return {};
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  auto own = c10::make_intrusive<c10d::PrefixStore>("nccl", store);
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(own, static_cast<int>(meeting.rank), static_cast<int>(meeting.size), options);
}
bool builtWithNccl() { return true; }
#else
c10::intrusive_ptr<Collectives> makeNccl(const c10::intrusive_ptr<c10d::Store>&, const Meeting&, std::chrono::milliseconds) {
  return {};
}
bool builtWithNccl() { return false; }
#endif

}  // namespace engine
