/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What happens by itself at the end of a scope (Linux 6.5): __free(name) for a pointer, guard(name) for a lock.
 * Guards are for C; a C++ program has destructors, and `class` is a word of its language.
 */
#ifndef _LINUX_CLEANUP_H
#define _LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/err.h>
#include <stdbool.h>

/* DEFINE_FREE(name, type, if (_T) put(_T)) is for `type p __free(name) = get();`. */
#define DEFINE_FREE(_name, _type, _free) \
	static inline void __free_##_name(void *kmem_var) { _type _T __maybe_unused = *(_type *)kmem_var; _free; }
#define __free(_name)		__attribute__((__cleanup__(__free_##_name)))

/* Takes the pointer out of the variable, which then has nothing to free. */
#define __get_and_null(p, nullvalue) \
	(__extension__ ({ \
		__typeof__(p) *kmem_ptr = &(p); \
		__typeof__(p) kmem_value = *kmem_ptr; \
		*kmem_ptr = nullvalue; \
		kmem_value; \
	}))
static inline __must_check const volatile void *__must_check_fn(const volatile void *value)
{
	return value;
}
#define no_free_ptr(p) \
	((__typeof__(p))(void *)__must_check_fn((const volatile void *)__get_and_null(p, NULL)))
#define return_ptr(p)		return no_free_ptr(p)
#define retain_and_null_ptr(p)	((void)__get_and_null(p, NULL))

#ifndef __cplusplus

/* CLASS(name, var)(arguments) declares var, made by _init and undone by _exit. */
#define DEFINE_CLASS(_name, _type, _exit, _init, _init_args...) \
	typedef _type class_##_name##_t; \
	static inline void class_##_name##_destructor(_type *kmem_var) { _type _T = *kmem_var; _exit; } \
	static inline _type class_##_name##_constructor(_init_args) { _type t = _init; return t; }
#define EXTEND_CLASS(_name, ext, _init, _init_args...) \
	typedef class_##_name##_t class_##_name##ext##_t; \
	static inline void class_##_name##ext##_destructor(class_##_name##_t *kmem_var) \
	{ class_##_name##_destructor(kmem_var); } \
	static inline class_##_name##_t class_##_name##ext##_constructor(_init_args) \
	{ class_##_name##_t t = _init; return t; }
#define CLASS(_name, var) \
	class_##_name##_t var __attribute__((__cleanup__(class_##_name##_destructor))) = \
		class_##_name##_constructor

/* A guard is a class whose value is the lock, or NULL when it was not obtained. */
#define DEFINE_GUARD(_name, _type, _lock, _unlock) \
	DEFINE_CLASS(_name, _type, if (_T) { _unlock; }, (__extension__ ({ _lock; _T; })), _type _T) \
	static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T) \
	{ return (void *)(unsigned long)*_T; }
#define DEFINE_GUARD_COND(_name, _ext, _condlock) \
	EXTEND_CLASS(_name, _ext, (__extension__ ({ void *_t = _T; if (_T && !(_condlock)) _t = NULL; _t; })), \
		     class_##_name##_t _T) \
	static inline void *class_##_name##_ext##_lock_ptr(class_##_name##_t *_T) \
	{ return class_##_name##_lock_ptr(_T); }

/* Guards that carry more than the lock (saved flags), or that have none (a global state). */
#define KMEM_LOCK_GUARD_TYPE(_name, _type, _unlock, ...) \
	typedef struct { _type *lock; __VA_ARGS__; } class_##_name##_t; \
	static inline void class_##_name##_destructor(class_##_name##_t *_T) { if (_T->lock) { _unlock; } } \
	static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T) \
	{ return (void *)(unsigned long)_T->lock; }
#define DEFINE_LOCK_GUARD_1(_name, _type, _lock, _unlock, ...) \
	KMEM_LOCK_GUARD_TYPE(_name, _type, _unlock, __VA_ARGS__) \
	static inline class_##_name##_t class_##_name##_constructor(_type *l) \
	{ class_##_name##_t kmem_t = { .lock = l }, *_T = &kmem_t; _lock; return kmem_t; }
#define DEFINE_LOCK_GUARD_0(_name, _lock, _unlock, ...) \
	KMEM_LOCK_GUARD_TYPE(_name, void, _unlock, __VA_ARGS__) \
	static inline class_##_name##_t class_##_name##_constructor(void) \
	{ class_##_name##_t kmem_t = { .lock = (void *)1 }, *_T __maybe_unused = &kmem_t; _lock; return kmem_t; }
#define DEFINE_LOCK_GUARD_1_COND(_name, _ext, _condlock) \
	EXTEND_CLASS(_name, _ext, (__extension__ ({ \
		class_##_name##_t kmem_t = { .lock = l }, *_T = &kmem_t; \
		if (_T->lock && !(_condlock)) \
			_T->lock = NULL; \
		kmem_t; })), __typeof__(((class_##_name##_t *)0)->lock) l) \
	static inline void *class_##_name##_ext##_lock_ptr(class_##_name##_t *_T) \
	{ return class_##_name##_lock_ptr(_T); }

/* To the end of the block, or for one statement. */
#define guard(_name)		CLASS(_name, __UNIQUE_ID(guard))
#define scoped_guard(_name, args...) \
	for (CLASS(_name, scope)(args), *kmem_done = NULL; \
	     class_##_name##_lock_ptr(&scope) && !kmem_done; kmem_done = (void *)1)
#define scoped_cond_guard(_name, _fail, args...) \
	for (CLASS(_name, scope)(args), *kmem_done = NULL; !kmem_done; kmem_done = (void *)1) \
		if (!class_##_name##_lock_ptr(&scope)) \
			_fail; \
		else

#endif /* __cplusplus */

#endif
