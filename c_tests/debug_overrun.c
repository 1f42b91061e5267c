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

/* Sixteen bytes of an object that is full of them. */
#define XS(at) "Object   <" #at ">: 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n"

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
		XS(8) XS(24) XS(40) XS(56) XS(72) XS(88) XS(104) XS(120) XS(136) XS(152) XS(168) XS(184)
		XS(200) XS(216) XS(232) XS(248) XS(264) XS(280) XS(296) XS(312) XS(328) XS(344) XS(360)
		XS(376) XS(392) XS(408) XS(424) XS(440) XS(456) XS(472) XS(488) XS(504) XS(520) XS(536)
		XS(552) XS(568) XS(584) XS(600) XS(616) XS(632) XS(648) XS(664) XS(680) XS(696) XS(712)
		XS(728) XS(744) XS(760) XS(776) XS(792) XS(808) XS(824) XS(840) XS(856) XS(872) XS(888)
		XS(904) XS(920) XS(936) XS(952) XS(968) XS(984) XS(1000) XS(1016) XS(1032) XS(1048) XS(1064)
		XS(1080) XS(1096) XS(1112) XS(1128) XS(1144) XS(1160) XS(1176) XS(1192) XS(1208) XS(1224)
		XS(1240) XS(1256) XS(1272) XS(1288) XS(1304) XS(1320) XS(1336) XS(1352) XS(1368) XS(1384)
		XS(1400) XS(1416) XS(1432) XS(1448) XS(1464) XS(1480) XS(1496) XS(1512) XS(1528) XS(1544)
		XS(1560) XS(1576) XS(1592) XS(1608) XS(1624) XS(1640) XS(1656) XS(1672) XS(1688) XS(1704)
		XS(1720) XS(1736) XS(1752) XS(1768) XS(1784) XS(1800) XS(1816) XS(1832) XS(1848) XS(1864)
		XS(1880) XS(1896) XS(1912) XS(1928) XS(1944) XS(1960) XS(1976) XS(1992) XS(2008) XS(2024)
		XS(2040) XS(2056) XS(2072) XS(2088) XS(2104) XS(2120) XS(2136) XS(2152) XS(2168) XS(2184)
		XS(2200) XS(2216) XS(2232) XS(2248) XS(2264) XS(2280) XS(2296) XS(2312) XS(2328) XS(2344)
		XS(2360) XS(2376) XS(2392) XS(2408) XS(2424) XS(2440) XS(2456) XS(2472) XS(2488) XS(2504)
		XS(2520) XS(2536) XS(2552) XS(2568) XS(2584) XS(2600) XS(2616) XS(2632) XS(2648) XS(2664)
		XS(2680) XS(2696) XS(2712) XS(2728) XS(2744) XS(2760) XS(2776) XS(2792) XS(2808) XS(2824)
		XS(2840) XS(2856) XS(2872) XS(2888) XS(2904) XS(2920) XS(2936) XS(2952) XS(2968) XS(2984)
		XS(3000) XS(3016) XS(3032) XS(3048) XS(3064) XS(3080) XS(3096) XS(3112) XS(3128) XS(3144)
		XS(3160) XS(3176) XS(3192) XS(3208) XS(3224) XS(3240) XS(3256) XS(3272) XS(3288) XS(3304)
		XS(3320) XS(3336) XS(3352) XS(3368) XS(3384) XS(3400) XS(3416) XS(3432) XS(3448) XS(3464)
		XS(3480) XS(3496) XS(3512) XS(3528) XS(3544) XS(3560) XS(3576) XS(3592) XS(3608) XS(3624)
		XS(3640) XS(3656) XS(3672) XS(3688) XS(3704) XS(3720) XS(3736) XS(3752) XS(3768) XS(3784)
		XS(3800) XS(3816) XS(3832) XS(3848) XS(3864) XS(3880) XS(3896) XS(3912) XS(3928) XS(3944)
		XS(3960) XS(3976) XS(3992) XS(4008) XS(4024) XS(4040) XS(4056) XS(4072) XS(4088)
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
