// SPDX-License-Identifier: MIT OR Apache-2.0
//! Merging: a creation that finds a cache like the one it wants gets that one.

use core::sync::atomic::Ordering::Relaxed;

use crate::abi::slab_flags::{MERGE_SAME, NEVER_MERGE, slab_flags_t};
use crate::cache::create::Args;
use crate::cache::registry::Registry;
use crate::param::params;
use crate::slab::{Cache, alignment};

const WORD: usize = 8;

/// Whether a request asks for a cache of its own.
pub(super) fn never(args: &Args, flags: slab_flags_t) -> bool {
    params().nomerge || args.ctor.is_some() || args.usersize != 0 || flags & NEVER_MERGE != 0
}

/// The oldest cache that can serve a request, by the rules of Linux 6.12.
pub(super) fn find<'a>(
    registry: &'a Registry,
    size: usize,
    args: &Args,
    flags: slab_flags_t,
) -> Option<&'a Cache> {
    if never(args, flags) {
        return None;
    }
    let size = size.checked_next_multiple_of(WORD)?;
    let align = alignment(flags, args.align, size);
    let needed = size.checked_next_multiple_of(align)?;
    registry.oldest_first().find(|cache| {
        let stride = cache.layout.stride;
        cache.ctor.is_none()
            && cache.usersize == 0
            && !cache.has(NEVER_MERGE)
            && !cache.fault.is_marked()
            && flags & MERGE_SAME == cache.flags & MERGE_SAME
            && needed <= stride
            && stride.is_multiple_of(align)
            && stride - needed < WORD
    })
}

/// Makes one more creator share a cache. The caller holds the slab mutex.
pub(super) fn share(cache: &Cache, size: usize) {
    cache.refcount.set(cache.refcount.get() + 1);
    // Zeroing and kmem_cache_size() go by the larger request from now on. The stride has room for it.
    cache.object_size.fetch_max(size, Relaxed);
}
