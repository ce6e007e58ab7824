// Apart from process_group.h, which needs all of c10d's headers.
#pragma once

#include <string>

namespace engine {

/// Tells the others the reason, if there is one, and leaves; nothing if this thread is in no group.
void leaveGroup(const std::string& reason);

}  // namespace engine
