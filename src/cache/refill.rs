// SPDX-License-Identifier: MIT OR Apache-2.0
//! A new slab for a cache: what Linux checks at this moment, the set-up of objects, and what is said when
//! there is no memory.

use crate::abi::gfp::{self, gfp_t};
use crate::cache::{quarantine, reclaim};
use crate::debug::{chain, fill, watch};
use crate::page::grace;
use crate::printk::panic::Later;
use crate::printk::ratelimit::RateLimit;
use crate::printk::show::Gfp;
use crate::printk::warn::warn_once_at;
use crate::printk::{pr_warn, stack};
use crate::slab::{Cache, Slab, order_of, source};
use crate::sys::thread::without_cancel;
use crate::sys::{cpu, mem, process};

/// A request that is served from whatever node.
pub(crate) const ANY_NODE: i32 = -1;
/// Time between two tries for a request that must not fail.
const NOFAIL_PAUSE_NS: u32 = 1_000_000;
/// Tries after which it prints that there is no memory: after a second or so.
const NOFAIL_TRIES: u64 = 1000;

/// Makes a slab with all objects constructed and puts it on the cache's partial list; `false` after the
/// out-of-memory message when there is no memory. A request that may wait has idle memory reclaimed first.
/// With `__GFP_NOFAIL` it waits until there is some, or an object was freed.
///
/// The constructor runs here, with no lock held: it may use other caches.
pub(super) fn refill(cache: &Cache, gfp: gfp_t, node: i32) -> bool {
    check_gfp(gfp);
    if cache.ctor.is_some() && gfp & gfp::ZERO != 0 {
        warn_once_at!("___slab_alloc");
    }
    if gfp & gfp::DIRECT_RECLAIM != 0 {
        grace::settle(true);
    }
    for tries in 0u64.. {
        let slab = source::build(cache).or_else(|| reclaim::retry(gfp, || source::build(cache)));
        if let Some(slab) = slab {
            let _later = Later::new();
            // A thread that is cancelled in a constructor ends after this call.
            without_cancel(|| set_up_objects(cache, slab));
            cache.node.lock().add(slab);
            return true;
        }
        // A request that may not wait is served sooner from there than not at all.
        if quarantine::flush(cache) > 0 {
            return true;
        }
        let may_fail = gfp & gfp::NOFAIL == 0;
        // What waits for long says so, once.
        if may_fail || tries == NOFAIL_TRIES {
            warn_out_of_memory(cache, gfp, node);
        }
        if may_fail {
            break;
        }
        process::sleep_ns(NOFAIL_PAUSE_NS);
        if cache.node.lock().counts().free_objects > 0 {
            return true;
        }
    }
    false
}

/// Says that a request cannot be served, which need not be tried to be known.
pub(super) fn refuse(cache: &Cache, gfp: gfp_t) {
    check_gfp(gfp);
    warn_out_of_memory(cache, gfp, ANY_NODE);
}

/// Warns about bits that no slab request may carry, and that are ignored. Linux looks at them only here, so a
/// request that is served from a slab at hand stays silent. (The out-of-memory message shows the request as
/// it was made.)
pub(crate) fn check_gfp(gfp: gfp_t) {
    let illegal = gfp & gfp::SLAB_BUG_MASK;
    if illegal != 0 {
        let legal = gfp & !gfp::SLAB_BUG_MASK;
        pr_warn!(
            "Unexpected gfp: {illegal:#x} ({}). Fixing up to gfp: {legal:#x} ({}). Fix your code!\n",
            Gfp(illegal),
            Gfp(legal)
        );
        stack::dump();
    }
}

fn set_up_objects(cache: &Cache, slab: &Slab) {
    // SAFETY: the slab is on no list, so nobody else can get at its pages.
    unsafe { fill::slab(cache, slab) };
    if !cache.is_debug() && cache.ctor.is_none() {
        return;
    }
    for index in 0..slab.objects() {
        let object = slab.object(&cache.layout, index);
        // SAFETY: as above.
        unsafe { fill::new_object(cache, object) };
        if let Some(ctor) = cache.ctor {
            // SAFETY: the program gave this function for exactly this call; the object is writable, and no
            // lock is held.
            unsafe { ctor(object.as_ptr().cast()) };
        }
    }
    // SAFETY: as above.
    unsafe { chain::build(cache, slab) };
    if watch::is_on() {
        watch::slab_built(slab);
    }
}

/// The kernel's message for a slab that cannot be had, at most ten per five seconds.
#[cold]
fn warn_out_of_memory(cache: &Cache, gfp: gfp_t, node: i32) {
    static LIMIT: RateLimit = RateLimit::new();
    if gfp & gfp::NOWARN != 0 || !LIMIT.allow() {
        return;
    }
    let (cpu, layout, counts) = (cpu::current(), &cache.layout, cache.node.lock().counts());
    pr_warn!(
        "SLUB: Unable to allocate memory on CPU {cpu} (of node 0) on node {node}, gfp={gfp:#x}({})\n",
        Gfp(gfp)
    );
    pr_warn!(
        "  cache: {}, object size: {}, buffer size: {}, default order: {}, min order: {}\n",
        cache.name,
        cache.object_size(),
        layout.stride,
        layout.order,
        layout.min_order
    );
    if layout.min_order > order_of(cache.object_size(), mem::page_size()) {
        pr_warn!("  {} debugging increased min order, use slab_debug=O to disable.\n", cache.name);
    }
    pr_warn!(
        "  node 0: slabs: {}, objs: {}, free: {}\n",
        counts.slabs,
        counts.total_objects,
        counts.free_objects
    );
}
