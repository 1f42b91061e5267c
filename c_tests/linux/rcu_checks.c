// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * rcu_checks - checks in a cache that is type-safe by RCU
 *
 * Its objects may be written to after they are freed, so they are not
 * poisoned; what lies around them is checked. At risk: a report about the
 * object's own bytes.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init rcu_checks_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_rcu", 40, 0, FLAGS |
				  SLAB_TYPESAFE_BY_RCU, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'x', 40);
	kmem_cache_free(cache, object);
	memset(object, 'y', 40);
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	object[40] = 0x12;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %d\n", !!object);
	return 0;
}
module_init(rcu_checks_init);
MODULE_DESCRIPTION("checks in a cache that is type-safe by RCU");
MODULE_LICENSE("Dual MIT/GPL");
