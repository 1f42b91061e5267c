// SPDX-License-Identifier: MIT OR Apache-2.0
/* Damage that lies still until somebody looks: validation, shrinking, destroying. */
#include "misuse.h"

static void *alloc(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	/* Without poison the word that linked it to the next free object is still there. */
	if (*(unsigned char *)object != 0x6b)
		memset(object, 'x', kmem_cache_size(cache));
	return object;
}

static void *validate(struct kmem_cache *cache, void *object)
{
	return validate_slab_cache(cache) == 1 ? object : NULL;
}

/* Writes a byte at an offset from an object that is live, or free, and validates. */
#define LIVE(name, offset)                                 \
	static void *name(struct kmem_cache *cache)        \
	{                                                  \
		unsigned char *object = alloc(cache);      \
                                                           \
		object[offset] = 0x12;                     \
		return validate(cache, object);            \
	}
#define FREE(name, offset)                                 \
	static void *name(struct kmem_cache *cache)        \
	{                                                  \
		unsigned char *object = alloc(cache);      \
                                                           \
		kmem_cache_free(cache, object);            \
		object[offset] = 0x12;                     \
		return validate(cache, object);            \
	}

LIVE(live_16, 16)
LIVE(live_24, 24)
LIVE(live_32, 32)
LIVE(live_13, 13)
FREE(free_0, 0)
FREE(free_15, 15)
FREE(free_16, 16)
FREE(free_24, 24)

static void *live_before(struct kmem_cache *cache)
{
	unsigned char *first = alloc(cache), *object = alloc(cache);

	object[-1] = 0x12;
	return validate(cache, first);
}

static void *free_before(struct kmem_cache *cache)
{
	unsigned char *first = alloc(cache), *object = alloc(cache);

	kmem_cache_free(cache, object);
	object[-1] = 0x12;
	return validate(cache, first);
}

static void *whole_cache_list(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	object[16] = 0x12;
	return kmem_validate() >= 1 ? object : NULL;
}

static void *full_slab(struct kmem_cache *cache)
{
	unsigned char *first = alloc(cache), *second = alloc(cache);

	for (int more = (int)(4096 / (second - first)) - 2; more > 0; more--)
		if (!alloc(cache))
			return NULL;
	first[1000] = 0x12;
	return validate_slab_cache(cache) >= 0 ? first : NULL;
}

static void *one_bad_object_of_two(struct kmem_cache *cache)
{
	unsigned char *a = alloc(cache), *b = alloc(cache);

	a[16] = 0x12;
	b[16] = 0x12;
	return validate(cache, a);
}

static void *remainder_of_slab(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	((unsigned char *)((uintptr_t)object | 4095))[0] = 0x12;
	return validate(cache, object);
}

static void *middle_of_the_chain(struct kmem_cache *cache)
{
	unsigned char *a = alloc(cache), *b = alloc(cache), *c = alloc(cache);

	kmem_cache_free(cache, c);
	kmem_cache_free(cache, b);
	kmem_cache_free(cache, a);
	b[24] ^= 0x01;
	return validate(cache, a);
}

static void *shrink_free_byte(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object);
	object[3] = 0x12;
	return kmem_cache_shrink(cache) == 0 ? object : NULL;
}

static void *destroy_free_byte(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object);
	object[16] = 0x12;
	kmem_cache_destroy(cache);
	return object;
}

static void *destroy_with_an_object_left(struct kmem_cache *cache)
{
	unsigned char *a = alloc(cache), *b = alloc(cache);

	kmem_cache_free(cache, a);
	kmem_cache_destroy(cache);
	return b;
}

static void *traced_allocation(struct kmem_cache *cache)
{
	return alloc(cache);
}

static void *traced_free(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	memset(object, 'x', 16);
	ktest_hush();
	kmem_cache_free(cache, object);
	return object;
}

MISUSE_MAIN(
	{ .name = "right_live", .size = 16, .on = Z, .off = 0, .act = live_16, .text =
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, else)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Redzone  <24>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <24>-<24>=0xcc") },
	{ .name = "right_free", .size = 16, .on = Z | SLAB_TYPESAFE_BY_RCU, .off = SLAB_TYPESAFE_BY_RCU,
	  .act = free_16, .text =
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x12 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 0, 8)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Redzone  <24>: 12 bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <24>-<24>=0xbb") },
	{ .name = "right_of_all_caches", .size = 16, .on = Z, .off = 0, .act = whole_cache_list, .text =
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, else)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Redzone  <24>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <24>-<24>=0xcc") },
	{ .name = "right_in_a_full_slab", .size = 1000, .on = Z | U, .off = Z, .act = full_slab, .text =
		"[Right Redzone overwritten] <1008>-<1008> @offset=1008. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		"Allocated\n"
		SLAB(3, 3, null)
		OBJECT(8, else)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <24>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <40>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <56>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <72>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <88>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <104>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <120>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <136>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <152>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <168>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <184>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <200>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <216>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <232>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <248>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <264>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <280>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <296>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <312>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <328>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <344>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <360>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <376>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <392>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <408>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <424>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <440>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <456>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <472>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <488>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <504>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <520>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <536>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <552>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <568>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <584>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <600>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <616>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <632>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <648>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <664>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <680>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <696>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <712>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <728>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <744>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <760>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <776>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <792>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <808>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <824>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <840>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <856>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <872>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <888>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <904>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <920>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <936>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <952>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <968>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <984>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1000>: 78 78 78 78 78 78 78 78                          xxxxxxxx\n"
		"Redzone  <1008>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <1080>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <1008>-<1008>=0xcc") },
	{ .name = "one_bad_object_of_two", .size = 16, .on = Z | P, .off = U,
	  .act = one_bad_object_of_two, .text =
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(85, 2, 104)
		OBJECT(8, 56)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <24>-<24>=0xcc") },
	{ .name = "left_live", .size = 16, .on = Z | P, .off = U, .act = live_before, .text =
		"[Left Redzone overwritten] <55>-<55> @offset=55. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(85, 2, 104)
		OBJECT(56, 104)
		"Redzone  <48>: cc cc cc cc cc cc cc 12                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <55>-<55>=0xcc") },
	{ .name = "left_free", .size = 16, .on = Z | P, .off = U, .act = free_before, .text =
		"[Left Redzone overwritten] <55>-<55> @offset=55. First byte 0x12 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(56, 104)
		"Redzone  <48>: bb bb bb bb bb bb bb 12                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <55>-<55>=0xbb") },
	{ .name = "first_byte", .size = 16, .on = P, .off = Z, .act = free_0, .text =
		"[Poison overwritten] <0>-<0> @offset=0. First byte 0x12 instead of 0x6b\n"
		BANNER("Object corrupt")
		SLAB(170, 0, 0)
		OBJECT(0, 24)
		"Object   <0>: 12 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  .kkkkkkkkkkkkkk.\n"
		"WARN\n"
		FIX("Restoring Poison <0>-<0>=0x6b") },
	{ .name = "last_byte", .size = 16, .on = P, .off = SLAB_TYPESAFE_BY_RCU, .act = free_15, .text =
		"[End Poison overwritten] <15>-<15> @offset=15. First byte 0x12 instead of 0xa5\n"
		BANNER("Object corrupt")
		SLAB(170, 0, 0)
		OBJECT(0, 24)
		"Object   <0>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 12  kkkkkkkkkkkkkkk.\n"
		"WARN\n"
		FIX("Restoring End Poison <15>-<15>=0xa5") },
	{ .name = "alignment_padding", .size = 13, .on = P, .off = 0, .act = live_13, .text =
		"[Alignment padding overwritten] <13>-<13> @offset=13. First byte 0x12 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(170, 1, 24)
		OBJECT(0, 24)
		"Object   <0>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5           kkkkkkkkkkkk.\n"
		"WARN\n"
		FIX("Restoring Alignment padding <13>-<13>=0x5a") },
	{ .name = "padding_live", .size = 16, .on = Z | P, .off = Z | SLAB_TYPESAFE_BY_RCU,
	  .act = live_32, .text =
		"[Object padding overwritten] <40>-<40> @offset=40. First byte 0x12 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <40>: 12 5a 5a 5a 5a 5a 5a 5a                          .ZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Object padding <40>-<40>=0x5a") },
	{ .name = "padding_free", .size = 8, .on = Z | P, .off = Z | SLAB_TYPESAFE_BY_RCU,
	  .act = free_24, .text =
		"[Object padding overwritten] <32>-<32> @offset=32. First byte 0x12 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(102, 0, 8)
		OBJECT(8, 48)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <32>: 12 5a 5a 5a 5a 5a 5a 5a                          .ZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Object padding <32>-<32>=0x5a") },
	{ .name = "free_pointer_live", .size = 16, .on = Z | P, .off = Z, .act = live_24, .text =
		BANNER("Freepointer corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 18)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n" },
	{ .name = "free_pointer_free", .size = 16, .on = Z | P, .off = Z | U, .act = free_24, .text =
		BANNER("Freechain corrupt")
		SLAB(85, 0, 8)
		OBJECT(8, 18)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		BANNER_AGAIN("Wrong object count. Counter is 0 but counted were 84")
		SLAB(85, 0, 8)
		"WARN\n"
		FIX("Object count adjusted")
		"[Left Redzone overwritten] <48>-<55> @offset=48. First byte 0xbb instead of 0xcc\n"
		BANNER_AGAIN("Object corrupt")
		SLAB(85, 84, 8)
		OBJECT(56, 104)
		"Redzone  <48>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <48>-<55>=0xcc")
		"[Right Redzone overwritten] <72>-<79> @offset=72. First byte 0xbb instead of 0xcc\n"
		FIX("Restoring Right Redzone <72>-<79>=0xcc") },
	{ .name = "middle_of_the_chain", .size = 16, .on = Z | P, .off = Z | U,
	  .act = middle_of_the_chain, .text =
		BANNER("Freechain corrupt")
		SLAB(85, 0, 8)
		OBJECT(56, 105)
		"Redzone  <48>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		BANNER_AGAIN("Wrong object count. Counter is 0 but counted were 83")
		SLAB(85, 0, 8)
		"WARN\n"
		FIX("Object count adjusted")
		"[Left Redzone overwritten] <96>-<103> @offset=96. First byte 0xbb instead of 0xcc\n"
		BANNER_AGAIN("Object corrupt")
		SLAB(85, 83, 8)
		OBJECT(104, 152)
		"Redzone  <96>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <104>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <120>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <136>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <96>-<103>=0xcc")
		"[Right Redzone overwritten] <120>-<127> @offset=120. First byte 0xbb instead of 0xcc\n"
		FIX("Restoring Right Redzone <120>-<127>=0xcc") },
	{ .name = "remainder_of_slab", .size = 40, .on = P, .off = 0, .act = remainder_of_slab, .text =
		BANNER("Padding overwritten. <4095>-<4095> @offset=4095")
		"Padding <4080>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 12  ZZZZZZZZZZZZZZZ.\n"
		SLAB(85, 1, 48)
		"WARN\n"
		FIX("Restoring slab padding <4095>-<4095>=0x5a") },
	{ .name = "shrink", .size = 16, .on = F | P, .off = P, .act = shrink_free_byte, .text =
		"[Poison overwritten] <3>-<3> @offset=3. First byte 0x12 instead of 0x6b\n"
		BANNER("Object corrupt")
		SLAB(170, 0, 0)
		OBJECT(0, 24)
		"Object   <0>: 6b 6b 6b 12 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkk.kkkkkkkkkkk.\n"
		"WARN\n"
		FIX("Restoring Poison <3>-<3>=0x6b") },
	{ .name = "destroy", .size = 16, .on = F | Z | SLAB_TYPESAFE_BY_RCU, .off = Z | SLAB_TYPESAFE_BY_RCU,
	  .act = destroy_free_byte, .text =
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x12 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 0, 8)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Redzone  <24>: 12 bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <24>-<24>=0xbb") },
	{ .name = "destroy_with_an_object_left", .size = 16, .on = F | Z | P, .off = NEVER_OFF,
	  .act = destroy_with_an_object_left, .text =
		BANNER("Objects remaining on __kmem_cache_shutdown()")
		"Object <56> @offset=56\n"
		SLAB(85, 1, 8)
		"WARN\n"
		"WARN\n" },
	{ .name = "traced_allocation", .size = 16, .on = SLAB_TRACE, .off = 0,
	  .act = traced_allocation, .harmless = true, .text =
		"TRACE test alloc <0> inuse=1 fp=<16>\n" },
	{ .name = "traced_free", .size = 16, .on = SLAB_TRACE, .off = 0,
	  .act = traced_free, .harmless = true, .text =
		"TRACE test free <0> inuse=1 fp=<16>\n"
		"Object <0>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n" }
)
