// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * padding_slab - writing behind the last slot of a slab
 *
 * The remainder of the slab is reported and repaired, and the allocation or
 * free that finds it goes on. At risk: the report being held against the
 * object.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_POISON)

static int __init padding_slab_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object, *end;

	cache = kmem_cache_create("test_remainder", 200, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	/* A slab of one page, of which 19 slots of 208 bytes leave 144. */
	end = (unsigned char *)((unsigned long)object | 4095);
	end[0] = 0x12;
	pr_info("free\n");
	kmem_cache_free(cache, object);
	end[-100] = 0x13;
	end[-90] = 0x13;
	pr_info("allocate\n");
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	end[-143] = 0x14;
	pr_info("validate\n");
	validate_slab_cache(cache);
	kmem_cache_free(cache, object);
	end[-1] = 0x15;
	pr_info("shrink\n");
	kmem_cache_shrink(cache);
	return 0;
}
module_init(padding_slab_init);
MODULE_DESCRIPTION("writing behind the last slot of a slab");
MODULE_LICENSE("Dual MIT/GPL");
