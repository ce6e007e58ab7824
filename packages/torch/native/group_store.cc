#include "group_store.h"

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <future>
#include <memory>

namespace engine {

namespace {

// libtorch 2.4 serves the store with libuv unless told otherwise, and refuses where it was built without, as Debian's is. The other server
// is in all versions and speaks the same to clients.
template <typename Options>
auto serveWithoutLibuv(Options& options, int) -> decltype(static_cast<void>(options.useLibUV)) {
  options.useLibUV = false;
}
template <typename Options>
void serveWithoutLibuv(Options&, long) {}  // a version that does not know the choice

using Store = c10::intrusive_ptr<c10d::Store>;

// Since libtorch 2 a client greets the server and waits without end for an answer, which another program on that port never gives.
Store connect(const std::string& host, const c10d::TCPStoreOptions& options) {
  const auto made = std::make_shared<std::promise<Store>>();
  std::future<Store> store = made->get_future();
  std::thread([made, host, options] {
    try {
      made->set_value(c10::make_intrusive<c10d::TCPStore>(host, options));
    } catch (...) {
      made->set_exception(std::current_exception());
    }
  }).detach();
  // Half a second more, since the connection is given up after the timeout, too.
  TORCH_CHECK(store.wait_for(options.timeout + std::chrono::milliseconds(500)) == std::future_status::ready,
              "what listens there does not answer");
  return store.get();
}

}  // namespace

std::string who(const Meeting& meeting) {
  return "rank " + std::to_string(meeting.rank) + " of " + std::to_string(meeting.size);
}

std::string at(const Meeting& meeting) { return meeting.host + ":" + std::to_string(meeting.port); }

std::string named(const std::vector<std::string>& names, int64_t rank) {
  return "rank " + std::to_string(rank) + " (" + names.at(static_cast<size_t>(rank)) + ")";
}

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

c10::intrusive_ptr<c10d::Store> openStore(const Meeting& meeting, std::chrono::milliseconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(meeting.port);
  options.isServer = meeting.serve;
  options.numWorkers = static_cast<size_t>(meeting.size);
  options.waitWorkers = false;
  options.timeout = timeout;
  serveWithoutLibuv(options, 0);
  try {
    const Store store = meeting.serve ? Store(c10::make_intrusive<c10d::TCPStore>(meeting.host, options)) : connect(meeting.host, options);
    return c10::make_intrusive<c10d::PrefixStore>(meeting.prefix, store);
  } catch (const std::exception& error) {
    const std::string text = firstLine(error.what());
    if (meeting.serve && text.find("EADDRINUSE") == std::string::npos && text.find("errno: 98") == std::string::npos &&
        text.find("in use") == std::string::npos)
      TORCH_CHECK(false, who(meeting), " could not serve the store at ", at(meeting),
                  ". Set MASTER_ADDR to an address of this machine, and MASTER_PORT to a free port: ", text);
    TORCH_CHECK(!meeting.serve, who(meeting), " could not serve the store at ", at(meeting), ": port ", meeting.port,
                " is in use by another program. Choose a free MASTER_PORT for all ranks: ", text);
    TORCH_CHECK(false, who(meeting), " could not reach the store at ", at(meeting), " within ", meeting.timeoutSeconds,
                " s. Rank 0, or the launcher, serves it there: check that it runs, MASTER_ADDR and MASTER_PORT; the port may also be "
                "another program's: ", text);
  }
}

void put(c10d::Store& store, const std::string& key, const std::string& value) {
  // Not every version stores an empty value: a leading mark makes none empty.
  const std::string marked = "=" + value;
  store.set(key, std::vector<uint8_t>(marked.begin(), marked.end()));
}

std::string take(c10d::Store& store, const std::string& key) {
  const std::vector<uint8_t> bytes = store.get(key);
  return bytes.empty() ? std::string() : std::string(bytes.begin() + 1, bytes.end());
}

std::string agree(c10d::Store& store, const std::string& key, const std::string& proposal) {
  if (store.add(key + "/proposals", 1) == 1) put(store, key, proposal);
  // An absent key is waited for: its proposer is about to write it.
  return take(store, key);
}

void refuseAbsent(const Meeting& meeting, const std::vector<std::string>& ranks) {
  if (ranks.empty()) return;
  std::string list;
  for (const auto& rank : ranks) list += (list.empty() ? "" : ", ") + rank;
  const bool several = list.find(',') != std::string::npos;
  TORCH_CHECK(false, who(meeting), ": rank", several ? "s " : " ", list, " never joined at ", at(meeting), " within ",
              meeting.timeoutSeconds, " s. Check that ", several ? "they were" : "it was",
              " started with this MASTER_ADDR and MASTER_PORT, and what ", several ? "they" : "it", " printed");
}

}  // namespace engine
