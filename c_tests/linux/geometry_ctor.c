// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * geometry_ctor - geometry of caches with a constructor
 *
 * A constructed object must keep its bytes while free, so the free pointer
 * lies behind it; creating a cache constructs nothing. At risk: the word being
 * saved for small objects, or added twice with poisoning.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int points, constructed;

static void ctor(void *object)
{
	constructed++;
}

static void __init point(unsigned int size, const char *suffix,
			 slab_flags_t flags)
{
	char name[32];

	snprintf(name, sizeof(name), "test_%u%s", size, suffix);
	if (kmem_cache_create(name, size, 0, flags, ctor))
		points++;
	else
		pr_info("%s: refused\n", name);
}

static int __init geometry_ctor_init(void)
{
	static const unsigned int sizes[] __initconst = {
		1, 4, 7, 8, 9, 16, 24, 30, 32, 56, 64, 65, 100, 128, 192, 256,
		500, 512, 1000, 1024, 2040, 2048, 4088, 4096, 8192, 100000
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		point(sizes[i], "", 0);
		point(sizes[i], "_P", SLAB_POISON);
		point(sizes[i], "_ZU", SLAB_RED_ZONE | SLAB_STORE_USER);
		point(sizes[i], "_L", SLAB_HWCACHE_ALIGN);
	}
	pr_info("%u points, %u constructed\n", points, constructed);
	return 0;
}
module_init(geometry_ctor_init);
MODULE_DESCRIPTION("geometry of caches with a constructor");
MODULE_LICENSE("Dual MIT/GPL");
