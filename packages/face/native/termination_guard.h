// Keeps node-av from crashing the process when the JavaScript thread that it works for is terminated.
#pragma once

namespace face {

// From the moment when a thread is terminated, most functions of Node-API fail in it. node-av 6.1 is compiled without C++ exceptions:
// it tries to throw, which fails too and aborts the process, or goes on with a null pointer. After this call, a function that fails
// for that reason ends the whole call from JavaScript instead, and nothing of node-av runs any further in that thread.
// `path`: of node-av.node; it is loaded here, before its initialiser runs in any thread.
// Returns the number of imports that were redirected: 0 if that was done before, or on systems other than Linux on x86-64 and ARM64.
int guard_termination(const char* path);

}  // namespace face
