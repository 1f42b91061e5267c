// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which free object of a slab is handed out next: the lowest, as Linux does with a new slab, or any.

use core::num::NonZero;

/// A cache's choice, under its list lock.
pub(crate) enum Placement {
    Lowest,
    /// The state of a random sequence (xorshift64*).
    Random(NonZero<u64>),
}

impl Placement {
    /// Which of so many free objects is next, counted from the lowest.
    #[inline]
    pub(super) fn pick(&mut self, free: u16) -> u16 {
        let Self::Random(state) = self else { return 0 };
        let mut next = state.get();
        next ^= next >> 12;
        next ^= next << 25;
        next ^= next >> 27;
        // Each of the three steps can be undone, so that what was not 0 is not 0.
        *state = NonZero::new(next).unwrap_or(NonZero::<u64>::MIN);
        let number = next.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        ((number * u64::from(free)) >> 32) as u16
    }
}
