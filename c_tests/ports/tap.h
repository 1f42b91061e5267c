/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* TAP for the programs in this directory, and a look at what was printed to standard error. */
#ifndef PORTS_TAP_H
#define PORTS_TAP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int tap_count, tap_failed;

/* What hangs ends, in two minutes. */
static void __attribute__((constructor)) tap_bounded(void)
{
	alarm(120);
}

/* One line of TAP; the text is what holds when the condition is true. */
#define ok(condition, text) \
	do { \
		int tap_good = !!(condition); \
		tap_count++; \
		tap_failed += !tap_good; \
		printf("%sok %d - %s\n", tap_good ? "" : "not ", tap_count, text); \
		if (!tap_good) \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition); \
		fflush(stdout); \
	} while (0)

/* Last statement of main(). */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

static int tap_stderr __attribute__((unused)) = -1;
static FILE *tap_capture __attribute__((unused));

/* From here on standard error goes to a file. */
static inline void capture(void)
{
	fflush(stderr);
	tap_stderr = dup(2);
	tap_capture = tmpfile();
	if (tap_stderr < 0 || !tap_capture || dup2(fileno(tap_capture), 2) < 0) {
		printf("Bail out! cannot redirect standard error\n");
		exit(1);
	}
}

/* Ends it, and returns what came, valid until the next call. */
static inline const char *captured(void)
{
	static char text[1 << 16];
	size_t n;

	fflush(stderr);
	dup2(tap_stderr, 2);
	close(tap_stderr);
	rewind(tap_capture);
	n = fread(text, 1, sizeof(text) - 1, tap_capture);
	text[n] = '\0';
	fclose(tap_capture);
	return text;
}

/* How often part occurs in text. */
static inline int occurrences(const char *text, const char *part)
{
	int n = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		n++;
	return n;
}

#endif
