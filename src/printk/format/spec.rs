// SPDX-License-Identifier: MIT OR Apache-2.0
//! One conversion of a format string, parsed: `%`, flags, width, precision, length, letter.

use crate::printk::format::number::Base;

/// Largest width and precision, as in the kernel.
const WIDTH_MAX: u32 = (1 << 23) - 1;
const PRECISION_MAX: u32 = (1 << 15) - 1;

/// How a value is laid out.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spec {
    /// `-`
    pub(crate) left: bool,
    /// `+`
    pub(crate) plus: bool,
    /// space
    pub(crate) space: bool,
    /// `#`
    pub(crate) alternate: bool,
    /// `0`
    pub(crate) zero: bool,
    /// Least number of characters.
    pub(crate) width: Option<u32>,
    /// Least number of digits, or most characters of a string.
    pub(crate) precision: Option<u32>,
}

impl Spec {
    /// A negative width means left, and its magnitude counts.
    pub(crate) fn set_width(&mut self, width: i32) {
        self.left |= width < 0;
        self.width = Some(width.unsigned_abs().min(WIDTH_MAX));
    }

    /// A negative precision counts as zero (in C as none).
    pub(crate) fn set_precision(&mut self, precision: i32) {
        self.precision = Some(u32::try_from(precision).unwrap_or(0).min(PRECISION_MAX));
    }

    pub(crate) fn without_precision(self) -> Self {
        Self { precision: None, ..self }
    }
}

/// Where a width or precision comes from.
#[derive(Clone, Copy)]
pub(crate) enum Width {
    None,
    Fixed(i32),
    Argument,
}

/// What is converted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Percent,
    Char,
    String,
    Pointer,
    Signed,
    Unsigned(Base),
}

/// How large an integer is.
#[derive(Clone, Copy)]
pub(crate) enum Size {
    Byte,
    Short,
    Int,
    /// `long`, `long long`, `size_t` and `ptrdiff_t` are all 64 bits.
    Long,
}

pub(crate) struct Conversion {
    pub(crate) spec: Spec,
    pub(crate) width: Width,
    pub(crate) precision: Width,
    pub(crate) size: Size,
    pub(crate) kind: Kind,
}

impl Conversion {
    /// Parses what starts at the `%` of `text`; also returns what follows. The error is the character that
    /// cannot be, or nothing at the end of the format.
    pub(crate) fn parse(text: &[u8]) -> Result<(Self, &[u8]), Option<u8>> {
        let mut cursor = Cursor(text.get(1..).unwrap_or(&[]));
        let mut spec = Spec::default();
        while let Some(flag) = cursor.flag(&mut spec) {
            *flag = true;
        }
        let width = cursor.number();
        // A point alone is no precision at all.
        let precision = if cursor.skip(b'.') { cursor.number() } else { Width::None };
        let size = cursor.size();
        let kind = match cursor.next() {
            Some(b'%') => Kind::Percent,
            Some(b'c') => Kind::Char,
            Some(b's') => Kind::String,
            Some(b'p') => Kind::Pointer,
            Some(b'd' | b'i') => Kind::Signed,
            Some(b'u') => Kind::Unsigned(Base::Ten),
            Some(b'x') => Kind::Unsigned(Base::Hex),
            Some(b'X') => Kind::Unsigned(Base::UpperHex),
            Some(b'o') => Kind::Unsigned(Base::Eight),
            // %n too: a format must not write to memory.
            other => return Err(other),
        };
        Ok((Self { spec, width, precision, size, kind }, cursor.0))
    }
}

/// What is left of the format.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Steps over `byte` if it is next.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.0.first() == Some(&byte);
        if is_next {
            self.next();
        }
        is_next
    }

    /// The field of the flag that is next.
    fn flag<'s>(&mut self, spec: &'s mut Spec) -> Option<&'s mut bool> {
        let flag = match self.0.first()? {
            b'-' => &mut spec.left,
            b'+' => &mut spec.plus,
            b' ' => &mut spec.space,
            b'#' => &mut spec.alternate,
            b'0' => &mut spec.zero,
            _ => return None,
        };
        self.next();
        Some(flag)
    }

    fn number(&mut self) -> Width {
        if self.skip(b'*') {
            return Width::Argument;
        }
        let mut number = None;
        while let Some(digit @ b'0'..=b'9') = self.0.first().copied() {
            self.next();
            let digit = i32::from(digit - b'0');
            number = Some(number.unwrap_or(0i32).saturating_mul(10).saturating_add(digit));
        }
        number.map_or(Width::None, Width::Fixed)
    }

    fn size(&mut self) -> Size {
        match self.0.first() {
            Some(b'h') => {
                self.next();
                if self.skip(b'h') { Size::Byte } else { Size::Short }
            }
            Some(letter @ (b'l' | b'L' | b'z' | b't' | b'j' | b'q')) => {
                self.next();
                if *letter == b'l' {
                    self.skip(b'l');
                }
                Size::Long
            }
            _ => Size::Int,
        }
    }
}
