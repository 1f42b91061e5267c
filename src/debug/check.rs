// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which bytes of an object must read what, and the first that does not. Looks only; `examine` reports and
//! repairs.

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

impl Damage {
    /// The damage to a stretch of bytes, if there is any.
    #[inline(always)]
    fn to(zone: Zone, start: usize, len: usize, expected: u8) -> Option<Self> {
        let (first, last, found) = others(start, len, expected)?;
        Some(Self { zone, first, last, found, expected })
    }
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

    /// Where it lies around an object, its length, and the byte that fills it; `None` where the cache has no
    /// such region, or nothing is known about its bytes in that state.
    #[inline(always)]
    fn place(self, cache: &Cache, object: usize, state: State) -> Option<(usize, usize, u8)> {
        let (size, layout) = (cache.object_size(), &cache.layout);
        let (red_zones, poisoned) = (cache.has_red_zones(), cache.has(SLAB_POISON));
        let end = object + size;
        match self {
            Self::LeftRedzone if red_zones => {
                Some((object - layout.red_left_pad, layout.red_left_pad, state.red()))
            }
            Self::RightRedzone if red_zones => Some((end, layout.inuse - size, state.red())),
            Self::KmallocRedzone if red_zones && state == State::Active && tracks_size(cache.flags) => {
                let used = requested(cache, object).min(size);
                Some((object + used, size - used, state.red()))
            }
            Self::AlignmentPadding if poisoned && !red_zones => {
                Some((end, layout.inuse - size, POISON_INUSE))
            }
            Self::Poison if state == State::Inactive && cache.poisons_objects() => {
                Some((object, size - 1, POISON_FREE))
            }
            Self::EndPoison if state == State::Inactive && cache.poisons_objects() => {
                Some((end - 1, 1, POISON_END))
            }
            Self::ObjectPadding if poisoned => {
                let metadata = layout.metadata_end(cache.flags);
                Some((object + metadata, layout.stride - layout.red_left_pad - metadata, POISON_INUSE))
            }
            _ => None,
        }
    }

    /// The damage to it, if there is any.
    #[inline(always)]
    fn damage(self, cache: &Cache, object: usize, state: State) -> Option<Damage> {
        let (start, len, expected) = self.place(cache, object, state)?;
        Damage::to(self, start, len, expected)
    }
}

/// Whether no region of an object is damaged, and its free-pointer word is what it may be.
///
/// `object` is one of the cache. Other threads that misuse it may write to it meanwhile.
pub(crate) fn is_sound(cache: &Cache, slab: &Slab, object: usize, state: State) -> bool {
    // One after the other, for the compiler to see which is which: every allocation and free comes by here.
    let intact = |zone: Zone| {
        let place = zone.place(cache, object, state);
        place.is_none_or(|(start, len, expected)| reads(start, len, expected))
    };
    intact(Zone::LeftRedzone)
        && intact(Zone::RightRedzone)
        && intact(Zone::KmallocRedzone)
        && intact(Zone::AlignmentPadding)
        && intact(Zone::Poison)
        && intact(Zone::EndPoison)
        && intact(Zone::ObjectPadding)
        && freeptr(cache, slab, object, state)
}

/// The first damaged region of an object after `after`, or of all without it.
pub(crate) fn object(cache: &Cache, object: usize, state: State, after: Option<Zone>) -> Option<Damage> {
    let mut zones = Zone::ALL.into_iter().filter(|zone| after.is_none_or(|after| *zone > after));
    zones.find_map(|zone| zone.damage(cache, object, state))
}

/// The damage to what fills the payload of an object in quarantine, if it is filled: the red zones are still
/// those of a live object.
pub(crate) fn payload(cache: &Cache, object: usize) -> Option<Damage> {
    if !cache.poisons_objects() {
        return None;
    }
    let kept = cache.has_red_zones() && tracks_size(cache.flags);
    let size = if kept { requested(cache, object).min(cache.object_size()) } else { cache.object_size() };
    let last = size.checked_sub(1)?;
    let poison = [(Zone::Poison, 0, last, POISON_FREE), (Zone::EndPoison, last, 1, POISON_END)];
    poison
        .into_iter()
        .find_map(|(zone, offset, len, expected)| Damage::to(zone, object + offset, len, expected))
}

/// Whether an object's free-pointer word is what it may be. Nothing is known about it while the object is
/// live and the word lies inside.
pub(crate) fn freeptr(cache: &Cache, slab: &Slab, object: usize, state: State) -> bool {
    (state == State::Active && !cache.layout.freeptr_is_outside())
        || chain::may_hold(cache, slab, chain::next(cache, object))
}

/// The remainder of a slab behind its last slot, if the cache fills it: where it begins, and its length.
pub(crate) fn remainder(cache: &Cache, slab: &Slab) -> Option<(usize, usize)> {
    let (bytes, stride) = (slab.bytes(), cache.layout.stride);
    // Of the largest slabs with the smallest objects there is an end that is no slot, nor remainder.
    let behind = bytes - usize::from(slab.objects()) * stride;
    let len = match cache.has(SLAB_POISON) {
        true if behind < stride => behind,
        true => behind % stride,
        false => 0,
    };
    (len > 0).then(|| (slab.base() + bytes - len, len))
}

/// Whether nobody wrote to a slab's remainder.
pub(crate) fn padding_is_sound(cache: &Cache, slab: &Slab) -> bool {
    remainder(cache, slab).is_none_or(|(start, len)| reads(start, len, POISON_INUSE))
}

/// The first and the last of the bytes of a slab's remainder that were written to.
pub(crate) fn padding(cache: &Cache, slab: &Slab) -> Option<(usize, usize)> {
    let (start, len) = remainder(cache, slab)?;
    others(start, len, POISON_INUSE).map(|(first, last, _)| (first, last))
}

/// Reads a byte of a slab.
pub(crate) fn byte(at: usize) -> u8 {
    // SAFETY: callers pass addresses inside slabs, whose memory is committed and stays so.
    unsafe { core::ptr::with_exposed_provenance::<u8>(at).read_volatile() }
}

/// Reads eight bytes of a slab.
#[inline(always)]
fn word(at: usize) -> u64 {
    // SAFETY: as in `byte`, for all eight.
    unsafe { core::ptr::with_exposed_provenance::<u64>(at).read_unaligned() }
}

/// Whether all bytes are what is expected. Most calls are for a word or two, and hardly one finds anything.
#[inline]
fn reads(start: usize, len: usize, expected: u8) -> bool {
    let pattern = u64::from_ne_bytes([expected; WORD]);
    let Some(last) = len.checked_sub(WORD) else {
        return (0..len).all(|offset| byte(start + offset) == expected);
    };
    // The last word may overlap the one before.
    let mut other = word(start + last) ^ pattern;
    let mut offset = 0;
    while offset < last {
        other |= word(start + offset) ^ pattern;
        offset += WORD;
    }
    other == 0
}

/// The first and the last byte that are not `expected`, and what the first one reads.
///
/// Whoever overruns his object may do so at this moment, and may put back what was there: what is damaged is
/// what was seen once.
fn others(start: usize, len: usize, expected: u8) -> Option<(usize, usize, u8)> {
    let pattern = u64::from_ne_bytes([expected; WORD]);
    let mut offset = 0;
    while offset + WORD <= len {
        if word(start + offset) != pattern {
            break;
        }
        offset += WORD;
    }
    let other = |at: usize| Some((at, byte(at))).filter(|(_, found)| *found != expected);
    let (first, found) = (start + offset..start + len).find_map(other)?;
    let last = (first..start + len).rev().find_map(other).map_or(first, |(at, _)| at);
    Some((first, last, found))
}
