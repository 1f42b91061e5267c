// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * node - allocating on a node
 *
 * Any node, the only node, and the only node with no other allowed all give
 * ordinary objects, and so does a node that the machine does not have. At risk:
 * the special value of -1, and taking a wish for a node too seriously.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init on_node(struct kmem_cache *cache, gfp_t gfp, int node)
{
	void *object = kmem_cache_alloc_node(cache, gfp, node);

	pr_info("node %d%s: %s\n", node, gfp & __GFP_THISNODE ? " only" : "",
		object ? "object" : "none");
	if (object)
		kmem_cache_free(cache, object);
}

static int __init node_init(void)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create("test_node", 120, 0, SLAB_NOLEAKTRACE, NULL);
	on_node(cache, GFP_KERNEL, -1);
	on_node(cache, GFP_KERNEL, 0);
	on_node(cache, GFP_KERNEL | __GFP_THISNODE, 0);
	on_node(cache, GFP_KERNEL | __GFP_ZERO, 0);
	on_node(cache, GFP_NOWAIT, 0);
	on_node(cache, GFP_KERNEL, 1);
	on_node(cache, GFP_KERNEL | __GFP_THISNODE, 1);
	kmem_cache_shrink(cache);
	return 0;
}
module_init(node_init);
MODULE_DESCRIPTION("allocating on a node");
MODULE_LICENSE("Dual MIT/GPL");
