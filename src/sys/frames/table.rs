// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is known about places in the program's code, one word each, for readers that cannot wait.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

/// Places that a search looks at.
const PROBES: usize = 8;

/// A cell holds `address ^ value` and `value`: whoever reads half of what another thread writes gets an address that
/// is not the one he looks for, and takes the cell for somebody else's.
struct Cell {
    mixed: AtomicU64,
    value: AtomicU64,
}

/// A cache of one word per code address. It never fails, takes no lock, and forgets when it is crowded. All zeroes
/// is the empty table, so that a static one costs memory only where it is used.
///
/// `SIZE` is a power of two.
pub(crate) struct AddressTable<const SIZE: usize> {
    cells: [Cell; SIZE],
}

impl<const SIZE: usize> AddressTable<SIZE> {
    pub(crate) const fn new() -> Self {
        Self { cells: [const { Cell { mixed: AtomicU64::new(0), value: AtomicU64::new(0) } }; SIZE] }
    }

    /// The cells that may hold an address.
    #[inline(always)]
    fn probes(&self, address: usize) -> impl Iterator<Item = &Cell> {
        // Fibonacci hashing: the high bits of the product depend on all bits of the address.
        let hash = (address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - SIZE.ilog2());
        (0..PROBES).filter_map(move |n| self.cells.get((hash as usize + n) & (SIZE - 1)))
    }

    /// The word stored for an address.
    #[inline(always)]
    pub(crate) fn get(&self, address: usize) -> Option<u64> {
        for cell in self.probes(address) {
            let value = cell.value.load(Relaxed);
            if value == 0 {
                return None;
            }
            if cell.mixed.load(Relaxed) ^ value == address as u64 {
                return Some(value);
            }
        }
        None
    }

    /// Stores a word, which is not 0, for an address, in place of one for which `stale` holds, or of any other where
    /// all cells are taken.
    pub(crate) fn put(&self, address: usize, value: u64, stale: impl Fn(u64) -> bool) {
        let unused = |cell: &&Cell| {
            let old = cell.value.load(Relaxed);
            old == 0 || stale(old) || cell.mixed.load(Relaxed) ^ old == address as u64
        };
        let cell = self.probes(address).find(unused).or_else(|| self.probes(address).next());
        if let Some(cell) = cell {
            cell.value.store(value, Relaxed);
            cell.mixed.store(address as u64 ^ value, Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_found_and_nothing_else() {
        static TABLE: AddressTable<64> = AddressTable::new();
        for address in 1..=16usize {
            TABLE.put(address * 8, address as u64, |_| false);
        }
        for address in 1..=16usize {
            assert_eq!(TABLE.get(address * 8), Some(address as u64));
            assert_eq!(TABLE.get(address * 8 + 1), None);
        }
        TABLE.put(8, 77, |_| false);
        assert_eq!(TABLE.get(8), Some(77));
    }

    #[test]
    fn a_crowded_table_forgets_but_does_not_lie() {
        static TABLE: AddressTable<16> = AddressTable::new();
        (1..1000usize).for_each(|address| TABLE.put(address, address as u64 + 1, |_| false));
        let known = (1..1000usize).filter(|&address| {
            let found = TABLE.get(address);
            assert!(found.is_none_or(|value| value == address as u64 + 1));
            found.is_some()
        });
        assert!((1..=16).contains(&known.count()));
    }

    #[test]
    fn stale_words_make_room() {
        static TABLE: AddressTable<16> = AddressTable::new();
        (1..1000usize).for_each(|address| TABLE.put(address, 1 << 32 | address as u64, |_| false));
        (1..5usize).for_each(|address| TABLE.put(address, 2 << 32 | address as u64, |old| old >> 32 == 1));
        assert!((1..5usize).all(|address| TABLE.get(address) == Some(2 << 32 | address as u64)));
    }

    #[test]
    fn racing_writers_never_mix_two_words() {
        static TABLE: AddressTable<8> = AddressTable::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for n in 0..200_000usize {
                        let address = 1 + n % 50;
                        TABLE.put(address, (address as u64) << 8 | 1, |_| false);
                        let found = TABLE.get(address);
                        assert!(found.is_none_or(|value| value == (address as u64) << 8 | 1));
                    }
                });
            }
        });
    }
}
