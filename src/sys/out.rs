// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bytes to a file descriptor.

use crate::abi::errno::Errno;
use crate::sys::errno;

/// Writes all of `bytes`, continuing after interruptions and short writes.
pub(crate) fn write_all(fd: i32, bytes: &[u8]) -> Result<(), Errno> {
    errno::preserved(|| write_rest(fd, bytes))
}

fn write_rest(fd: i32, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        // SAFETY: the slice is readable over its length.
        let n = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(n) {
            Ok(n) => bytes = bytes.get(n..).unwrap_or(&[]),
            Err(_) => match errno::last() {
                Errno(libc::EINTR) => {}
                error => return Err(error),
            },
        }
    }
    Ok(())
}
