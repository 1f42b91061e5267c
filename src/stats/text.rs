// SPDX-License-Identifier: MIT OR Apache-2.0
//! Text for a caller's buffer.

use core::fmt;

/// Text of any length into a buffer of a given one: keeps what fits with a NUL behind it, and counts the rest.
pub(crate) struct Text<'a> {
    buffer: &'a mut [u8],
    len: usize,
}

impl<'a> Text<'a> {
    pub(crate) fn new(buffer: &'a mut [u8]) -> Self {
        if let Some(first) = buffer.first_mut() {
            *first = 0;
        }
        Self { buffer, len: 0 }
    }

    /// Bytes of the whole text, without the NUL.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Appends raw bytes: names from C need not be UTF-8.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let room = self.buffer.get_mut(self.len..).unwrap_or_default();
        if let Some((_nul, room)) = room.split_last_mut() {
            let kept = room.len().min(bytes.len());
            for (to, from) in room.iter_mut().zip(bytes) {
                *to = *from;
            }
            if let Some(end) = self.buffer.get_mut(self.len + kept) {
                *end = 0;
            }
        }
        self.len = self.len.saturating_add(bytes.len());
    }
}

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::fmt::Write;

    #[test]
    fn keeps_what_fits_and_counts_the_rest() {
        for size in 0..12 {
            let mut buffer = [b'?'; 16];
            let (mine, rest) = buffer.split_at_mut(size);
            let mut text = Text::new(mine);
            let _ = write!(text, "{} slabs", 123);
            assert_eq!(text.len(), 9);
            assert!(rest.iter().all(|byte| *byte == b'?'));
            if size > 0 {
                let kept = (size - 1).min(9);
                assert_eq!(mine.get(..kept), b"123 slabs".get(..kept));
                assert_eq!(mine.get(kept), Some(&0));
            }
        }
    }
}
