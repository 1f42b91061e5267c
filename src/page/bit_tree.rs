// SPDX-License-Identifier: MIT OR Apache-2.0
//! A set of small integers that finds its least member in a few steps.
//!
//! ```text
//!   level 2:  one word, bit i set when word i of level 1 is not zero
//!   level 1:  64 words, bit i of word w set when word 64w+i of level 0 is not zero
//!   level 0:  the members
//! ```

use core::cell::Cell;

/// Enough levels for 2^24 members, 64 TiB of 4 MiB blocks.
const LEVELS: usize = 4;
const BITS: usize = 64;

/// A set of integers below a fixed bound, over memory that starts as zero.
#[derive(Clone, Copy)]
pub(super) struct BitTree {
    /// Level 0 first; unused levels are empty.
    levels: [&'static [Cell<u64>]; LEVELS],
}

// SAFETY: the words are reached only through the set, and each set lives inside one zone's lock.
unsafe impl Send for BitTree {}

impl BitTree {
    /// Bytes of memory that a set of integers below `bound` needs.
    pub(super) const fn bytes_for(bound: usize) -> usize {
        let mut words = bound.div_ceil(BITS);
        let mut total = words;
        while words > 1 {
            words = words.div_ceil(BITS);
            total += words;
        }
        total * size_of::<u64>()
    }

    /// An empty set over `memory`, which holds zeroes and [`bytes_for`](Self::bytes_for) bytes.
    pub(super) fn new(memory: &'static [Cell<u64>], bound: usize) -> Self {
        let mut levels: [&'static [Cell<u64>]; LEVELS] = [&[]; LEVELS];
        let mut rest = memory;
        let mut words = bound.div_ceil(BITS);
        for level in &mut levels {
            let (this, above) = rest.split_at_checked(words).unwrap_or((&[], &[]));
            *level = this;
            rest = above;
            if words <= 1 {
                break;
            }
            words = words.div_ceil(BITS);
        }
        Self { levels }
    }

    pub(super) fn insert(&self, mut member: usize) {
        for level in self.levels {
            let Some(word) = level.get(member / BITS) else { return };
            word.set(word.get() | 1 << (member % BITS));
            member /= BITS;
        }
    }

    pub(super) fn remove(&self, mut member: usize) {
        for level in self.levels {
            let Some(word) = level.get(member / BITS) else { return };
            word.set(word.get() & !(1 << (member % BITS)));
            if word.get() != 0 {
                return;
            }
            member /= BITS;
        }
    }

    pub(super) fn contains(&self, member: usize) -> bool {
        let word = self.levels[0].get(member / BITS);
        word.is_some_and(|word| word.get() & 1 << (member % BITS) != 0)
    }

    /// The least member.
    pub(super) fn first(&self) -> Option<usize> {
        self.descend(|word| word.trailing_zeros())
    }

    /// The greatest member.
    pub(super) fn last(&self) -> Option<usize> {
        self.descend(|word| u64::BITS - 1 - word.leading_zeros())
    }

    /// Walks from the top level to a member, taking the bit that `choose` names in each word.
    fn descend(&self, choose: impl Fn(u64) -> u32) -> Option<usize> {
        let mut at = 0;
        for level in self.levels.iter().rev().filter(|level| !level.is_empty()) {
            let word = level.get(at)?.get();
            if word == 0 {
                return None;
            }
            at = at * BITS + choose(word) as usize;
        }
        Some(at)
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "tests may allocate")]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn tree(bound: usize) -> BitTree {
        let words = BitTree::bytes_for(bound) / 8;
        BitTree::new(Vec::leak((0..words).map(|_| Cell::new(0)).collect()), bound)
    }

    #[test]
    fn behaves_as_an_ordered_set() {
        for bound in [1, 63, 64, 65, 4096, 4097, 300_000] {
            let (set, mut model) = (tree(bound), BTreeSet::new());
            let mut x = 12345usize;
            for _ in 0..20_000 {
                x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                let member = (x >> 20) % bound;
                if x & (1 << 19) == 0 {
                    set.insert(member);
                    model.insert(member);
                } else {
                    set.remove(member);
                    model.remove(&member);
                }
                assert_eq!(set.contains(member), model.contains(&member));
                assert_eq!(set.first(), model.first().copied());
                assert_eq!(set.last(), model.last().copied());
            }
        }
    }
}
