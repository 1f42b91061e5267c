// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kit_extents - a volume of files made of extents, as a module would have it
 *
 * A piece of kernel code of ordinary size and style: an allocator of blocks
 * over a bitmap, an allocator of file numbers with preloaded leaves, extents
 * in a red-black tree that knows where holes are, a list by age from which a
 * shrinker takes. Every operation is repeated on arrays that are too simple
 * to be wrong, and the two are compared.
 *
 * At risk: whatever of the headers and of the library such code relies on.
 */
#define pr_fmt(fmt) "extents: " fmt

#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/rbtree_augmented.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static unsigned int blocks = 2000;
module_param(blocks, uint, 0444);
MODULE_PARM_DESC(blocks, "size of the volume");
static unsigned int rounds = 3000;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "operations per test");

static struct kmem_cache *extent_cache, *leaf_cache, *file_cache;
static u32 seed = 20;

static u32 draw(u32 below)
{
	seed = seed * 1664525 + 1013904223;
	return (u32)(((u64)(seed >> 4) * below) >> 28);
}

/* ---- file numbers: a directory of leaves, each a bitmap --------------------------------------------------------- */

#define LEAF_BITS	128
#define LEAVES		8

struct leaf {
	struct list_head spare;		/* on the list of preloaded leaves */
	DECLARE_BITMAP(taken, LEAF_BITS);
	unsigned int count;
};

struct numbers {
	spinlock_t lock;
	struct leaf *leaf[LEAVES];
	struct list_head spares;	/* so that allocating under the lock cannot fail for want of memory */
	unsigned int nr_spares;
};

static void numbers_init(struct numbers *n)
{
	memset(n, 0, sizeof(*n));
	spin_lock_init(&n->lock);
	INIT_LIST_HEAD(&n->spares);
}

/* A leaf is constructed empty, and goes back empty. */
static void leaf_construct(void *object)
{
	struct leaf *leaf = object;

	INIT_LIST_HEAD(&leaf->spare);
	bitmap_zero(leaf->taken, LEAF_BITS);
	leaf->count = 0;
}

static int numbers_preload(struct numbers *n, gfp_t gfp)
{
	struct leaf *leaf = NULL;

	for (;;) {
		spin_lock(&n->lock);
		if (leaf) {
			list_add(&leaf->spare, &n->spares);
			n->nr_spares++;
			leaf = NULL;
		}
		if (n->nr_spares >= 2) {
			spin_unlock(&n->lock);
			return 0;
		}
		spin_unlock(&n->lock);
		leaf = kmem_cache_alloc(leaf_cache, gfp);
		if (!leaf)
			return -ENOMEM;
		if (WARN_ON(leaf->count || !bitmap_empty(leaf->taken, LEAF_BITS) || !list_empty(&leaf->spare)))
			return -EFAULT;
	}
}

/* The smallest free number; the caller has preloaded. */
static int numbers_get(struct numbers *n)
{
	unsigned int i, bit;

	guard(spinlock)(&n->lock);
	for (i = 0; i < LEAVES; i++) {
		struct leaf *leaf = n->leaf[i];

		if (!leaf) {
			leaf = list_first_entry_or_null(&n->spares, struct leaf, spare);
			if (!leaf)
				return -EAGAIN;
			list_del_init(&leaf->spare);
			n->nr_spares--;
			n->leaf[i] = leaf;
		}
		if (leaf->count == LEAF_BITS)
			continue;
		bit = find_first_zero_bit(leaf->taken, LEAF_BITS);
		__set_bit(bit, leaf->taken);
		leaf->count++;
		return i * LEAF_BITS + bit;
	}
	return -ENOSPC;
}

static void numbers_put(struct numbers *n, unsigned int number)
{
	struct leaf *leaf, *empty = NULL;

	spin_lock(&n->lock);
	leaf = n->leaf[number / LEAF_BITS];
	if (!WARN_ON(!leaf || !__test_and_clear_bit(number % LEAF_BITS, leaf->taken)) && !--leaf->count) {
		n->leaf[number / LEAF_BITS] = NULL;
		empty = leaf;
	}
	spin_unlock(&n->lock);
	if (empty)
		kmem_cache_free(leaf_cache, empty);
}

static void numbers_destroy(struct numbers *n)
{
	struct leaf *leaf, *next;

	list_for_each_entry_safe(leaf, next, &n->spares, spare) {
		list_del_init(&leaf->spare);
		kmem_cache_free(leaf_cache, leaf);
	}
}

/* ---- blocks: first fit, near a goal ------------------------------------------------------------------------------ */

struct volume {
	struct mutex lock;
	unsigned long *map;
	unsigned int size, used;
	struct list_head by_age;	/* extents of all files, the oldest first */
	struct numbers numbers;
	DECLARE_HASHTABLE(files, 5);
};

/* A run of up to *count free blocks, from the goal on if there is one; *count becomes its length. */
static long volume_get(struct volume *v, unsigned int goal, unsigned int *count)
{
	unsigned long start, end;

	if (v->used == v->size)
		return -ENOSPC;
	start = bitmap_find_next_zero_area(v->map, v->size, goal, *count, 0);
	if (start >= v->size)
		start = bitmap_find_next_zero_area(v->map, v->size, 0, *count, 0);
	if (start >= v->size)
		start = find_first_zero_bit(v->map, v->size);
	end = find_next_bit(v->map, v->size, start);
	*count = min_t(unsigned long, *count, end - start);
	bitmap_set(v->map, start, *count);
	v->used += *count;
	return start;
}

static void volume_put(struct volume *v, unsigned int start, unsigned int count)
{
	WARN_ON(find_next_zero_bit(v->map, start + count, start) != start + count);
	bitmap_clear(v->map, start, count);
	v->used -= count;
}

/* ---- extents: where a file's blocks are -------------------------------------------------------------------------- */

struct extent {
	struct rb_node node;
	struct list_head age;
	struct mapping *file;
	unsigned int first, count, block;
	unsigned int longest;		/* the longest extent of this subtree */
};

struct mapping {
	struct kref refs;
	struct hlist_node hash;
	struct rb_root extents;
	struct volume *volume;
	char *name;
	unsigned int number, nr_extents;
};

#define extent_count(extent) ((extent)->count)
RB_DECLARE_CALLBACKS_MAX(static, extent_augment, struct extent, node, unsigned int, longest, extent_count)

static unsigned int extent_end(const struct extent *e)
{
	return e->first + e->count;
}

/* The extent that holds the position, or else the first behind it. */
static struct extent *extent_at(struct mapping *file, unsigned int position)
{
	struct rb_node *node = file->extents.rb_node;
	struct extent *best = NULL;

	while (node) {
		struct extent *e = rb_entry(node, struct extent, node);

		if (position < extent_end(e)) {
			best = e;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return best;
}

static void extent_link(struct mapping *file, struct extent *e)
{
	struct rb_node **link = &file->extents.rb_node, *parent = NULL;

	e->longest = e->count;
	while (*link) {
		struct extent *other = rb_entry(*link, struct extent, node);

		parent = *link;
		other->longest = max(other->longest, e->count);
		link = e->first < other->first ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&e->node, parent, link);
	rb_insert_augmented(&e->node, &file->extents, &extent_augment);
	list_add_tail(&e->age, &file->volume->by_age);
	file->nr_extents++;
}

static void extent_unlink(struct extent *e)
{
	rb_erase_augmented(&e->node, &e->file->extents, &extent_augment);
	list_del(&e->age);
	e->file->nr_extents--;
}

/* After a change of count. */
static void extent_changed(struct extent *e)
{
	extent_augment_propagate(&e->node, NULL);
}

static struct extent *extent_new(struct mapping *file, unsigned int first, unsigned int count, unsigned int block)
{
	struct extent *e = kmem_cache_zalloc(extent_cache, GFP_KERNEL);

	if (!e)
		return ERR_PTR(-ENOMEM);
	e->file = file;
	e->first = first;
	e->count = count;
	e->block = block;
	return e;
}

/* Adds blocks at a position where the file has none, to the extent before or behind it if they fit. */
static int extent_add(struct mapping *file, unsigned int first, unsigned int count, unsigned int block)
{
	struct extent *next = extent_at(file, first), *prev, *e;

	prev = next ? rb_entry_safe(rb_prev(&next->node), struct extent, node) :
		      rb_entry_safe(rb_last(&file->extents), struct extent, node);
	if (next && next->first < first + count)
		return -EEXIST;
	if (prev && extent_end(prev) == first && prev->block + prev->count == block) {
		prev->count += count;
		extent_changed(prev);
		if (next && extent_end(prev) == next->first && prev->block + prev->count == next->block) {
			extent_unlink(next);
			prev->count += next->count;
			extent_changed(prev);
			kmem_cache_free(extent_cache, next);
		}
		return 0;
	}
	if (next && first + count == next->first && block + count == next->block) {
		next->first = first;
		next->block = block;
		next->count += count;
		extent_changed(next);
		return 0;
	}
	e = extent_new(file, first, count, block);
	if (IS_ERR(e))
		return PTR_ERR(e);
	extent_link(file, e);
	return 0;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static int file_allocate(struct mapping *file, unsigned int first, unsigned int count)
{
	struct volume *v = file->volume;
	unsigned int end;

	if (check_add_overflow(first, count, &end))
		return -EFBIG;
	guard(mutex)(&v->lock);
	while (first < end) {
		struct extent *e = extent_at(file, first);
		unsigned int want = end - first;
		long block;
		int error;

		if (e && e->first <= first) {
			first = min(extent_end(e), end);
			continue;
		}
		if (e)
			want = min(want, e->first - first);
		e = rb_entry_safe(rb_last(&file->extents), struct extent, node);
		block = volume_get(v, e ? e->block + e->count : file->number * 16 % v->size, &want);
		if (block < 0)
			return block;
		error = extent_add(file, first, want, block);
		if (error) {
			volume_put(v, block, want);
			return error;
		}
		first += want;
	}
	return 0;
}

/* Takes the range out of the file: extents in it go, those at its ends are cut, one around it becomes two. */
static int file_punch(struct mapping *file, unsigned int first, unsigned int count)
{
	struct volume *v = file->volume;
	unsigned int end = first + count;
	struct extent *e, *next, *tail;

	guard(mutex)(&v->lock);
	for (e = extent_at(file, first); e && e->first < end; e = next) {
		unsigned int from = max(e->first, first), to = min(extent_end(e), end);

		next = rb_entry_safe(rb_next(&e->node), struct extent, node);
		if (from > e->first && to < extent_end(e)) {
			tail = extent_new(file, to, extent_end(e) - to, e->block + (to - e->first));
			if (IS_ERR(tail))
				return PTR_ERR(tail);
			volume_put(v, e->block + (from - e->first), to - from);
			e->count = from - e->first;
			extent_changed(e);
			extent_link(file, tail);
			return 0;
		}
		volume_put(v, e->block + (from - e->first), to - from);
		if (from > e->first) {
			e->count = from - e->first;
			extent_changed(e);
		} else if (to < extent_end(e)) {
			e->block += to - e->first;
			e->count -= to - e->first;
			e->first = to;
			extent_changed(e);
		} else {
			extent_unlink(e);
			kmem_cache_free(extent_cache, e);
		}
	}
	return 0;
}

/* The block at a position, or -ENOENT for a hole. */
static long file_block(struct mapping *file, unsigned int position)
{
	struct extent *e = extent_at(file, position);

	if (!e || e->first > position)
		return -ENOENT;
	return e->block + (position - e->first);
}

static struct mapping *file_create(struct volume *v, const char *name)
{
	struct mapping *file;
	int number;

	number = numbers_preload(&v->numbers, GFP_KERNEL);
	if (number < 0)
		return ERR_PTR(number);
	file = kmem_cache_zalloc(file_cache, GFP_KERNEL);
	if (!file)
		return ERR_PTR(-ENOMEM);
	file->name = kstrdup(name, GFP_KERNEL);
	number = file->name ? numbers_get(&v->numbers) : -ENOMEM;
	if (number < 0) {
		kfree(file->name);
		kmem_cache_free(file_cache, file);
		return ERR_PTR(number);
	}
	kref_init(&file->refs);
	file->number = number;
	file->volume = v;
	file->extents = RB_ROOT;
	hash_add(v->files, &file->hash, file->number);
	return file;
}

static struct mapping *file_find(struct volume *v, unsigned int number)
{
	struct mapping *file;

	hash_for_each_possible(v->files, file, hash, number) {
		if (file->number == number) {
			kref_get(&file->refs);
			return file;
		}
	}
	return NULL;
}

static void file_release(struct kref *refs)
{
	struct mapping *file = container_of(refs, struct mapping, refs);
	struct volume *v = file->volume;
	struct extent *e, *next;

	hash_del(&file->hash);
	/* The tree as a whole: no need to balance it while it goes. */
	rbtree_postorder_for_each_entry_safe(e, next, &file->extents, node) {
		volume_put(v, e->block, e->count);
		list_del(&e->age);
		kmem_cache_free(extent_cache, e);
	}
	numbers_put(&v->numbers, file->number);
	kfree(file->name);
	kmem_cache_free(file_cache, file);
}

static void file_put(struct mapping *file)
{
	kref_put(&file->refs, file_release);
}

/* ---- the volume as a whole --------------------------------------------------------------------------------------- */

static struct volume *volume_create(unsigned int size)
{
	struct volume *v __free(kfree) = kzalloc(sizeof(*v), GFP_KERNEL);

	if (!v)
		return ERR_PTR(-ENOMEM);
	v->map = kcalloc(BITS_TO_LONGS(size), sizeof(long), GFP_KERNEL);
	if (!v->map)
		return ERR_PTR(-ENOMEM);
	v->size = size;
	mutex_init(&v->lock);
	INIT_LIST_HEAD(&v->by_age);
	hash_init(v->files);
	numbers_init(&v->numbers);
	return no_free_ptr(v);
}

static void volume_destroy(struct volume *v)
{
	if (!v)
		return;
	WARN_ON(!hash_empty(v->files) || !list_empty(&v->by_age) || v->used);
	numbers_destroy(&v->numbers);
	kfree(v->map);
	kfree(v);
}

/* Gives up the oldest extents until so many blocks are free; returns how many extents went. */
static unsigned int volume_shrink(struct volume *v, unsigned int wanted)
{
	struct extent *e, *next;
	unsigned int gone = 0;

	guard(mutex)(&v->lock);
	list_for_each_entry_safe(e, next, &v->by_age, age) {
		if (v->size - v->used >= wanted)
			break;
		volume_put(v, e->block, e->count);
		extent_unlink(e);
		kmem_cache_free(extent_cache, e);
		gone++;
	}
	return gone;
}

static int by_length(void *priv, const struct list_head *a, const struct list_head *b)
{
	const struct extent *x = list_entry(a, struct extent, age), *y = list_entry(b, struct extent, age);

	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

#define FILES		12
#define POSITIONS	300

struct shadow {
	struct mapping *file;
	bool has[POSITIONS];
};

/* Every rule of a file, against the array. Returns what is wrong. */
static const char *file_check(struct shadow *s, unsigned long *seen)
{
	struct mapping *file = s->file;
	unsigned int position, n = 0, longest = 0;
	struct extent *e, *prev = NULL;
	struct rb_node *node;

	for (node = rb_first(&file->extents); node; node = rb_next(node)) {
		e = rb_entry(node, struct extent, node);
		if (!e->count || e->file != file)
			return "extent";
		if (prev && extent_end(prev) > e->first)
			return "order";
		for (position = e->block; position < e->block + e->count; position++)
			if (__test_and_set_bit(position, seen) || !test_bit(position, file->volume->map))
				return "block";
		longest = max(longest, e->count);
		prev = e;
		n++;
	}
	if (n != file->nr_extents)
		return "count";
	if (n && rb_entry(file->extents.rb_node, struct extent, node)->longest != longest)
		return "longest";
	for (position = 0; position < POSITIONS; position++)
		if ((file_block(file, position) >= 0) != s->has[position])
			return "position";
	return NULL;
}

static bool volume_check(struct volume *v, struct shadow *shadows)
{
	unsigned long *seen __free(kfree) = kcalloc(BITS_TO_LONGS(v->size), sizeof(long), GFP_KERNEL);
	unsigned int i;

	if (!seen)
		return false;
	for (i = 0; i < FILES; i++) {
		const char *wrong = shadows[i].file ? file_check(&shadows[i], seen) : NULL;

		if (wrong) {
			pr_err("file %u: wrong %s\n", i, wrong);
			return false;
		}
	}
	if (!bitmap_equal(seen, v->map, v->size) || bitmap_weight(v->map, v->size) != v->used) {
		pr_err("blocks do not add up\n");
		return false;
	}
	return true;
}

/* A shrinker took extents: what is left is what the array is to say. */
static void shadow_follow(struct shadow *s)
{
	unsigned int position;

	for (position = 0; s->file && position < POSITIONS; position++)
		s->has[position] = file_block(s->file, position) >= 0;
}

static void report(struct volume *v, struct shadow *shadows, unsigned int round)
{
	unsigned int i, extents = 0, longest = 0, positions = 0;
	struct extent *e;

	for (i = 0; i < FILES; i++) {
		struct mapping *file = shadows[i].file;

		if (!file)
			continue;
		extents += file->nr_extents;
		if (file->extents.rb_node)
			longest = max(longest, rb_entry(file->extents.rb_node, struct extent, node)->longest);
		positions += memchr_inv(shadows[i].has, 0, POSITIONS) ? 1 : 0;
	}
	e = list_first_entry_or_null(&v->by_age, struct extent, age);
	pr_info("round %u: %u of %u blocks, %u extents, longest %u, %u files with blocks, oldest %s+%u\n", round, v->used,
		v->size, extents, longest, positions, e ? e->file->name : "none", e ? e->first : 0);
}

static int test_operations(struct volume *v, struct shadow *shadows)
{
	unsigned int round, full = 0, shrunk = 0;
	char name[16];

	for (round = 1; round <= rounds; round++) {
		unsigned int i = draw(FILES), first = draw(POSITIONS), count = draw(min(60u, POSITIONS - first)) + 1;
		struct shadow *s = &shadows[i];
		int error = 0;

		if (!s->file) {
			snprintf(name, sizeof(name), "file-%u", round);
			s->file = file_create(v, name);
			if (IS_ERR(s->file))
				return PTR_ERR(s->file);
			memset(s->has, 0, sizeof(s->has));
		}
		switch (draw(10)) {
		case 0 ... 4:
			error = file_allocate(s->file, first, count);
			if (error == -ENOSPC) {
				full++;
				shrunk += volume_shrink(v, v->size / 3);
				for (i = 0; i < FILES; i++)
					shadow_follow(&shadows[i]);
				error = 0;
			} else {
				memset(s->has + first, 1, count);
			}
			break;
		case 5 ... 8:
			error = file_punch(s->file, first, count);
			memset(s->has + first, 0, count);
			break;
		default:
			if (draw(4))
				break;
			file_put(s->file);
			s->file = NULL;
			break;
		}
		if (error)
			return error;
		if (round % 50 == 0 && !volume_check(v, shadows))
			return -EUCLEAN;
		if (round % (rounds / 10) == 0)
			report(v, shadows, round);
	}
	pr_info("full %u times, %u extents given up\n", full, shrunk);
	return 0;
}

static void test_numbers(struct volume *v)
{
	struct mapping *files[20], *file;
	DECLARE_BITMAP(more, LEAVES * LEAF_BITS) = { 0 };
	int number, error = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		files[i] = file_create(v, "n");
		if (IS_ERR(files[i]))
			return;
	}
	file = file_find(v, files[7]->number);
	pr_info("found %d, references %u, unknown %d\n", file == files[7], kref_read(&file->refs), !!file_find(v, 1000));
	file_put(file);
	for (i = 0; i < ARRAY_SIZE(files); i += 2)
		file_put(files[i]);
	/* The smallest ones that have come free are given again. */
	for (i = 0; i < ARRAY_SIZE(files); i += 2) {
		files[i] = file_create(v, "again");
		pr_info("number %u of %s\n", files[i]->number, files[i]->name);
	}
	for (i = 0; i < ARRAY_SIZE(files); i++)
		file_put(files[i]);

	while ((error = numbers_preload(&v->numbers, GFP_KERNEL)) == 0) {
		number = numbers_get(&v->numbers);
		if (number < 0)
			break;
		__set_bit(number, more);
	}
	pr_info("%u numbers more, then %d\n", bitmap_weight(more, LEAVES * LEAF_BITS), error ? error : number);
	for_each_set_bit(i, more, LEAVES * LEAF_BITS)
		numbers_put(&v->numbers, i);
}

static void test_edges(struct volume *v)
{
	struct mapping *file = file_create(v, "edges");
	struct extent *e;
	unsigned int i;

	if (IS_ERR(file))
		return;
	pr_info("too large: %d\n", file_allocate(file, UINT_MAX, 2));
	pr_info("nothing: %d, hole: %ld\n", file_allocate(file, 5, 0), file_block(file, 5));
	for (i = 0; i < 40; i += 2)
		file_allocate(file, i * 4, 4);
	pr_info("%u extents\n", file->nr_extents);
	file_punch(file, 1, 2);
	pr_info("%u after a punch inside, blocks %d %ld %ld %d\n", file->nr_extents, file_block(file, 0) < 0,
		file_block(file, 1), file_block(file, 2), file_block(file, 3) < 0);
	file_punch(file, 0, 1000);
	pr_info("%u after a punch of all\n", file->nr_extents);
	file_allocate(file, 100, 10);
	file_allocate(file, 110, 10);
	pr_info("%u after two that meet\n", file->nr_extents);
	file_punch(file, 105, 1);
	file_allocate(file, 105, 1);
	pr_info("%u after one that was closed again\n", file->nr_extents);

	list_sort(NULL, &v->by_age, by_length);
	i = UINT_MAX;
	list_for_each_entry(e, &v->by_age, age) {
		if (e->count > i)
			pr_err("not by length\n");
		i = e->count;
	}
	file_put(file);
}

static int caches_create(void)
{
	extent_cache = KMEM_CACHE(extent, SLAB_RECLAIM_ACCOUNT);
	leaf_cache = kmem_cache_create("test_leaf", sizeof(struct leaf), 0, 0, leaf_construct);
	file_cache = kmem_cache_create("test_file", sizeof(struct mapping), 0, SLAB_HWCACHE_ALIGN, NULL);
	return extent_cache && leaf_cache && file_cache ? 0 : -ENOMEM;
}

static void caches_destroy(void)
{
	kmem_cache_destroy(file_cache);
	kmem_cache_destroy(leaf_cache);
	kmem_cache_destroy(extent_cache);
}

static int __init kit_extents_init(void)
{
	struct shadow *shadows = NULL;
	struct volume *v = NULL;
	unsigned int i;
	int error;

	if (blocks < 100 || rounds < 10)
		return -EINVAL;
	error = caches_create();
	if (error)
		goto out;
	v = volume_create(blocks);
	if (IS_ERR(v)) {
		error = PTR_ERR(v);
		v = NULL;
		goto out;
	}
	shadows = kcalloc(FILES, sizeof(*shadows), GFP_KERNEL);
	if (!shadows) {
		error = -ENOMEM;
		goto out;
	}
	error = test_operations(v, shadows);
	test_numbers(v);
	test_edges(v);
	if (!volume_check(v, shadows))
		error = -EUCLEAN;
	for (i = 0; i < FILES; i++)
		if (shadows[i].file)
			file_put(shadows[i].file);
	pr_info("at the end %u blocks used, %d\n", v->used, error);
out:
	kfree(shadows);
	volume_destroy(v);
	caches_destroy();
	return error;
}
module_init(kit_extents_init);

MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("a volume of files made of extents");
