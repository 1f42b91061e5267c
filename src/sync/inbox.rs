// SPDX-License-Identifier: MIT OR Apache-2.0
//! A list that anybody can add to at any moment, without a lock: what a signal handler leaves for later.
//!
//! Entries lie in nodes that are numbered from 1, in chunks that double in size: the first is part of the inbox, the
//! others are mapped when they are needed and stay. A node is on the list, among the unused ones, or somebody's.

use core::ptr;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize};

use crate::sys::mem;

/// Nodes of the first chunk.
const FIRST: usize = 256;
/// Chunks: sixteen million nodes in all.
const CHUNKS: usize = 16;

/// One entry. All zeroes is a valid one.
struct Node {
    next: AtomicU32,
    what: AtomicUsize,
    whose: AtomicUsize,
}

impl Node {
    const fn new() -> Self {
        Self { next: AtomicU32::new(0), what: AtomicUsize::new(0), whose: AtomicUsize::new(0) }
    }
}

/// A list of pairs of words.
pub(crate) struct Inbox {
    /// The newest entry, 0 when there is none.
    newest: AtomicU32,
    /// The first unused node in the low half; in the high half a count of changes, by which somebody who was interrupted
    /// sees that the first one is not what it was.
    unused: AtomicU64,
    /// Nodes that were ever used.
    nr_used: AtomicU32,
    chunks: [AtomicPtr<Node>; CHUNKS],
    first: [Node; FIRST],
}

/// Entries that were taken and not dealt with.
pub(crate) struct Rest(u32);

impl Rest {
    pub(crate) fn is_empty(&self) -> bool {
        self.0 == 0
    }
}

/// Chunk and place in it of a node.
fn place_of(number: u32) -> (usize, usize) {
    let index = (number as usize).wrapping_sub(1);
    let chunk = (index / FIRST + 1).ilog2() as usize;
    (chunk, index - FIRST * ((1 << chunk) - 1))
}

impl Inbox {
    pub(crate) const fn new() -> Self {
        Self {
            newest: AtomicU32::new(0),
            unused: AtomicU64::new(0),
            nr_used: AtomicU32::new(0),
            chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS],
            first: [const { Node::new() }; FIRST],
        }
    }

    /// Whether there is nothing in it.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.newest.load(Relaxed) == 0
    }

    /// Adds an entry; `false` when there is no memory.
    pub(crate) fn add(&self, what: usize, whose: usize) -> bool {
        let Some((number, node)) = self.reuse().or_else(|| self.fresh()) else { return false };
        node.what.store(what, Relaxed);
        node.whose.store(whose, Relaxed);
        let mut newest = self.newest.load(Relaxed);
        loop {
            node.next.store(newest, Relaxed);
            // Release pairs with the Acquire in `take`.
            match self.newest.compare_exchange_weak(newest, number, Release, Relaxed) {
                Ok(_) => return true,
                Err(now) => newest = now,
            }
        }
    }

    /// Takes all entries out and calls `deal(what, whose)` with each. Those for which it returns `false` are left over.
    pub(crate) fn take(&self, mut deal: impl FnMut(usize, usize) -> bool) -> Rest {
        let mut rest = 0;
        let mut next = self.newest.swap(0, Acquire);
        while let Some(node) = self.node(next) {
            let number = core::mem::replace(&mut next, node.next.load(Relaxed));
            if deal(node.what.load(Relaxed), node.whose.load(Relaxed)) {
                self.discard(number, node);
            } else {
                node.next.store(rest, Relaxed);
                rest = number;
            }
        }
        Rest(rest)
    }

    /// Calls `deal(what, whose)` with each entry that was left over.
    pub(crate) fn take_rest(&self, Rest(mut next): Rest, mut deal: impl FnMut(usize, usize)) {
        while let Some(node) = self.node(next) {
            let number = core::mem::replace(&mut next, node.next.load(Relaxed));
            let (what, whose) = (node.what.load(Relaxed), node.whose.load(Relaxed));
            self.discard(number, node);
            deal(what, whose);
        }
    }

    fn discard(&self, number: u32, node: &Node) {
        let mut unused = self.unused.load(Relaxed);
        loop {
            node.next.store(unused as u32, Relaxed);
            let first = changed(unused, number);
            match self.unused.compare_exchange_weak(unused, first, Release, Relaxed) {
                Ok(_) => return,
                Err(now) => unused = now,
            }
        }
    }

    fn reuse(&self) -> Option<(u32, &Node)> {
        let mut unused = self.unused.load(Acquire);
        loop {
            let number = unused as u32;
            let node = self.node(number)?;
            let rest = changed(unused, node.next.load(Relaxed));
            match self.unused.compare_exchange_weak(unused, rest, AcqRel, Acquire) {
                Ok(_) => return Some((number, node)),
                Err(now) => unused = now,
            }
        }
    }

    fn fresh(&self) -> Option<(u32, &Node)> {
        loop {
            let used = self.nr_used.load(Relaxed);
            let number = used + 1;
            let (chunk, _) = place_of(number);
            if chunk > 0 && !self.has_chunk(chunk) {
                return None;
            }
            if self.nr_used.compare_exchange(used, number, Relaxed, Relaxed).is_ok() {
                return Some((number, self.node(number)?));
            }
        }
    }

    /// Whether a chunk is there, or can be mapped.
    fn has_chunk(&self, chunk: usize) -> bool {
        let Some(place) = self.chunks.get(chunk) else { return false };
        if !place.load(Acquire).is_null() {
            return true;
        }
        let bytes = ((FIRST << chunk) * size_of::<Node>()).next_multiple_of(mem::page_size());
        let Some(fresh) = mem::reserve(bytes) else { return false };
        // SAFETY: just reserved, over its whole length.
        let usable = unsafe { mem::commit(fresh.as_ptr(), bytes) };
        // Release publishes zeroed nodes, to the Acquire in `node`.
        if usable && place.compare_exchange(ptr::null_mut(), fresh.as_ptr().cast(), AcqRel, Acquire).is_ok() {
            return true;
        }
        // SAFETY: reserved above, and nobody knows of it.
        unsafe { mem::release(fresh, bytes) };
        usable
    }

    fn node(&self, number: u32) -> Option<&Node> {
        if number == 0 {
            return None;
        }
        let (chunk, at) = place_of(number);
        if chunk == 0 {
            return self.first.get(at);
        }
        let start = self.chunks.get(chunk)?.load(Acquire);
        // SAFETY: null, or a chunk of that many nodes, which stays.
        let node = unsafe { start.cast_const().wrapping_add(at).as_ref() };
        node.filter(|_| !start.is_null())
    }
}

fn changed(unused: u64, first: u32) -> u64 {
    ((unused >> 32).wrapping_add(1) << 32) | u64::from(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::sync::atomic::AtomicBool;

    #[test]
    fn numbers_fall_into_chunks_without_gaps() {
        let mut expected = (0, 0);
        for number in 1..=(FIRST as u32 * 15) {
            assert_eq!(place_of(number), expected);
            expected.1 += 1;
            if expected.1 == FIRST << expected.0 {
                expected = (expected.0 + 1, 0);
            }
        }
    }

    #[test]
    fn nothing_is_lost_or_doubled_between_threads() {
        const EACH: usize = 20_000;
        static INBOX: Inbox = Inbox::new();
        static DONE: AtomicBool = AtomicBool::new(false);
        static SEEN: [AtomicU32; 3 * EACH] = [const { AtomicU32::new(0) }; 3 * EACH];
        let see = |what: usize, whose: usize| {
            assert_eq!(what + 1, whose);
            SEEN[what].fetch_add(1, Relaxed);
        };
        let take = || {
            let rest = INBOX.take(|what, whose| {
                let now = what % 7 != 0;
                if now {
                    see(what, whose);
                }
                now
            });
            INBOX.take_rest(rest, see);
        };
        std::thread::scope(|scope| {
            let adders = [0, 1, 2].map(|adder| {
                scope.spawn(move || {
                    (adder * EACH..(adder + 1) * EACH).for_each(|what| assert!(INBOX.add(what, what + 1)));
                })
            });
            scope.spawn(|| {
                while !DONE.load(Acquire) {
                    take();
                }
            });
            adders.into_iter().for_each(|adder| adder.join().unwrap());
            DONE.store(true, Release);
        });
        take();
        assert!(INBOX.is_empty());
        assert!(SEEN.iter().all(|seen| seen.load(Relaxed) == 1));
    }
}
