// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * args_forms - the forms of kmem_cache_create() of Linux 6.12
 *
 * The third argument chooses: a struct kmem_cache_args, NULL for the defaults,
 * or a number for the old five-argument form. At risk: NULL taken for an
 * alignment, and fields of the struct mixed up.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static unsigned int calls;

static void ctor(void *object)
{
	calls++;
}

static int __init args_forms_init(void)
{
	struct kmem_cache_args args = {
		.align = 64,
		.ctor = ctor,
	};
	struct kmem_cache *with_args, *defaults, *old_form, *long_size;
	unsigned long align = 32;
	void *object;

	defaults = kmem_cache_create("test_defaults", 100, NULL, SLAB_NO_MERGE);
	with_args = kmem_cache_create("test_args", 100, &args, SLAB_NO_MERGE);
	old_form = kmem_cache_create("test_old_form", 100, 16, SLAB_NO_MERGE,
				     ctor);
	long_size = kmem_cache_create("test_long", sizeof(long) * 5, align,
				      SLAB_NO_MERGE, NULL);
	pr_info("created: %d %d %d %d\n", !!defaults, !!with_args, !!old_form,
		!!long_size);

	object = kmem_cache_alloc(defaults, GFP_KERNEL);
	pr_info("defaults: %u calls\n", calls);
	kmem_cache_free(defaults, object);
	object = kmem_cache_alloc(with_args, GFP_KERNEL);
	pr_info("args: %u calls\n", calls);
	kmem_cache_free(with_args, object);
	calls = 0;
	object = kmem_cache_alloc(old_form, GFP_KERNEL);
	pr_info("old form: %u calls\n", calls);
	kmem_cache_free(old_form, object);
	kmem_cache_shrink(defaults);
	kmem_cache_shrink(with_args);
	kmem_cache_shrink(old_form);
	return 0;
}
module_init(args_forms_init);
MODULE_DESCRIPTION("the forms of kmem_cache_create() of Linux 6.12");
MODULE_LICENSE("Dual MIT/GPL");
