// Errors that another addon throws into a thread that is being terminated.
#pragma once

namespace face {

// node-addon-api, with which node-av is built, aborts the process ("FATAL ERROR: Error::ThrowAsJavaScriptException napi_throw") if an
// error cannot be thrown because its thread is being terminated. Such an error reaches nobody, and no program is at fault. This
// lets it be dropped, as node-addon-api does when it is compiled with NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS.
// `file_name` is the end of the addon's path. Returns how many calls were redirected: 0 if the addon is not loaded, or on a
// system other than Linux on x86-64 or ARM64.
int drop_unthrowable_errors(const char* file_name);

}  // namespace face
