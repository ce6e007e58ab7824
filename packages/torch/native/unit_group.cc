// One translation unit for the parts that need nearly all of libtorch's headers, read once for all of them. Process groups are left out
// if libtorch was built without.
#include "autocast.cc"

#ifdef USE_C10D_GLOO
#include "collectives.cc"
#include "group_backends.cc"
#include "group_store.cc"
#include "group_watch.cc"
#include "process_group.cc"
#include "sync_batch_norm.cc"
#endif
