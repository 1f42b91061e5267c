// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * validate_full - validating full slabs
 *
 * They are only known to caches with tracks. At risk: full slabs looked at
 * without, or not with them.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

static int __init validate_full_init(void)
{
	static const slab_flags_t flags[] = { SLAB_RED_ZONE,
					      SLAB_RED_ZONE | SLAB_STORE_USER };
	static unsigned char *objects[64];
	struct kmem_cache *cache;
	unsigned int i, n, per_slab;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		cache = kmem_cache_create("test_full", 1000, 0, flags[i], NULL);
		/* Slabs of two pages or four. */
		per_slab = i ? 15 : 16;
		for (n = 0; n < 2 * per_slab; n++)
			objects[n] = kmem_cache_alloc(cache, GFP_KERNEL);
		objects[0][1000] = 0x12;
		memset(objects[0], 0, 1000);
		pr_info("looked at: %ld\n", validate_slab_cache(cache));
		kmem_cache_free(cache, objects[1]);
		pr_info("looked at: %ld\n", validate_slab_cache(cache));
	}
	return 0;
}
module_init(validate_full_init);
MODULE_DESCRIPTION("validating full slabs");
MODULE_LICENSE("Dual MIT/GPL");
