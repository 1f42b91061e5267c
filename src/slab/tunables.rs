// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a program may change about a cache while it is in use.

use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize};

/// Objects of other nodes before one's own, in percent, when nothing is said.
const DEFRAG_RATIO: u32 = 100;

/// Lives in the cache's descriptor.
pub(crate) struct Tunables {
    /// Partial slabs beyond which an empty one is given up, as Linux would have it.
    min_partial: AtomicUsize,
    /// The same as it is applied: a cache with sheaves keeps more, until somebody says how many.
    retained: AtomicUsize,
    /// Without effect: there is one node.
    pub(crate) remote_node_defrag_ratio: AtomicU32,
    /// Without effect: nothing samples allocations.
    pub(crate) skip_kfence: AtomicBool,
}

impl Tunables {
    pub(crate) fn new(min_partial: usize, retained: usize, skip_kfence: bool) -> Self {
        Self {
            min_partial: AtomicUsize::new(min_partial),
            retained: AtomicUsize::new(retained),
            remote_node_defrag_ratio: AtomicU32::new(DEFRAG_RATIO),
            skip_kfence: AtomicBool::new(skip_kfence),
        }
    }

    pub(crate) fn min_partial(&self) -> usize {
        self.min_partial.load(Relaxed)
    }

    /// Partial slabs beyond which an empty one is given up.
    #[inline]
    pub(crate) fn retained_slabs(&self) -> usize {
        self.retained.load(Relaxed)
    }

    /// From now on so many slabs are kept.
    pub(crate) fn set_min_partial(&self, slabs: usize) {
        self.min_partial.store(slabs, Relaxed);
        self.retained.store(slabs, Relaxed);
    }
}
