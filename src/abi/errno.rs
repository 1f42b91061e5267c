// SPDX-License-Identifier: MIT OR Apache-2.0
//! Kernel error numbers as a type: a negative number never travels as a bare integer inside the library.

use core::fmt;

/// A kernel error. `Errno(22)` is what C sees as `-22`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errno(pub(crate) i32);

/// Out of memory.
pub(crate) const ENOMEM: Errno = Errno(libc::ENOMEM);
/// No such thing.
pub(crate) const ENOENT: Errno = Errno(libc::ENOENT);
/// Not allowed.
pub(crate) const EACCES: Errno = Errno(libc::EACCES);
/// Out of range.
pub(crate) const ERANGE: Errno = Errno(libc::ERANGE);
/// Not now.
pub(crate) const EBUSY: Errno = Errno(libc::EBUSY);
/// Invalid argument.
pub(crate) const EINVAL: Errno = Errno(libc::EINVAL);

impl Errno {
    /// The value as the kernel's C interfaces return it: negative.
    pub(crate) const fn negative(self) -> i32 {
        -self.0
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.negative())
    }
}
