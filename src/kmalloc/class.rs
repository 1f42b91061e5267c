// SPDX-License-Identifier: MIT OR Apache-2.0
//! Size classes, kinds, and the names and handles of the caches behind them.

use core::ffi::CStr;
use core::fmt::Write;

use crate::abi::gfp::{self, gfp_t};
use crate::abi::slab_flags::{SLAB_ACCOUNT, SLAB_CACHE_DMA, SLAB_RECLAIM_ACCOUNT, slab_flags_t};
use crate::page::owner::OWNERS;
use crate::printk::Line;
use crate::sheaf::handle::Reserved;

/// Sizes up to this many bytes come from caches.
pub(crate) const MAX_CACHED: usize = 8192;
/// Class numbers, as in Linux: 1 and 2 are the two that are no powers of two, 0 is none.
pub(super) const CLASSES: usize = 14;
/// Bytes of each class.
pub(super) const SIZES: [usize; CLASSES] = [0, 96, 192, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];
const SUFFIXES: [&str; CLASSES] =
    ["", "96", "192", "8", "16", "32", "64", "128", "256", "512", "1k", "2k", "4k", "8k"];
const _: () = assert!(CLASSES <= Reserved::PER_KIND && Kind::ALL.len() <= Reserved::KINDS);

/// log2 of the bytes from one entry of [`NUMBERS`] to the next: sizes in between share a class.
const GRAIN: u32 = 3;
/// The number of the handle of the plain cache for each size: the low part of its [`Reserved`].
static NUMBERS: [u8; MAX_CACHED >> GRAIN] = {
    let mut numbers = [0; MAX_CACHED >> GRAIN];
    let mut at = 0;
    while at < numbers.len() {
        numbers[at] = Reserved::new(0, class_of((at + 1) << GRAIN)).number();
        at += 1;
    }
    numbers
};

/// The smallest class that holds a size of 1 to [`MAX_CACHED`] bytes.
pub(super) const fn class_of(size: usize) -> usize {
    match size {
        65..=96 => 1,
        129..=192 => 2,
        0..=8 => 3,
        _ => (usize::BITS - (size - 1).leading_zeros()) as usize,
    }
}

/// What a cache's pages are like, by the flags of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Normal,
    Cgroup,
    Reclaimable,
    Dma,
}

/// Flags that ask for anything but a plain cache.
const SPECIAL: gfp_t = gfp::DMA | gfp::RECLAIMABLE | gfp::ACCOUNT;

impl Kind {
    /// In the order of creation in Linux, which is that of slabinfo from the bottom.
    pub(super) const ALL: [Kind; 4] = [Kind::Normal, Kind::Reclaimable, Kind::Dma, Kind::Cgroup];

    pub(super) fn of(gfp: gfp_t) -> Self {
        match gfp & SPECIAL {
            0 => Kind::Normal,
            special if special & gfp::DMA != 0 => Kind::Dma,
            special if special & gfp::RECLAIMABLE != 0 => Kind::Reclaimable,
            _ => Kind::Cgroup,
        }
    }

    pub(super) fn flags(self) -> slab_flags_t {
        match self {
            Kind::Normal => 0,
            Kind::Cgroup => SLAB_ACCOUNT,
            Kind::Reclaimable => SLAB_RECLAIM_ACCOUNT,
            Kind::Dma => SLAB_CACHE_DMA,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Kind::Normal => "kmalloc-",
            Kind::Cgroup => "kmalloc-cg-",
            Kind::Reclaimable => "kmalloc-rcl-",
            Kind::Dma => "dma-kmalloc-",
        }
    }
}

/// The place that is kept for the cache of a kind and class.
pub(super) fn reserved(kind: Kind, class: usize) -> Reserved {
    Reserved::new(kind as usize, class)
}

/// The handle of the cache of a kind and class, whether it has been created or not.
pub(super) fn handle(kind: Kind, class: usize) -> usize {
    OWNERS.handle(reserved(kind, class).number().into())
}

/// The handle of the plain cache for a size; `None` for a size that no class has.
#[inline(always)]
pub(crate) fn plain_handle(size: usize) -> Option<usize> {
    // Size 0 wraps to a number that is too large as well.
    NUMBERS.get(size.wrapping_sub(1) >> GRAIN).map(|number| OWNERS.handle((*number).into()))
}

/// Whether flags ask for more than an object of a plain cache as it is.
#[inline(always)]
pub(crate) fn is_special(gfp: gfp_t) -> bool {
    gfp & (SPECIAL | gfp::ZERO) != 0
}

/// Bytes of the class of a size of 1 to [`MAX_CACHED`] bytes.
#[inline(always)]
pub(crate) fn class_bytes(size: usize) -> usize {
    let number = NUMBERS.get(size.wrapping_sub(1) >> GRAIN).copied().unwrap_or(0);
    BYTES.get(usize::from(number)).copied().unwrap_or(0).into()
}

/// Bytes of the class of each plain handle, by its number.
static BYTES: [u16; 64] = {
    let mut bytes = [0; 64];
    let mut class = 1;
    while class < CLASSES {
        bytes[Reserved::new(0, class).number() as usize] = SIZES[class] as u16;
        class += 1;
    }
    bytes
};

/// The handle that a C program computed at compile time: `place` is its distance from the first one.
#[inline(always)]
pub(crate) fn handle_at(place: usize) -> usize {
    OWNERS.handle(0).wrapping_add(place)
}

/// Writes `prefix`, `infix` and the size of a class as a name, and calls `with_name`.
pub(super) fn with_name<R>(prefix: &[u8], class: usize, with_name: impl FnOnce(&CStr) -> R) -> R {
    let mut line = Line::new();
    line.push(prefix);
    let _ = line.write_str(SUFFIXES.get(class).copied().unwrap_or_default());
    line.push(b"\0");
    with_name(CStr::from_bytes_until_nul(line.as_bytes()).unwrap_or(c"kmalloc"))
}

/// The same for a cache of this floor's own.
pub(super) fn with_own_name<R>(kind: Kind, class: usize, use_name: impl FnOnce(&CStr) -> R) -> R {
    with_name(kind.prefix().as_bytes(), class, use_name)
}

/// The largest power of two that divides the size: what the objects of a class are aligned to (Linux 6.12).
pub(super) fn align_of(class: usize) -> usize {
    let size = SIZES.get(class).copied().unwrap_or(0);
    1 << size.trailing_zeros()
}

/// Objects that a thread's array of a class is to hold at least.
pub(super) fn sheaf_capacity(class: usize) -> u32 {
    match SIZES.get(class).copied().unwrap_or(0) {
        8192.. => 12,
        4096.. => 24,
        2048.. => 40,
        _ => 60,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_the_smallest_class_that_holds_it() {
        for size in 1..=MAX_CACHED {
            let class = class_of(size);
            let smallest = SIZES.iter().filter(|&&bytes| bytes >= size).min().unwrap();
            assert_eq!(SIZES[class], *smallest, "{size}");
            assert_eq!(NUMBERS[(size - 1) >> GRAIN], reserved(Kind::Normal, class).number(), "{size}");
        }
    }

    /// The header has the places as constants.
    #[test]
    fn kmalloc_h_has_the_same_places() {
        let header = include_str!("../../include/kmem/kmalloc.h");
        for (class, bytes) in SIZES.iter().enumerate().skip(1) {
            let place = usize::from(reserved(Kind::Normal, class).number()) << 4;
            let row = std::fmt::format(format_args!("<= {bytes} ? {place}U"));
            assert!(header.contains(&row), "{row}");
        }
        for kind in Kind::ALL {
            let distance = (usize::from(reserved(kind, 1).number())
                - usize::from(reserved(Kind::Normal, 1).number()))
                << 4;
            let row = std::fmt::format(format_args!("{distance}U"));
            assert!(header.contains(&row), "{row}");
        }
    }
}
