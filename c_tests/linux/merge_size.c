// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * merge_size - how close two sizes must be to merge
 *
 * The new request, rounded up to its alignment, must fit into the old stride
 * with less than a word to spare, and the stride must be a multiple of the new
 * alignment. The merged cache's size grows to the larger request, never its
 * stride. At risk: the bound on waste, the order of arguments in the alignment
 * test, and the older handle's kmem_cache_size().
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static struct kmem_cache *base;

static void __init request(unsigned int size, unsigned int align)
{
	struct kmem_cache *cache;
	char name[32];

	snprintf(name, sizeof(name), "test_%u_%u", size, align);
	cache = kmem_cache_create(name, size, align, 0, NULL);
	pr_info("%s: merged %d, size %u, base size %u\n", name, cache == base,
		kmem_cache_size(cache), kmem_cache_size(base));
	if (cache != base)
		kmem_cache_destroy(cache);
}

static int __init merge_size_init(void)
{
	static const unsigned int sizes[] __initconst = {
		5161, 5160, 5159, 5153, 5152, 5151, 5145, 5144, 5136
	};
	unsigned int i, align;

	base = kmem_cache_create("test_base", 5155, 0, 0, NULL);
	pr_info("base size %u\n", kmem_cache_size(base));
	request(5153, 0);
	request(5157, 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		request(sizes[i], 0);
	for (align = 1; align <= 128; align *= 2) {
		request(5160, align);
		request(5152, align);
	}

	base = kmem_cache_create("test_aligned", 5632, 128, 0, NULL);
	request(5632, 0);
	request(5632, 64);
	request(5632, 512);
	request(5632, 1024);
	request(5600, 64);
	request(5630, 8);
	request(5500, 128);
	request(5505, 128);
	return 0;
}
module_init(merge_size_init);
MODULE_DESCRIPTION("how close two sizes must be to merge");
MODULE_LICENSE("Dual MIT/GPL");
