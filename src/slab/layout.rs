// SPDX-License-Identifier: MIT OR Apache-2.0
//! Layout: pure arithmetic, equal to Linux 6.12's byte for byte.
//!
//! One slot, addresses growing to the right; parts in brackets exist only with the option named:
//!
//! ```text
//!   | left red zone | payload     | right red zone  | free     | tracks  | requested | guard | tail    |
//!   | [RED_ZONE]    | object_size | or alignment    | pointer  | [STORE_ | size      | word  | padding |
//!   |               |             | padding         | [if out- |  USER]  | [kmalloc, | [RED_ |         |
//!   |               |             |                 |  side]   |         |  USER]    |  ZONE]|         |
//!   ^ slot          ^ object                        ^ inuse                                            ^ slot + stride
//!                     = slot + red_left_pad           (from the object)
//! ```

use crate::abi::errno::{EINVAL, Errno};
use crate::abi::slab_flags::{
    SLAB_HWCACHE_ALIGN, SLAB_KMALLOC, SLAB_POISON, SLAB_RED_ZONE, SLAB_STORE_USER, SLAB_TYPESAFE_BY_RCU,
    slab_flags_t,
};
use crate::param::{MAX_PAGE_ORDER, Params};

/// Bytes of a pointer: the unit of sizes and the least alignment.
const WORD: usize = 8;
/// Bytes of a cache line, as x86-64 and arm64 servers have it, and as Linux lays objects out on them.
const CACHE_LINE: usize = 64;
/// Bytes of one allocation or free track.
const TRACK: usize = 32;
/// Objects in one slab at most (the kernel keeps the number in 15 bits).
const MAX_OBJECTS: usize = 32767;
/// Leftover of a slab that is accepted, as a fraction 1/n of it: first strict, then ever more lenient.
const LEFTOVER_FRACTIONS: [usize; 4] = [16, 8, 4, 2];

/// What the creator of a cache asks for, as far as it decides the layout.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) object_size: usize,
    /// As [`alignment`] calculated it.
    pub(crate) align: usize,
    pub(crate) flags: slab_flags_t,
    pub(crate) has_ctor: bool,
    /// An offset inside the object that the creator sets aside for the free pointer.
    pub(crate) freeptr_offset: Option<usize>,
    pub(crate) page_size: usize,
}

/// Where everything lies. All sizes and offsets are in bytes; offsets count from the object, not the slot.
///
/// `red_left_pad` + `inuse` + metadata <= `stride`; `stride` is a multiple of the alignment;
/// `objects` * `stride` <= page size << `order`, and the same for `min_objects` and `min_order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// End of the payload and its right red zone or padding.
    pub(crate) inuse: usize,
    /// Where Linux keeps the free pointer.
    pub(crate) freeptr: usize,
    pub(crate) red_left_pad: usize,
    /// Distance from slot to slot.
    pub(crate) stride: usize,
    /// Preferred order of a slab's pages, and how many objects fit.
    pub(crate) order: u8,
    pub(crate) objects: u16,
    /// Order to fall back to when the preferred one cannot be had.
    pub(crate) min_order: u8,
    pub(crate) min_objects: u16,
    /// ceil(2^64 / stride), for division by multiplication.
    reciprocal: u64,
}

/// The alignment of a cache's objects: the creator's wish, raised for SLAB_HWCACHE_ALIGN and to a word.
/// `align` is a power of two or 0.
pub(crate) fn alignment(flags: slab_flags_t, align: usize, size: usize) -> usize {
    let mut result = align;
    if flags & SLAB_HWCACHE_ALIGN != 0 {
        let mut line = CACHE_LINE;
        while size != 0 && size <= line / 2 {
            line /= 2;
        }
        result = result.max(line);
    }
    result.max(WORD).next_multiple_of(WORD)
}

/// The least order of pages that hold so many bytes.
pub(crate) fn order_of(bytes: usize, page_size: usize) -> u8 {
    bytes.div_ceil(page_size).next_power_of_two().trailing_zeros() as u8
}

/// Whether the requested size is kept for each object (kmalloc caches with tracks).
pub(crate) fn tracks_size(flags: slab_flags_t) -> bool {
    flags & SLAB_KMALLOC != 0 && flags & SLAB_STORE_USER != 0
}

/// Bytes of the tracks, and of the requested size where that is kept.
pub(crate) const fn track_bytes(flags: slab_flags_t) -> usize {
    match (flags & SLAB_STORE_USER != 0, flags & SLAB_KMALLOC != 0) {
        (true, true) => 2 * TRACK + WORD,
        (true, false) => 2 * TRACK,
        (false, _) => 0,
    }
}

impl Request {
    fn has(&self, flags: slab_flags_t) -> bool {
        self.flags & flags != 0
    }

    /// Whether the free pointer must not lie inside the object.
    fn freeptr_is_outside(&self) -> bool {
        (self.has(SLAB_TYPESAFE_BY_RCU) && self.freeptr_offset.is_none())
            || self.has(SLAB_POISON)
            || self.has_ctor
            || (self.has(SLAB_RED_ZONE) && (self.object_size < WORD || tracks_size(self.flags)))
    }

    fn order_of(&self, bytes: usize) -> u8 {
        order_of(bytes, self.page_size)
    }

    fn objects_in(&self, order: u8, stride: usize) -> usize {
        (self.page_size << order) / stride
    }

    /// The preferred order for a stride, as Linux 6.8 and later choose it.
    fn preferred_order(&self, stride: usize, params: &Params) -> Result<u8, Errno> {
        // Four objects per doubling of the CPUs: the more of them, the more a slab should serve at a time.
        let fls = u32::BITS - params.cpus.leading_zeros();
        let wanted = if params.min_objects > 0 { params.min_objects } else { 4 * (fls + 1) } as usize;
        let wanted = wanted.min(self.objects_in(params.max_order, stride).max(1));
        let start = params.min_order.max(self.order_of(wanted * stride));
        if self.objects_in(start, stride) > MAX_OBJECTS {
            return Ok(self.order_of(stride * MAX_OBJECTS).saturating_sub(1));
        }
        for fraction in LEFTOVER_FRACTIONS {
            for order in start..=params.max_order {
                let slab = self.page_size << order;
                if slab % stride <= slab / fraction {
                    return Ok(order);
                }
            }
        }
        Some(self.order_of(stride)).filter(|&order| order <= MAX_PAGE_ORDER).ok_or(EINVAL)
    }

    /// The layout for this request; -EINVAL when no slab can hold an object.
    pub(crate) fn layout(&self, params: &Params) -> Result<Layout, Errno> {
        // Far beyond any order, and far from overflow below.
        if self.object_size == 0 || self.object_size.max(self.align) > self.page_size << (MAX_PAGE_ORDER + 1)
        {
            return Err(EINVAL);
        }
        let mut size = self.object_size.next_multiple_of(WORD);
        if self.has(SLAB_RED_ZONE) && size == self.object_size {
            size += WORD;
        }
        let inuse = size;
        let freeptr = if self.freeptr_is_outside() {
            size += WORD;
            inuse
        } else {
            // In the middle of the object: least likely to be hit by an overflow from either side.
            self.freeptr_offset.unwrap_or(self.object_size / 2 / WORD * WORD)
        };
        size += track_bytes(self.flags);
        let mut red_left_pad = 0;
        if self.has(SLAB_RED_ZONE) {
            red_left_pad = WORD.next_multiple_of(self.align);
            size += WORD + red_left_pad;
        }
        let stride = size.next_multiple_of(self.align);

        let order = self.preferred_order(stride, params)?;
        let min_order = self.order_of(stride);
        let count = |order| self.objects_in(order, stride).min(MAX_OBJECTS) as u16;
        let (objects, min_objects) = (count(order), count(min_order));
        if objects == 0 || min_order > MAX_PAGE_ORDER {
            return Err(EINVAL);
        }
        let reciprocal = (u64::MAX / stride as u64).wrapping_add(1);
        Ok(Layout {
            inuse,
            freeptr,
            red_left_pad,
            stride,
            order,
            objects,
            min_order,
            min_objects,
            reciprocal,
        })
    }
}

impl Layout {
    /// Offset of an object from the start of its slab.
    pub(crate) fn object_offset(&self, index: u16) -> usize {
        usize::from(index) * self.stride + self.red_left_pad
    }

    /// The object that begins at an offset into a slab of `objects`; `None` between objects.
    #[inline]
    pub(crate) fn index_at(&self, offset: usize, objects: u16) -> Option<u16> {
        // An offset before the first object, or before the slab, wraps, and is far beyond all of them.
        let slot = offset.wrapping_sub(self.red_left_pad);
        let index = self.slot_of(slot);
        if index >= usize::from(objects) || index * self.stride != slot {
            return None;
        }
        Some(index as u16)
    }

    /// slot / stride, by multiplication: exact, since slot * stride < 2^64 for offsets within a slab.
    #[inline]
    fn slot_of(&self, slot: usize) -> usize {
        ((slot as u128 * u128::from(self.reciprocal)) >> 64) as usize
    }

    /// Where an object's metadata ends and padding begins (the guard word after a right red zone is padding).
    pub(crate) fn metadata_end(&self, flags: slab_flags_t) -> usize {
        let freeptr = if self.freeptr_is_outside() { WORD } else { 0 };
        self.inuse + freeptr + track_bytes(flags)
    }

    /// Where the tracks begin.
    pub(crate) fn tracks_offset(&self) -> usize {
        self.metadata_end(0)
    }

    /// Where the requested size is kept, if it is.
    pub(crate) fn requested_offset(&self) -> usize {
        self.tracks_offset() + 2 * TRACK
    }

    /// Whether the free pointer lies behind the object, where the program does not write.
    pub(crate) fn freeptr_is_outside(&self) -> bool {
        self.freeptr >= self.inuse
    }

    /// Empty or nearly empty slabs that a node keeps before it gives one back.
    pub(crate) fn min_partial(&self) -> usize {
        (self.stride.ilog2() as usize / 2).clamp(5, 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::slab_flags::SLAB_CONSISTENCY_CHECKS;

    fn params(cpus: u32) -> Params {
        Params { cpus, ..Params::defaults() }
    }

    fn request(object_size: usize, flags: slab_flags_t) -> Request {
        let align = alignment(flags, 0, object_size);
        Request { object_size, align, flags, has_ctor: false, freeptr_offset: None, page_size: 4096 }
    }

    #[test]
    fn strides_of_the_worked_example() {
        let stride = |flags| request(64, flags).layout(&params(2)).unwrap().stride;
        let (f, p, z, u) = (SLAB_CONSISTENCY_CHECKS, SLAB_POISON, SLAB_RED_ZONE, SLAB_STORE_USER);
        let strides = [0, f, p, z, u, p | z, f | z | p | u].map(stride);
        assert_eq!(strides, [64, 64, 72, 88, 128, 96, 160]);
    }

    #[test]
    fn orders_follow_the_number_of_cpus() {
        let geometry = |size, cpus| {
            let layout = request(size, 0).layout(&params(cpus)).unwrap();
            (layout.order, layout.objects)
        };
        for (size, expected) in [
            (64, [(0, 64), (0, 64), (0, 64), (0, 64), (0, 64)]),
            (192, [(0, 21), (0, 21), (0, 21), (0, 21), (1, 42)]),
            (512, [(0, 8), (1, 16), (1, 16), (2, 32), (2, 32)]),
            (704, [(1, 11), (2, 23), (2, 23), (2, 23), (3, 46)]),
            (40000, [(4, 1), (4, 1), (4, 1), (4, 1), (4, 1)]),
        ] {
            assert_eq!([1, 2, 4, 8, 16].map(|cpus| geometry(size, cpus)), expected, "size {size}");
        }
    }

    #[test]
    fn every_offset_maps_to_its_object_or_to_none() {
        for size in (1..2100).step_by(7) {
            let layout = request(size, SLAB_RED_ZONE).layout(&params(2)).unwrap();
            for offset in 0..4096usize << layout.order {
                let slot = offset.checked_sub(layout.red_left_pad);
                let expected = slot
                    .filter(|slot| slot % layout.stride == 0 && slot / layout.stride < layout.objects.into())
                    .map(|slot| (slot / layout.stride) as u16);
                assert_eq!(layout.index_at(offset, layout.objects), expected, "size {size} offset {offset}");
            }
        }
    }

    #[test]
    fn sizes_beyond_the_largest_order_are_refused() {
        assert!(request(4 << 20, 0).layout(&params(2)).is_ok());
        for size in [0, (4 << 20) + 1, 1 << 40, usize::MAX - 7, usize::MAX] {
            assert_eq!(request(size, 0).layout(&params(2)), Err(EINVAL), "size {size}");
        }
        assert_eq!(request(4 << 20, SLAB_RED_ZONE).layout(&params(2)), Err(EINVAL));
    }
}
