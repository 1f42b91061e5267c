// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * The kernel's formats, through kmem_snprintf(); messages, handlers, and what ends the process.
 *
 * At risk: a flag or a width that C's printf treats differently, an argument read in the wrong size, a handler
 * that is called with a lock held.
 */
#include "ktest.h"
#include "util.h"
#include <kmem/print.h>

static unsigned char data[128];
static const uint64_t phys = 0x12345678abcd;
static const uint64_t bits[] = { 0xf00000000000a5e1, 0x8000000000000003 };
static const uint64_t zeroes[2];
static const gfp_t g[] = { 0, 0xcc0 };
static struct kmem_va_format vf;

static void expect(struct kunit *test, const char *expected, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int len;

	va_start(ap, fmt);
	memset(text, '#', sizeof(text));
	len = kmem_vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (strcmp(text, expected) != 0 || len != (int)strlen(expected))
		ktest_fail(test, "%s: expected \"%s\", got \"%s\" (%d)", fmt, expected, text, len);
}

static void cases(struct kunit *test)
{
#define C(expected, ...) expect(test, expected, __VA_ARGS__);
#include "printk_cases.h"
#undef C
}

static void with_nested(struct kunit *test, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vf.fmt = fmt;
	vf.va = &ap;
	cases(test);
	va_end(ap);
}

static void as_linux_prints(struct kunit *test)
{
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7 + 1);
	with_nested(test, "nested %d %s", 77, "deep");
}

static void never_past_the_buffer(struct kunit *test)
{
	char text[64];

	for (size_t size = 0; size <= 40; size++) {
		memset(text, '#', sizeof(text));
		KUNIT_EXPECT_EQ(test, kmem_snprintf(text, size, "%030d", 5), 30);
		for (size_t at = size; at < sizeof(text); at++)
			KUNIT_EXPECT_EQ(test, text[at], '#');
		if (size)
			KUNIT_EXPECT_EQ(test, strlen(text), size > 30 ? 30 : size - 1);
		KUNIT_EXPECT_EQ(test, kmem_scnprintf(text, size, "%030d", 5), size > 30 ? 30 : size ? size - 1 : 0);
	}
}

static void symbols(struct kunit *test)
{
	char text[256];

	kmem_snprintf(text, sizeof(text), "%pS", (void *)(uintptr_t)&symbols);
	KUNIT_EXPECT_EQ(test, strncmp(text, "symbols+0x0/0x", 14), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " [printk]"));
	kmem_snprintf(text, sizeof(text), "%ps", (void *)(uintptr_t)&symbols);
	KUNIT_EXPECT_EQ(test, strcmp(text, "symbols [printk]"), 0);
}

static void lines(struct kunit *test)
{
	kmem_printk("\001" "6one\n");
	kmem_printk("two");
	kmem_printk("\001" "4three");
	kmem_printk("\001" "c, four\n");
	kmem_printk("five\n");
	KUNIT_EXPECT_EQ(test, strcmp(ktest_said(), "one\ntwo\nthree, four\nfive\n"), 0);
}

static char heard[4096];
static int levels[8], messages;

static void hear(void *cookie, int level, const char *text, size_t len)
{
	strncat(heard, text, len);
	levels[messages++ & 7] = level;
	*(int *)cookie += 1;
	/* No lock is held: the handler may use the library. */
	if (messages == 1)
		kmem_cache_destroy(kmem_cache_create("in_handler", 64, 0, 0, NULL));
}

static void to_a_handler(struct kunit *test)
{
	int count = 0;

	kmem_set_log_handler(hear, &count);
	kmem_printk("\001" "3error\n");
	kmem_printk("\001" "6info ");
	kmem_printk("\001" "cgoes on\n");
	KUNIT_EXPECT_EQ(test, count, 3);
	KUNIT_EXPECT_EQ(test, strcmp(heard, "error\ninfo goes on\n"), 0);
	KUNIT_EXPECT_EQ(test, levels[0], 3);
	KUNIT_EXPECT_EQ(test, levels[1], 6);
	KUNIT_EXPECT_EQ(test, levels[2], -1);
	KTEST_EXPECT_SILENT(test);
	kmem_set_log_handler(NULL, NULL);
	kmem_printk("back\n");
	KTEST_EXPECT_SAID(test, "back\n");
}

static void library_messages_reach_the_handler(struct kunit *test)
{
	int count = 0;

	kmem_set_log_handler(hear, &count);
	messages = 1;
	kmem_cache_create("bad", 0, 0, 0, NULL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(heard, "kmem_cache_create(bad) failed with error -22\n"));
	KTEST_EXPECT_SILENT(test);
}

static void stack_dump(struct kunit *test)
{
	kmem_dump_stack();
	KTEST_EXPECT_SAID(test, "Call Trace:\n <TASK>\n");
	KTEST_EXPECT_SAID(test, "\n stack_dump+0x");
	KTEST_EXPECT_SAID(test, " </TASK>\n");
}

static void warning(struct kunit *test)
{
	kmem_warn("file.c", 7, "function", "careful: %d\n", 42);
	KTEST_EXPECT_SAID(test, "------------[ cut here ]------------\ncareful: 42\nWARNING: CPU: ");
	KTEST_EXPECT_SAID(test, " at file.c:7 function");
	KTEST_EXPECT_SAID(test, "---[ end trace 0000000000000000 ]---\n");
}

static void panics(struct kunit *test)
{
	(void)test;
	kmem_panic("out of %s", "luck");
}

static struct kunit *panicking;
static char long_text[1500];

static void last_word(const char *text)
{
	KUNIT_EXPECT_EQ(panicking, strlen(text), 1023);
	KUNIT_EXPECT_EQ(panicking, strncmp(text, long_text, 1023), 0);
	ktest_done(panicking);
}

/* As much of it as the kernel's buffer holds. */
static void a_long_text_panics(struct kunit *test)
{
	panicking = test;
	memset(long_text, 'x', sizeof(long_text) - 1);
	kmem_set_panic_handler(last_word);
	kmem_panic("%s", long_text);
}

static void bugs(struct kunit *test)
{
	(void)test;
	kmem_bug("file.c", 7);
}

KTEST_MAIN(
	KTEST(as_linux_prints), KTEST(never_past_the_buffer), KTEST(symbols), KTEST(lines), KTEST(to_a_handler),
	KTEST(library_messages_reach_the_handler), KTEST(stack_dump), KTEST(warning),
	KTEST(panics, .signal = SIGABRT, .says = "Kernel panic - not syncing: out of luck\n"),
	KTEST(a_long_text_panics, .says = "Kernel panic - not syncing: xxxxxxxx"),
	KTEST(bugs, .signal = SIGABRT, .says = "kernel BUG at file.c:7!\n"))
