// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory that is asked for by the page: kmalloc beyond the largest class, vmalloc, and pages themselves.

use core::ptr::NonNull;

use crate::abi::errno::{EBUSY, ENOMEM, Errno};
use crate::abi::gfp::{self, gfp_t};
use crate::cache;
use crate::page::run::{self, Kind};
use crate::page::{self, arena};
use crate::param::{MAX_PAGE_ORDER, params};
use crate::printk::ratelimit::RateLimit;
use crate::printk::show::Gfp;
use crate::printk::warn::warn_once_at;
use crate::printk::{Bytes, pr_warn, stack};
use crate::sync;
use crate::sys::process;

/// Time between two tries for a request that must not fail.
const NOFAIL_PAUSE_NS: u32 = 1_000_000;
/// The most that it becomes before anything could be had.
const MAX_NOFAIL_PAUSE_NS: u32 = 500_000_000;

/// Allocates one run; `None` when there is no memory. A request that may wait has idle memory reclaimed first. With
/// `__GFP_NOFAIL` it waits until there is some.
fn take(bytes: usize, kind: Kind, gfp: gfp_t) -> Option<NonNull<u8>> {
    if sync::interrupted() {
        return None;
    }
    init(gfp)?;
    cache::tick_pages();
    let gfp = cache::in_force(gfp);
    let zeroed = gfp & gfp::ZERO != 0 || params().init_on_alloc;
    loop {
        let attempt = || run::alloc(bytes, kind, zeroed);
        let run = attempt().or_else(|| cache::retry(gfp, attempt));
        if run.is_some() || gfp & gfp::NOFAIL == 0 {
            return run;
        }
        process::sleep_ns(NOFAIL_PAUSE_NS);
    }
}

/// Does what comes before the first request of a kind. With `__GFP_NOFAIL` a request waits until there is memory for it.
pub(super) fn set_up<T>(gfp: gfp_t, attempt: impl Fn() -> Result<T, Errno>) -> Option<T> {
    let mut pause = NOFAIL_PAUSE_NS;
    loop {
        match attempt() {
            Ok(done) => return Some(done),
            Err(ENOMEM) if cache::in_force(gfp) & gfp::NOFAIL != 0 => {
                process::sleep_ns(pause);
                // An attempt may say why it fails: not a thousand times a second.
                pause = (pause * 2).min(MAX_NOFAIL_PAUSE_NS);
            }
            Err(_) => return None,
        }
    }
}

/// Sets memory up, unless a signal handler asks that interrupted the library.
pub(super) fn init(gfp: gfp_t) -> Option<()> {
    set_up(gfp, || if sync::interrupted() { arena().map(|_| ()).ok_or(EBUSY) } else { page::init() })
}

/// kmalloc beyond the largest class.
pub(super) fn kmalloc(size: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    cache::check_gfp(gfp);
    pages_for(size, Kind::Kmalloc, gfp)
}

/// A run of 2^order pages, for callers of the page allocator.
pub(crate) fn alloc_pages(order: u32, gfp: gfp_t) -> Option<NonNull<u8>> {
    init(gfp)?;
    let bytes = arena()?.page_size.checked_shl(order).filter(|_| order <= usize::BITS / 2);
    pages_for(bytes.unwrap_or(usize::MAX), Kind::Pages, gfp)
}

fn pages_for(bytes: usize, kind: Kind, gfp: gfp_t) -> Option<NonNull<u8>> {
    init(gfp)?;
    let order = run::order_for(bytes, arena()?.page_size);
    if order > MAX_PAGE_ORDER {
        if gfp & gfp::NOWARN == 0 {
            warn_once_at!("__alloc_pages_noprof");
        }
        return None;
    }
    take(bytes, kind, gfp).or_else(|| {
        warn_out_of_memory(gfp, format_args!("page allocation failure: order:{order}"));
        None
    })
}

/// vmalloc: whole pages, of any number.
pub(crate) fn vmalloc(size: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    init(gfp)?;
    if size == 0 {
        warn_once_at!("__vmalloc_node_range_noprof");
        return None;
    }
    if arena().is_none_or(|arena| size > arena.objects.capacity()) {
        warn_out_of_memory(gfp, format_args!("vmalloc error: size {size}, exceeds total pages"));
        return None;
    }
    take(size, Kind::Vmalloc, gfp).or_else(|| {
        warn_out_of_memory(gfp, format_args!("vmalloc error: size {size}, failed to allocate pages"));
        None
    })
}

/// Bytes of the run that kmalloc gives for `bytes`; `None` when it gives none.
pub(super) fn rounded(bytes: usize) -> Option<usize> {
    init(gfp::NOWAIT)?;
    let page_size = arena()?.page_size;
    let order = run::order_for(bytes, page_size);
    (order <= MAX_PAGE_ORDER).then(|| page_size << order)
}

/// Gives back the run that begins at an address, if it is of an expected kind; returns its kind, `None` when no run
/// begins there. Of several who give back one run at the same time one succeeds.
pub(super) fn give_back(address: usize, expected: impl Fn(Kind) -> bool) -> Option<Kind> {
    let run = run::of(address).filter(|run| run.start.as_ptr().addr() == address)?;
    if !expected(run.kind) {
        return Some(run.kind);
    }
    if !run::claim(run) {
        return None;
    }
    if params().init_on_free {
        // SAFETY: claimed, and the program has given it up: nobody else's memory.
        unsafe { run.start.write_bytes(0, run.bytes) };
    }
    if sync::interrupted() {
        cache::note_run(run);
        return Some(run.kind);
    }
    // SAFETY: claimed, so nobody else gives it back; the program has given it up.
    unsafe { run::free(run.start, run.bytes) };
    cache::tick_pages();
    Some(run.kind)
}

/// The kernel's message about pages that cannot be had, at most one per ten seconds.
#[cold]
fn warn_out_of_memory(gfp: gfp_t, what: core::fmt::Arguments<'_>) {
    static LIMIT: RateLimit = RateLimit::with(1, 10_000_000_000);
    if gfp & gfp::NOWARN != 0 || sync::interrupted() || !LIMIT.allow() {
        return;
    }
    process::with_thread_name(|name| {
        let shown = Gfp(gfp);
        pr_warn!("{}: {what}, mode:{gfp:#x}({shown}), nodemask=(null)\n", Bytes(name));
    });
    stack::dump();
}
