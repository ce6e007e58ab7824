// The store through which processes meet: c10d's TCPStore, with errors that say who waited where for whom.
#pragma once

#include <torch/csrc/distributed/c10d/Store.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "process_group.h"

namespace engine {

/// What to do once a group has failed.
constexpr const char* kStartAgain = "Start all processes again, from the last checkpoint";

/// `rank 1 of 4`
std::string who(const Meeting& meeting);
/// `127.0.0.1:29500`
std::string at(const Meeting& meeting);
/// `rank 1 (node7, process 4711)` @param names of all ranks
std::string named(const std::vector<std::string>& names, int64_t rank);
std::string firstLine(const std::string& text);

/// @throws c10::Error if the port is in use, or nobody serves there within the timeout
c10::intrusive_ptr<c10d::Store> openStore(const Meeting& meeting, std::chrono::milliseconds timeout);
void put(c10d::Store& store, const std::string& key, const std::string& value);
std::string take(c10d::Store& store, const std::string& key);
/// The first value that any process proposed under a key.
std::string agree(c10d::Store& store, const std::string& key, const std::string& proposal);
/// @throws c10::Error naming the ranks, if there are any
void refuseAbsent(const Meeting& meeting, const std::vector<std::string>& ranks);

/// Asks again and again, less and less often. @returns whether it came true before the deadline
template <typename F>
bool poll(F&& isTrue, std::chrono::steady_clock::time_point deadline) {
  auto pause = std::chrono::milliseconds(2);
  while (!isTrue()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(100));
  }
  return true;
}

}  // namespace engine
