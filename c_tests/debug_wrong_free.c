// SPDX-License-Identifier: MIT OR Apache-2.0
/* Freeing what is not to be freed. Found whether checks are asked for or not. */
#include "misuse.h"

static void *alloc(struct kmem_cache *cache)
{
	return kmem_cache_alloc(cache, GFP_KERNEL);
}

static void *twice(struct kmem_cache *cache)
{
	unsigned char *other = alloc(cache), *object = alloc(cache);

	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return other;
}

static void *twice_with_one_between(struct kmem_cache *cache)
{
	unsigned char *a = alloc(cache), *b = alloc(cache), *c = alloc(cache);

	kmem_cache_free(cache, a);
	kmem_cache_free(cache, b);
	kmem_cache_free(cache, a);
	return c;
}

static void *twice_in_an_empty_slab(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return object;
}

static void *twice_in_bulk(struct kmem_cache *cache)
{
	unsigned char *other = alloc(cache);
	void *objects[2];

	objects[0] = objects[1] = alloc(cache);
	kmem_cache_free_bulk(cache, 2, objects);
	return other;
}

static void *never_allocated(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);
	size_t stride = (unsigned char *)alloc(cache) - object;

	kmem_cache_free(cache, object + 2 * stride);
	return object;
}

static void *inside(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object + 8);
	return object;
}

static void *odd_address(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object + 1);
	return object;
}

static void *start_of_the_slot(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, object - 8);
	return object;
}

static void *behind_the_last_slot(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	kmem_cache_free(cache, (void *)(((uintptr_t)object | 4095) - 7));
	return object;
}

static void *of_another_cache(struct kmem_cache *cache)
{
	struct kmem_cache *other = kmem_cache_create("other", 200, 0, SLAB_NO_MERGE | F, NULL);
	void *object = alloc(cache);

	kmem_cache_free(other, object);
	/* It went home. */
	return alloc(cache) == object ? object : NULL;
}

static void *of_another_cache_and_damaged(struct kmem_cache *cache)
{
	struct kmem_cache *other = kmem_cache_create("other", 200, 0, SLAB_NO_MERGE, NULL);
	unsigned char *object = alloc(cache);

	object[16] = 0x12;
	kmem_cache_free(other, object);
	return kmem_cache_shrink(other) >= 0 ? object : NULL;
}

static void *on_the_stack(struct kmem_cache *cache)
{
	char array[64];

	kmem_cache_free(cache, array);
	return alloc(cache);
}

MISUSE_MAIN(
	{ .name = "twice", .size = 16, .on = F | Z | P, .off = NEVER_OFF, .act = twice, .text =
		BANNER("Object already free")
		SLAB(85, 1, 56)
		OBJECT(56, 104)
		"Redzone  <48>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		NOT_FREED(56) },
	{ .name = "twice_without_checks", .size = 16, .on = Z | P, .off = NEVER_OFF, .act = twice, .text =
		BANNER("Object already free")
		SLAB(85, 1, 56)
		OBJECT(56, 104)
		"Redzone  <48>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		NOT_FREED(56) },
	{ .name = "twice_with_one_between", .size = 16, .on = F | P, .off = NEVER_OFF,
	  .act = twice_with_one_between, .text =
		BANNER("Object already free")
		SLAB(170, 1, 24)
		OBJECT(0, 72)
		"Object   <0>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"WARN\n"
		NOT_FREED(0) },
	{ .name = "twice_in_an_empty_slab", .size = 16, .on = F | Z | P, .off = NEVER_OFF,
	  .act = twice_in_an_empty_slab, .text =
		BANNER("Slab has 0 allocated objects but 1 are to be freed\n")
		SLAB(85, 0, 8)
		"WARN\n"
		NOT_FREED(8) },
	{ .name = "twice_in_bulk", .size = 16, .on = F | Z | P, .off = NEVER_OFF,
	  .act = twice_in_bulk, .text =
		BANNER("Object already free")
		SLAB(85, 1, 56)
		OBJECT(56, 104)
		"Redzone  <48>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		NOT_FREED(56) },
	{ .name = "never_allocated", .size = 16, .on = F | Z | P, .off = NEVER_OFF,
	  .act = never_allocated, .text =
		BANNER("Object already free")
		SLAB(85, 2, 104)
		OBJECT(104, 152)
		"Redzone  <96>: bb bb bb bb bb bb bb bb                          ........\n"
		"Object   <104>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <120>: bb bb bb bb bb bb bb bb                          ........\n"
		"Padding  <136>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		NOT_FREED(104) },
	{ .name = "inside", .size = 16, .on = F | Z | P, .off = NEVER_OFF, .act = inside, .text =
		BANNER("Invalid object pointer <16>")
		SLAB(85, 1, 56)
		"WARN\n"
		NOT_FREED(16) },
	{ .name = "inside_without_checks", .size = 16, .on = P, .off = NEVER_OFF, .act = inside, .text =
		BANNER("Invalid object pointer <8>")
		SLAB(170, 1, 24)
		"WARN\n"
		NOT_FREED(8) },
	{ .name = "odd_address", .size = 16, .on = F, .off = NEVER_OFF, .act = odd_address, .text =
		BANNER("Invalid object pointer <1>")
		SLAB(256, 1, 16)
		"WARN\n"
		NOT_FREED(1) },
	{ .name = "start_of_the_slot", .size = 16, .on = F | Z, .off = NEVER_OFF,
	  .act = start_of_the_slot, .text =
		BANNER("Invalid object pointer <0>")
		SLAB(102, 1, 48)
		"WARN\n"
		NOT_FREED(0) },
	{ .name = "behind_the_last_slot", .size = 40, .on = F | Z, .off = NEVER_OFF,
	  .act = behind_the_last_slot, .text =
		BANNER("Invalid object pointer <4088>")
		SLAB(64, 1, 72)
		"WARN\n"
		NOT_FREED(4088) },
	{ .name = "of_another_cache", .size = 16, .on = F | Z | P, .off = NEVER_OFF,
	  .act = of_another_cache, .text =
		"WARN\n" },
	{ .name = "of_another_cache_and_damaged", .size = 16, .on = F | Z | P, .off = NEVER_OFF,
	  .act = of_another_cache_and_damaged, .text =
		"WARN\n"
		"[Right Redzone overwritten] <24>-<24> @offset=24. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, 56)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <24>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <24>-<24>=0xcc")
		NOT_FREED(8) },
	{ .name = "on_the_stack", .size = 16, .on = F | Z | P, .off = NEVER_OFF,
	  .act = on_the_stack, .text =
		"WARN\n"
		"kmem_cache_free(test, <else>): object is not in a slab page\n" }
)
