// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc_requested - debugging knows how much of a kmalloc object was asked for
 *
 * What lies between that and the end of the object is red zone; zeroing stops
 * there; after ksize() all of it is the caller's. At risk: a report about a
 * program that does what it may, an overrun that stays inside the object.
 *
 * cmdline: slab_debug=FZPU,kmalloc-64,kmalloc-128 init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init show(const char *what, const unsigned char *p, size_t n)
{
	size_t i, from = 0;

	for (i = 1; i <= n; i++) {
		if (i < n && p[i] == p[from])
			continue;
		pr_info("%s: [%zu, %zu) %02x\n", what, from, i, p[from]);
		from = i;
	}
}

/* Not memset(), which in a kernel knows the size as well. */
static noinline void write_bytes(volatile unsigned char *p, size_t n, int value)
{
	while (n--)
		p[n] = value;
}

static int __init kmalloc_requested_init(void)
{
	unsigned char *p = kmalloc(40, GFP_KERNEL), *q;

	show("fresh", p, 64);
	kfree(p);
	p = kzalloc(50, GFP_KERNEL);
	show("zeroed", p, 64);
	pr_info("ksize %zu\n", ksize(p));
	show("after ksize", p, 64);
	write_bytes(p, 64, 1);
	kfree(p);
	pr_info("after ksize all is the caller's\n");

	p = kmalloc(40, GFP_KERNEL);
	write_bytes(p, 40, 2);
	q = krealloc(p, 60, GFP_KERNEL);
	pr_info("grown in place: %d\n", p == q);
	show("grown", q, 64);
	q = krealloc(q, 20, GFP_KERNEL);
	show("shrunk", q, 64);
	q = krealloc(q, 30, GFP_KERNEL | __GFP_ZERO);
	show("grown with zeroes", q, 64);
	p = krealloc(q, 100, GFP_KERNEL | __GFP_ZERO);
	show("moved", p, 128);
	kfree(p);
	return 0;
}
module_init(kmalloc_requested_init);
MODULE_DESCRIPTION("debugging knows how much of a kmalloc object was asked for");
MODULE_LICENSE("GPL");
