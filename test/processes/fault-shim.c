/*
 * Preloaded into a process (LD_PRELOAD): numbers its calls that open, write, sync, rename, link, remove or cut files below FAULT_FOLDER,
 * writes the name of each to FAULT_LOG, and at the call FAULT_AT does what FAULT_MODE says:
 *   kill    the process dies before the call takes effect
 *   EIO     the call fails, as on a failing disk
 *   ENOSPC  the call fails, as on a full disk
 *   short   half of a write is written, and every later write finds the disk full
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum verdict { GO_ON, FAIL, HALF };

static const char *folder, *mode;
static long at = -1, calls = 0;
static int log_fd = -1, full = 0;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("FAULT_LOG"), *index = getenv("FAULT_AT");
  folder = getenv("FAULT_FOLDER");
  mode = getenv("FAULT_MODE");
  if (index != NULL) at = atol(index);
  if (log != NULL) log_fd = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

static int is_below(const char *path) {
  return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_file_below(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

static enum verdict meet(const char *name, int writes) {
  enum verdict verdict = GO_ON;
  pthread_mutex_lock(&lock);
  if (log_fd >= 0) {
    char line[32];
    int length = snprintf(line, sizeof line, "%s\n", name);
    if (REAL(write)(log_fd, line, length) != length) abort();
  }
  if (full && writes) {
    errno = ENOSPC;
    verdict = FAIL;
  } else if (calls == at && mode != NULL) {
    if (strcmp(mode, "kill") == 0) kill(getpid(), SIGKILL);
    else if (strcmp(mode, "short") == 0 && writes) {
      full = 1;
      verdict = HALF;
    } else if (strcmp(mode, "short") != 0) {
      errno = strcmp(mode, "EIO") == 0 ? EIO : ENOSPC;
      verdict = FAIL;
    }
  }
  calls++;
  pthread_mutex_unlock(&lock);
  return verdict;
}

#define OPEN(name)                                                        \
  int name(const char *path, int flags, ...) {                            \
    mode_t permissions = 0;                                               \
    if (flags & (O_CREAT | O_TMPFILE)) {                                  \
      va_list rest;                                                       \
      va_start(rest, flags);                                              \
      permissions = va_arg(rest, mode_t);                                 \
      va_end(rest);                                                       \
    }                                                                     \
    if (is_below(path) && meet("open", 0) != GO_ON) return -1;            \
    return REAL(name)(path, flags, permissions);                          \
  }
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *bytes, size_t length) {
  enum verdict verdict = is_file_below(fd) ? meet("write", 1) : GO_ON;
  return verdict == FAIL ? -1 : REAL(write)(fd, bytes, verdict == HALF ? length / 2 : length);
}

#define PWRITE(name, offset_type)                                                                    \
  ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) {                       \
    enum verdict verdict = is_file_below(fd) ? meet("pwrite", 1) : GO_ON;                            \
    return verdict == FAIL ? -1 : REAL(name)(fd, bytes, verdict == HALF ? length / 2 : length, offset); \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_FILE(name, ...) (is_file_below(fd) && meet(#name, 0) != GO_ON ? -1 : REAL(name)(__VA_ARGS__))
#define ON_PATH(name, path, ...) (is_below(path) && meet(#name, 0) != GO_ON ? -1 : REAL(name)(__VA_ARGS__))

int fsync(int fd) { return ON_FILE(fsync, fd); }
int fdatasync(int fd) { return ON_FILE(fdatasync, fd); }
int ftruncate(int fd, off_t size) { return ON_FILE(ftruncate, fd, size); }
int ftruncate64(int fd, off64_t size) { return ON_FILE(ftruncate64, fd, size); }
int rename(const char *from, const char *to) { return ON_PATH(rename, to, from, to); }
int link(const char *from, const char *to) { return ON_PATH(link, to, from, to); }
int unlink(const char *path) { return ON_PATH(unlink, path, path); }
int mkdir(const char *path, mode_t permissions) { return ON_PATH(mkdir, path, path, permissions); }
