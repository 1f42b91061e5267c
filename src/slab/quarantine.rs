// SPDX-License-Identifier: MIT OR Apache-2.0
//! Freed objects that are not to be handed out again yet: a queue per cache, under its list lock.
//!
//! To the slabs an object in here is live, so nothing can hand it out and its slab stays. Whether an address
//! is in the queue is nearly always told by one counter: how many of those in it have the address's hash.

use core::ptr::NonNull;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use crate::page::heap;

/// Objects of a cache at most, bytes of a cache, and bytes of all caches together.
pub(crate) const OBJECTS: usize = 256;
const BYTES: usize = 1 << 20;
const ALL_BYTES: usize = 64 << 20;

/// Different hashes; several times the objects, so that few addresses share one.
const HASHES: usize = 2048;

/// Bytes in the quarantines of all caches.
static IN_ALL: AtomicUsize = AtomicUsize::new(0);

/// The memory of a queue.
struct Room {
    /// Addresses, in a ring.
    queue: [usize; OBJECTS],
    /// How many of them have each hash.
    hashes: [u16; HASHES],
}

/// The quarantine of a cache.
pub(crate) struct Quarantine {
    room: Option<NonNull<Room>>,
    oldest: usize,
    len: usize,
    /// Objects at most: 0 in a cache without quarantine.
    most: usize,
    stride: usize,
}

fn hash(address: usize) -> usize {
    (address >> 3).wrapping_mul(0x9e37_79b9) >> 8 & (HASHES - 1)
}

impl Quarantine {
    /// What a cache has that does without.
    pub(crate) const NONE: Self = Self { room: None, oldest: 0, len: 0, most: 0, stride: 0 };

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

    /// Whether an object is in here.
    pub(crate) fn holds(&self, address: usize) -> bool {
        // SAFETY: as in `room`.
        let Some(room) = self.room.map(|room| unsafe { &*room.as_ptr() }) else { return false };
        let may = room.hashes.get(hash(address)).is_some_and(|count| *count > 0);
        may && (0..self.len).any(|n| room.queue.get((self.oldest + n) % OBJECTS) == Some(&address))
    }

    /// Takes a freed object in. Returns the one that is to be made free in its place: nobody while there is
    /// room, else the oldest, or the object itself where it cannot be kept.
    #[inline]
    pub(crate) fn admit(&mut self, address: usize) -> Option<usize> {
        if self.most == 0 || !self.make_room() {
            return Some(address);
        }
        let fits = self.len < self.most && {
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
        let Some(oldest) = self.shift() else { return Some(address) };
        self.push(address);
        Some(oldest)
    }

    fn push(&mut self, address: usize) {
        let at = (self.oldest + self.len) % OBJECTS;
        let Some(room) = self.room() else { return };
        if let (Some(place), Some(count)) = (room.queue.get_mut(at), room.hashes.get_mut(hash(address))) {
            *place = address;
            *count += 1;
        }
        self.len += 1;
    }

    fn shift(&mut self) -> Option<usize> {
        let at = self.oldest;
        let room = if self.len > 0 { self.room()? } else { return None };
        let address = *room.queue.get(at)?;
        *room.hashes.get_mut(hash(address))? -= 1;
        self.oldest = (at + 1) % OBJECTS;
        self.len -= 1;
        Some(address)
    }

    /// Takes the oldest object out, for the caller to make free.
    pub(crate) fn release(&mut self) -> Option<usize> {
        let oldest = self.shift()?;
        IN_ALL.fetch_sub(self.stride, Relaxed);
        Some(oldest)
    }

    /// Lets nothing in any more. The queue is empty.
    pub(crate) fn close(&mut self) {
        self.most = 0;
        if let Some(room) = self.room.take() {
            // SAFETY: `make_room` allocated it with this size.
            unsafe { heap::free(room.cast(), size_of::<Room>()) };
        }
    }
}

impl Drop for Quarantine {
    fn drop(&mut self) {
        self.close();
    }
}
