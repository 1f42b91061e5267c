// SPDX-License-Identifier: MIT OR Apache-2.0
//! What reading an attribute gives: the text of Linux 6.12.

use core::fmt::{Display, Write};
use core::sync::atomic::Ordering::Relaxed;

use crate::abi::errno::Errno;
use crate::abi::slab_flags::{
    SLAB_CACHE_DMA, SLAB_CONSISTENCY_CHECKS, SLAB_HWCACHE_ALIGN, SLAB_POISON, SLAB_RECLAIM_ACCOUNT,
    SLAB_RED_ZONE, SLAB_STORE_USER, SLAB_TRACE, SLAB_TYPESAFE_BY_RCU, slab_flags_t,
};
use crate::cache::aliases_of;
use crate::printk::format::symbol::Symbol;
use crate::slab::{Cache, Counts};
use crate::stats::text::Text;

type Shown = Result<(), Errno>;

fn line(text: &mut Text<'_>, value: impl Display) -> Shown {
    // A text takes everything.
    let _ = writeln!(text, "{value}");
    Ok(())
}

/// A total, followed by what each node has of it. There is one node; like others it is named if it has any.
fn nodes(text: &mut Text<'_>, total: usize) -> Shown {
    let _ = write!(text, "{total}");
    if total > 0 {
        let _ = write!(text, " N0={total}");
    }
    line(text, "")
}

fn flag(cache: &Cache, text: &mut Text<'_>, flag: slab_flags_t) -> Shown {
    line(text, u8::from(cache.has(flag)))
}

fn counts(cache: &Cache) -> Counts {
    cache.node.lock().counts()
}

pub(super) fn nothing(_: &Cache, _: &mut Text<'_>) -> Shown {
    Ok(())
}

pub(super) fn aliases(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, aliases_of(cache))
}

pub(super) fn align(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.align)
}

pub(super) fn cache_dma(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_CACHE_DMA)
}

/// As in Linux 7.0, where arrays per CPU have taken the place of partial slabs per CPU.
pub(super) fn cpu_partial(_: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, 0)
}

/// As in Linux 7.0.
pub(super) fn cpu_slabs(_: &Cache, text: &mut Text<'_>) -> Shown {
    nodes(text, 0)
}

/// As in Linux 7.0.
pub(super) fn slabs_cpu_partial(_: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, "0(0)")
}

pub(super) fn ctor(cache: &Cache, text: &mut Text<'_>) -> Shown {
    cache.ctor.map_or(Ok(()), |ctor| line(text, Symbol(ctor as usize)))
}

pub(super) fn destroy_by_rcu(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_TYPESAFE_BY_RCU)
}

pub(super) fn failslab(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, u8::from(cache.fault.is_marked()))
}

pub(super) fn hwcache_align(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_HWCACHE_ALIGN)
}

pub(super) fn min_partial(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.tunables.min_partial())
}

pub(super) fn object_size(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.object_size())
}

pub(super) fn objects(cache: &Cache, text: &mut Text<'_>) -> Shown {
    let counts = counts(cache);
    // As in slabinfo, where damage may have driven Linux's counters below zero.
    nodes(text, counts.total_objects.wrapping_sub(counts.free_objects))
}

pub(super) fn objects_partial(cache: &Cache, text: &mut Text<'_>) -> Shown {
    let mut in_use = 0;
    cache.node.lock().for_each_partial(|slab| in_use += usize::from(slab.used()));
    nodes(text, in_use)
}

pub(super) fn objs_per_slab(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.layout.objects)
}

pub(super) fn order(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.layout.order)
}

pub(super) fn partial(cache: &Cache, text: &mut Text<'_>) -> Shown {
    nodes(text, counts(cache).partial_slabs)
}

pub(super) fn poison(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_POISON)
}

pub(super) fn reclaim_account(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_RECLAIM_ACCOUNT)
}

pub(super) fn red_zone(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_RED_ZONE)
}

pub(super) fn remote_node_defrag_ratio(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.tunables.remote_node_defrag_ratio.load(Relaxed))
}

pub(super) fn sanity_checks(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_CONSISTENCY_CHECKS)
}

/// Linux 6.18.
pub(super) fn sheaf_capacity(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.barn.capacity)
}

pub(super) fn skip_kfence(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, u8::from(cache.tunables.skip_kfence.load(Relaxed)))
}

pub(super) fn slab_size(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.layout.stride)
}

pub(super) fn slabs(cache: &Cache, text: &mut Text<'_>) -> Shown {
    nodes(text, counts(cache).slabs)
}

pub(super) fn store_user(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_STORE_USER)
}

pub(super) fn total_objects(cache: &Cache, text: &mut Text<'_>) -> Shown {
    nodes(text, counts(cache).total_objects)
}

pub(super) fn trace(cache: &Cache, text: &mut Text<'_>) -> Shown {
    flag(cache, text, SLAB_TRACE)
}

pub(super) fn usersize(cache: &Cache, text: &mut Text<'_>) -> Shown {
    line(text, cache.usersize)
}
