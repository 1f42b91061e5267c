/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Failures on request: of the calls that the library makes to the system and the C library, and, in debug builds, of its
 * own allocations. The program's functions here stand in front of the C library's, which are called if all is to go well.
 */
#ifndef REFUSE_H
#define REFUSE_H

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktest.h"

/* What may fail. */
enum refuse_kind { REFUSE_CALLS, REFUSE_MEMORY };

static struct {
	enum refuse_kind kind;
	int at;	 /* the first that fails; 0: none */
	bool on; /* and all after it */
	int seen;
} refuse;

static inline bool refuse_now(enum refuse_kind kind, int error)
{
	int n;

	if (kind != refuse.kind)
		return false;
	n = __atomic_add_fetch(&refuse.seen, 1, __ATOMIC_RELAXED);
	if (refuse.at == 0 || n < refuse.at || (n > refuse.at && !refuse.on))
		return false;
	errno = error;
	return true;
}

/* Has the call number `at` fail, counted from now, and all after it if `on`. */
static inline void refuse_begin(enum refuse_kind kind, int at, bool on)
{
	refuse.kind = kind;
	refuse.seen = 0;
	refuse.on = on;
	refuse.at = at;
}

/* Ends that; returns whether it came to a failure. */
static inline bool refuse_end(void)
{
	bool came = refuse.seen >= refuse.at;

	refuse.at = 0;
	return came;
}

/* Asked by debug builds of the library before each allocation of pages or of memory of its own. */
bool kmem_test_refuses(void);
bool kmem_test_refuses(void)
{
	return refuse_now(REFUSE_MEMORY, ENOMEM);
}

/* Told by them how much they took, and gave back. */
static long refuse_taken, refuse_counts;
void kmem_test_counts(long bytes);
void kmem_test_counts(long bytes)
{
	__atomic_add_fetch(&refuse_taken, bytes, __ATOMIC_RELAXED);
	__atomic_add_fetch(&refuse_counts, 1, __ATOMIC_RELAXED);
}

#define REFUSE_REAL(function)                                       \
	({                                                          \
		static __typeof__(&function) real;                  \
		if (!real)                                          \
			*(void **)&real = dlsym(RTLD_NEXT, #function); \
		real;                                               \
	})

/* A function that fails with -1 and errno. */
#define REFUSE_INT(type, function, error, parameters, ...)                              \
	type function parameters                                                        \
	{                                                                               \
		return refuse_now(REFUSE_CALLS, error) ? -1 : REFUSE_REAL(function)(__VA_ARGS__); \
	}

/* A function of threads, which returns the error. */
#define REFUSE_THREAD(function, error, parameters, ...)                                        \
	int function parameters                                                                \
	{                                                                                      \
		return refuse_now(REFUSE_CALLS, error) ? error : REFUSE_REAL(function)(__VA_ARGS__); \
	}

void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	if (refuse_now(REFUSE_CALLS, ENOMEM))
		return MAP_FAILED;
	return REFUSE_REAL(mmap)(at, len, prot, flags, fd, offset);
}

long syscall(long number, ...)
{
	va_list ap;
	long a[6];

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (refuse_now(REFUSE_CALLS, ENOSYS))
		return -1;
	return REFUSE_REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return refuse_now(REFUSE_CALLS, EMFILE) ? -1 : REFUSE_REAL(open)(path, flags, mode);
}

REFUSE_INT(int, munmap, ENOMEM, (void *at, size_t len), at, len)
REFUSE_INT(int, mprotect, ENOMEM, (void *at, size_t len, int prot), at, len, prot)
REFUSE_INT(int, madvise, EINVAL, (void *at, size_t len, int advice), at, len, advice)
REFUSE_INT(int, getrlimit, EPERM, (__rlimit_resource_t what, struct rlimit *limit), what, limit)
REFUSE_INT(long, sysconf, EINVAL, (int name), name)
REFUSE_INT(ssize_t, pread, EIO, (int fd, void *buf, size_t n, off_t at), fd, buf, n, at)
REFUSE_INT(ssize_t, write, EIO, (int fd, const void *buf, size_t n), fd, buf, n)
REFUSE_INT(ssize_t, readlink, EACCES, (const char *path, char *buf, size_t n), path, buf, n)
REFUSE_INT(int, fstat, EIO, (int fd, struct stat *answer), fd, answer)
REFUSE_INT(int, poll, ENOMEM, (struct pollfd *fds, nfds_t n, int ms), fds, n, ms)
REFUSE_THREAD(pthread_key_create, EAGAIN, (pthread_key_t *key, void (*end)(void *)), key, end)
REFUSE_THREAD(pthread_setspecific, ENOMEM, (pthread_key_t key, const void *value), key, value)
REFUSE_THREAD(pthread_create, EAGAIN,
	      (pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg), thread, attr, run, arg)

#endif /* REFUSE_H */
