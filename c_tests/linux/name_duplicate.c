// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * name_duplicate - two caches of one name
 *
 * A name belongs to nobody: a second cache of the same name is created, whether
 * either can merge or not, and slabinfo then has two rows of it. Sharing a name
 * does not make caches merge. At risk: refusing a duplicate (as Linux did long
 * ago, and as a clash of the names in /sys would suggest).
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static struct kmem_cache * __init create(const char *what, const char *name,
					 unsigned int size, slab_flags_t flags)
{
	struct kmem_cache *cache = kmem_cache_create(name, size, 0, flags, NULL);

	pr_info("%s: %s\n", what, cache ? "created" : "refused");
	return cache;
}

static int __init name_duplicate_init(void)
{
	struct kmem_cache *a, *b;

	a = create("mergeable", "test_merge", 5112, 0);
	b = create("same name, same size", "test_merge", 5112, 0);
	pr_info("one cache: %d\n", a == b);
	b = create("same name, other size", "test_merge", 6136, 0);
	pr_info("one cache: %d\n", a == b);

	a = create("unmergeable", "test_own", 104, SLAB_NOLEAKTRACE);
	create("same name, unmergeable", "test_own", 104, SLAB_NOLEAKTRACE);
	create("same name, other size", "test_own", 304, SLAB_NOLEAKTRACE);
	create("same name, mergeable", "test_own", 7160, 0);
	kmem_cache_destroy(a);
	create("after destroying the owner", "test_own", 104, SLAB_NOLEAKTRACE);

	create("mergeable first", "test_late", 5624, 0);
	create("then unmergeable", "test_late", 5624, SLAB_NOLEAKTRACE);
	return 0;
}
module_init(name_duplicate_init);
MODULE_DESCRIPTION("two caches of one name");
MODULE_LICENSE("Dual MIT/GPL");
