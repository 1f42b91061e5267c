// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * create_align - very large and very small alignments
 *
 * There is no upper bound on the alignment but the size of a slab, and one
 * below eight is raised to eight. At risk: alignment cut to a page, and the
 * place of an object in slabs of more than one page.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sizes.h>

static void __init try_create(unsigned int size, unsigned int align)
{
	struct kmem_cache *cache;
	char name[32];
	void *object;

	snprintf(name, sizeof(name), "test_%u_%u", size, align);
	cache = kmem_cache_create(name, size, align, SLAB_NOLEAKTRACE, NULL);
	if (!cache) {
		pr_info("%s: refused\n", name);
		return;
	}
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	if (!object) {
		pr_info("%s: no object\n", name);
		return;
	}
	pr_info("%s: %s\n", name,
		(unsigned long)object % align ? "misaligned" : "aligned");
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
}

static int __init create_align_init(void)
{
	static const unsigned int aligns[] __initconst = {
		1, 2, 4, 8, SZ_4K, SZ_8K, SZ_16K, SZ_32K, SZ_64K, SZ_256K,
		SZ_1M, SZ_2M, SZ_4M, SZ_8M, SZ_16M
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(aligns); i++) {
		try_create(24, aligns[i]);
		try_create(5000, aligns[i]);
	}
	return 0;
}
module_init(create_align_init);
MODULE_DESCRIPTION("very large and very small alignments");
MODULE_LICENSE("Dual MIT/GPL");
