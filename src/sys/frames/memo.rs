// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walks that were made before.
//!
//! A program allocates in loops: the next call finds the stack as the last one left it. A memo holds the words of the
//! stack that a walk read and followed, in the order in which it read them, and the answer that was made of it. If the
//! stack pointer is the same and these words are, a walk would read the same words, follow the same rules and come to
//! the same end. Each word is looked at only after those before it were found equal, so nothing is read that a walk
//! would not read. The comparisons do not wait for each other, as the steps of a walk do.
//!
//! Memos of one set are used by one thread at a time; a thread that finds its set busy walks. (So does a signal handler
//! that interrupted it, and the child of a fork in the middle of it, which never finds it free again.)

use core::cell::UnsafeCell;
use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::{GENERATION, read};

/// Words that a memo holds: sixteen calls and the library's own, and some frame pointers. Longer walks are not kept.
const STEPS: usize = 32;
const WAYS: usize = 4;
const SETS: usize = 64;

/// What a walk is made for: the caller's two words.
pub(crate) type Answer = [u64; 2];

/// What a walk has read, in order.
#[derive(Clone, Copy)]
pub(super) struct Trail {
    stack_pointer: usize,
    /// The frame pointer that the walk began with, if it came to depend on it.
    frame_pointer: Option<usize>,
    len: usize,
    /// Distance from the stack pointer, and the word there.
    steps: [(usize, usize); STEPS],
}

impl Trail {
    pub(super) const fn new(stack_pointer: usize) -> Self {
        Self { stack_pointer, frame_pointer: None, len: 0, steps: [(0, 0); STEPS] }
    }

    /// Notes a word that the walk depends on.
    #[inline(always)]
    pub(super) fn add(&mut self, address: usize, word: usize) {
        if let Some(step) = self.steps.get_mut(self.len) {
            *step = (address.wrapping_sub(self.stack_pointer), word);
        }
        self.len += 1;
    }

    pub(super) fn depends_on_frame_pointer(&mut self, value: usize) {
        self.frame_pointer = Some(value);
    }

    /// Whether a walk from here would be the same.
    #[inline(always)]
    fn matches(&self, stack_pointer: usize, frame_pointer: usize) -> bool {
        if self.stack_pointer != stack_pointer
            || self.frame_pointer.is_some_and(|needed| needed != frame_pointer)
        {
            return false;
        }
        let steps = self.steps.get(..self.len).unwrap_or(&[]);
        steps.iter().all(|(distance, word)| read(stack_pointer.wrapping_add(*distance)) == *word)
    }
}

struct Memo {
    /// When it was made, plus one; 0 for an empty one.
    generation: u64,
    answer: Answer,
    trail: Trail,
}

struct Set {
    busy: AtomicBool,
    memos: UnsafeCell<Memos>,
}

struct Memos {
    ways: [Memo; WAYS],
    /// The one to be replaced next.
    oldest: usize,
}

impl Memos {
    const fn new() -> Self {
        let ways = [const { Memo { generation: 0, answer: [0; 2], trail: Trail::new(0) } }; WAYS];
        Self { ways, oldest: 0 }
    }
}

// SAFETY: `memos` is only touched between setting and clearing `busy`.
unsafe impl Sync for Set {}

impl Set {
    const fn new() -> Self {
        Self { busy: AtomicBool::new(false), memos: UnsafeCell::new(Memos::new()) }
    }

    /// Calls `with` with the memos, unless somebody else is at them.
    #[inline(always)]
    fn with<R>(&self, with: impl FnOnce(&mut Memos) -> Option<R>) -> Option<R> {
        if self.busy.swap(true, Acquire) {
            return None;
        }
        // SAFETY: `busy` was clear, and stays set until we are done.
        let result = with(unsafe { &mut *self.memos.get() });
        self.busy.store(false, Release);
        result
    }
}

static SETS_OF_MEMOS: [Set; SETS] = [const { Set::new() }; SETS];

fn set(stack_pointer: usize) -> Option<&'static Set> {
    let hash = (stack_pointer as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - SETS.ilog2());
    SETS_OF_MEMOS.get(hash as usize)
}

/// The answer of an equal walk.
#[inline(always)]
pub(super) fn recall(stack_pointer: usize, frame_pointer: usize) -> Option<Answer> {
    let generation = GENERATION.load(Relaxed) + 1;
    set(stack_pointer)?.with(|memos| {
        let same =
            |memo: &&Memo| memo.generation == generation && memo.trail.matches(stack_pointer, frame_pointer);
        memos.ways.iter().find(same).map(|memo| memo.answer)
    })
}

/// Keeps the answer to a walk of a generation.
pub(super) fn remember(trail: &Trail, generation: u64, answer: Answer) {
    if trail.len > STEPS {
        return;
    }
    let Some(set) = set(trail.stack_pointer) else { return };
    set.with(|memos| {
        let memo = memos.ways.get_mut(memos.oldest)?;
        *memo = Memo { generation: generation + 1, answer, trail: *trail };
        memos.oldest = (memos.oldest + 1) % WAYS;
        Some(())
    });
}
