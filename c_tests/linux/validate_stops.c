// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * validate_stops - validating a slab with two bad objects
 *
 * The first bad object of a slab ends the look at it; the next validation
 * finds the other one. At risk: all reported at once.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_RED_ZONE | SLAB_POISON)

static int __init validate_stops_init(void)
{
	struct kmem_cache *cache;
	unsigned char *a, *b;
	unsigned int i;

	cache = kmem_cache_create("test_stops", 64, 0, FLAGS, NULL);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	a[64] = 0x12;
	a[65] = 0x12;
	b[64] = 0x12;
	b[65] = 0x12;
	for (i = 0; i < 3; i++)
		pr_info("looked at: %ld\n", validate_slab_cache(cache));
	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	return 0;
}
module_init(validate_stops_init);
MODULE_DESCRIPTION("validating a slab with two bad objects");
MODULE_LICENSE("Dual MIT/GPL");
