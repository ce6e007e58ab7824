// What carries the collectives: Gloo between processors, NCCL between GPUs.
#pragma once

#include "process_group.h"

namespace engine {

c10::intrusive_ptr<Collectives> makeGloo(const c10::intrusive_ptr<c10d::Store>& store, const Meeting& meeting,
                                         std::chrono::milliseconds timeout);
/// Null if the addon was built without NCCL's headers, or this machine has no GPU.
c10::intrusive_ptr<Collectives> makeNccl(const c10::intrusive_ptr<c10d::Store>& store, const Meeting& meeting,
                                         std::chrono::milliseconds timeout);
bool builtWithNccl();

}  // namespace engine
