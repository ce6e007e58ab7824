#include "group_watch.h"

#include <unistd.h>

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include <algorithm>
#include <cstring>

#include "group_backends.h"
#include "group_store.h"

namespace engine {

namespace {

using Milliseconds = std::chrono::milliseconds;

// How long this process has to end by itself, which its collectives make it do: a step may take longer, or save the batch at fault.
constexpr Milliseconds kGraceAfterKill{400};
constexpr Milliseconds kGraceAfterError{5000};
constexpr Milliseconds kSend{300};
constexpr Milliseconds kForever = std::chrono::hours(24 * 3650);
constexpr int64_t kMessageBytes = 512;
constexpr int kTag = 1;
// Places in a link.
constexpr int64_t kWatcher = 0;
constexpr int64_t kWatched = 1;

// Link i connects rank i, which watches, with the next.
c10::intrusive_ptr<Collectives> link(const c10::intrusive_ptr<c10d::Store>& store, int64_t index, int64_t place, const Meeting& meeting,
                                     Milliseconds timeout) {
  Meeting pair = meeting;
  pair.rank = place;
  pair.size = 2;
  return makeGloo(c10::make_intrusive<c10d::PrefixStore>("watch/" + std::to_string(index), store), pair, timeout);
}

// Nothing of this process is waited for, which may hang in a driver.
[[noreturn]] void endProcess(const Meeting& meeting, const std::string& text) {
  const std::string line = std::string(isatty(STDERR_FILENO) ? "\r\033[K" : "") + "error: " + who(meeting) + ": " + text + " (met at " +
                           at(meeting) + "); this process ends, too. " + kStartAgain + "\n";
  const char* rest = line.data();
  for (size_t left = line.size(); left > 0;) {
    const ssize_t written = write(STDERR_FILENO, rest, left);
    if (written <= 0) break;
    rest += written;
    left -= static_cast<size_t>(written);
  }
  _exit(1);
}

}  // namespace

GroupWatch::GroupWatch(const c10::intrusive_ptr<c10d::Store>& store, const Meeting& meeting, const std::vector<std::string>& names,
                       Milliseconds timeout)
    : meeting_(meeting),
      deathOfWatched_(named(names, (meeting.rank + 1) % meeting.size) + " has ended or was killed"),
      message_(at::zeros({kMessageBytes}, at::kByte)) {
  const int64_t before = (meeting.rank + meeting.size - 1) % meeting.size;
  const auto connectToWatched = [&] { toWatched_ = link(store, meeting.rank, kWatcher, meeting, timeout); };
  // Links of even numbers first: if all began with their own, each would wait for the next around the ring.
  if (meeting.rank % 2 == 0) connectToWatched();
  toWatcher_ = link(store, before, kWatched, meeting, timeout);
  if (meeting.rank % 2 == 1) connectToWatched();
  std::vector<at::Tensor> messages{message_};
  awaited_ = toWatched_->recv(messages, static_cast<int>(kWatched), kTag);
  thread_ = std::thread([this] { watch(); });
}

Alarm GroupWatch::standDown(Milliseconds patience) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    stands_ = false;
    stoodDown_.notify_all();
    raised_.wait_for(lock, patience, [&] { return !heard_.text.empty(); });
  }
  if (thread_.joinable()) {
    awaited_->abort();
    thread_.join();
  }
  return heard_;
}

void GroupWatch::tell(const Alarm& alarm) {
  std::call_once(told_, [&] {
    try {
      std::vector<at::Tensor> messages{at::zeros({kMessageBytes}, at::kByte)};
      const std::string text = alarm.text.empty() ? "" : (alarm.killed ? "K" : "E") + alarm.text;
      std::memcpy(messages[0].data_ptr(), text.data(), std::min(text.size(), static_cast<size_t>(kMessageBytes - 1)));
      toWatcher_->send(messages, static_cast<int>(kWatcher), kTag)->wait(kSend);
    } catch (const std::exception&) {
      // The rank that watches has ended before.
    }
  });
}

Alarm GroupWatch::hear() {
  try {
    if (!awaited_->wait(kForever)) return {};
  } catch (const std::exception&) {
    return {true, deathOfWatched_};
  }
  const char* text = static_cast<const char*>(message_.data_ptr());
  return {*text == 'K', *text == '\0' ? "" : text + 1};
}

void GroupWatch::watch() {
  const Alarm alarm = hear();
  if (alarm.text.empty()) return;
  tell(alarm);
  std::unique_lock<std::mutex> lock(mutex_);
  heard_ = alarm;
  raised_.notify_all();
  if (!stoodDown_.wait_for(lock, alarm.killed ? kGraceAfterKill : kGraceAfterError, [&] { return !stands_; }))
    endProcess(meeting_, alarm.text);
}

}  // namespace engine
