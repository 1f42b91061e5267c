/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * fuzz.h - programs of API calls out of bytes, beside a model of what must come of them
 *
 * A program is a string of operations of four bytes: what to do and on which of three threads, and three operands.
 * Every byte string is a program. run.c runs it, model.c holds the objects the program has, main.c makes programs and
 * shortens those that fail; the other files are the operations.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <kmem.h>
#include <kmem/shrinker.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OP_BYTES = 4, MAX_OPS = 400, MAX_OBJECTS = 2048, MAX_CACHES = 24, MAX_POOLS = 6, MAX_STALE = 256 };
#define MAX_BYTES (48ul << 20)

/* What gives an object back. */
enum kind { CACHED, KMALLOC, KVMALLOC, VMALLOC, PAGES, POOLED, STASHED };

struct cache {
	struct kmem_cache *handle;
	unsigned long number;
	unsigned int refs; /* creations that this handle is the result of */
	size_t size, align;
	unsigned long errors; /* what kmem_cache_errors() is to say */
	unsigned int live;    /* objects the program has, without those in reserves of pools */
	unsigned int pools;
	bool constructed, poisoned, rcu, checked; /* checked: wrong frees are found at once */
	bool red, sized;
	bool shared;  /* with somebody outside of the model */
	bool limited; /* kmem_cache_set_non_kernel() */
};

struct pool {
	struct mempool_s *pool;
	struct cache *cache; /* NULL: not from a cache of ours */
	size_t size, align;
	bool embedded;
};

struct object {
	uintptr_t at;
	size_t size;
	enum kind kind;
	struct cache *cache; /* CACHED, and POOLED from a cache; NULL: orphaned, or of kmalloc */
	struct pool *pool;
	struct kmem_cache *dead; /* the destroyed cache it is left from */
	uint64_t stamp;
	unsigned int slot;
	bool in_slab;
	bool zeroed; /* with __GFP_ZERO in every call so far */
};

struct operands {
	uint8_t a, b, c;
};

/* What the process runs under, from KMEM_CMDLINE. */
struct mode {
	bool harden, debug, failslab, init_on_alloc, scarce;
	bool late;	/* what is freed stays out of use for a while */
	bool any;	/* any other option may be there */
	size_t largest; /* object of a cache, or of kmalloc */
};

extern struct mode mode;
extern struct cache caches[MAX_CACHES];
extern struct pool pools[MAX_POOLS];
extern struct object *live[MAX_OBJECTS];
extern unsigned int n_live;
extern void *stale[MAX_STALE];
extern struct kmem_cache *stale_caches[16];
extern unsigned long expected; /* what kmem_errors() is to say */
extern bool failing;	       /* failures are injected: any allocation may have failed */
extern size_t bytes_live;

/* model.c */
__attribute__((format(printf, 1, 2), noreturn)) void fail(const char *fmt, ...);
void model_begin(void);
struct object *model_add(enum kind kind, struct cache *cache, void *at, size_t size, size_t align);
void model_check(const struct object *o);
void model_check_all(void);
void *model_take(struct object *o);
void model_stamp(struct object *o);
struct object *model_pick(unsigned int number, bool (*suits)(const struct object *));
struct object *model_covering(uintptr_t at);
bool model_room(size_t bytes);
void expect_bytes(const void *at, size_t from, size_t to, int byte, const char *what);
void constructed_state(void *object, size_t size);
void expect_constructed(const void *object, size_t size);
struct cache *cache_pick(unsigned int number);
struct cache *cache_of(const struct kmem_cache *handle);
bool is_cached(const struct object *o);
bool is_kmalloc(const struct object *o);

/* objects.c */
size_t size_of(uint8_t a, uint8_t c);
gfp_t gfp_of(uint8_t b);
void release(struct object *o);
void destroy_cache(struct cache *c);
struct cache *make_cache(size_t size, size_t align, unsigned long flags, kmem_ctor_t ctor);
extern const unsigned long flag_sets[16];
/* Whether any allocation may. */
bool may_fail(void);
bool attribute(struct kmem_cache *cache, const char *name);
/* An allocation that returned NULL although it had no reason to. */
void allowed_to_fail(const struct cache *c, gfp_t gfp, const char *what);

/* pools.c */
unsigned long reserved_by(const struct cache *c);
bool any_pool(void);
void destroy_pool(struct pool *p);

/* state.c */
extern struct shrinker *shrinker;
void check_usage(void);
/* The program has given an object up, or got memory. */
void readers_saw(const struct object *o);
void readers_check(uintptr_t at, size_t size, const struct cache *cache);
void state_end(void);

/* inline.c */
void *inline_alloc(struct kmem_cache *cache, gfp_t gfp);
void inline_free(struct kmem_cache *cache, void *object);
void *constant_kmalloc(uint8_t which, size_t *size);

/* wild.c */
/* Has a child process do something; returns whether it ended well, or by the signal. */
bool in_child(void (*what)(void *), void *argument, int signal_expected);

/* kmalloc.c */
struct object *got_memory(enum kind kind, void *at, size_t size, gfp_t gfp, const char *what);

/* run.c */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern unsigned int op_at, current_thread;
extern const unsigned int n_operations;
const char *operation_name(const uint8_t *op);
void run_program(const uint8_t *data, size_t size);
void restart_worker(unsigned int which);
/* Has another thread than the calling one do something, and waits for it. */
void elsewhere(void (*what)(void *), void *argument);
void everywhere(void (*what)(void *), void *argument);

#define OPERATION(name) void name(struct operands o)
#define OPERATIONS(X)                                                                                          \
	X(op_create) X(op_create_args) X(op_create_wild) X(op_alloc) X(op_alloc_many) X(op_alloc_bulk)         \
	X(op_free) X(op_free_many) X(op_free_bulk) X(op_destroy) X(op_shrink) X(op_kmalloc) X(op_kfree)        \
	X(op_krealloc) X(op_kvmalloc) X(op_pages) X(op_text) X(op_kfree_bulk) X(op_buckets) X(op_kmalloc_wild) \
	X(op_pool_create) X(op_pool_use) X(op_pool_resize) X(op_pool_destroy) X(op_reclaim) X(op_check)        \
	X(op_usage) X(op_attr_show) X(op_attr_store) X(op_slabinfo) X(op_validate) X(op_failslab)              \
	X(op_fail_nth) X(op_shim) X(op_shrinker) X(op_thread) X(op_dump) X(op_twice) X(op_twice_apart)         \
	X(op_interior) X(op_foreign) X(op_wrong_cache) X(op_null) X(op_stale) X(op_stale_cache)                \
	X(op_kfree_twice) X(op_kfree_wrong) X(op_pages_wrong) X(op_bulk_twice) X(op_overrun)                   \
	X(op_write_after_free) X(op_destroy_early) X(op_format) X(op_print) X(op_give_up) X(op_fork)           \
	X(op_find) X(op_args_wild) X(op_gfp_wild) X(op_scribble) X(op_resize_wrong) X(op_bulk_wrong)   \
	X(op_readers)
#define DECLARE(name) OPERATION(name);
OPERATIONS(DECLARE)
#undef DECLARE

#endif /* FUZZ_H */
