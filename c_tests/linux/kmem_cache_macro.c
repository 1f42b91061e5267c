// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmem_cache_macro - KMEM_CACHE() and KMEM_CACHE_USERCOPY()
 *
 * Name, size and alignment come from the struct, including an alignment it was
 * declared with. At risk: the alignment being dropped, and the tag "struct"
 * ending up in the name.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/list.h>

struct test_small {
	char c;
};

struct test_mixed {
	struct list_head list;
	unsigned int number;
	char text[37];
};

struct test_aligned {
	unsigned int number;
} __attribute__((aligned(128)));

struct test_packed {
	char c;
	unsigned long number;
} __attribute__((packed));

static int __init kmem_cache_macro_init(void)
{
	struct kmem_cache *small, *mixed, *aligned, *packed, *window;

	small = KMEM_CACHE(test_small, SLAB_NOLEAKTRACE);
	mixed = KMEM_CACHE(test_mixed, SLAB_NOLEAKTRACE);
	aligned = KMEM_CACHE(test_aligned, SLAB_NOLEAKTRACE);
	packed = KMEM_CACHE(test_packed, SLAB_NOLEAKTRACE | SLAB_HWCACHE_ALIGN);
	window = KMEM_CACHE_USERCOPY(test_mixed, SLAB_NOLEAKTRACE, text);
	pr_info("sizes %u %u %u %u %u\n", kmem_cache_size(small),
		kmem_cache_size(mixed), kmem_cache_size(aligned),
		kmem_cache_size(packed), kmem_cache_size(window));
	return 0;
}
module_init(kmem_cache_macro_init);
MODULE_DESCRIPTION("KMEM_CACHE() and KMEM_CACHE_USERCOPY()");
MODULE_LICENSE("Dual MIT/GPL");
