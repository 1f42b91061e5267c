// SPDX-License-Identifier: MIT OR Apache-2.0
//! From a pointer that C passed to a cache.

use core::ptr;
use core::sync::atomic::Ordering::Acquire;

use crate::page::arena;
use crate::printk::warn::warn_at;
use crate::slab::{Cache, MAGIC_DEAD, MAGIC_LIVE};

/// A cache pointer as C passed it: anything at all.
#[derive(Clone, Copy)]
pub(crate) struct Handle(*const Cache);

impl Handle {
    pub(crate) fn new<T>(pointer: *const T) -> Self {
        Self(pointer.cast())
    }

    pub(crate) fn is_null(self) -> bool {
        self.0.is_null()
    }

    /// The live cache behind the pointer.
    ///
    /// A pointer that never was a cache is told from one without touching what it points to, unless that lies
    /// in our own metadata. (A destroyed cache's place may have been given to another cache since: such a
    /// stale handle is then taken for that one. The program keeps a handle alive while it uses it.)
    pub(crate) fn cache<'a>(self) -> Option<&'a Cache> {
        self.with_magic(|magic| magic == MAGIC_LIVE)
    }

    fn with_magic<'a>(self, accept: impl Fn(u32) -> bool) -> Option<&'a Cache> {
        let descriptors = &arena()?.metadata;
        if !descriptors.is_committed(self.0.addr(), size_of::<Cache>()) || !self.0.is_aligned() {
            return None;
        }
        // SAFETY: committed metadata is readable and stays mapped; a descriptor's mark is an atomic at a fixed
        // place.
        let magic = unsafe { &(*self.0).magic };
        // Acquire pairs with the Release in `create`: who sees the mark sees the descriptor.
        if !accept(magic.load(Acquire)) {
            return None;
        }
        // SAFETY: a descriptor, which the program keeps alive during the call.
        Some(unsafe { &*self.0 })
    }

    /// The cache behind the pointer for a free: also one that was destroyed with objects left, whose objects may
    /// still come back.
    pub(crate) fn owner<'a>(self) -> Option<&'a Cache> {
        self.with_magic(|magic| magic == MAGIC_LIVE || magic == MAGIC_DEAD)
    }

    /// The live cache, or a warning in the name of the exported function.
    #[inline]
    pub(crate) fn cache_or_warn<'a>(self, function: &str) -> Option<&'a Cache> {
        self.cache().or_else(|| self.warn(function))
    }

    /// [`owner`](Self::owner), or a warning in the name of the exported function.
    #[inline]
    pub(crate) fn owner_or_warn<'a>(self, function: &str) -> Option<&'a Cache> {
        self.owner().or_else(|| self.warn(function))
    }

    #[cold]
    fn warn<T>(self, function: &str) -> Option<T> {
        let at = self.0.addr();
        warn_at!(function, "{function}: 0x{at:016x} is not a slab cache\n");
        None
    }

    pub(crate) fn of(cache: &Cache) -> Self {
        Self(ptr::from_ref(cache))
    }

    pub(crate) fn as_ptr<T>(self) -> *mut T {
        self.0.cast_mut().cast()
    }
}
