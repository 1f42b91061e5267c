// SPDX-License-Identifier: MIT OR Apache-2.0
//! Freed objects that are not to be handed out again yet: a queue per cache, under its list lock.
//!
//! To the slabs an object in here is live, so nothing can hand it out and its slab stays. One that leaves stays in the
//! queue until it is free, so that it cannot be freed a second time meanwhile. Whether an address is in the queue is
//! nearly always told by one counter: how many of those in it have the address's hash.

use core::ptr::NonNull;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use crate::page::heap;

/// Objects of a cache at most, bytes of a cache, and bytes of all caches together.
pub(crate) const OBJECTS: usize = 256;
const BYTES: usize = 1 << 20;
const ALL_BYTES: usize = 64 << 20;

/// Places in a queue: for those that wait, and as many that leave.
const PLACES: usize = 2 * OBJECTS;
/// The mark of one that leaves, in its address, which is a multiple of eight.
const LEAVES: usize = 1;

/// Different hashes; several times the objects, so that few addresses share one.
const HASHES: usize = 2048;

/// Bytes in the quarantines of all caches.
static IN_ALL: AtomicUsize = AtomicUsize::new(0);

/// The memory of a queue.
struct Room {
    /// Addresses, in a ring.
    queue: [usize; PLACES],
    /// How many of them have each hash.
    hashes: [u16; HASHES],
}

/// The quarantine of a cache.
pub(crate) struct Quarantine {
    room: Option<NonNull<Room>>,
    oldest: usize,
    len: usize,
    /// How many of them leave.
    leaving: usize,
    /// Objects that wait, at most: 0 in a cache without quarantine.
    most: usize,
    stride: usize,
}

fn hash(address: usize) -> usize {
    (address >> 3).wrapping_mul(0x9e37_79b9) >> 8 & (HASHES - 1)
}

impl Quarantine {
    /// What a cache has that does without.
    pub(crate) const NONE: Self = Self { room: None, oldest: 0, len: 0, leaving: 0, most: 0, stride: 0 };

    /// The quarantine of a cache whose objects are `stride` bytes apart.
    pub(crate) fn new(stride: usize) -> Self {
        Self { most: OBJECTS.min(BYTES / stride), stride, ..Self::NONE }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    fn room(&mut self) -> Option<&mut Room> {
        // SAFETY: `make_room` wrote it; it belongs to this queue, whoever has the queue has the list lock.
        self.room.map(|mut room| unsafe { room.as_mut() })
    }

    fn make_room(&mut self) -> bool {
        if self.room.is_none() {
            self.room = heap::alloc(size_of::<Room>()).map(|room| {
                let room = room.cast::<Room>();
                // SAFETY: fresh memory of that size, aligned to a cache line; zeroes are a valid value.
                unsafe { room.write_bytes(0, 1) };
                room
            });
        }
        self.room.is_some()
    }

    fn at(&self, n: usize) -> usize {
        // SAFETY: as in `room`.
        let room = self.room.map(|room| unsafe { &*room.as_ptr() });
        room.and_then(|room| room.queue.get((self.oldest + n) % PLACES)).copied().unwrap_or_default()
    }

    /// Whether an object is in here.
    pub(crate) fn holds(&self, address: usize) -> bool {
        // SAFETY: as in `room`.
        let Some(room) = self.room.map(|room| unsafe { &*room.as_ptr() }) else { return false };
        let may = room.hashes.get(hash(address)).is_some_and(|count| *count > 0);
        may && (0..self.len).any(|n| self.at(n) & !LEAVES == address)
    }

    /// Takes a freed object in. Returns the one that is to be made free in its place: nobody while there is
    /// room, else the oldest that [leaves](Self::remove) now, or the object itself where it cannot be kept.
    #[inline]
    pub(crate) fn admit(&mut self, address: usize) -> Option<usize> {
        if self.most == 0 || self.len == PLACES || !self.make_room() {
            return Some(address);
        }
        let fits = self.len - self.leaving < self.most && {
            let before = IN_ALL.fetch_add(self.stride, Relaxed);
            if before + self.stride > ALL_BYTES {
                IN_ALL.fetch_sub(self.stride, Relaxed);
            }
            before + self.stride <= ALL_BYTES
        };
        if fits {
            self.push(address);
            return None;
        }
        let Some(oldest) = self.see_off() else { return Some(address) };
        self.push(address);
        Some(oldest)
    }

    fn push(&mut self, address: usize) {
        let at = (self.oldest + self.len) % PLACES;
        let Some(room) = self.room() else { return };
        if let (Some(place), Some(count)) = (room.queue.get_mut(at), room.hashes.get_mut(hash(address))) {
            *place = address;
            *count += 1;
        }
        self.len += 1;
    }

    /// Marks the oldest one that waits: it leaves.
    fn see_off(&mut self) -> Option<usize> {
        let n = (0..self.len).find(|&n| self.at(n) & LEAVES == 0)?;
        let at = (self.oldest + n) % PLACES;
        let place = self.room()?.queue.get_mut(at)?;
        let address = *place;
        *place |= LEAVES;
        self.leaving += 1;
        Some(address)
    }

    /// Has the oldest object leave, which the caller makes free.
    pub(crate) fn release(&mut self) -> Option<usize> {
        let oldest = self.see_off()?;
        IN_ALL.fetch_sub(self.stride, Relaxed);
        Some(oldest)
    }

    /// Takes an object out that leaves, and is made free under the same hold of the lock.
    pub(crate) fn remove(&mut self, address: usize) {
        let Some(n) = (0..self.len).find(|&n| self.at(n) == address | LEAVES) else { return };
        let oldest = self.oldest;
        let Some(room) = self.room() else { return };
        // Those before it, few if any, close the gap.
        for n in (0..n).rev() {
            let entry = room.queue.get((oldest + n) % PLACES).copied().unwrap_or_default();
            if let Some(place) = room.queue.get_mut((oldest + n + 1) % PLACES) {
                *place = entry;
            }
        }
        if let Some(count) = room.hashes.get_mut(hash(address)) {
            *count -= 1;
        }
        self.oldest = (oldest + 1) % PLACES;
        self.len -= 1;
        self.leaving -= 1;
        if self.most == 0 && self.len == 0 {
            self.give_room_back();
        }
    }

    /// Lets nothing in any more.
    pub(crate) fn close(&mut self) {
        self.most = 0;
        if self.len == 0 {
            self.give_room_back();
        }
    }

    fn give_room_back(&mut self) {
        if let Some(room) = self.room.take() {
            // SAFETY: `make_room` allocated it with this size.
            unsafe { heap::free(room.cast(), size_of::<Room>()) };
        }
    }
}

impl Drop for Quarantine {
    fn drop(&mut self) {
        self.give_room_back();
    }
}
