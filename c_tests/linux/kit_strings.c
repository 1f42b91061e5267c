// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_strings - the kernel's string helpers at the edges of their buffers
 *
 * Results and every byte of the buffer. At risk: the byte after the NUL,
 * truncation, empty strings, searches for what is not there.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static char buffer[12];

static void show(const char *what, long result)
{
	pr_info("%s: %ld, %*ph\n", what, result, (int)sizeof(buffer), buffer);
}

static void clean(void)
{
	memset(buffer, '#', sizeof(buffer));
}

static void copies(void)
{
	static const char *const texts[] = { "", "a", "1234567", "12345678", "1234567890" };
	unsigned int i;
	volatile size_t size = 8, none = 0;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		clean();
		show("strscpy", strscpy(buffer, texts[i], size));
		clean();
		show("strscpy_pad", strscpy_pad(buffer, texts[i], size));
		clean();
		memcpy_and_pad(buffer, size, texts[i], strlen(texts[i]), '.');
		show("memcpy_and_pad", 0);
		clean();
		strscpy(buffer, "ab", size);
		show("strlcat", (long)strlcat(buffer, texts[i], sizeof(buffer)));
	}
	clean();
	show("strscpy to nothing", strscpy(buffer, texts[1], none));
}

static void cut(const char *text)
{
	char *trimmed;

	strscpy(buffer, text, sizeof(buffer));
	trimmed = strim(buffer);
	pr_info("'%s': skip '%s', strim '%s'\n", text, skip_spaces(text), trimmed);
}

static void split(void)
{
	char *rest = buffer, *word;

	strscpy(buffer, "a,,bc;d", sizeof(buffer));
	while ((word = strsep(&rest, ",;")))
		pr_info("strsep '%s', left %d\n", word, !!rest);
	strscpy(buffer, "a/b/c", sizeof(buffer));
	strreplace(buffer, '/', '!');
	pr_info("strreplace '%s'\n", buffer);
}

static void searches(void)
{
	static const char *const words[] = { "one", "two", NULL, "four" };
	static const char text[] = "the cat sat";
	const char *found;

	pr_info("match %d %d %d\n", match_string(words, 4, "two"), match_string(words, 4, "four"),
		match_string(words, 4, "TWO"));
	pr_info("sysfs_match %d %d\n", sysfs_match_string(words, "one\n"), sysfs_match_string(words, "on"));
	pr_info("sysfs_streq %d %d %d %d %d\n", sysfs_streq("a", "a\n"), sysfs_streq("a\n", "a"), sysfs_streq("a\n", "a\n"),
		sysfs_streq("a\n\n", "a"), sysfs_streq("", "\n"));
	pr_info("prefix %zu %zu %zu, starts %d %d\n", str_has_prefix(text, "the"), str_has_prefix(text, ""),
		str_has_prefix("th", "the"), strstarts(text, "the c"), strstarts(text, "he"));
	found = strnstr(text, "sat", 11);
	pr_info("strnstr %d %d\n", found ? (int)(found - text) : -1, !!strnstr(text, "sat", 10));
	found = strnchr(text, 4, ' ');
	pr_info("strnchr %d %d\n", found ? (int)(found - text) : -1, !!strnchr(text, 3, ' '));
	pr_info("strchrnul '%s' '%s'\n", strchrnul(text, 'c'), strchrnul(text, 'z'));
	pr_info("kbasename '%s' '%s' '%s'\n", kbasename("/a/bc"), kbasename("bc"), kbasename("a/"));
	pr_info("strcasecmp %d %d, strncasecmp %d\n", strcasecmp("AbC", "aBc"), strcasecmp("a", "b") < 0,
		strncasecmp("ABx", "aby", 2));
	pr_info("strspn %zu %zu, strpbrk '%s'\n", strspn("aabc", "ab"), strcspn("aabc", "c"), strpbrk("aabc", "cb"));
	memset(buffer, 7, sizeof(buffer));
	buffer[9] = 8;
	found = memchr_inv(buffer, 7, sizeof(buffer));
	pr_info("memchr_inv %d %d\n", found ? (int)(found - buffer) : -1, !!memchr_inv(buffer, 7, 9));
	found = memscan(buffer, 8, sizeof(buffer));
	pr_info("memscan %d, end %d\n", (int)(found - buffer), memscan(buffer, 9, 5) == buffer + 5);
}

static void emits(void)
{
	struct kmem_cache *pages = kmem_cache_create("test_page", PAGE_SIZE, PAGE_SIZE, 0, NULL);
	char *page = pages ? kmem_cache_alloc(pages, GFP_KERNEL) : NULL;
	volatile size_t room = 4;
	int n;

	if (!page)
		return;
	n = sysfs_emit(page, "%d %s\n", 12, "abc");
	n += sysfs_emit_at(page, n, "%c\n", 'x');
	pr_info("sysfs_emit %d: '%s'\n", n, page);
	n = sysfs_emit(page, "%*s", 5000, "x");
	pr_info("sysfs_emit of too much %d, %zu\n", n, strlen(page));
	n = sysfs_emit_at(page, 4090, "0123456789");
	pr_info("at 4090: %d '%s'\n", n, page + 4090);
	pr_info("not on a page: %d\n", sysfs_emit(page + 8, "x"));
	n = scnprintf(buffer, sizeof(buffer), "%s", "0123456789abc");
	show("scnprintf", n);
	n = snprintf(buffer, room, "%s", "0123456789abc");
	show("snprintf", n);
	kmem_cache_free(pages, page);
	kmem_cache_destroy(pages);
}

static int __init kit_strings_init(void)
{
	copies();
	cut("");
	cut(" ");
	cut(" \t a b \n");
	cut("a");
	/* The space that does not break a line, in Latin-1. */
	strscpy(buffer, "\xa0" "ab\xa0\x85\xa0", sizeof(buffer));
	pr_info("0xa0: strim leaves %zu letters, skip_spaces %zu\n", strlen(strim(buffer)), strlen(skip_spaces("\xa0" "ab")));
	split();
	searches();
	emits();
	return 0;
}
module_init(kit_strings_init);
MODULE_DESCRIPTION("string helpers at the edges of their buffers");
MODULE_LICENSE("Dual MIT/GPL");
