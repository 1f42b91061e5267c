// SPDX-License-Identifier: MIT OR Apache-2.0
//! The operating system: the only floor that makes system calls or calls the C library.
//!
//! Each file wraps one concern in a safe or narrowly unsafe function and decides nothing. Everything that can
//! fail says so in its return value; nothing here prints or allocates, and no lock is waited for but the loader's
//! ([`loader`]).

pub(crate) mod cpu;
mod elf;
pub(crate) mod env;
pub(crate) mod errno;
pub(crate) mod frames;
pub(crate) mod futex;
pub(crate) mod image;
pub(crate) mod libc_heap;
pub(crate) mod loader;
pub(crate) mod mem;
pub(crate) mod out;
pub(crate) mod process;
pub(crate) mod random;
mod symbols;
pub(crate) mod thread;
pub(crate) mod tls;
pub(crate) mod tool;
pub(crate) mod unwind;
pub(crate) mod va;
