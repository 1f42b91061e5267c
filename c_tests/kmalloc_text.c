// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Duplicates of strings and memory, and formatted text.
 * At risk: a missing NUL, a literal that is freed, arguments that are read once too often.
 */
#include <gnu/libc-version.h>

#include "ktest.h"
#include "util.h"

static void dup_memory(struct kunit *test)
{
	static const char bytes[10000] = { 1, 2, 3, [9999] = 9 };
	char *p = kmemdup(bytes, 10000, GFP_KERNEL), *q = kvmemdup(bytes, 3, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, memcmp(p, bytes, 10000) | memcmp(q, bytes, 3), 0);
	kfree(p);
	kvfree(q);
	KUNIT_EXPECT_PTR_EQ(test, kmemdup(bytes, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_PTR_EQ(test, kmemdup(NULL, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_NULL(test, kmemdup(bytes, SIZE_MAX, GFP_KERNEL | __GFP_NOWARN));
	p = kmemdup_array(bytes, 100, 3, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, memcmp(p, bytes, 300), 0);
	kfree(p);
	KUNIT_EXPECT_NULL(test, kmemdup_array(bytes, SIZE_MAX, 3, GFP_KERNEL));
	p = kmemdup_nul("abcdef", 3, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, strcmp(p, "abc"), 0);
	kfree(p);
	KUNIT_EXPECT_NULL(test, kmemdup_nul(NULL, 3, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kmemdup_nul("x", SIZE_MAX, GFP_KERNEL));
	KTEST_EXPECT_SILENT(test);
}

static void dup_strings(struct kunit *test)
{
	char *p = kstrdup("hello", GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, strcmp(p, "hello"), 0);
	kfree(p);
	p = kstrndup("hello", 3, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, strcmp(p, "hel"), 0);
	kfree(p);
	p = kstrndup("hello", 300, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, strcmp(p, "hello"), 0);
	kfree(p);
	p = kstrndup("hello", 0, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, *p, 0);
	kfree(p);
	KUNIT_EXPECT_NULL(test, kstrdup(NULL, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kstrndup(NULL, 3, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kstrdup_const(NULL, GFP_KERNEL));
	KTEST_EXPECT_SILENT(test);
}

static void constant_strings(struct kunit *test)
{
	static const char literal[] = "literal";
	char local[] = "local";
	const char *p = kstrdup_const(literal, GFP_KERNEL), *q = kstrdup_const(local, GFP_KERNEL);

	KUNIT_EXPECT_PTR_EQ(test, p, literal);
	KUNIT_EXPECT_TRUE(test, q != local && strcmp(q, "local") == 0);
	kfree_const(p);
	kfree_const(q);
	kfree_const(NULL);
	KTEST_EXPECT_SILENT(test);
}

static const char *formatted(gfp_t flags, bool constant, const char *fmt, ...);

/* It goes with its library, as one of a module goes with that in Linux. */
static void constant_strings_of_a_library(struct kunit *test)
{
	const char *literal = gnu_get_libc_version();
	const char *copies[] = { kstrdup_const(literal, GFP_KERNEL), formatted(GFP_KERNEL, true, literal),
				 formatted(GFP_KERNEL, true, "%s", literal) };

	for (int i = 0; i < 3; i++) {
		KUNIT_EXPECT_TRUE(test, copies[i] != literal && strcmp(copies[i], literal) == 0);
		KUNIT_EXPECT_GT(test, ksize(copies[i]), strlen(literal));
		kfree_const(copies[i]);
	}
	/* Code that is part of the kernel there may be part of a library here. */
	kfree_const(literal);
	KTEST_EXPECT_SILENT(test);
}

static const char *formatted(gfp_t flags, bool constant, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = constant ? kvasprintf_const(flags, fmt, ap) : kvasprintf(flags, fmt, ap);
	va_end(ap);
	return text;
}

static void formats(struct kunit *test)
{
	char *p = kasprintf(GFP_KERNEL, "%s-%d-%llx-%c", "text", 42, 0x123456789abcULL, 'z');
	const char *q;
	char long_text[3000];

	KUNIT_EXPECT_EQ(test, strcmp(p, "text-42-123456789abc-z"), 0);
	KUNIT_EXPECT_EQ(test, ksize(p), 32);
	kfree(p);
	memset(long_text, 'y', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	p = kasprintf(GFP_KERNEL, "%s%s", long_text, long_text);
	KUNIT_EXPECT_EQ(test, strlen(p), 5998);
	kfree(p);
	p = kasprintf(GFP_KERNEL, "%s", "");
	KUNIT_EXPECT_EQ(test, *p, 0);
	kfree(p);
	q = formatted(GFP_KERNEL, false, "%5d|%-4s|%pe", 7, "ab", (void *)-12L);
	KUNIT_EXPECT_EQ(test, strcmp(q, "    7|ab  |-ENOMEM"), 0);
	kfree(q);
	KTEST_EXPECT_SILENT(test);
}

static void constant_formats(struct kunit *test)
{
	static const char plain[] = "plain", argument[] = "argument";
	char local[] = "local";
	const char *p = formatted(GFP_KERNEL, true, plain), *q = formatted(GFP_KERNEL, true, "%s", argument);
	const char *r = formatted(GFP_KERNEL, true, "%s", local), *s = formatted(GFP_KERNEL, true, "%s!", argument);

	KUNIT_EXPECT_PTR_EQ(test, p, plain);
	KUNIT_EXPECT_PTR_EQ(test, q, argument);
	KUNIT_EXPECT_TRUE(test, r != local && strcmp(r, "local") == 0);
	KUNIT_EXPECT_EQ(test, strcmp(s, "argument!"), 0);
	kfree_const(p);
	kfree_const(q);
	kfree_const(r);
	kfree_const(s);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(dup_memory), KTEST(dup_strings), KTEST(constant_strings), KTEST(constant_strings_of_a_library),
	   KTEST(formats), KTEST(constant_formats))
