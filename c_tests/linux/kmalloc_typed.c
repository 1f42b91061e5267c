// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_typed - allocation by type
 *
 * At risk: the size of a structure with an array at its end, flags left out.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

struct point {
	int x;
	long y;
};

struct points {
	int n;
	struct point p[];
};

static int __init kmalloc_typed_init(void)
{
	struct point *a, *b, *many;
	struct points *flex;

	a = kmalloc_obj(*a);
	b = kzalloc_obj(struct point, GFP_ATOMIC);
	pr_info("%zu %zu %d\n", ksize(a), ksize(b), b->x);
	many = kmalloc_objs(*many, 20);
	flex = kzalloc_flex(*flex, p, 3);
	pr_info("%zu %zu %ld\n", ksize(many), ksize(flex), flex->p[2].y);
	kfree(many);
	many = kvzalloc_objs(*many, 300, GFP_KERNEL);
	pr_info("%zu %d\n", ksize(many), many[299].x);
	pr_info("%d\n", !!kmalloc_objs(*many, SIZE_MAX / 4,
				       GFP_KERNEL | __GFP_NOWARN));
	kvfree(many);
	kfree(a);
	kfree(b);
	kfree(flex);
	return 0;
}
module_init(kmalloc_typed_init);
MODULE_DESCRIPTION("allocation by type");
MODULE_LICENSE("GPL");
