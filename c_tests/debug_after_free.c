// SPDX-License-Identifier: MIT OR Apache-2.0
/* Writing to a free object: found when it would be handed out again, which its slab never is. */
#include "misuse.h"

static void *alloc(struct kmem_cache *cache)
{
	return kmem_cache_alloc(cache, GFP_KERNEL);
}

/* Writes a byte at an offset from an object that was just freed, and asks for it again. */
#define WRITES(name, offset)                                                       \
	static void *name(struct kmem_cache *cache)                                \
	{                                                                          \
		unsigned char *object = alloc(cache), *next;                       \
                                                                                   \
		memset(object, 'x', 8);                                            \
		kmem_cache_free(cache, object);                                    \
		object[offset] = 0x78;                                             \
		next = alloc(cache);                                               \
		/* With the check the slab is gone, without it is as before. */    \
		return next ? object : NULL;                                       \
	}

WRITES(at_0, 0)
WRITES(at_7, 7)
WRITES(at_15, 15)
WRITES(at_16, 16)
WRITES(at_17, 17)
WRITES(at_24, 24)
WRITES(at_32, 32)
WRITES(at_50, 50)
WRITES(before, -1)

static void *all_over(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object);
	memset(object - 1, 0, 16 + 2);
	return alloc(cache) ? object : NULL;
}

/* The last byte of poison in all of them is none. */
static void *poison_everywhere(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object);
	memset(object, 0x6b, 16);
	return alloc(cache) ? object : NULL;
}

/* An object that was never handed out. */
static void *never_allocated(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	object[40 + 3] = 0x12;
	return alloc(cache) ? object : NULL;
}


/* What is in a slab that was found corrupt does not come back. */
static void *of_a_withdrawn_slab(struct kmem_cache *cache)
{
	unsigned char *live = alloc(cache), *object = alloc(cache);

	kmem_cache_free(cache, object);
	object[0] = 0x12;
	if (!alloc(cache))
		return NULL;
	kmem_cache_free(cache, live);
	return live;
}

static void *remainder_of_slab(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	((unsigned char *)((uintptr_t)object | 4095))[-2] = 0x12;
	return alloc(cache) ? object : NULL;
}

MISUSE_MAIN(
	{ .name = "first_byte", .size = 16, .on = F | Z | P, .off = Z | P, .act = at_0, .text =
		"[Poison overwritten] <8>-<8> @offset=8. First byte 0x78 instead of 0x6b\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 78 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  xkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Poison <8>-<8>=0x6b")
		FIX("Marking all objects used") },
	{ .name = "first_byte_without_red_zones", .size = 16, .on = F | P, .off = P, .act = at_0, .text =
		"[Poison overwritten] <0>-<0> @offset=0. First byte 0x78 instead of 0x6b\n"
		BANNER("Object corrupt")
		SLAB(170, 1, 24)
		OBJECT(0, 24)
		"Object   <0>: 78 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  xkkkkkkkkkkkkkk.\n"
		"WARN\n"
		FIX("Restoring Poison <0>-<0>=0x6b")
		FIX("Marking all objects used") },
	{ .name = "middle_byte", .size = 16, .on = F | Z | P, .off = Z | P, .act = at_7, .text =
		"[Poison overwritten] <15>-<15> @offset=15. First byte 0x78 instead of 0x6b\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 78 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkxkkkkkkk.\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Poison <15>-<15>=0x6b")
		FIX("Marking all objects used") },
	{ .name = "fiftieth_byte", .size = 64, .on = F | Z | P, .off = Z | P, .act = at_50, .text =
		"[Poison overwritten] <58>-<58> @offset=58. First byte 0x78 instead of 0x6b\n"
		BANNER("Object corrupt")
		SLAB(42, 1, 104)
		OBJECT(8, 104)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Object   <24>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Object   <40>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Object   <56>: 6b 6b 78 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkxkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Poison <58>-<58>=0x6b")
		FIX("Marking all objects used") },
	{ .name = "last_byte", .size = 16, .on = F | Z | P, .off = Z | P, .act = at_15, .text =
		"[End Poison overwritten] <23>-<23> @offset=23. First byte 0x78 instead of 0xa5\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 78  kkkkkkkkkkkkkkkx\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring End Poison <23>-<23>=0xa5")
		FIX("Marking all objects used") },
	{ .name = "poison_everywhere", .size = 16, .on = F | Z | P, .off = Z | P,
	  .act = poison_everywhere, .text =
		"[End Poison overwritten] <23>-<23> @offset=23. First byte 0x6b instead of 0xa5\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring End Poison <23>-<23>=0xa5")
		FIX("Marking all objects used") },
	{ .name = "all_over", .size = 16, .on = F | Z | P, .off = Z | P, .act = all_over, .text =
		"[Left Redzone overwritten] <7>-<7> @offset=7. First byte 0x0 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb 00                          ........\n"
		"Object   <8>: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................\n"
		"Redzone  <24>: 00 bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <7>-<7>=0xbb")
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x0 instead of 0xbb\n"
		FIX("Restoring Right Redzone <24>-<24>=0xbb")
		"[Poison overwritten] <8>-<22> @offset=8. First byte 0x0 instead of 0x6b\n"
		FIX("Restoring Poison <8>-<22>=0x6b")
		"[End Poison overwritten] <23>-<23> @offset=23. First byte 0x0 instead of 0xa5\n"
		FIX("Restoring End Poison <23>-<23>=0xa5")
		FIX("Marking all objects used") },
	{ .name = "right_red_zone", .size = 16, .on = F | Z | P, .off = Z | P, .act = at_16, .text =
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x78 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: 78 bb bb bb bb bb bb bb                          x.......\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <24>-<24>=0xbb")
		FIX("Marking all objects used") },
	{ .name = "right_red_zone_unpoisoned", .size = 16, .on = F | Z | SLAB_TYPESAFE_BY_RCU, .off = Z | SLAB_TYPESAFE_BY_RCU,
	  .act = at_17, .text =
		"[Right Redzone overwritten] <25>-<25> @offset=25. First byte 0x78 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78 00 00 00 00 00 00 00 00  xxxxxxxx........\n"
		"Redzone  <24>: bb 78 bb bb bb bb bb bb                          .x......\n"
		"Padding  <40>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <25>-<25>=0xbb")
		FIX("Marking all objects used") },
	{ .name = "left_red_zone", .size = 16, .on = F | Z | P, .off = Z | P, .act = before, .text =
		"[Left Redzone overwritten] <7>-<7> @offset=7. First byte 0x78 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb 78                          .......x\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <7>-<7>=0xbb")
		FIX("Marking all objects used") },
	{ .name = "free_pointer", .size = 16, .on = F | Z | P, .off = NEVER_OFF, .act = at_24, .text =
		BANNER("Freepointer corrupt")
		SLAB(85, 1, 120)
		OBJECT(8, 120)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Marking all objects used") },
	{ .name = "padding", .size = 16, .on = F | Z | P, .off = Z | P, .act = at_32, .text =
		"[Object padding overwritten] <40>-<40> @offset=40. First byte 0x78 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <40>: 78 5a 5a 5a 5a 5a 5a 5a                          xZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Object padding <40>-<40>=0x5a")
		FIX("Marking all objects used") },
	{ .name = "never_allocated", .size = 16, .on = F | Z | P, .off = Z | P,
	  .act = never_allocated, .text =
		"[Left Redzone overwritten] <51>-<51> @offset=51. First byte 0x12 instead of 0xbb\n"
		BANNER("Object corrupt")
		SLAB(85, 2, 104)
		OBJECT(56, 104)
		"Redzone  <48>: bb bb bb 12 bb bb bb bb                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <51>-<51>=0xbb")
		FIX("Marking all objects used") },
	{ .name = "remainder_of_slab", .size = 16, .on = F | Z | P, .off = Z | P,
	  .act = remainder_of_slab, .text =
		BANNER("Padding overwritten. <4093>-<4093> @offset=4093")
		"Padding <4080>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 12 5a 5a  ZZZZZZZZZZZZZ.ZZ\n"
		SLAB(85, 2, 104)
		"WARN\n"
		FIX("Restoring slab padding <4093>-<4093>=0x5a") },
	{ .name = "of_a_withdrawn_slab", .size = 16, .on = F | Z | P, .off = Z | P,
	  .act = of_a_withdrawn_slab, .text =
		"[Poison overwritten] <56>-<56> @offset=56. First byte 0x12 instead of 0x6b\n"
		BANNER("Object corrupt")
		SLAB(85, 2, 104)
		OBJECT(56, 104)
		"Redzone  <48>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <56>: 12 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  .kkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Poison <56>-<56>=0x6b")
		FIX("Marking all objects used")
		BANNER_AGAIN("Slab disabled since SLUB metadata consistency check failed")
		SLAB(85, 85, null)
		"WARN\n"
		NOT_FREED(8) }
)
