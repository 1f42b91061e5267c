// SPDX-License-Identifier: MIT OR Apache-2.0
//! From a pointer that C passed to a cache.

use core::sync::atomic::Ordering::Acquire;

use crate::debug::errors;
use crate::printk::warn::warn_at;
use crate::sheaf::handle;
use crate::slab::{Cache, MAGIC_DEAD, MAGIC_LIVE};

/// A cache pointer as C passed it: anything at all.
#[derive(Clone, Copy)]
pub(crate) struct Handle(usize);

impl Handle {
    /// What stands for no cache.
    pub(crate) const NULL: Self = Self(0);

    pub(crate) fn new(address: usize) -> Self {
        Self(address)
    }

    pub(crate) fn address(self) -> usize {
        self.0
    }

    pub(crate) fn is_null(self) -> bool {
        self.0 == 0
    }

    /// The live cache behind the pointer.
    ///
    /// A pointer that never was a cache is told from one without touching what it points to, unless that lies
    /// in our own metadata. (A destroyed cache's handle may have been given to another cache since: a stale
    /// handle is then taken for that one. The program keeps a handle alive while it uses it.)
    pub(crate) fn cache<'a>(self) -> Option<&'a Cache> {
        self.with_magic(|magic| magic == MAGIC_LIVE)
    }

    /// The cache behind the pointer for a free: also one that was destroyed with objects left, whose objects may
    /// still come back.
    pub(crate) fn owner<'a>(self) -> Option<&'a Cache> {
        self.with_magic(|magic| magic == MAGIC_LIVE || magic == MAGIC_DEAD)
    }

    fn with_magic<'a>(self, accept: impl Fn(u32) -> bool) -> Option<&'a Cache> {
        let descriptor = handle::descriptor(self.0, size_of::<Cache>(), align_of::<Cache>())?.cast::<Cache>();
        // SAFETY: committed metadata is readable and stays mapped; a descriptor's mark is an atomic at a fixed
        // place.
        let magic = unsafe { &(*descriptor.as_ptr()).magic };
        // Acquire pairs with the Release in `create`: who sees the mark sees the descriptor.
        if !accept(magic.load(Acquire)) {
            return None;
        }
        // SAFETY: a descriptor, which the program keeps alive during the call.
        let cache = unsafe { descriptor.as_ref() };
        (cache.handle == self.0).then_some(cache)
    }

    /// The live cache, or a warning in the name of the exported function.
    #[inline]
    pub(crate) fn cache_or_warn<'a>(self, function: &str) -> Option<&'a Cache> {
        self.cache().or_else(|| {
            self.warn(function);
            None
        })
    }

    /// [`owner`](Self::owner), or a warning in the name of the exported function.
    #[inline]
    pub(crate) fn owner_or_warn<'a>(self, function: &str) -> Option<&'a Cache> {
        self.owner().or_else(|| {
            self.warn(function);
            None
        })
    }

    /// Says in the name of the exported function that the pointer is no cache.
    #[cold]
    pub(super) fn warn(self, function: &str) {
        let at = self.0;
        warn_at!(function, "{function}: 0x{at:016x} is not a slab cache\n");
        errors::reported(None);
    }

    /// The handle that a descriptor carries, which may be one no longer, or none at all.
    pub(crate) fn of_descriptor(descriptor: *mut Cache) -> Self {
        if handle::readable(descriptor.addr(), size_of::<Cache>(), align_of::<Cache>()).is_none() {
            return Self::NULL;
        }
        // SAFETY: committed metadata; only the address of the handle's place is taken.
        let place = unsafe { &raw const (*descriptor).handle };
        // SAFETY: as above; whatever is read there is checked before it is used.
        Self(unsafe { place.read_volatile() })
    }

    pub(crate) fn of(cache: &Cache) -> Self {
        Self(cache.handle)
    }

    pub(crate) fn as_ptr<T>(self) -> *mut T {
        core::ptr::with_exposed_provenance_mut(self.0)
    }
}
