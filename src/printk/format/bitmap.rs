// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bitmaps: `%*pb` in hex, `%*pbl` as ranges.

use crate::printk::format::number::{Base, Number};
use crate::printk::format::spec::Spec;
use crate::printk::format::{Sink, number};

/// Bits in a group of hex digits, and in a word of the bitmap.
const GROUP: u32 = 32;
const WORD: u32 = 64;

/// A bitmap in memory, an array of `unsigned long`.
///
/// Invariant: all words with bits below `bits` are readable.
struct Bitmap {
    words: *const u64,
    bits: u32,
}

impl Bitmap {
    /// The word with bit `bit`, which is below `bits`.
    fn word(&self, bit: u32) -> u64 {
        // SAFETY: the type's invariant.
        unsafe { self.words.wrapping_add((bit / WORD) as usize).read_unaligned() }
    }

    /// The first bit from `from` on that is (not) set; `bits` if there is none.
    fn next(&self, from: u32, set: bool) -> u32 {
        let mut bit = from;
        while bit < self.bits {
            let word = if set { self.word(bit) } else { !self.word(bit) };
            let rest = word >> (bit % WORD);
            if rest != 0 {
                return (bit + rest.trailing_zeros()).min(self.bits);
            }
            bit = (bit / WORD + 1) * WORD;
        }
        self.bits
    }
}

/// Writes a bitmap of as many bits as the width says.
///
/// # Safety
/// It is readable.
pub(crate) unsafe fn write(out: &mut dyn Sink, spec: &Spec, words: *const u64, ranges: bool) {
    let map = Bitmap { words, bits: spec.width.unwrap_or(0) };
    if ranges { list(out, &map) } else { hex(out, &map) }
}

/// Groups of 32 bits from the top, each with just the digits that its bits need.
fn hex(out: &mut dyn Sink, map: &Bitmap) {
    for group in (0..map.bits.div_ceil(GROUP)).rev() {
        let first = group * GROUP;
        let bits = (map.bits - first).min(GROUP);
        let value = map.word(first) >> (first % WORD) & (u64::MAX >> (WORD - bits));
        let spec = Spec { zero: true, width: Some(bits.div_ceil(4)), ..Spec::default() };
        number::write(out, &spec, Number::unsigned(value, Base::Hex));
        if group > 0 {
            out.put(b",");
        }
    }
}

/// Bits and ranges of bits that are set, separated by commas.
fn list(out: &mut dyn Sink, map: &Bitmap) {
    let mut first = map.next(0, true);
    let mut separator: &[u8] = b"";
    while first < map.bits {
        let end = map.next(first, false);
        out.put(separator);
        decimal(out, first);
        if end - first > 1 {
            out.put(b"-");
            decimal(out, end - 1);
        }
        separator = b",";
        first = map.next(end, true);
    }
}

fn decimal(out: &mut dyn Sink, value: u32) {
    number::write(out, &Spec::default(), Number::unsigned(value.into(), Base::Ten));
}
