// SPDX-License-Identifier: MIT OR Apache-2.0
//! Figures that add up: what objects are for, and what memory is for.

use crate::cache::Purpose;
use crate::cache::registry;
use crate::page::{self, arena};
use crate::sheaf;
use crate::slab::Cache;

/// The objects of one cache, or of all. `total` = `live` + `parked` + `free`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Objects {
    pub(crate) live: usize,
    pub(crate) parked: usize,
    pub(crate) free: usize,
    pub(crate) total: usize,
    pub(crate) slabs: usize,
    pub(crate) slab_bytes: usize,
}

/// All memory of the library. `committed` = the sum of the other four.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) slabs: usize,
    pub(crate) metadata: usize,
    pub(crate) dirty: usize,
    pub(crate) clean: usize,
    pub(crate) committed: usize,
    pub(crate) reserved: usize,
}

/// The objects of a cache, as the list lock has them at one moment; of those out of the slabs, how many are
/// parked.
pub(crate) fn of_cache(cache: &Cache) -> Objects {
    let in_sheaves = sheaf::parked(&cache.barn);
    let counts = cache.node.lock().counts();
    let out = counts.out();
    // Threads go on while this looks: what they put back meanwhile must not make the sum wrong.
    let parked = (in_sheaves + counts.quarantined).min(out);
    Objects {
        live: out - parked,
        parked,
        free: counts.total_objects - out,
        total: counts.total_objects,
        slabs: counts.slabs,
        slab_bytes: counts.pages * arena().map_or(0, |arena| arena.page_size),
    }
}

/// The sum over all caches, and their number.
pub(crate) fn of_all_caches() -> (usize, Objects) {
    let (mut caches, mut sum) = (0, Objects::default());
    registry::for_each(Purpose::Look, |cache| {
        let one = of_cache(cache);
        caches += 1;
        sum.live += one.live;
        sum.parked += one.parked;
        sum.free += one.free;
        sum.total += one.total;
        sum.slabs += one.slabs;
        sum.slab_bytes += one.slab_bytes;
    });
    (caches, sum)
}

/// What memory is used for: each zone as it is at one moment.
pub(crate) fn memory() -> Memory {
    let Some(arena) = arena() else { return Memory::default() };
    let page::Usage { in_use, dirty, clean, headers } = arena.objects.usage();
    let own = arena.metadata.usage();
    let metadata = own.in_use + headers + own.headers + arena.tree_bytes;
    let (dirty, clean) = (dirty + own.dirty, clean + own.clean);
    let committed = in_use + metadata + dirty + clean;
    Memory { slabs: in_use, metadata, dirty, clean, committed, reserved: arena.reserved }
}
