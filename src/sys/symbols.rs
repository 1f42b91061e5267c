// SPDX-License-Identifier: MIT OR Apache-2.0
//! Symbols that were found before.
//!
//! To find one takes dozens of system calls and a look at every symbol of a file, and reports of one mistake
//! name the same few functions again and again.
//!
//! Nobody waits: who finds the table in use, in a signal handler or in the child of a fork that came in the
//! middle, does without it.

use core::cell::UnsafeCell;
use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::{Acquire, Release};

use crate::sys::elf::Symbol;

/// Symbols kept, more than there are calls in most stacks.
const KEPT: usize = 64;

struct Known {
    address: usize,
    symbol: Symbol,
}

struct Table {
    /// How often a library had been unloaded when these were found. Others can lie in its place since.
    unloads: u64,
    known: [Option<Known>; KEPT],
    /// The one that makes room next.
    next: usize,
}

struct Shared {
    used: AtomicBool,
    table: UnsafeCell<Table>,
}

// SAFETY: the table is only used by whoever changed `used` from false to true.
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared { used: AtomicBool::new(false), table: UnsafeCell::new(Table::new()) };

/// Runs `work` on the table, unless somebody else does.
fn with_table<R>(work: impl FnOnce(&mut Table) -> Option<R>) -> Option<R> {
    // Acquire pairs with the Release below.
    if SHARED.used.swap(true, Acquire) {
        return None;
    }
    // SAFETY: it was not used, so that this is the only reference until the store below.
    let result = work(unsafe { &mut *SHARED.table.get() });
    SHARED.used.store(false, Release);
    result
}

/// The symbol that was kept for `address`, if no library was unloaded since.
pub(super) fn get(address: usize, unloads: u64) -> Option<Symbol> {
    with_table(|table| table.get(address, unloads))
}

/// Keeps a symbol. `unloads` is how often a library had been unloaded before it was found.
pub(super) fn put(address: usize, unloads: u64, symbol: &Symbol) {
    with_table(|table| table.put(address, unloads, symbol));
}

impl Table {
    const fn new() -> Self {
        Self { unloads: 0, known: [const { None }; KEPT], next: 0 }
    }

    fn get(&self, address: usize, unloads: u64) -> Option<Symbol> {
        let known = self.known.iter().flatten().find(|known| known.address == address);
        known.filter(|_| self.unloads == unloads).map(|known| known.symbol.clone())
    }

    fn put(&mut self, address: usize, unloads: u64, symbol: &Symbol) -> Option<()> {
        if self.unloads != unloads {
            // One by one: a new table would lie on the stack for a moment.
            self.known.iter_mut().for_each(|known| *known = None);
            self.unloads = unloads;
        }
        *self.known.get_mut(self.next)? = Some(Known { address, symbol: symbol.clone() });
        self.next = (self.next + 1) % KEPT;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(n: usize) -> Symbol {
        Symbol::new(n as u64, 1, b"name")
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut table = Table::new();
        (0..KEPT + 3).for_each(|n| assert!(table.put(n, 0, &symbol(n)).is_some()));
        assert!((0..3).all(|n| table.get(n, 0).is_none()));
        assert!((3..KEPT + 3).all(|n| table.get(n, 0).is_some_and(|found| found.start == n as u64)));
    }

    #[test]
    fn an_unload_forgets_all() {
        let mut table = Table::new();
        table.put(1, 7, &symbol(1));
        assert!(table.get(1, 8).is_none() && table.get(1, 7).is_some());
        table.put(2, 8, &symbol(2));
        assert!(table.get(1, 8).is_none() && table.get(2, 8).is_some());
    }

    #[test]
    fn nobody_waits() {
        // Another test's report may have it, and then nobody gets in either.
        let both = with_table(|_| with_table(|_| Some(())));
        assert!(both.is_none());
    }
}
