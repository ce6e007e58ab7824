// Work for the thread pool that settles a JavaScript promise.
#pragma once

#include <node_api.h>

#include <functional>
#include <vector>

namespace face {

// `run` is called on a pool thread and may throw; `finish` on the JavaScript thread, to make the promise's value.
// `keep` are the values whose memory `run` reads: they are not collected before it ends.
struct JobParts {
  std::function<void()> run;
  std::function<napi_value(napi_env)> finish;
  std::vector<napi_value> keep;
};

// Returns the promise. It rejects with an Error that carries what `run` threw.
napi_value start_job(napi_env env, JobParts parts);

// Thrown for a failed N-API call; the pending JavaScript exception, if any, stays pending.
struct NapiFailure {
  const char* call;
};

void check(napi_env env, napi_status status, const char* call);

}  // namespace face
