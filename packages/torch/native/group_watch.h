// Notices at once that another process of the group has died, also while this one computes or waits for a GPU, and ends this one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "process_group.h"

namespace engine {

/// Why the processes of a group have to end.
struct Alarm {
  /// Whether a process is gone; otherwise one ends because of an error, and others may still be saving.
  bool killed = false;
  /// `rank 1 (node7, process 4711) has ended or was killed`; empty: the rank that says so leaves as it should
  std::string text;
};

/**
 * Rank r waits in a thread of its own for a message of rank r + 1, which sends it when it leaves. If the connection closes first, as the
 * system closes those of a killed process, rank r + 1 has died: rank r tells rank r - 1, and so on around the ring, and each ends.
 */
class GroupWatch {
 public:
  /// Connects this rank with both neighbours. @throws c10::Error if one does not come
  GroupWatch(const c10::intrusive_ptr<c10d::Store>& store, const Meeting& meeting, const std::vector<std::string>& names,
             std::chrono::milliseconds timeout);
  ~GroupWatch() { standDown(); }
  GroupWatch(const GroupWatch&) = delete;
  GroupWatch& operator=(const GroupWatch&) = delete;
  /**
   * This process leaves by itself: nothing ends it from here on.
   * @param patience how long to wait for an alarm   @returns the alarm; without a text if there was none
   */
  Alarm standDown(std::chrono::milliseconds patience = {});
  /// Tells the rank that watches this one; a later alarm is not sent.
  void tell(const Alarm& alarm);

 private:
  void watch();
  Alarm hear();

  const Meeting meeting_;
  const std::string deathOfWatched_;
  /// Two processes each: the rank that watches, and the one that is watched.
  c10::intrusive_ptr<Collectives> toWatched_;
  c10::intrusive_ptr<Collectives> toWatcher_;
  at::Tensor message_;
  c10::intrusive_ptr<c10d::Work> awaited_;
  std::mutex mutex_;
  std::condition_variable stoodDown_;
  std::condition_variable raised_;
  bool stands_ = true;
  Alarm heard_;
  std::once_flag told_;
  std::thread thread_;
};

}  // namespace engine
