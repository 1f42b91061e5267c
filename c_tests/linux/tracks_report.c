// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * tracks_report - reports with tracks
 *
 * Who allocated and who freed the object comes first. At risk: which of them
 * is known at each moment.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | \
	       SLAB_STORE_USER)

static int __init tracks_report_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object, *other;

	cache = kmem_cache_create("test_tracks", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	object[64] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	pr_info("double\n");
	kmem_cache_free(cache, object);
	object[10] = 0x12;
	pr_info("use after free\n");
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	other[64] = 0x12;
	pr_info("validate\n");
	validate_slab_cache(cache);
	kmem_cache_free(cache, other);
	return 0;
}
module_init(tracks_report_init);
MODULE_DESCRIPTION("reports with tracks");
MODULE_LICENSE("Dual MIT/GPL");
