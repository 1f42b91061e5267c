// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which bytes of an object must read what, and the first that does not. Looks only; `examine` reports and repairs.

use crate::abi::slab_flags::SLAB_POISON;
use crate::debug::chain;
use crate::debug::fill::{POISON_END, POISON_FREE, POISON_INUSE, State, requested};
use crate::slab::{Cache, Slab, tracks_size};

/// Bytes compared at a time.
const WORD: usize = size_of::<u64>();

/// A region that was written to.
#[derive(Clone, Copy)]
pub(crate) struct Damage {
    pub(crate) zone: Zone,
    /// First and last of the wrong bytes.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// What stands in the first of them, and what should.
    pub(crate) found: u8,
    pub(crate) expected: u8,
}

/// The regions of an object's slot that are checked, in the kernel's order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Zone {
    LeftRedzone,
    RightRedzone,
    KmallocRedzone,
    AlignmentPadding,
    Poison,
    EndPoison,
    ObjectPadding,
}

impl Zone {
    pub(crate) const ALL: [Self; 7] = [
        Self::LeftRedzone,
        Self::RightRedzone,
        Self::KmallocRedzone,
        Self::AlignmentPadding,
        Self::Poison,
        Self::EndPoison,
        Self::ObjectPadding,
    ];

    /// The kernel's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::LeftRedzone => "Left Redzone",
            Self::RightRedzone => "Right Redzone",
            Self::KmallocRedzone => "kmalloc Redzone",
            Self::AlignmentPadding => "Alignment padding",
            Self::Poison => "Poison",
            Self::EndPoison => "End Poison",
            Self::ObjectPadding => "Object padding",
        }
    }

    /// Where it lies around an object, its length, and the byte that fills it; `None` where the cache has no such
    /// region, or nothing is known about its bytes in that state.
    #[inline]
    fn place(self, cache: &Cache, object: usize, state: State) -> Option<(usize, usize, u8)> {
        let (size, layout) = (cache.object_size(), &cache.layout);
        let (red_zones, poisoned) = (cache.has_red_zones(), cache.has(SLAB_POISON));
        let fresh = state == State::Inactive && cache.poisons_objects();
        let end = object + size;
        let (exists, start, len, byte) = match self {
            Self::LeftRedzone => (red_zones, object - layout.red_left_pad, layout.red_left_pad, state.red()),
            Self::RightRedzone => (red_zones, end, layout.inuse - size, state.red()),
            Self::KmallocRedzone => {
                let tracked = red_zones && state == State::Active && tracks_size(cache.flags);
                let used = if tracked { requested(cache, object).min(size) } else { size };
                (tracked, object + used, size - used, state.red())
            }
            Self::AlignmentPadding => (poisoned && !red_zones, end, layout.inuse - size, POISON_INUSE),
            Self::Poison => (fresh, object, size - 1, POISON_FREE),
            Self::EndPoison => (fresh, end - 1, 1, POISON_END),
            Self::ObjectPadding => {
                let metadata = layout.metadata_end(cache.flags);
                let len = layout.stride - layout.red_left_pad - metadata;
                (poisoned, object + metadata, len, POISON_INUSE)
            }
        };
        (exists && len > 0).then_some((start, len, byte))
    }
}

/// The first damaged region of an object after `after`, or of all without it.
///
/// `object` is one of the cache. Other threads that misuse it may write to it meanwhile.
pub(crate) fn object(cache: &Cache, object: usize, state: State, after: Option<Zone>) -> Option<Damage> {
    Zone::ALL.into_iter().filter(|zone| after.is_none_or(|after| *zone > after)).find_map(|zone| {
        let (start, len, expected) = zone.place(cache, object, state)?;
        let first = start + first_other(start, len, expected)?;
        let last = last_other(start, len, expected);
        Some(Damage { zone, first, last, found: byte(first), expected })
    })
}

/// Whether an object's free-pointer word is what it may be. Nothing is known about it while the object is live and the
/// word lies inside.
pub(crate) fn freeptr(cache: &Cache, slab: &Slab, object: usize, state: State) -> bool {
    (state == State::Active && !cache.layout.freeptr_is_outside())
        || chain::may_hold(cache, slab, chain::next(cache, object))
}

/// The remainder of a slab behind its last slot, if the cache fills it: where it begins, and its length.
pub(crate) fn remainder(cache: &Cache, slab: &Slab) -> Option<(usize, usize)> {
    let len = if cache.has(SLAB_POISON) { slab.bytes() % cache.layout.stride } else { 0 };
    (len > 0).then(|| (slab.base() + slab.bytes() - len, len))
}

/// The first and the last of the bytes of a slab's remainder that were written to.
pub(crate) fn padding(cache: &Cache, slab: &Slab) -> Option<(usize, usize)> {
    let (start, len) = remainder(cache, slab)?;
    let first = start + first_other(start, len, POISON_INUSE)?;
    Some((first, last_other(start, len, POISON_INUSE)))
}

/// Reads a byte of a slab.
pub(crate) fn byte(at: usize) -> u8 {
    // SAFETY: callers pass addresses inside slabs, whose memory is committed and stays so.
    unsafe { core::ptr::with_exposed_provenance::<u8>(at).read_volatile() }
}

/// The offset of the first byte that is not `expected`.
fn first_other(start: usize, len: usize, expected: u8) -> Option<usize> {
    let pattern = u64::from_ne_bytes([expected; WORD]);
    let mut offset = 0;
    while offset + WORD <= len {
        let at = core::ptr::with_exposed_provenance::<u64>(start + offset);
        // SAFETY: as in `byte`, for all eight.
        if unsafe { at.read_unaligned() } != pattern {
            break;
        }
        offset += WORD;
    }
    (offset..len).find(|offset| byte(start + offset) != expected)
}

/// The address of the last byte that is not `expected`; there is one.
fn last_other(start: usize, len: usize, expected: u8) -> usize {
    (start..start + len).rfind(|at| byte(*at) != expected).unwrap_or(start)
}
