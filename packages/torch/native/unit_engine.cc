// One translation unit for the parts that need few of libtorch's headers. They are most of what a unit costs, so these are read once.
#include "cpu_allocator.cc"
#include "cuda_settings.cc"
#include "engine.cc"
#include "operators.cc"
#include "slots.cc"
#include "state.cc"
#include "tape_reader.cc"
