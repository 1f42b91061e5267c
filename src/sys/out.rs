// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bytes to a file descriptor.

use crate::abi::errno::Errno;

/// Writes all of `bytes`, continuing after interruptions and short writes.
pub(crate) fn write_all(fd: i32, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        // SAFETY: the slice is readable over its length.
        let n = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(n) {
            Ok(n) => bytes = bytes.get(n..).unwrap_or(&[]),
            Err(_) => match last_errno() {
                Errno(libc::EINTR) => {}
                error => return Err(error),
            },
        }
    }
    Ok(())
}

/// The calling thread's errno.
fn last_errno() -> Errno {
    // SAFETY: no preconditions.
    let location = unsafe { libc::__errno_location() };
    // SAFETY: glibc and musl give every thread a valid errno location.
    Errno(unsafe { *location })
}
