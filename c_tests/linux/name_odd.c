// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * name_odd - long names and names with unusual characters
 *
 * A name is not validated by the allocator: slashes, percent signs, long names
 * and non-ASCII bytes come back as they were given. At risk: names cut to the
 * width of a slabinfo column, and names used as a format.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static const char * const names[] __initconst = {
	"test",
	"test_percent_%s_%d",
	"test/slash",
	"test:colon,comma;semicolon",
	"test_exactly_17_c",
	"test_eighteen_char",
	"test_a_rather_long_name_of_a_cache_that_does_not_fit_into_its_column_of_slabinfo",
	"test_\xc3\xa9",
};

static int __init name_odd_init(void)
{
	struct kmem_cache *cache;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		cache = kmem_cache_create(names[i], 104, 0, SLAB_NOLEAKTRACE, NULL);
		pr_info("\"%s\": %s\n", names[i], cache ? "created" : "refused");
	}
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		cache = kmem_cache_create(names[i], 104, 0,
					  (slab_flags_t)(1u << 31), NULL);
		pr_info("\"%s\": %s\n", names[i], cache ? "created" : "refused");
	}
	return 0;
}
module_init(name_odd_init);
MODULE_DESCRIPTION("long names and names with unusual characters");
MODULE_LICENSE("Dual MIT/GPL");
