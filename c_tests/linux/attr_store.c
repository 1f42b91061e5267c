// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * attr_store - writing to the attributes of caches
 *
 * Which values are taken, and with which error others are refused. At risk: a
 * value that is silently taken for another.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#ifdef __KERNEL__
#include <linux/fs.h>
#endif

static const char *const values[] __initconst = {
	"0", "1", "0\n", "1\n", "5", "7\n", "+3", "100", "101", "-1", "x", "",
	" 1", "1 ", "1x", "01", "1\n\n", "4294967295", "4294967296",
	"18446744073709551616",
};

static const char *const attributes[] __initconst = {
	"min_partial", "remote_node_defrag_ratio", "skip_kfence", "shrink",
	"validate", "order", "red_zone", "trace", "objects", "no_such_attribute",
};

static char text[4096];

/* Writes to an attribute; returns what write(2), or before it open(2) would. */
static long __init store(struct kmem_cache *cache, const char *name,
			 const char *attribute, const char *value)
{
#ifdef __KERNEL__
	char path[128];
	struct file *file;
	loff_t at = 0;
	long n;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", name, attribute);
	file = filp_open(path, O_WRONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_write(file, value, strlen(value), &at);
	filp_close(file, NULL);
	return n;
#else
	(void)name;
	return kmem_cache_attr_store(cache, attribute, value, strlen(value));
#endif
}

static void __init show(struct kmem_cache *cache, const char *name,
			const char *attribute)
{
	long n;
#ifdef __KERNEL__
	char path[128];
	struct file *file;
	loff_t at = 0;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", name, attribute);
	file = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(file))
		return;
	n = kernel_read(file, text, sizeof(text) - 1, &at);
	filp_close(file, NULL);
	text[n < 0 ? 0 : n] = '\0';
#else
	(void)name;
	n = kmem_cache_attr_show(cache, attribute, text, sizeof(text));
#endif
	if (n > 0)
		pr_info("  now %s", text);
}

static void __init store_all(struct kmem_cache *cache, const char *name)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		for (j = 0; j < ARRAY_SIZE(values); j++) {
			long n = store(cache, name, attributes[i], values[j]);

			pr_info("%s %s: value %u: %ld\n", name, attributes[i],
				j, n);
			show(cache, name, attributes[i]);
			if (n == -EACCES || n == -ENOENT)
				break;
		}
	}
}

static int __init attr_store_init(void)
{
	static void *objects[1000];
	struct kmem_cache *cache;
	unsigned int i;

	cache = kmem_cache_create("test_alone", 64, 0, SLAB_NO_MERGE, NULL);
	store_all(cache, "test_alone");

	/* A cache with a debug flag has nothing per CPU. */
	cache = kmem_cache_create("test_debug", 64, 0, SLAB_NOLEAKTRACE |
				  SLAB_CONSISTENCY_CHECKS, NULL);
	for (i = 0; i < ARRAY_SIZE(values); i++)
		pr_info("cpu_partial: value %u: %ld\n", i,
			store(cache, "test_debug", "cpu_partial", values[i]));

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		pr_info("validate: value %u: %ld\n", i,
			store(cache, "test_debug", "validate", values[i]));
		pr_info("shrink: value %u: %ld\n", i,
			store(cache, "test_debug", "shrink", values[i]));
	}

	/* The number of slabs that are kept. */
	store(cache, "test_debug", "min_partial", "3");
	for (i = 0; i < 1000; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < 1000; i++)
		kmem_cache_free(cache, objects[i]);
	show(cache, "test_debug", "slabs");
	store(cache, "test_debug", "shrink", "1");
	show(cache, "test_debug", "slabs");
	store(cache, "test_debug", "min_partial", "0");
	objects[0] = kmem_cache_alloc(cache, GFP_KERNEL);
	show(cache, "test_debug", "slabs");
	kmem_cache_free(cache, objects[0]);
	show(cache, "test_debug", "slabs");
	return 0;
}
module_init(attr_store_init);
MODULE_DESCRIPTION("writing to the attributes of caches");
MODULE_LICENSE("Dual MIT/GPL");
