// SPDX-License-Identifier: MIT OR Apache-2.0
//! The way out of quarantine.

use crate::debug;
use crate::slab::{Cache, QUARANTINE_OBJECTS, SlabList, source};

/// Makes every object free that waits in a cache's quarantine; returns how many. Reports those that were
/// written to meanwhile, where the cache can tell. The caller does not hold the list lock.
///
/// What other threads free meanwhile stays, so that this ends.
pub(super) fn flush(cache: &Cache) -> usize {
    if cache.is_debug() {
        let next = || cache.node.lock().quarantine.release();
        return (0..QUARANTINE_OBJECTS).map_while(|_| next().map(|at| debug::free::leave(cache, at))).count();
    }
    let (mut released, mut emptied) = (0, SlabList::new());
    let mut node = cache.node.lock();
    while let Some(address) = node.quarantine.release() {
        if let Some(slab) = node.put_leaving(cache, address) {
            emptied.push_front(slab);
        }
        released += 1;
    }
    drop(node);
    // SAFETY: `put_leaving` took them off the node with no live object left.
    unsafe { source::dismantle_all(cache, emptied) };
    released
}

/// The same for the last time: what is freed from now on is free at once.
pub(super) fn close(cache: &Cache) {
    cache.node.lock().quarantine.close();
    flush(cache);
}
