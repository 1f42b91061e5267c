// SPDX-License-Identifier: MIT OR Apache-2.0
//! Readers that look at objects without a lock: how the library hears when they are done.

use core::ffi::c_int;

use crate::abi::rcu::kmem_rcu_flavor;
use crate::cache;
use crate::page::grace;

/// kmem_rcu_unregister - undo kmem_rcu_register()
/// @flavor: a read-copy update that has no reader any more; NULL and one that is not registered are ignored
///
/// When it returns, poll is not called any more, and no thread is in it: that is waited for. Ignored while the process exits.
/// Context: any thread, without a lock that poll takes; not a signal handler, and not poll. May sleep.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_rcu_unregister(flavor: *mut kmem_rcu_flavor) {
    if !cache::refuses("kmem_rcu_unregister") {
        grace::unregister(flavor);
    }
}

/// kmem_rcu_register - have the readers of a read-copy update waited for
/// @flavor: a structure of the program that stays where it is until kmem_rcu_unregister()
///
/// As in Linux the pages of a cache with SLAB_TYPESAFE_BY_RCU are given to nobody else until all readers are done that were
/// there when their last object was freed, though the cache be destroyed meanwhile; objects are free for the same cache
/// at once. linux/rcupdate.h registers the read-copy update that it brings, when a thread reads for the first time, and
/// liburcu, if its header was read before. Programs that have another one register it here, before its first reader
/// begins; that again is harmless. With none registered nothing is waited for. All are waited for, one after the
/// other, and never by a thread that calls: pages stay until a later call finds that their readers are done.
///
/// poll is called with may_sleep from kmem_rcu_settle(), kmem_cache_shrink(), kmem_cache_destroy(), kmem_reclaim(), and from
/// allocations with __GFP_DIRECT_RECLAIM that need a slab (as in Linux these are made with locks of the program held); without
/// from any allocation or free. Where it needs call_rcu() or the like, it sets a flag in its callback, and has that call
/// kmem_rcu_settle().
/// Context: any thread; not a signal handler.
/// Return: 0; -EINVAL when @flavor or its poll is NULL; -ENOMEM when 64 are registered: then no such page is ever given
/// away.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_rcu_register(flavor: *mut kmem_rcu_flavor) -> c_int {
    // SAFETY: the caller keeps it until kmem_rcu_unregister().
    unsafe { grace::register(flavor) }.map_or_else(|error| error.negative(), |()| 0)
}

/// kmem_rcu_settle - give away the pages of SLAB_TYPESAFE_BY_RCU caches that no reader can see any more
///
/// Asks all that were registered with kmem_rcu_register() whether their readers are done, without waiting for a reader.
/// linux/rcupdate.h's rcu_barrier() does so when it has waited.
/// Context: any thread; not a signal handler, and not poll. May sleep.
/// Return: bytes of pages that wait for readers. They are among the slab_bytes of kmem_usage().
#[unsafe(no_mangle)]
pub extern "C" fn kmem_rcu_settle() -> usize {
    grace::settle_all()
}
