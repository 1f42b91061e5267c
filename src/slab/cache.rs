// SPDX-License-Identifier: MIT OR Apache-2.0
//! The descriptor of a cache: what C knows as `struct kmem_cache *`.

use core::cell::Cell;
use core::ffi::{CStr, c_char, c_void};
use core::fmt;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize};

use crate::abi::gfp::{self, gfp_t};
use crate::abi::slab_flags::{self, SLAB_POISON, SLAB_RED_ZONE, SLAB_TYPESAFE_BY_RCU, slab_flags_t};
use crate::fault::Target;
use crate::page::heap;
use crate::param::params;
use crate::printk::Bytes;
use crate::sheaf::Barn;
use crate::slab::{Layout, Node, Tunables};
use crate::sync::{Mutex, rank};

/// A constructor: called with each object of a new slab, before anybody sees the object.
pub(crate) type Ctor = unsafe extern "C-unwind" fn(*mut c_void);

/// The mark of a live descriptor, and of one that was destroyed while objects were left.
pub(crate) const MAGIC_LIVE: u32 = 0x6b6d_656d;
pub(crate) const MAGIC_DEAD: u32 = 0x6b6d_656e;
/// What is not a cache yet, or not any more.
pub(crate) const MAGIC_NONE: u32 = 0;

/// Bytes of a name that a message shows at most: a line has room for the rest of what it says.
pub(crate) const MAX_SHOWN: usize = 512;

/// A cache's name: a copy of the creator's, in the library's own memory.
pub(crate) struct CacheName {
    text: NonNull<u8>,
    len: usize,
}

impl CacheName {
    /// Copies a name; `None` when there is no memory.
    pub(crate) fn copy(name: &CStr) -> Option<Self> {
        let bytes = name.to_bytes_with_nul();
        let text = heap::alloc(bytes.len())?;
        // SAFETY: both are valid for the length, and fresh memory overlaps nothing.
        unsafe { text.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len()) };
        Some(Self { text, len: bytes.len() })
    }

    /// The name for C, with its NUL.
    pub(crate) fn as_ptr(&self) -> *const c_char {
        self.text.as_ptr().cast()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        // SAFETY: `copy` initialised that many bytes, which live as long as the name.
        unsafe { core::slice::from_raw_parts(self.text.as_ptr(), self.len - 1) }
    }
}

impl Drop for CacheName {
    fn drop(&mut self) {
        // SAFETY: allocated by `copy` with this length; the name is the only owner.
        unsafe { heap::free(self.text, self.len) };
    }
}

impl fmt::Display for CacheName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.as_bytes();
        Bytes(bytes.get(..MAX_SHOWN).unwrap_or(bytes)).fmt(f)
    }
}

/// One cache. Everything not marked otherwise is constant from creation to destruction.
#[repr(C, align(64))]
pub(crate) struct Cache {
    /// What tells a descriptor from any other pointer: [`MAGIC_LIVE`] from creation to destruction.
    pub(crate) magic: AtomicU32,
    pub(crate) flags: slab_flags_t,
    pub(crate) layout: Layout,
    pub(crate) ctor: Option<Ctor>,
    /// Bytes that the creators asked for; merging raises it. Written under the slab mutex.
    pub(crate) object_size: AtomicUsize,
    pub(crate) align: usize,
    pub(crate) useroffset: usize,
    pub(crate) usersize: usize,
    pub(crate) name: CacheName,
    /// Handles given out: 1 plus one per merged creation; 0 from the destruction on. Guarded by the slab mutex.
    pub(crate) refcount: Cell<u32>,
    /// Who looks at the cache (`cache::pin`). Guarded by the slab mutex.
    pub(crate) pins: Cell<u32>,
    /// A number that grows from cache to cache.
    pub(crate) serial: u64,
    /// Links of the list of all caches. Guarded by the slab mutex.
    pub(crate) newer: Cell<Option<NonNull<Cache>>>,
    pub(crate) older: Cell<Option<NonNull<Cache>>>,
    /// Reports that blame this cache.
    pub(crate) errors: AtomicUsize,
    /// What the program may change.
    pub(crate) tunables: Tunables,
    /// Whether anything but a fast path has used the cache since decay last looked.
    pub(crate) active: AtomicBool,
    /// Calls that were not fast, where those are all: about so many, modulo 256.
    pub(crate) calls: AtomicU8,
    /// The epoch in which decay looked last.
    pub(crate) decayed: AtomicU64,
    /// The handle that C has.
    pub(crate) handle: usize,
    /// The sheaves that no thread has.
    pub(crate) barn: Barn,
    /// What is said about failures of this cache's requests.
    pub(crate) fault: Target,
    /// The slabs, under the list lock.
    pub(crate) node: Mutex<Node, { rank::LIST }>,
}

// SAFETY: cells are guarded by the slab mutex, as their comments say; the rest is constant, atomic or locked.
unsafe impl Sync for Cache {}

impl Cache {
    pub(crate) fn has(&self, flags: slab_flags_t) -> bool {
        self.flags & flags != 0
    }

    /// Whether any debug flag is set.
    pub(crate) fn is_debug(&self) -> bool {
        self.has(slab_flags::DEBUG)
    }

    /// Whether free objects are filled with 6b..a5: not where their contents must survive.
    pub(crate) fn poisons_objects(&self) -> bool {
        self.has(SLAB_POISON) && !self.has(SLAB_TYPESAFE_BY_RCU) && self.ctor.is_none()
    }

    /// Whether an allocation with these flags clears the object (Linux 6.12): `init_on_alloc=1` spares what a
    /// constructor built even from `__GFP_ZERO`, and RCU and poisoned caches unless they are asked.
    pub(crate) fn zeroes_on_alloc(&self, gfp: gfp_t) -> bool {
        let asked = gfp & gfp::ZERO != 0;
        if !params().init_on_alloc {
            return asked;
        }
        self.ctor.is_none() && (asked || !self.has(SLAB_TYPESAFE_BY_RCU | SLAB_POISON))
    }

    /// Whether a free clears the object.
    pub(crate) fn zeroes_on_free(&self) -> bool {
        params().init_on_free && self.ctor.is_none() && !self.has(SLAB_TYPESAFE_BY_RCU | SLAB_POISON)
    }

    pub(crate) fn has_red_zones(&self) -> bool {
        self.has(SLAB_RED_ZONE)
    }

    pub(crate) fn object_size(&self) -> usize {
        self.object_size.load(Relaxed)
    }
}
