// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_refcount - reference counts that overflow, underflow and come back from 0
 *
 * Each accident warns once and leaves the count saturated. At risk: the
 * wording, the once, and what the count is afterwards.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/mutex.h>

static void show(const char *what, refcount_t *r, int result)
{
	pr_info("%s: %d, count %x\n", what, result, refcount_read(r));
}

struct object {
	struct kref kref;
	int released;
};

static void release(struct kref *kref)
{
	container_of(kref, struct object, kref)->released++;
}

static int __init kit_refcount_init(void)
{
	static DEFINE_SPINLOCK(lock);
	static DEFINE_MUTEX(mutex);
	refcount_t r = REFCOUNT_INIT(1);
	struct object object = { .released = 0 };
	unsigned int i;
	int result;

	refcount_inc(&r);
	show("inc", &r, 0);
	refcount_dec(&r);
	show("dec", &r, 0);
	result = refcount_inc_not_zero(&r);
	show("inc_not_zero", &r, result);
	result = refcount_sub_and_test(2, &r);
	show("sub_and_test", &r, result);
	result = refcount_inc_not_zero(&r);
	show("inc_not_zero of 0", &r, result);
	refcount_set(&r, -1);
	result = refcount_dec_not_one(&r);
	show("dec_not_one of -1", &r, result);
	refcount_set(&r, 0);
	result = refcount_dec_not_one(&r);
	show("dec_not_one of 0", &r, result);

	for (i = 0; i < 2; i++) {
		refcount_set(&r, 0);
		refcount_inc(&r);
		show("inc of 0", &r, 0);
		refcount_set(&r, 0);
		result = refcount_dec_and_test(&r);
		show("dec_and_test of 0", &r, result);
		refcount_set(&r, 1);
		refcount_dec(&r);
		show("dec of 1", &r, 0);
		refcount_set(&r, INT_MAX);
		refcount_inc(&r);
		show("inc of the largest", &r, 0);
		refcount_set(&r, INT_MAX - 5);
		refcount_add(10, &r);
		show("add near the largest", &r, 0);
		refcount_set(&r, INT_MAX);
		result = refcount_inc_not_zero(&r);
		show("inc_not_zero of the largest", &r, result);
		refcount_set(&r, 1);
		result = refcount_sub_and_test(2, &r);
		show("sub of more", &r, result);
	}
	refcount_set(&r, -1);
	refcount_inc(&r);
	show("inc of the smallest", &r, 0);
	refcount_set(&r, REFCOUNT_SATURATED);
	result = refcount_dec_not_one(&r);
	show("dec_not_one of the saturated", &r, result);
	refcount_set(&r, REFCOUNT_SATURATED + 1);
	result = refcount_dec_not_one(&r);
	show("dec_not_one near the saturated", &r, result);
	refcount_set(&r, INT_MIN);
	result = refcount_dec_not_one(&r);
	show("dec_not_one of the smallest", &r, result);
	refcount_set(&r, 1);
	result = refcount_dec_not_one(&r);
	show("dec_not_one of 1", &r, result);
	result = refcount_dec_if_one(&r);
	show("dec_if_one of 1", &r, result);

	refcount_set(&r, 2);
	result = refcount_dec_and_lock(&r, &lock);
	show("dec_and_lock of 2", &r, result);
	result = refcount_dec_and_lock(&r, &lock);
	show("dec_and_lock of 1", &r, result);
	pr_info("locked %d\n", spin_is_locked(&lock));
	spin_unlock(&lock);
	refcount_set(&r, 1);
	result = refcount_dec_and_mutex_lock(&r, &mutex);
	show("dec_and_mutex_lock of 1", &r, result);
	pr_info("locked %d\n", mutex_is_locked(&mutex));
	mutex_unlock(&mutex);

	kref_init(&object.kref);
	kref_get(&object.kref);
	result = kref_put(&object.kref, release);
	pr_info("kref %u, put %d, released %d\n", kref_read(&object.kref), result, object.released);
	result = kref_put(&object.kref, release);
	pr_info("kref %u, put %d, released %d, again %d\n", kref_read(&object.kref), result, object.released,
		kref_get_unless_zero(&object.kref));
	return 0;
}
module_init(kit_refcount_init);
MODULE_DESCRIPTION("reference counts that overflow, underflow and come back from 0");
MODULE_LICENSE("Dual MIT/GPL");
