// SPDX-License-Identifier: MIT OR Apache-2.0
//! A C buffer as a sink, for snprintf.

use core::ffi::c_int;

use crate::printk::format::{Args, Sink, format};
use crate::printk::warn::warn_once_at;

/// Formats into a C buffer of `size` bytes, NUL included, and returns the length that the whole text has. A
/// size that an `int` cannot hold is surely a negative number: nothing is written.
///
/// # Safety
/// The buffer is writable; and as for [`format`].
pub(crate) unsafe fn vsnprintf(start: *mut u8, size: usize, text: &[u8], args: &mut dyn Args) -> usize {
    if c_int::try_from(size).is_err() {
        warn_once_at!("vsnprintf");
        return 0;
    }
    // SAFETY: the caller's promise.
    let mut buffer = unsafe { Buffer::new(start, size) };
    // SAFETY: the caller's promise.
    unsafe { format(&mut buffer, text, args) };
    buffer.finish()
}

/// A caller's buffer. Keeps what fits, with room for a NUL at the end, and counts everything.
///
/// Invariant: `size` bytes at `start` are writable.
struct Buffer {
    start: *mut u8,
    size: usize,
    /// Bytes put so far, kept or not.
    len: usize,
}

impl Buffer {
    /// # Safety
    /// `size` bytes at `start` stay writable as long as the buffer is used; with a size of 0 nothing is written.
    unsafe fn new(start: *mut u8, size: usize) -> Self {
        Self { start, size, len: 0 }
    }

    /// Ends the text with a NUL, and returns its length had it all fitted.
    fn finish(self) -> usize {
        if self.size > 0 {
            let end = self.len.min(self.size - 1);
            // SAFETY: `end` is below the size; the type's invariant.
            unsafe { self.start.wrapping_add(end).write(0) };
        }
        self.len
    }
}

impl Sink for Buffer {
    fn put(&mut self, bytes: &[u8]) {
        let room = self.size.saturating_sub(1).saturating_sub(self.len);
        if room == 0 {
            self.len = self.len.saturating_add(bytes.len());
            return;
        }
        let to = self.start.wrapping_add(self.len);
        // `copy`, not `copy_nonoverlapping`: nobody stops a C program from printing a buffer into itself.
        // SAFETY: no more than the room is written, which ends before the size; the type's invariant.
        unsafe { core::ptr::copy(bytes.as_ptr(), to, bytes.len().min(room)) };
        self.len = self.len.saturating_add(bytes.len());
    }
}
