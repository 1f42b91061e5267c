// SPDX-License-Identifier: MIT OR Apache-2.0
//! kmalloc and kvmalloc beyond the fast path.

use core::ptr::NonNull;

use crate::abi::gfp::{self, gfp_t};
use crate::cache;
use crate::kmalloc::class::{Kind, MAX_CACHED};
use crate::kmalloc::{caches, large, zero_size_ptr};
use crate::page::arena;
use crate::printk::warn::warn_once_at;

/// Allocates `size` bytes; `None` when there is no memory, or cannot be. No bytes are [`zero_size_ptr`].
pub(crate) fn kmalloc(function: &str, size: usize, gfp: gfp_t, node: i32) -> Option<NonNull<u8>> {
    match size {
        0 => Some(zero_size_ptr()),
        1..=MAX_CACHED => {
            let cache = large::set_up(gfp, || caches::find(Kind::of(gfp), size))?;
            cache::alloc_sized(function, cache, gfp, node, size)
        }
        _ => large::kmalloc(size, gfp),
    }
}

/// kmalloc if that works without much ado, else vmalloc.
pub(crate) fn kvmalloc(function: &str, size: usize, gfp: gfp_t, node: i32) -> Option<NonNull<u8>> {
    large::init(gfp)?;
    let small = size <= arena()?.page_size;
    let object = kmalloc(function, size, kmalloc_flags(gfp, small), node);
    if object.is_some() || small {
        return object;
    }
    // As in 6.12: vmalloc may sleep.
    if gfp & gfp::DIRECT_RECLAIM == 0 {
        return None;
    }
    if i32::try_from(size).is_err() {
        if gfp & gfp::NOWARN == 0 {
            warn_once_at!("__kvmalloc_node_noprof");
        }
        return None;
    }
    large::vmalloc(size, gfp)
}

/// The flags of the first attempt: quiet and without insisting where there is a second one.
fn kmalloc_flags(mut gfp: gfp_t, small: bool) -> gfp_t {
    if !small {
        gfp |= gfp::NOWARN;
        if gfp & gfp::RETRY_MAYFAIL == 0 {
            gfp |= gfp::NORETRY;
        }
        gfp &= !gfp::NOFAIL;
    }
    gfp
}
