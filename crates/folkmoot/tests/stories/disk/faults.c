/* Has the disk, or the clock, of one process fail as the files in the folder $FAULTS say: `fsync`, `full`, `short`, and `clock` with the
 * seconds by which it is wrong. Loaded before the C library (LD_PRELOAD), so that what is tested is the program as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int faults(const char *name) {
    char path[4096];
    const char *folder = getenv("FAULTS");
    int before = errno;
    if (!folder || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return -1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    errno = before;
    return file;
}

static int is_on(const char *name) {
    int file = faults(name);
    if (file < 0) return 0;
    close(file);
    return 1;
}

/* Sockets and what the server says go on. */
static int is_file(int fd) {
    struct stat found;
    return fd > 2 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
}

/* How much of a write is done: all, half of it, or nothing. */
static ssize_t room(int fd, size_t length) {
    static __thread int half;
    if (!is_file(fd)) return (ssize_t)length;
    if (is_on("full")) return -1;
    if (!is_on("short")) return (ssize_t)length;
    half = !half;
    return half && length > 1 ? (ssize_t)(length / 2) : -1;
}

#define NEXT(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))
#define FULL (errno = ENOSPC, -1)

int fsync(int fd) { return is_on("fsync") ? (errno = EIO, -1) : NEXT(fsync)(fd); }
int fdatasync(int fd) { return is_on("fsync") ? (errno = EIO, -1) : NEXT(fdatasync)(fd); }

ssize_t write(int fd, const void *bytes, size_t length) {
    ssize_t done = room(fd, length);
    return done < 0 ? FULL : NEXT(write)(fd, bytes, (size_t)done);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    ssize_t done = room(fd, length);
    return done < 0 ? FULL : NEXT(pwrite)(fd, bytes, (size_t)done, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    ssize_t done = room(fd, length);
    return done < 0 ? FULL : NEXT(pwrite64)(fd, bytes, (size_t)done, at);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int outcome = NEXT(clock_gettime)(clock, now);
    int file = clock == CLOCK_REALTIME ? faults("clock") : -1;
    if (file >= 0) {
        char text[32] = "";
        if (read(file, text, sizeof text - 1) > 0) now->tv_sec += atol(text);
        close(file);
    }
    return outcome;
}
