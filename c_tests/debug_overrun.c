// SPDX-License-Identifier: MIT OR Apache-2.0
/* Writing around a live object: found when it is freed. */
#include "misuse.h"

static void *alloc(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	/* Without poison the word that linked it to the next free object is still there. */
	if (*(unsigned char *)object != 0x6b)
		memset(object, 'x', kmem_cache_size(cache));
	return object;
}

/* Writes a byte at an offset from a live object and frees the object. */
#define WRITES(name, offset)                                    \
	static void *name(struct kmem_cache *cache)             \
	{                                                       \
		unsigned char *object = alloc(cache);           \
                                                                \
		object[offset] = 0x12;                          \
		kmem_cache_free(cache, object);                 \
		return object;                                  \
	}

WRITES(at_8, 8)
WRITES(at_15, 15)
WRITES(at_16, 16)
WRITES(at_24, 24)
WRITES(at_27, 27)
WRITES(at_31, 31)
WRITES(at_32, 32)
WRITES(at_61, 61)
WRITES(at_5000, 5000)
WRITES(before, -1)
WRITES(far_before, -32)

static void *both_ends(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	memset(object - 2, 0x12, 8 + 4);
	kmem_cache_free(cache, object);
	return object;
}

static void *repaired(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	object[8] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return object;
}

static void *with_holes(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	object[9] = 0x12;
	object[13] = 0x34;
	kmem_cache_free(cache, object);
	return object;
}

static void *second_object(struct kmem_cache *cache)
{
	unsigned char *first = alloc(cache), *object = alloc(cache);

	object[16] = 0x12;
	kmem_cache_free(cache, object);
	return first;
}

static void *in_bulk(struct kmem_cache *cache)
{
	unsigned char *objects[3];

	if (kmem_cache_alloc_bulk(cache, GFP_KERNEL, 3, (void **)objects) != 3)
		return NULL;
	objects[1][8] = 0x12;
	kmem_cache_free_bulk(cache, 3, (void **)objects);
	return objects[1];
}

static void *remainder_of_slab(struct kmem_cache *cache)
{
	unsigned char *object = alloc(cache);

	((unsigned char *)((uintptr_t)object | 4095))[0] = 0x12;
	kmem_cache_free(cache, object);
	return object;
}

static void *zeroed(struct kmem_cache *cache)
{
	unsigned char *object = kmem_cache_zalloc(cache, GFP_KERNEL);

	object[8] = 0x12;
	kmem_cache_free(cache, object);
	return object;
}

static void construct(void *object)
{
	memset(object, 'c', 8);
}

MISUSE_MAIN(
	{ .name = "right", .size = 8, .on = F | Z | P, .off = Z | P, .act = at_8, .text =
		"[Right Redzone overwritten] <16>-<16> @offset=16. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <16>-<16>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_last_byte", .size = 8, .on = F | Z | P, .off = Z | P, .act = at_15, .text =
		"[Right Redzone overwritten] <23>-<23> @offset=23. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: cc cc cc cc cc cc cc 12                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <23>-<23>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_unpoisoned", .size = 24, .on = F | Z, .off = Z, .act = at_24, .text =
		"[Right Redzone overwritten] <32>-<32> @offset=32. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(85, 1, 56)
		OBJECT(8, else)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <24>: 78 78 78 78 78 78 78 78                          xxxxxxxx\n"
		"Redzone  <32>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <40>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <32>-<32>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_odd_size", .size = 61, .on = F | Z | P, .off = Z | P, .act = at_61, .text =
		"[Right Redzone overwritten] <69>-<69> @offset=69. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(46, 1, 96)
		OBJECT(8, 96)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Object   <24>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Object   <40>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5           kkkkkkkkkkkk.\n"
		"Redzone  <69>: 12 cc cc                                         ...\n"
		"Padding  <80>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <69>-<69>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_page_and_more", .size = 5000, .on = F | Z, .off = Z, .act = at_5000, .text =
		"[Right Redzone overwritten] <5008>-<5008> @offset=5008. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(1, 1, null)
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
		"Object   <1000>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1016>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1032>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1048>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1064>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1080>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1096>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1112>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1128>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1144>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1160>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1176>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1192>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1208>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1224>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1240>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1256>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1272>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1288>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1304>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1320>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1336>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1352>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1368>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1384>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1400>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1416>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1432>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1448>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1464>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1480>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1496>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1512>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1528>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1544>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1560>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1576>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1592>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1608>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1624>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1640>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1656>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1672>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1688>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1704>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1720>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1736>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1752>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1768>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1784>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1800>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1816>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1832>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1848>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1864>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1880>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1896>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1912>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1928>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1944>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1960>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1976>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <1992>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2008>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2024>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2040>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2056>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2072>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2088>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2104>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2120>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2136>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2152>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2168>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2184>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2200>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2216>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2232>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2248>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2264>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2280>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2296>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2312>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2328>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2344>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2360>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2376>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2392>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2408>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2424>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2440>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2456>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2472>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2488>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2504>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2520>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2536>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2552>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2568>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2584>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2600>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2616>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2632>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2648>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2664>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2680>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2696>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2712>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2728>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2744>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2760>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2776>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2792>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2808>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2824>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2840>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2856>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2872>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2888>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2904>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2920>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2936>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2952>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2968>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <2984>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3000>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3016>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3032>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3048>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3064>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3080>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3096>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3112>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3128>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3144>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3160>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3176>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3192>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3208>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3224>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3240>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3256>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3272>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3288>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3304>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3320>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3336>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3352>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3368>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3384>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3400>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3416>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3432>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3448>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3464>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3480>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3496>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3512>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3528>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3544>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3560>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3576>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3592>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3608>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3624>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3640>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3656>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3672>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3688>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3704>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3720>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3736>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3752>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3768>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3784>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3800>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3816>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3832>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3848>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3864>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3880>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3896>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3912>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3928>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3944>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3960>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3976>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <3992>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <4008>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <4024>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <4040>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <4056>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <4072>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Object   <4088>: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"
		"Redzone  <5008>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <5016>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <5008>-<5008>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_constructed", .size = 8, .on = F | Z | P, .off = Z | P, .ctor = construct,
	  .act = at_8, .text =
		"[Right Redzone overwritten] <16>-<16> @offset=16. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78                          xxxxxxxx\n"
		"Redzone  <16>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <16>-<16>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_rcu", .size = 8, .on = F | Z | SLAB_TYPESAFE_BY_RCU, .off = Z | SLAB_TYPESAFE_BY_RCU,
	  .act = at_8, .text =
		"[Right Redzone overwritten] <16>-<16> @offset=16. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 78 78 78 78 78 78 78 78                          xxxxxxxx\n"
		"Redzone  <16>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 00 00 00 00 00 00 00 00                          ........\n"
		"WARN\n"
		FIX("Restoring Right Redzone <16>-<16>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_zeroed", .size = 8, .on = F | Z | P, .off = Z | P, .act = zeroed, .text =
		"[Right Redzone overwritten] <16>-<16> @offset=16. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 00 00 00 00 00 00 00 00                          ........\n"
		"Redzone  <16>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <16>-<16>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_with_holes", .size = 8, .on = F | Z | P, .off = Z | P, .act = with_holes, .text =
		"[Right Redzone overwritten] <17>-<21> @offset=17. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: cc 12 cc cc cc 34 cc cc                          .....4..\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <17>-<21>=0xcc")
		NOT_FREED(8) },
	{ .name = "right_second_object", .size = 16, .on = F | Z | P, .off = Z | P,
	  .act = second_object, .text =
		"[Right Redzone overwritten] <72>-<72> @offset=72. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(85, 2, 104)
		OBJECT(56, 104)
		"Redzone  <48>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <56>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5  kkkkkkkkkkkkkkk.\n"
		"Redzone  <72>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <88>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <72>-<72>=0xcc")
		NOT_FREED(56) },
	{ .name = "right_in_bulk", .size = 8, .on = F | Z | P, .off = Z | P, .act = in_bulk, .text =
		"[Right Redzone overwritten] <56>-<56> @offset=56. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 2, 8)
		OBJECT(48, 88)
		"Redzone  <40>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <48>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <56>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <72>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <56>-<56>=0xcc")
		NOT_FREED(48) },
	{ .name = "right_repaired", .size = 8, .on = F | Z | P, .off = NEVER_OFF, .act = repaired, .text =
		"[Right Redzone overwritten] <16>-<16> @offset=16. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: 12 cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Right Redzone <16>-<16>=0xcc")
		NOT_FREED(8) },
	{ .name = "left", .size = 8, .on = F | Z | P, .off = Z | P, .act = before, .text =
		"[Left Redzone overwritten] <7>-<7> @offset=7. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc 12                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <7>-<7>=0xcc")
		NOT_FREED(8) },
	{ .name = "left_aligned", .size = 8, .align = 32, .on = F | Z | P, .off = Z | P,
	  .act = far_before, .text =
		"[Left Redzone overwritten] <0>-<0> @offset=0. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(64, 1, 96)
		OBJECT(32, 96)
		"Redzone  <0>: 12 cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc  ................\n"
		"Redzone  <16>: cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc cc  ................\n"
		"Object   <32>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <40>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <56>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <0>-<0>=0xcc")
		NOT_FREED(32) },
	{ .name = "both_ends", .size = 8, .on = F | Z | P, .off = Z | P, .act = both_ends, .text =
		"[Left Redzone overwritten] <6>-<7> @offset=6. First byte 0x12 instead of 0xcc\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc 12 12                          ........\n"
		"Object   <8>: 12 12 12 12 12 12 12 12                          ........\n"
		"Redzone  <16>: 12 12 cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Left Redzone <6>-<7>=0xcc")
		"[Right Redzone overwritten] <16>-<17> @offset=16. First byte 0x12 instead of 0xcc\n"
		FIX("Restoring Right Redzone <16>-<17>=0xcc")
		NOT_FREED(8) },
	{ .name = "free_pointer", .size = 8, .on = F | Z | P, .off = Z | P, .act = at_16, .text =
		BANNER("Freepointer corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 18)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		NOT_FREED(8) },
	{ .name = "padding", .size = 8, .on = F | Z | P, .off = Z | P, .act = at_24, .text =
		"[Object padding overwritten] <32>-<32> @offset=32. First byte 0x12 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 12 5a 5a 5a 5a 5a 5a 5a                          .ZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Object padding <32>-<32>=0x5a")
		NOT_FREED(8) },
	{ .name = "padding_last_byte", .size = 8, .on = F | Z | P, .off = Z | P, .act = at_31, .text =
		"[Object padding overwritten] <39>-<39> @offset=39. First byte 0x12 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 48)
		OBJECT(8, 48)
		"Redzone  <0>: cc cc cc cc cc cc cc cc                          ........\n"
		"Object   <8>: 6b 6b 6b 6b 6b 6b 6b a5                          kkkkkkk.\n"
		"Redzone  <16>: cc cc cc cc cc cc cc cc                          ........\n"
		"Padding  <32>: 5a 5a 5a 5a 5a 5a 5a 12                          ZZZZZZZ.\n"
		"WARN\n"
		FIX("Restoring Object padding <39>-<39>=0x5a")
		NOT_FREED(8) },
	{ .name = "padding_without_red_zones", .size = 13, .align = 64, .on = F | P, .off = P,
	  .act = at_32, .text =
		"[Object padding overwritten] <32>-<32> @offset=32. First byte 0x12 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(64, 1, 64)
		OBJECT(0, 64)
		"Object   <0>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5           kkkkkkkkkkkk.\n"
		"Padding  <24>: 5a 5a 5a 5a 5a 5a 5a 5a 12 5a 5a 5a 5a 5a 5a 5a  ZZZZZZZZ.ZZZZZZZ\n"
		"Padding  <40>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a  ZZZZZZZZZZZZZZZZ\n"
		"Padding  <56>: 5a 5a 5a 5a 5a 5a 5a 5a                          ZZZZZZZZ\n"
		"WARN\n"
		FIX("Restoring Object padding <32>-<32>=0x5a")
		NOT_FREED(0) },
	{ .name = "alignment_padding", .size = 27, .on = F | P, .off = P, .act = at_27, .text =
		"[Alignment padding overwritten] <27>-<27> @offset=27. First byte 0x12 instead of 0x5a\n"
		BANNER("Object corrupt")
		SLAB(102, 1, 40)
		OBJECT(0, 40)
		"Object   <0>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
		"Object   <16>: 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b a5                 kkkkkkkkkk.\n"
		"WARN\n"
		FIX("Restoring Alignment padding <27>-<27>=0x5a")
		NOT_FREED(0) },
	{ .name = "remainder_of_slab", .size = 40, .on = F | P, .off = P, .act = remainder_of_slab, .text =
		BANNER("Padding overwritten. <4095>-<4095> @offset=4095")
		"Padding <4080>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 12  ZZZZZZZZZZZZZZZ.\n"
		SLAB(85, 1, 48)
		"WARN\n"
		FIX("Restoring slab padding <4095>-<4095>=0x5a") },
	{ .name = "remainder_of_slab_with_red_zones", .size = 40, .on = F | Z | P, .off = Z | P,
	  .act = remainder_of_slab, .text =
		BANNER("Padding overwritten. <4095>-<4095> @offset=4095")
		"Padding <4032>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a  ZZZZZZZZZZZZZZZZ\n"
		"Padding <4048>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a  ZZZZZZZZZZZZZZZZ\n"
		"Padding <4064>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a  ZZZZZZZZZZZZZZZZ\n"
		"Padding <4080>: 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 12  ZZZZZZZZZZZZZZZ.\n"
		SLAB(56, 1, 80)
		"WARN\n"
		FIX("Restoring slab padding <4095>-<4095>=0x5a") }
)
