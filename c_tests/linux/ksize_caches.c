// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * ksize_caches - ksize() of cache objects
 *
 * The stride, unless something lies between the objects. At risk: bytes called
 * usable that hold metadata.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void nothing(void *object)
{
}

static void __init report(size_t size, size_t align, slab_flags_t flags,
			  void (*ctor)(void *))
{
	struct kmem_cache *c;
	void *p;

	c = kmem_cache_create("test_ksize", size, align, flags, ctor);
	p = kmem_cache_alloc(c, GFP_KERNEL);
	pr_info("size %zu: %zu\n", size, ksize(p));
	kmem_cache_free(c, p);
	kmem_cache_destroy(c);
}

static int __init ksize_caches_init(void)
{
	static const size_t sizes[] = { 5, 60, 100, 500, 3000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		report(sizes[i], 0, SLAB_NOLEAKTRACE, NULL);
		report(sizes[i], 32, SLAB_NOLEAKTRACE, NULL);
		report(sizes[i], 0, SLAB_HWCACHE_ALIGN | SLAB_NOLEAKTRACE, NULL);
		report(sizes[i], 0, SLAB_TYPESAFE_BY_RCU, NULL);
		report(sizes[i], 0, SLAB_RED_ZONE, NULL);
		report(sizes[i], 0, SLAB_POISON, NULL);
		report(sizes[i], 0, SLAB_STORE_USER, NULL);
		report(sizes[i], 0, SLAB_CONSISTENCY_CHECKS | SLAB_NOLEAKTRACE, NULL);
		report(sizes[i], 0, SLAB_RED_ZONE | SLAB_STORE_USER, NULL);
		report(sizes[i], 0, 0, nothing);
	}
	return 0;
}
module_init(ksize_caches_init);
MODULE_DESCRIPTION("ksize() of cache objects");
MODULE_LICENSE("GPL");
