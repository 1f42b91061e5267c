// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * attr_show - the attributes of caches
 *
 * Linux has them in files below /sys/kernel/slab, libkmem by call. At risk: an
 * attribute that is missing, or whose text a reader of those files would not
 * understand.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#ifdef __KERNEL__
#include <linux/fs.h>
#endif

static const char *const names[] __initconst = {
	"aliases", "align", "cache_dma", "destroy_by_rcu", "hwcache_align",
	"min_partial", "object_size", "objects", "objects_partial",
	"objs_per_slab", "order", "partial", "poison", "reclaim_account",
	"red_zone", "remote_node_defrag_ratio", "sanity_checks", "shrink",
	"skip_kfence", "slab_size", "slabs", "store_user", "total_objects",
	"trace", "usersize", "validate", "no_such_attribute",
};

static char text[4096];

/* Reads an attribute; returns what read(2) would. */
static long __init show(struct kmem_cache *cache, const char *name,
			const char *attribute)
{
#ifdef __KERNEL__
	char path[128];
	struct file *file;
	loff_t at = 0;
	long n;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", name, attribute);
	file = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_read(file, text, sizeof(text) - 1, &at);
	filp_close(file, NULL);
	text[n < 0 ? 0 : n] = '\0';
	return n;
#else
	(void)name;
	return kmem_cache_attr_show(cache, attribute, text, sizeof(text));
#endif
}

static void __init show_all(struct kmem_cache *cache, const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		long n = show(cache, name, names[i]);

		if (n < 0)
			pr_info("%s %s: error %ld\n", name, names[i], n);
		else if (n == 0)
			pr_info("%s %s: nothing\n", name, names[i]);
		else
			pr_info("%s %s: %ld bytes: %s", name, names[i], n, text);
	}
}

static void ctor_of_test(void *object)
{
	(void)object;
}

static int __init attr_show_init(void)
{
	struct kmem_cache *cache;
	static void *objects[50];
	unsigned int i;

	cache = kmem_cache_create("test_plain", 5416, 0, 0, NULL);
	show_all(cache, "test_plain");
	kmem_cache_create("test_alias", 5416, 0, 0, NULL);
	kmem_cache_create("test_another", 5410, 0, 0, NULL);
	show(cache, "test_plain", "aliases");
	pr_info("aliases: %s", text);
	show(cache, "test_plain", "object_size");
	pr_info("object_size: %s", text);

	cache = kmem_cache_create_usercopy("test_flags", 100, 32,
					   SLAB_HWCACHE_ALIGN |
					   SLAB_RECLAIM_ACCOUNT |
					   SLAB_TYPESAFE_BY_RCU |
					   SLAB_CACHE_DMA, 4, 8, NULL);
	show_all(cache, "test_flags");

	cache = kmem_cache_create("test_debug", 120, 64,
				  SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE |
				  SLAB_POISON | SLAB_STORE_USER, NULL);
	for (i = 0; i < 50; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (i = 0; i < 20; i++)
		kmem_cache_free(cache, objects[i]);
	show_all(cache, "test_debug");

	cache = kmem_cache_create("test_ctor", 120, 0, 0, ctor_of_test);
	i = show(cache, "test_ctor", "ctor");
	pr_info("constructor: %d bytes more than its name's: %s",
		!!strstr(text, "ctor_of_test+0x0/0x") && text[i - 1] == '\n',
		strstr(text, "ctor_of_test") == text ? "it is shown\n" : "?\n");
	cache = kmem_cache_create("test_none", 120, 0, SLAB_NO_MERGE, NULL);
	pr_info("no constructor: %ld bytes\n",
		show(cache, "test_none", "ctor"));
	return 0;
}
module_init(attr_show_init);
MODULE_DESCRIPTION("the attributes of caches");
MODULE_LICENSE("Dual MIT/GPL");
