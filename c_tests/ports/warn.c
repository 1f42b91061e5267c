/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* linux/bug.h: WARN is a value, ONCE is once in all threads, and NDEBUG takes nothing away. */
#define NDEBUG
#include <linux/bug.h>
#include <linux/panic.h>
#include <pthread.h>
#include <sys/wait.h>
#include "tap.h"

static int evaluated;

static void *warn_often(void *unused)
{
	int i;

	for (i = 0; i < 1000; i++)
		WARN_ONCE(true, "from a thread\n");
	return unused;
}

static void bug_if_equal(int a, int b)
{
	BUG_ON(a == b);
}

static void do_panic(int a, int b)
{
	panic("the end: %d %d\n", a, b);
}

/* Whether the function ends a process with a signal; what it printed is in the capture. */
static bool dies(void (*function)(int, int), int a, int b)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		function(a, b);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status);
}

int main(void)
{
	pthread_t threads[8];
	const char *text;
	int i, sum = 0;
	bool dead;

	capture();
	sum += WARN_ON(1 == 1);
	sum += WARN_ON(42) * 10;
	sum += WARN(7 & 4, "with a message %d\n", 5) * 100;
	text = captured();
	ok(sum == 111, "WARN_ON and WARN have the condition's truth as value");
	ok(strstr(text, "with a message 5\n") && strstr(text, "warn.c"), "the message and the file are told");

	capture();
	sum = WARN_ON(0) + WARN(false, "never\n") + WARN_ON_ONCE(NULL) + WARN_ONCE(0, "never\n");
	text = captured();
	ok(sum == 0 && !*text, "nothing is said of what is false");

	capture();
	for (i = 0; i < 5; i++) {
		sum += WARN_ONCE(i >= 1, "first at %d\n", i);
		sum += WARN_ON_ONCE(i >= 1) * 10;
	}
	text = captured();
	ok(sum == 44, "WARN_ONCE and WARN_ON_ONCE have the value each time");
	ok(strstr(text, "first at 1\n") && !strstr(text, "first at 2\n"), "and speak at the first time it is true");

	capture();
	for (i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, warn_often, NULL);
	for (i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	text = captured();
	ok(occurrences(text, "from a thread\n") == 1, "once in all threads together");

	capture();
	dead = dies(bug_if_equal, 3, 4);
	text = captured();
	ok(!dead && !*text, "BUG_ON(a == b) of different values passes");
	capture();
	dead = dies(bug_if_equal, 3, 3);
	text = captured();
	ok(dead && strstr(text, "warn.c"), "BUG_ON ends the process and tells where, NDEBUG or not");
	capture();
	dead = dies(do_panic, 1, 2);
	text = captured();
	ok(dead && strstr(text, "the end: 1 2"), "so does panic, with its message");

	BUG_ON(evaluated++ > 0);
	ok(evaluated == 1, "the condition is evaluated once");
	return tap_done();
}
