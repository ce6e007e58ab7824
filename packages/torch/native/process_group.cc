#include "process_group.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <sstream>
#include <utility>

#include "group_backends.h"
#include "group_store.h"
#include "group_watch.h"
#include "leave_group.h"

namespace engine {

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

// How long those who noticed a failure wait to hear from each other: a broken connection is noticed by all at once, a timeout
// by each on its own. Without a watch, a rank that is slow on a busy machine must not be taken for a dead one.
constexpr Milliseconds kInquest{250};
constexpr Milliseconds kInquestAfterTimeout{800};
constexpr Milliseconds kInquestWithoutWatch{700};
constexpr Milliseconds kFarewell{100};
// How long a server waits for others to read who never joined: on a busy machine they are slow to ask.
constexpr Milliseconds kVerdict{5000};

std::unique_ptr<ProcessGroup> current;

std::string seconds(double value) {
  std::ostringstream out;
  out << value << " s";
  return out.str();
}

std::string ownName() {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return std::string(host) + ", process " + std::to_string(getpid());
}

std::string joinTexts(const std::vector<std::string>& parts, const char* separator) {
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : separator) + part;
  return all;
}

// Everyone tells rank 0 by a key of its own; rank 0 tells everyone when all are there, or who is not.
void meet(ProcessGroup& made) {
  const Meeting& m = made.meeting;
  c10d::Store& store = *made.store;
  const std::string me = std::to_string(m.rank);
  // Another program that listens there would never answer; from this wait on the store's other calls end after the timeout, too.
  put(store, "hello/" + me, "");
  store.wait({"hello/" + me}, made.timeout);
  const std::string size = std::to_string(m.size);
  const std::string agreed = agree(store, "size", size);
  TORCH_CHECK(agreed == size, who(m), " has WORLD_SIZE ", size, ", the others have ", agreed,
              ". Start all processes with the same WORLD_SIZE");
  TORCH_CHECK(store.add("taken/" + me, 1) == 1, who(m), ": another process has joined at ", at(m), " as rank ", m.rank,
              " already. Give each process a RANK of its own, or each job a MASTER_PORT of its own");
  put(store, "name/" + me, ownName());
  const auto deadline = Clock::now() + made.timeout;
  const auto missing = [&] {
    std::vector<std::string> ranks;
    for (int64_t r = 0; r < m.size; r++)
      if (!store.check({"name/" + std::to_string(r)})) ranks.push_back(std::to_string(r));
    return ranks;
  };
  if (m.rank == 0) {
    std::vector<std::string> keys;
    for (int64_t r = 0; r < m.size; r++) keys.push_back("name/" + std::to_string(r));
    const bool complete = poll([&] { return store.check(keys); }, deadline);
    const auto absent = complete ? std::vector<std::string>{} : missing();
    put(store, "verdict", joinTexts(absent, ", "));
    // Whoever serves the store must not take the verdict along before those who came have read it.
    if (!absent.empty() && m.serve) {
      std::vector<std::string> read;
      for (int64_t r = 1; r < m.size; r++)
        if (store.check({"name/" + std::to_string(r)})) read.push_back("read/" + std::to_string(r));
      if (!read.empty()) poll([&] { return store.check(read); }, Clock::now() + kVerdict);
    }
    refuseAbsent(m, absent);
  } else if (poll([&] { return store.check({"verdict"}); }, deadline + kVerdict)) {
    const std::string absent = take(store, "verdict");
    put(store, "read/" + me, "");
    if (!absent.empty()) refuseAbsent(m, {absent});
  } else {
    refuseAbsent(m, missing());
  }
  for (int64_t r = 0; r < m.size; r++) made.names.push_back(take(store, "name/" + std::to_string(r)));
}

// Rank 0's reason if not even the store that it, or the launcher, serves can be asked.
constexpr const char* kStoreGone = "(no store)";
// The reason of a rank that left as it should, while others still called collectives.
constexpr const char* kLeft = "(left)";

struct Suspect {
  int64_t rank;
  std::string reason;
};

// Tells the others that this rank noticed the failure, and did not cause it.
void noteOwnEnd(ProcessGroup& dead) {
  try {
    put(*dead.store, "ended/" + std::to_string(dead.meeting.rank), "");
  } catch (const std::exception&) {
    // The store went with its server.
  }
}

// Says that this rank reads no more of the store: its server need not wait, and whoever leaves without a note of an end left as it should.
void noteHeard(ProcessGroup& left) { put(*left.store, "heard/" + std::to_string(left.meeting.rank), ""); }

// The server of the store stays until these ranks have read what it holds, or have left for reasons of their own.
void awaitReaders(ProcessGroup& left, const std::vector<int64_t>& readers) {
  std::vector<std::string> heard;
  for (const int64_t rank : readers)
    if (rank != left.meeting.rank) heard.push_back("heard/" + std::to_string(rank));
  if (!heard.empty()) poll([&] { return left.store->check(heard); }, Clock::now() + kVerdict);
}

// Each survivor leaves an empty note, whoever failed by itself its reason, the dead nothing.
std::vector<Suspect> inquire(ProcessGroup& dead, Milliseconds patience) {
  const Meeting& m = dead.meeting;
  c10d::Store& store = *dead.store;
  const auto note = [](int64_t rank) { return "ended/" + std::to_string(rank); };
  const auto heard = [](int64_t rank) { return "heard/" + std::to_string(rank); };
  std::vector<Suspect> suspects;
  try {
    put(store, note(m.rank), "");
    // Also the timeout of the calls below: the server may hang.
    store.wait({note(m.rank)}, patience);
    std::vector<std::string> notes;
    for (int64_t r = 0; r < m.size; r++) notes.push_back(note(r));
    poll([&] { return store.check(notes); }, Clock::now() + patience);
    std::vector<int64_t> survivors;
    for (int64_t r = 0; r < m.size; r++) {
      // In this order: a survivor leaves its note before it reads no more.
      const bool readsNoMore = store.check({heard(r)});
      const bool noted = store.check({note(r)});
      const std::string reason = noted ? take(store, note(r)) : readsNoMore ? kLeft : "";
      if (!noted || !reason.empty()) suspects.push_back({r, reason});
      else survivors.push_back(r);
    }
    noteHeard(dead);
    if (m.serve && !dead.watch) awaitReaders(dead, survivors);
  } catch (const std::exception&) {
    // The store went with its server; torchrun's agent serves it apart from all ranks.
    if (m.serve || m.rank == 0) return suspects;
    return {{0, kStoreGone}};
  }
  return suspects;
}

std::string stoppedBy(const std::vector<std::string>& names, int64_t rank, const std::string& reason) {
  return named(names, rank) + " stopped: " + reason;
}

Alarm accuse(const ProcessGroup& dead, const std::vector<Suspect>& suspects, bool timedOut) {
  if (suspects.empty()) return {true, "the connection broke, and no rank says why"};
  const std::string silent =
      timedOut ? " did not answer within " + seconds(dead.meeting.timeoutSeconds) : " has ended or was killed";
  bool killed = false;
  std::vector<std::string> texts;
  for (const auto& [rank, reason] : suspects) {
    const bool left = reason == kLeft;
    const bool stopped = !reason.empty() && reason != kStoreGone && !left;
    const std::string nor = reason == kStoreGone ? ", nor does the store answer, which it or the launcher serves" : "";
    const std::string what = left ? " has left the group" : silent + nor;
    texts.push_back(stopped ? stoppedBy(dead.names, rank, reason) : named(dead.names, rank) + what);
    killed = killed || !(stopped || left || timedOut);
  }
  return {killed, joinTexts(texts, "; ")};
}

// Why the group failed: what the watch heard, which knows the dead from those who compute; else what the ranks wrote.
Alarm lastAlarm(ProcessGroup& dead, bool timedOut) {
  if (!dead.watch) return accuse(dead, inquire(dead, timedOut ? kInquestAfterTimeout : kInquestWithoutWatch), timedOut);
  noteOwnEnd(dead);
  Alarm alarm = dead.watch->standDown(timedOut ? Milliseconds(0) : kInquest);
  if (alarm.text.empty()) alarm = accuse(dead, inquire(dead, timedOut ? kInquestAfterTimeout : kInquest), timedOut);
  dead.watch->tell(alarm);
  // Others may still ask.
  if (dead.meeting.serve) std::this_thread::sleep_for(kFarewell);
  return alarm;
}

}  // namespace

ProcessGroup::ProcessGroup() = default;
ProcessGroup::~ProcessGroup() = default;

void joinGroup(const Meeting& meeting) {
  TORCH_CHECK(!current, who(meeting), ": this process is in a process group already, as ",
              current ? who(current->meeting) : "", ". Call destroyProcessGroup first");
  auto made = std::make_unique<ProcessGroup>();
  made->meeting = meeting;
  made->timeout = Milliseconds(static_cast<int64_t>(meeting.timeoutSeconds * 1000));
  made->owner = std::this_thread::get_id();
  made->store = openStore(meeting, made->timeout);
  const auto storeFailed = [&](const std::string& text) {
    TORCH_CHECK(false, who(meeting), ": the store at ", at(meeting), " stopped answering while the processes met. If its "
                "server, rank 0 or the launcher, has ended, its message says why; the port may also be another program's: ", text);
  };
  try {
    meet(*made);
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    if (text.rfind("rank ", 0) == 0) throw;
    storeFailed(text);
  } catch (const std::exception& error) {
    storeFailed(error.what());
  }
  try {
    made->gloo = makeGloo(made->store, meeting, made->timeout);
    made->nccl = makeNccl(made->store, meeting, made->timeout);
    if (meeting.endsWithOthers && meeting.size > 1)
      made->watch = std::make_unique<GroupWatch>(made->store, meeting, made->names, made->timeout);
  } catch (const std::exception& error) {
    TORCH_CHECK(false, who(meeting), " could not connect to the others (met at ", at(meeting), ", timeout ",
                seconds(meeting.timeoutSeconds), "). Name the network interface in GLOO_SOCKET_IFNAME if this machine has several: ",
                firstLine(error.what()));
  }
  current = std::move(made);
}

bool inGroup() { return current != nullptr; }

ProcessGroup& group() {
  TORCH_CHECK(current, "this process is in no process group. Call initProcessGroup first");
  return *current;
}

ProcessGroup& ownGroup(const char* operation) {
  ProcessGroup& joined = group();
  TORCH_CHECK(joined.owner == std::this_thread::get_id(), who(joined.meeting), ": ", operation,
              ": the process group belongs to the thread that joined it. Call collectives from that thread alone");
  return joined;
}

void leaveGroup(const std::string& reason) {
  if (!current || current->owner != std::this_thread::get_id()) return;
  const std::unique_ptr<ProcessGroup> left = std::move(current);
  if (left->watch) {
    left->watch->standDown();
    left->watch->tell({false, reason.empty() ? "" : stoppedBy(left->names, left->meeting.rank, reason)});
  }
  try {
    if (!reason.empty()) put(*left->store, "ended/" + std::to_string(left->meeting.rank), reason);
    noteHeard(*left);
  } catch (const std::exception&) {
    // The store has gone before: nobody is left to be told.
  }
  left->pending.clear();
  left->nccl.reset();
  left->gloo.reset();
  // A server that leaves takes the note along.
  if (reason.empty() || !left->meeting.serve) return;
  if (left->watch) return std::this_thread::sleep_for(kInquest + kFarewell);
  std::vector<int64_t> all(left->meeting.size);
  std::iota(all.begin(), all.end(), 0);
  try {
    awaitReaders(*left, all);
  } catch (const std::exception&) {
    // It served; now nobody does.
  }
}

void failGroup(const std::string& operation, const std::string& cause) {
  const std::unique_ptr<ProcessGroup> dead = std::move(current);
  TORCH_CHECK(dead, operation, ": ", cause, ". ", kStartAgain);
  const bool timedOut = cause.find("imed out") != std::string::npos || cause.find("imeout") != std::string::npos;
  // Closes this rank's connections, by which the others notice.
  dead->pending.clear();
  dead->nccl.reset();
  dead->gloo.reset();
  const Alarm alarm = lastAlarm(*dead, timedOut);
  TORCH_CHECK(false, who(dead->meeting), ": ", operation, " failed: ", alarm.text, " (met at ", at(dead->meeting), ", timeout ",
              seconds(dead->meeting.timeoutSeconds), "): ", firstLine(cause), ". ", kStartAgain);
}

}  // namespace engine
