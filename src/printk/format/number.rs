// SPDX-License-Identifier: MIT OR Apache-2.0
//! Integers.

use crate::printk::format::spec::Spec;
use crate::printk::format::{Sink, text};

/// The base of a number, and the case of its letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Eight,
    Ten,
    Hex,
    UpperHex,
}

/// A number to be written.
#[derive(Clone, Copy)]
pub(crate) struct Number {
    magnitude: u64,
    /// `None` for an unsigned number, for which the sign flags mean nothing.
    negative: Option<bool>,
    base: Base,
}

impl Number {
    pub(crate) const fn unsigned(magnitude: u64, base: Base) -> Self {
        Self { magnitude, negative: None, base }
    }

    /// What precedes the digits when `#` asks for it.
    const fn prefix(self) -> &'static [u8] {
        match self.base {
            Base::Hex => b"0x",
            Base::UpperHex => b"0X",
            Base::Eight if self.magnitude != 0 => b"0",
            Base::Eight | Base::Ten => b"",
        }
    }

    const fn sign(self, spec: &Spec) -> &'static [u8] {
        match self.negative {
            Some(true) => b"-",
            Some(false) if spec.plus => b"+",
            Some(false) if spec.space => b" ",
            _ => b"",
        }
    }
}

/// Most digits of 64 bits, reached in base eight.
const DIGITS: usize = 22;

/// The digits of a number at the end of `buffer`.
fn digits(number: Number, buffer: &mut [u8; DIGITS]) -> &[u8] {
    let (base, letters) = match number.base {
        Base::Eight => (8, b'a'),
        Base::Ten => (10, b'a'),
        Base::Hex => (16, b'a'),
        Base::UpperHex => (16, b'A'),
    };
    let mut rest = number.magnitude;
    let mut used = 0;
    for place in buffer.iter_mut().rev() {
        // Less than 16.
        let digit = (rest % base) as u8;
        *place = if digit < 10 { b'0' + digit } else { letters + digit - 10 };
        used += 1;
        rest /= base;
        if rest == 0 {
            break;
        }
    }
    buffer.get(DIGITS - used..).unwrap_or(&[])
}

/// Writes a signed number in base ten.
pub(crate) fn signed(out: &mut dyn Sink, spec: &Spec, value: i64) {
    let number = Number { magnitude: value.unsigned_abs(), negative: Some(value < 0), base: Base::Ten };
    write(out, spec, number);
}

/// Writes a number: `[spaces] [sign] [prefix] [zeros] digits [spaces]`. Zero padding comes on top of a precision.
pub(crate) fn write(out: &mut dyn Sink, spec: &Spec, number: Number) {
    let mut buffer = [0; DIGITS];
    let digits = digits(number, &mut buffer);
    let sign = number.sign(spec);
    let prefix = if spec.alternate { number.prefix() } else { b"" };

    let zeros = (spec.precision.unwrap_or(0) as usize).saturating_sub(digits.len());
    let content = sign.len() + prefix.len() + zeros + digits.len();
    let padding = (spec.width.unwrap_or(0) as usize).saturating_sub(content);
    let (before, inside, after) = match (spec.left, spec.zero) {
        (true, _) => (0, 0, padding),
        (false, true) => (0, padding, 0),
        (false, false) => (padding, 0, 0),
    };
    text::fill(out, b' ', before);
    out.put(sign);
    out.put(prefix);
    text::fill(out, b'0', inside + zeros);
    out.put(digits);
    text::fill(out, b' ', after);
}

/// Writes `0x` and all 16 hex digits.
pub(crate) fn full_hex(out: &mut dyn Sink, value: u64) {
    let spec = Spec { alternate: true, zero: true, width: Some(18), ..Spec::default() };
    write(out, &spec, Number::unsigned(value, Base::Hex));
}
