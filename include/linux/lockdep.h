/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Notes for the kernel's lock checker. Here helgrind and ThreadSanitizer do its work, and need no notes. */
#ifndef __LINUX_LOCKDEP_H
#define __LINUX_LOCKDEP_H

#include <linux/compiler.h>

struct lock_class_key {
	char unused;	/* C++ and C disagree about the size of an empty struct */
};

struct lockdep_map {
	const char *name;
};

#define SINGLE_DEPTH_NESTING			1

#define lockdep_assert(condition)		((void)sizeof(!(condition)))
#define lockdep_assert_once(condition)		((void)sizeof(!(condition)))
#define lockdep_assert_held(lock)		((void)(lock))
#define lockdep_assert_not_held(lock)		((void)(lock))
#define lockdep_assert_held_write(lock)		((void)(lock))
#define lockdep_assert_held_read(lock)		((void)(lock))
#define lockdep_assert_held_once(lock)		((void)(lock))
#define lockdep_assert_none_held_once()		((void)0)
#define lockdep_assert_irqs_disabled()		((void)0)
#define lockdep_assert_irqs_enabled()		((void)0)
#define lockdep_assert_preemption_disabled()	((void)0)
/* Whether the current thread holds it; the kernel also says yes when it does not know. */
#define lockdep_is_held(lock)			((void)(lock), 1)
#define lockdep_set_class(lock, key)		((void)(lock), (void)(key))
#define lockdep_set_class_and_name(lock, key, name)	((void)(lock), (void)(key), (void)(name))
#define lockdep_set_subclass(lock, sub)		((void)(lock))
#define lockdep_set_novalidate_class(lock)	((void)(lock))
#define lockdep_init_map(map, name, key, sub)	((void)(map), (void)(key))
#define lockdep_register_key(key)		((void)(key))
#define lockdep_unregister_key(key)		((void)(key))
#define lockdep_off()				((void)0)
#define lockdep_on()				((void)0)
#define lock_map_acquire(map)			((void)(map))
#define lock_map_release(map)			((void)(map))
#define might_lock(lock)			((void)(lock))
#define might_lock_read(lock)			((void)(lock))

#endif
