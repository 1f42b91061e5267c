/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * ktest.h - a small test harness: KUnit's spellings, TAP output, a process per case
 *
 * Each case runs in a child process of its own, so that it starts with a library that nothing has touched, may
 * end in a signal on purpose, and cannot harm the next one. What it prints to standard error is collected, for
 * the case to look at (ktest_said()) and for the log if it fails.
 *
 *	static void adds_up(struct kunit *test) { KUNIT_EXPECT_EQ(test, 1 + 1, 2); }
 *	KTEST_MAIN({ .name = "adds_up", .run = adds_up })
 */
#ifndef KTEST_H
#define KTEST_H

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct kunit {
	const char *name;
	int failures;
};

struct ktest_case {
	const char *name;
	void (*run)(struct kunit *test);
	const char *cmdline; /* KMEM_CMDLINE for the case; KTEST_CMDLINE in the environment is for the others */
	int signal;	     /* the signal it is to end with */
	int status;	     /* the exit status it is to end with, if it exits by itself */
	const char *says;    /* text that standard error must hold at the end */
	int seconds;	     /* time limit, default 60 */
};

/* Failures found by a case leave with this status; a case that passes leaves with KTEST_PASS. */
#define KTEST_PASS 0
#define KTEST_FAIL 99
#define KTEST_SKIP 98

static int ktest_log_fd = -1;  /* what the case prints to standard error */
static int ktest_diag_fd = -1; /* what its expectations have to say */

/* All that the case has printed to standard error so far. */
static inline const char *ktest_said(void)
{
	static char text[1 << 20];
	ssize_t n;

	fflush(stderr);
	n = pread(ktest_log_fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* How often a text occurs in what the case has printed. */
static inline int ktest_count(const char *needle)
{
	const char *at = ktest_said();
	int n = 0;

	while ((at = strstr(at, needle))) {
		n++;
		at += strlen(needle);
	}
	return n;
}

/* Forget what was printed. */
static inline void ktest_hush(void)
{
	fflush(stderr);
	if (ftruncate(ktest_log_fd, 0) == 0)
		lseek(ktest_log_fd, 0, SEEK_SET);
}

__attribute__((format(printf, 2, 3))) static inline void ktest_fail(struct kunit *test, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(ktest_diag_fd, fmt, ap);
	va_end(ap);
	dprintf(ktest_diag_fd, "\n");
	test->failures++;
}

__attribute__((noreturn)) static inline void ktest_done(struct kunit *test)
{
	fflush(NULL);
	_exit(test->failures ? KTEST_FAIL : KTEST_PASS);
}

/* Leave the case: it cannot be tried here. */
__attribute__((noreturn)) static inline void ktest_skip(const char *why)
{
	dprintf(ktest_diag_fd, "%s\n", why);
	_exit(KTEST_SKIP);
}

__attribute__((noreturn)) static inline void kunit_skip(struct kunit *test, const char *why)
{
	(void)test;
	ktest_skip(why);
}

#define KTEST_COMPARE(test, a, op, b)                                                                        \
	do {                                                                                                 \
		long long ktest_a = (long long)(a), ktest_b = (long long)(b);                                \
		if (!(ktest_a op ktest_b))                                                                   \
			ktest_fail(test, "%s:%d: %s " #op " %s: %lld, %lld", __FILE__, __LINE__, #a, #b, ktest_a, ktest_b); \
	} while (0)

#define KUNIT_EXPECT_EQ(test, a, b) KTEST_COMPARE(test, a, ==, b)
#define KUNIT_EXPECT_NE(test, a, b) KTEST_COMPARE(test, a, !=, b)
#define KUNIT_EXPECT_LE(test, a, b) KTEST_COMPARE(test, a, <=, b)
#define KUNIT_EXPECT_LT(test, a, b) KTEST_COMPARE(test, a, <, b)
#define KUNIT_EXPECT_GE(test, a, b) KTEST_COMPARE(test, a, >=, b)
#define KUNIT_EXPECT_GT(test, a, b) KTEST_COMPARE(test, a, >, b)
#define KUNIT_EXPECT_TRUE(test, x)                                                       \
	do {                                                                             \
		if (!(x))                                                                \
			ktest_fail(test, "%s:%d: not true: %s", __FILE__, __LINE__, #x); \
	} while (0)
#define KUNIT_EXPECT_FALSE(test, x) KUNIT_EXPECT_TRUE(test, !(x))
#define KUNIT_EXPECT_NULL(test, p) KUNIT_EXPECT_TRUE(test, (p) == NULL)
#define KUNIT_EXPECT_NOT_NULL(test, p) KUNIT_EXPECT_TRUE(test, (p) != NULL)
#define KUNIT_EXPECT_PTR_EQ(test, a, b) KUNIT_EXPECT_TRUE(test, (const void *)(a) == (const void *)(b))
#define KUNIT_EXPECT_PTR_NE(test, a, b) KUNIT_EXPECT_TRUE(test, (const void *)(a) != (const void *)(b))
#define KUNIT_ASSERT_TRUE(test, x)                                                              \
	do {                                                                                    \
		if (!(x)) {                                                                     \
			ktest_fail(test, "%s:%d: not true: %s", __FILE__, __LINE__, #x);        \
			ktest_done(test);                                                       \
		}                                                                               \
	} while (0)
#define KUNIT_ASSERT_NOT_NULL(test, p) KUNIT_ASSERT_TRUE(test, (p) != NULL)

/* Standard error holds the text, or does not. */
#define KTEST_EXPECT_SAID(test, text)                                                                      \
	do {                                                                                               \
		if (!strstr(ktest_said(), text))                                                           \
			ktest_fail(test, "%s:%d: not said: %s", __FILE__, __LINE__, text);                 \
	} while (0)
#define KTEST_EXPECT_SILENT(test)                                                            \
	do {                                                                                 \
		if (*ktest_said())                                                           \
			ktest_fail(test, "%s:%d: expected no message", __FILE__, __LINE__);  \
	} while (0)

static inline void ktest_diag_file(int fd, const char *title)
{
	char line[4096];
	FILE *in;

	lseek(fd, 0, SEEK_SET);
	in = fdopen(dup(fd), "r");
	if (!in)
		return;
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		printf("# %s%s\n", title, line);
	}
	fclose(in);
}

static inline void ktest_child(const struct ktest_case *c)
{
	struct kunit test = { .name = c->name, .failures = 0 };

	setenv("KMEM_CMDLINE", c->cmdline ? c->cmdline : getenv("KTEST_CMDLINE") ? getenv("KTEST_CMDLINE") : "", 1);
	dup2(ktest_log_fd, STDERR_FILENO);
	alarm(c->seconds ? (unsigned int)c->seconds : 60);
	c->run(&test);
	ktest_done(&test);
}

/* Runs one case; returns whether it passed. */
static inline bool ktest_run(const struct ktest_case *c, int number)
{
	int wstatus = 0, code;
	bool ok, skip;
	pid_t pid;

	ktest_log_fd = memfd_create("log", 0);
	ktest_diag_fd = memfd_create("diag", 0);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		ktest_child(c);
	if (pid < 0 || waitpid(pid, &wstatus, 0) < 0) {
		printf("not ok %d - %s\n# no child process\n", number, c->name);
		return false;
	}
	code = WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : -1;
	skip = code == KTEST_SKIP;
	ok = c->signal ? WIFSIGNALED(wstatus) && WTERMSIG(wstatus) == c->signal : code == c->status;
	/* A case that is to end by a signal or a status of its own does not get to count what failed before. */
	ok = ok && (skip || lseek(ktest_diag_fd, 0, SEEK_END) == 0);
	if (ok && c->says && !strstr(ktest_said(), c->says)) {
		dprintf(ktest_diag_fd, "not said: %s\n", c->says);
		ok = false;
	}
	printf("%s %d - %s%s\n", ok || skip ? "ok" : "not ok", number, c->name, skip ? " # SKIP" : "");
	if (!ok || skip)
		ktest_diag_file(ktest_diag_fd, "");
	if (!ok && !skip) {
		printf("# ended with %s %d\n", WIFSIGNALED(wstatus) ? "signal" : "status",
		       WIFSIGNALED(wstatus) ? WTERMSIG(wstatus) : code);
		ktest_diag_file(ktest_log_fd, "stderr: ");
	}
	close(ktest_log_fd);
	close(ktest_diag_fd);
	return ok || skip;
}

/* The program: runs the cases whose names are given, or all. */
#define KTEST_MAIN(...)                                                              \
	int main(int argc, char **argv)                                              \
	{                                                                            \
		static const struct ktest_case cases[] = { __VA_ARGS__ };            \
		int total = (int)(sizeof(cases) / sizeof(cases[0])), failed = 0, ran = 0; \
                                                                                     \
		printf("1..%d\n", total);                                            \
		for (int i = 0; i < total; i++) {                                    \
			if (argc > 1 && strcmp(argv[1], cases[i].name) != 0)         \
				printf("ok %d - %s # SKIP not asked for\n", i + 1, cases[i].name); \
			else if (ran++, !ktest_run(&cases[i], i + 1))                \
				failed++;                                            \
		}                                                                    \
		return failed || !ran ? 1 : 0;                                       \
	}

#define KTEST(fn, ...) { .name = #fn, .run = fn, __VA_ARGS__ }

#endif /* KTEST_H */
