// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Where reports go, and what happens when they cannot get there.
 *
 * At risk: a program that is stopped, killed, or left without its own data by a report that was to help it.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include <kmem/print.h>
#include <linux/slab.h>

#include "ktest.h"
#include "util.h"

/* The program's own write(2) and malloc() stand in front of the C library's. */
static bool short_writes, watch_malloc;
static int writes, mallocs;

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (short_writes && fd == STDERR_FILENO) {
		if (++writes % 2) {
			errno = EINTR;
			return -1;
		}
		len = len > 3 ? 3 : len;
	}
	return syscall(SYS_write, fd, bytes, len);
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
	mallocs += watch_malloc;
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	mallocs += watch_malloc;
	return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	mallocs += watch_malloc;
	return __libc_realloc(old, size);
}

static struct kmem_cache *hard(const char *name)
{
	return kmem_cache_create(name, 64, 0, SLAB_NO_MERGE | SLAB_CONSISTENCY_CHECKS, NULL);
}

/* A report: a banner, a stack, and more. */
static void misuse(struct kmem_cache *cache)
{
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object + 8);
	kmem_cache_free(cache, object);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- a file ------------------------------------------------------------------------------------------------------ */

static char path[100];

/* Names a file of this case's own. */
static void name_file(void)
{
	char cmdline[200];

	snprintf(path, sizeof(path), "/tmp/kmem-sink-%d.log", getpid());
	snprintf(cmdline, sizeof(cmdline), "kmem.log=%s", path);
	setenv("KMEM_CMDLINE", cmdline, 1);
}

static const char *file_text(const char *file)
{
	static char text[1 << 16];
	int fd = open(file, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return text;
}

/* The descriptor that a file is open under, at least `from`. */
static int descriptor_of(const char *file, int from)
{
	struct stat wanted, found;

	stat(file, &wanted);
	for (int fd = from; fd < 1024; fd++)
		if (fstat(fd, &found) == 0 && found.st_ino == wanted.st_ino && found.st_dev == wanted.st_dev)
			return fd;
	return -1;
}

static void to_a_file(struct kunit *test)
{
	FILE *before;
	int fd;

	name_file();
	before = fopen(path, "w");
	fputs("what was there\n", before);
	fclose(before);
	kmem_printk("first\n");
	misuse(hard("file"));
	if (fork() == 0) {
		kmem_printk("from a child\n");
		_exit(0);
	}
	wait(NULL);
	kmem_printk("last\n");
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, strncmp(file_text(path), "what was there\nfirst\n====", 24), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(file_text(path), "BUG file (Not tainted)"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(file_text(path), "not freed\nfrom a child\nlast\n"));
	fd = descriptor_of(path, 3);
	KUNIT_EXPECT_GE(test, fd, 512);
	KUNIT_EXPECT_EQ(test, descriptor_of(path, fd + 1), -1);
	KUNIT_EXPECT_TRUE(test, fcntl(fd, F_GETFD) & FD_CLOEXEC);
	unlink(path);
}

/* A daemon closes what it does not know, and its own files get the numbers. */
static void its_descriptor_is_closed_and_reused(struct kunit *test)
{
	char data[110];
	int fd, other;

	name_file();
	kmem_printk("first\n");
	fd = descriptor_of(path, 3);
	KUNIT_ASSERT_TRUE(test, fd > 0);
	snprintf(data, sizeof(data), "%s.data", path);
	other = open(data, O_RDWR | O_CREAT, 0600);
	dup2(other, fd);
	kmem_printk("second\n");
	KUNIT_EXPECT_EQ(test, strcmp(file_text(data), ""), 0);
	KUNIT_EXPECT_EQ(test, strcmp(file_text(path), "first\nsecond\n"), 0);
	close(descriptor_of(path, 3));
	kmem_printk("third\n");
	KUNIT_EXPECT_EQ(test, strcmp(file_text(path), "first\nsecond\nthird\n"), 0);
	unlink(path);
	unlink(data);
}

static int file_signals;

static void count_file_signal(int number)
{
	(void)number;
	file_signals++;
}

/* A file that may not grow costs messages, not the program. */
static void the_file_may_not_grow(struct kunit *test)
{
	struct rlimit small = { 100, RLIM_INFINITY }, none = { RLIM_INFINITY, RLIM_INFINITY };
	struct kmem_cache *cache;

	name_file();
	signal(SIGXFSZ, count_file_signal);
	setrlimit(RLIMIT_FSIZE, &small);
	cache = hard("small");
	misuse(cache);
	KUNIT_EXPECT_EQ(test, file_signals, 0);
	KUNIT_EXPECT_EQ(test, strlen(file_text(path)), 100);
	setrlimit(RLIMIT_FSIZE, &none);
	kmem_printk("on\n");
	KUNIT_EXPECT_NOT_NULL(test, strstr(file_text(path), " messages lost\non\n"));
	unlink(path);
}

static void the_file_cannot_be_opened(struct kunit *test)
{
	kmem_printk("message\n");
	kmem_printk("another\n");
	KUNIT_EXPECT_EQ(test, strcmp(ktest_said(), "libkmem: cannot open kmem.log=/nonexistent/log: error -2\n"
						   "message\nanother\n"), 0);
}

static void a_handler_comes_before_the_file(struct kunit *test);

/* --- standard error ---------------------------------------------------------------------------------------------- */

/* Makes standard error a pipe that does not block; returns the other end. */
static int pipe_stderr(bool full)
{
	char block[4096] = "";
	int ends[2];

	if (pipe(ends) != 0)
		abort();
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	while (full && write(ends[1], block, sizeof(block)) > 0)
		;
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	return ends[0];
}

static char last_read[4096];

static void *reads_later(void *end)
{
	size_t have = 0;

	usleep(100000);
	for (ssize_t n = 1; n > 0; have += (size_t)n) {
		if (have == sizeof(last_read) || last_read[0] == '\0')
			have = 0;
		n = read(*(int *)end, last_read + have, sizeof(last_read) - have);
	}
	return NULL;
}

static void a_full_pipe_is_waited_for_once(struct kunit *test)
{
	struct kmem_cache *cache;
	static char text[1 << 20];
	int end = pipe_stderr(true);
	ssize_t n;
	double begin;

	cache = hard("full");
	begin = seconds();
	for (int i = 0; i < 20; i++)
		misuse(cache);
	KUNIT_EXPECT_TRUE(test, seconds() - begin > 0.9);
	KUNIT_EXPECT_TRUE(test, seconds() - begin < 20);
	fcntl(end, F_SETFL, O_NONBLOCK);
	while (read(end, text, sizeof(text)) > 0)
		;
	begin = seconds();
	kmem_printk("after\n");
	kmem_printk("and on\n");
	n = read(end, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "libkmem: "));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " messages lost\nafter\nand on\n"));
	KUNIT_EXPECT_GT(test, atoi(strstr(text, "libkmem: ") + 9), 200);
	KUNIT_EXPECT_TRUE(test, seconds() - begin < 0.9);
}

static void a_slow_reader_loses_nothing(struct kunit *test)
{
	int end = pipe_stderr(true);
	pthread_t reader;

	pthread_create(&reader, NULL, reads_later, &end);
	kmem_printk("waits\n");
	usleep(50000);
	kmem_printk("and on\n");
	close(STDERR_FILENO);
	pthread_join(reader, NULL);
	KUNIT_EXPECT_EQ(test, strncmp(last_read, "waits\nand on\n", 13), 0);
}

static void closed(struct kunit *test)
{
	struct kmem_cache *cache = hard("closed");

	close(STDERR_FILENO);
	misuse(cache);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 1);
	dup2(ktest_log_fd, STDERR_FILENO);
	kmem_printk("open again\n");
	KTEST_EXPECT_SAID(test, " messages lost\nopen again\n");
	kmem_cache_destroy(cache);
}

static int pipe_signals;

static void count_signal(int number)
{
	(void)number;
	pipe_signals++;
}

static void nobody_reads(struct kunit *test)
{
	sigset_t set, old;

	signal(SIGPIPE, count_signal);
	close(pipe_stderr(false));
	misuse(hard("pipe"));
	KUNIT_EXPECT_EQ(test, pipe_signals, 0);
	/* The program's own signal, which it has blocked, is not taken from it. */
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGPIPE);
	misuse(hard("pipe"));
	KUNIT_EXPECT_EQ(test, pipe_signals, 0);
	sigpending(&set);
	KUNIT_EXPECT_TRUE(test, sigismember(&set, SIGPIPE));
	sigprocmask(SIG_BLOCK, NULL, &old);
	KUNIT_EXPECT_TRUE(test, sigismember(&old, SIGPIPE));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	KUNIT_EXPECT_EQ(test, pipe_signals, 1);
}

static void interrupted_and_short_writes(struct kunit *test)
{
	struct kmem_cache *cache = hard("short");

	short_writes = true;
	errno = 77;
	misuse(cache);
	KUNIT_EXPECT_EQ(test, errno, 77);
	short_writes = false;
	KTEST_EXPECT_SAID(test, "=============================================================================\n"
				"BUG short (Not tainted): ");
	KTEST_EXPECT_SAID(test, "not freed\n");
	KUNIT_EXPECT_GT(test, writes, 100);
}

/* --- where a report must not go or get stuck --------------------------------------------------------------------- */

static void nothing_comes_from_malloc(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("malloc", 64, 0, SLAB_NO_MERGE | SLAB_STORE_USER, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);
	void *left;

	watch_malloc = true;
	kmem_cache_free(cache, (char *)object + 1);
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, &object);
	kmem_cache_create("", 0, 0, 0, NULL);
	left = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_destroy(cache);
	watch_malloc = false;
	KUNIT_EXPECT_NOT_NULL(test, left);
	KUNIT_EXPECT_EQ(test, mallocs, 0);
	KUNIT_EXPECT_GE(test, kmem_errors(), 4);
}

static struct kmem_cache *other;

static void misusing_constructor(void *object)
{
	memset(object, 1, 64);
	misuse(other);
}

static void in_a_constructor(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("ctor", 2000, 0, SLAB_NO_MERGE, misusing_constructor);

	other = hard("other");
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_GE(test, kmem_cache_errors(other), 2);
	KTEST_EXPECT_SAID(test, "misusing_constructor");
}

static int handled;

static void misusing_handler(void *cache, int level, const char *text, size_t len)
{
	(void)level;
	(void)text;
	(void)len;
	__atomic_add_fetch(&handled, 1, __ATOMIC_RELAXED);
	misuse(cache);
}

/* Each line of a report causes a report, which does not cause more. */
static void in_the_handler(struct kunit *test)
{
	struct kmem_cache *cache = hard("outer");
	int lines;

	other = hard("inner");
	kmem_set_log_handler(misusing_handler, other);
	misuse(cache);
	lines = handled;
	KUNIT_EXPECT_GT(test, lines, 10);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(other), lines);
	KUNIT_EXPECT_EQ(test, ktest_count("BUG inner ("), lines);
	KUNIT_EXPECT_EQ(test, ktest_count("BUG outer ("), 0);
	kmem_set_log_handler(NULL, NULL);
	misuse(cache);
	KTEST_EXPECT_SAID(test, "BUG outer (");
}

/* Reports out of arrays that are emptied, whose handler misuses the same cache. */
static void in_the_handler_of_a_late_report(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("late", 64, 0, SLAB_NO_MERGE, NULL);
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_set_log_handler(misusing_handler, cache);
	kmem_cache_free(cache, object + 8);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_GT(test, handled, 10);
	kmem_set_log_handler(NULL, NULL);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SAID(test, "BUG late (");
}

static void *misuses(void *cache)
{
	for (int i = 0; i < 3; i++)
		misuse(cache);
	return NULL;
}

static void in_many_threads(struct kunit *test)
{
	struct kmem_cache *cache = hard("threads");
	pthread_t threads[4];

	other = hard("inner");
	kmem_set_log_handler(misusing_handler, other);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, misuses, cache);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 4 * 3);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(other), handled);
}

static void count_line(void *data, int level, const char *text, size_t len)
{
	(void)level;
	(void)text;
	(void)len;
	++*(int *)data;
}

static void *last_block;

static void allocates(void *data, int level, const char *text, size_t len)
{
	(void)level;
	(void)text;
	++*(int *)data;
	last_block = kmalloc(len, GFP_KERNEL);
}

/* The library's first message comes in the middle of its first allocation. */
static void in_a_handler_at_first_use(struct kunit *test)
{
	int lines = 0;
	void *block;

	kmem_set_log_handler(allocates, &lines);
	block = kmalloc(10, GFP_KERNEL);
	KUNIT_EXPECT_GT(test, lines, 0);
	KUNIT_EXPECT_NOT_NULL(test, block);
	KUNIT_EXPECT_NOT_NULL(test, last_block);
	kfree(block);
	kfree(last_block);
}

static void a_handler_comes_before_the_file(struct kunit *test)
{
	int lines = 0;

	name_file();
	kmem_set_log_handler(count_line, &lines);
	kmem_printk("heard\n");
	kmem_set_log_handler(NULL, NULL);
	kmem_printk("written\n");
	KUNIT_EXPECT_EQ(test, lines, 1);
	KUNIT_EXPECT_EQ(test, strcmp(file_text(path), "written\n"), 0);
	KTEST_EXPECT_SILENT(test);
	unlink(path);
}

KTEST_MAIN(
	KTEST(to_a_file),
	KTEST(its_descriptor_is_closed_and_reused),
	KTEST(the_file_may_not_grow),
	KTEST(the_file_cannot_be_opened, .cmdline = "kmem.log=/nonexistent/log"),
	KTEST(a_handler_comes_before_the_file),
	KTEST(in_a_handler_at_first_use, .cmdline = "nonsense", .seconds = 10),
	KTEST(a_full_pipe_is_waited_for_once),
	KTEST(a_slow_reader_loses_nothing),
	KTEST(closed),
	KTEST(nobody_reads),
	KTEST(interrupted_and_short_writes),
	KTEST(nothing_comes_from_malloc),
	KTEST(in_a_constructor),
	KTEST(in_the_handler),
	KTEST(in_the_handler_of_a_late_report),
	KTEST(in_many_threads))
