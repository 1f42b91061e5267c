// SPDX-License-Identifier: MIT OR Apache-2.0
//! The words of a command line, and numbers in them.

/// Iterates over the words of a line. Words are separated by white space; double quotes keep spaces together,
/// as in the kernel, and stay part of the word.
pub(super) struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Words<'a> {
    pub(super) fn new(line: &'a [u8]) -> Self {
        Self { rest: line }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.rest.trim_ascii_start();
        let mut quoted = false;
        let end = line.iter().position(|byte| {
            quoted ^= *byte == b'"';
            byte.is_ascii_whitespace() && !quoted
        });
        let (word, rest) = line.split_at_checked(end.unwrap_or(line.len()))?;
        self.rest = rest;
        if word.is_empty() { None } else { Some(word) }
    }
}

/// The name and the value of a word. As in the kernel, quotes around the word or around the value are taken off; others are
/// text like any other.
pub(super) fn split(word: &[u8]) -> (&[u8], Option<&[u8]>) {
    let word = unquoted(word);
    match word.iter().position(|&byte| byte == b'=') {
        Some(at) => (word.get(..at).unwrap_or_default(), word.get(at + 1..).map(unquoted)),
        None => (word, None),
    }
}

fn unquoted(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\"").map_or(text, |inner| inner.strip_suffix(b"\"").unwrap_or(inner))
}

/// A decimal number of at most `max`.
pub(super) fn parse_count(text: &[u8], max: usize) -> Option<usize> {
    core::str::from_utf8(text).ok()?.parse().ok().filter(|&n| n <= max)
}

/// A size in bytes with an optional suffix K, M, G or T, as the kernel writes sizes.
pub(super) fn parse_size(text: &[u8]) -> Option<usize> {
    let (digits, shift) = match text.split_last()? {
        (b'k' | b'K', digits) => (digits, 10),
        (b'm' | b'M', digits) => (digits, 20),
        (b'g' | b'G', digits) => (digits, 30),
        (b't' | b'T', digits) => (digits, 40),
        _ => (text, 0),
    };
    parse_count(digits, usize::MAX >> shift).map(|n| n << shift)
}

/// The decimal number that a text begins with, and what follows it. As the kernel's `sscanf()` reads one: white space before
/// it does not count, only some may be negative, and one that is too large loses its upper bits.
pub(super) fn scan_number(text: &[u8], may_be_negative: bool) -> Option<(u64, &[u8])> {
    let text = text.trim_ascii_start();
    let magnitude = text.strip_prefix(b"-").filter(|_| may_be_negative);
    let digits = magnitude.unwrap_or(text);
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?;
    let add = |number: u64, digit: &u8| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
    let number = digits.iter().fold(0, add);
    Some((if magnitude.is_some() { number.wrapping_neg() } else { number }, rest))
}
