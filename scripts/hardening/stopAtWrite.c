// Ends a process at its n-th change of files below a folder, as a crash would. Preloaded: LD_PRELOAD=stopAtWrite.so
//   HARDENING_UNDER   folder whose files count, an absolute path
//   HARDENING_STOP_AT number of the change before which the process is killed; 0: never
//   HARDENING_COUNT   file for the number of changes, written when the process ends by itself
//   HARDENING_DROP    1: what was written and not yet synced is lost, as in a power cut
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

// What a write replaced, until the file is synced.
struct Undo {
  struct Undo* before;
  dev_t device;
  ino_t inode;
  int descriptor;  // our own
  off_t offset, old_size;
  size_t length;
  char bytes[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct Undo* undos;
static long changes;
static const char* under;
static long stop_at;
static int drop;

static ssize_t (*real_write)(int, const void*, size_t);
static ssize_t (*real_pwrite)(int, const void*, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char*, const char*);
static int (*real_ftruncate)(int, off_t);
static ssize_t (*real_writev)(int, const struct iovec*, int);
static ssize_t (*real_pwritev)(int, const struct iovec*, int, off_t);

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_rename = dlsym(RTLD_NEXT, "rename");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_pwritev = dlsym(RTLD_NEXT, "pwritev");
  under = getenv("HARDENING_UNDER");
  const char* stop = getenv("HARDENING_STOP_AT");
  stop_at = stop ? atol(stop) : 0;
  drop = getenv("HARDENING_DROP") != NULL;
}

__attribute__((destructor)) static void end(void) {
  const char* name = getenv("HARDENING_COUNT");
  FILE* file = name && changes > 0 ? fopen(name, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", changes);
  fclose(file);
}

static int is_under(const char* path) { return under && strncmp(path, under, strlen(under)) == 0; }

static int counts(int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_under(path);
}

static void lose_unsynced(void) {
  for (struct Undo* one = undos; one; one = one->before) {
    real_pwrite(one->descriptor, one->bytes, one->length, one->offset);
    real_ftruncate(one->descriptor, one->old_size);
  }
}

// Call with the lock held.
static void change(void) {
  if (++changes != stop_at) return;
  if (drop) lose_unsynced();
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

// What a write at `offset` is about to replace; its file may be open for writing only.
static void remember(int descriptor, off_t offset, size_t length) {
  if (!drop || (fcntl(descriptor, F_GETFL) & (O_DSYNC | O_SYNC))) return;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const int own = open(link, O_RDWR | O_CLOEXEC);
  struct stat about;
  if (own < 0 || fstat(own, &about) != 0) return;
  const size_t old = offset >= about.st_size ? 0 : about.st_size - offset < (off_t)length ? about.st_size - offset : length;
  struct Undo* undo = malloc(sizeof *undo + old);
  *undo = (struct Undo){undos, about.st_dev, about.st_ino, own, offset, about.st_size, old};
  if (pread(own, undo->bytes, old, offset) == (ssize_t)old) undos = undo;
}

static void synced(int descriptor) {
  struct stat about;
  if (fstat(descriptor, &about) != 0) return;
  for (struct Undo** place = &undos; *place;) {
    struct Undo* one = *place;
    if (one->device != about.st_dev || one->inode != about.st_ino) {
      place = &one->before;
      continue;
    }
    *place = one->before;
    close(one->descriptor);
    free(one);
  }
}

static off_t position(int descriptor) {
  struct stat about;
  if ((fcntl(descriptor, F_GETFL) & O_APPEND) && fstat(descriptor, &about) == 0) return about.st_size;
  const off_t at = lseek(descriptor, 0, SEEK_CUR);
  return at < 0 ? 0 : at;
}

static size_t total(const struct iovec* parts, int count) {
  size_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
  return bytes;
}

#define CHANGE(descriptor, before, call, after)        \
  if (!counts(descriptor)) return call;                \
  pthread_mutex_lock(&lock);                           \
  change();                                            \
  before;                                              \
  const __typeof__(call) result = call;                \
  after;                                               \
  pthread_mutex_unlock(&lock);                         \
  return result

ssize_t write(int fd, const void* data, size_t n) {
  CHANGE(fd, remember(fd, position(fd), n), real_write(fd, data, n), );
}
ssize_t pwrite(int fd, const void* data, size_t n, off_t at) {
  CHANGE(fd, remember(fd, at, n), real_pwrite(fd, data, n, at), );
}
ssize_t pwrite64(int fd, const void* data, size_t n, off_t at) { return pwrite(fd, data, n, at); }
ssize_t writev(int fd, const struct iovec* parts, int n) {
  CHANGE(fd, remember(fd, position(fd), total(parts, n)), real_writev(fd, parts, n), );
}
ssize_t pwritev(int fd, const struct iovec* parts, int n, off_t at) {
  CHANGE(fd, remember(fd, at, total(parts, n)), real_pwritev(fd, parts, n, at), );
}
ssize_t pwritev64(int fd, const struct iovec* parts, int n, off_t at) { return pwritev(fd, parts, n, at); }
int ftruncate(int fd, off_t size) {
  CHANGE(fd, , real_ftruncate(fd, size), );
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }
int fsync(int fd) {
  CHANGE(fd, , real_fsync(fd), synced(fd));
}
int fdatasync(int fd) {
  CHANGE(fd, , real_fdatasync(fd), synced(fd));
}
int rename(const char* from, const char* to) {
  char path[PATH_MAX];
  if (to[0] == '/' || !getcwd(path, sizeof path)) snprintf(path, sizeof path, "%s", to);
  else strncat(path, "/x", sizeof path - strlen(path) - 1);
  if (!is_under(path)) return real_rename(from, to);
  pthread_mutex_lock(&lock);
  change();
  const int result = real_rename(from, to);
  pthread_mutex_unlock(&lock);
  return result;
}
