// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * shrinker - what a shrinker looks like when it is made, registered, and refused
 *
 * At risk: default values that a driver relies on.
 */
#include <linux/module.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

static unsigned long count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return SHRINK_EMPTY;
}

static unsigned long scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	return SHRINK_STOP;
}

static void show(const char *when, struct shrinker *shrinker)
{
	pr_info("%s: batch %ld seeks %d flags %x callbacks %d %d private %d\n", when, shrinker->batch, shrinker->seeks,
		shrinker->flags, !!shrinker->count_objects, !!shrinker->scan_objects, !!shrinker->private_data);
}

static int __init start(void)
{
	static struct shrinker own = { .count_objects = count, .scan_objects = scan };
	struct shrinker *shrinker = shrinker_alloc(0, "scenario-%d", 1);

	show("allocated", shrinker);
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker->private_data = shrinker;
	shrinker_register(shrinker);
	show("registered", shrinker);
	shrinker_free(shrinker);

	shrinker_register(&own);
	show("refused", &own);
	shrinker = shrinker_alloc(SHRINKER_NONSLAB, "scenario");
	show("nonslab", shrinker);
	shrinker_free(shrinker);
	shrinker_free(NULL);
	pr_info("stop %lx empty %lx\n", SHRINK_STOP, SHRINK_EMPTY);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
