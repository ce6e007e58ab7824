#include "async_job.h"

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace face {
namespace {

struct Job {
  std::function<void()> run;
  std::function<napi_value(napi_env)> finish;
  std::vector<napi_ref> kept;
  napi_async_work work = nullptr;
  napi_deferred deferred = nullptr;
  std::string error;
  bool failed = false;
};

void execute(napi_env, void* data) {
  Job& job = *static_cast<Job*>(data);
  try {
    job.run();
  } catch (const std::exception& error) {
    job.failed = true;
    job.error = error.what();
  } catch (...) {
    job.failed = true;
    job.error = "unknown C++ exception";
  }
}

napi_value make_error(napi_env env, const std::string& message) {
  napi_value text = nullptr;
  napi_value error = nullptr;
  napi_create_string_utf8(env, message.c_str(), message.size(), &text);
  napi_create_error(env, nullptr, text, &error);
  return error;
}

void settle(napi_env env, Job& job, napi_status status) {
  if (status == napi_cancelled) return;  // The environment is going away: nobody is left to hear.
  napi_value value = job.failed ? nullptr : job.finish(env);
  if (value != nullptr) {
    napi_resolve_deferred(env, job.deferred, value);
    return;
  }
  napi_reject_deferred(env, job.deferred, make_error(env, job.failed ? job.error : "out of memory"));
}

void complete(napi_env env, napi_status status, void* data) {
  std::unique_ptr<Job> job(static_cast<Job*>(data));
  settle(env, *job, status);
  for (napi_ref reference : job->kept) napi_delete_reference(env, reference);
  napi_delete_async_work(env, job->work);
}

}  // namespace

void check(napi_env, napi_status status, const char* call) {
  if (status != napi_ok) throw NapiFailure{call};
}

napi_value start_job(napi_env env, JobParts parts) {
  auto job = std::make_unique<Job>();
  job->run = std::move(parts.run);
  job->finish = std::move(parts.finish);
  for (napi_value value : parts.keep) {
    napi_ref reference = nullptr;
    check(env, napi_create_reference(env, value, 1, &reference), "napi_create_reference");
    job->kept.push_back(reference);
  }
  napi_value promise = nullptr;
  napi_value name = nullptr;
  check(env, napi_create_promise(env, &job->deferred, &promise), "napi_create_promise");
  check(env, napi_create_string_utf8(env, "duchenne-face", NAPI_AUTO_LENGTH, &name), "napi_create_string_utf8");
  check(env, napi_create_async_work(env, nullptr, name, execute, complete, job.get(), &job->work),
        "napi_create_async_work");
  check(env, napi_queue_async_work(env, job->work), "napi_queue_async_work");
  job.release();  // `complete` takes it back.
  return promise;
}

}  // namespace face
