// SPDX-License-Identifier: MIT OR Apache-2.0
//! The file that `kmem.log=` names, if there is one.
//!
//! It is opened once and stays open across fork. A program may close all descriptors it does not know, and open others
//! under the same numbers: before each message it is made sure that the descriptor is still that of the file, and if not,
//! the file is opened again.

use core::ffi::CStr;
use core::sync::atomic::AtomicI32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::abi::errno::{EINVAL, Errno};
use crate::sync::{self, Mutex};
use crate::sys::out::{self, FileId};

/// Bytes of a path with its NUL, at most, as in Linux.
const MAX_PATH: usize = 4096;
/// Descriptors are taken from here on: out of the way of programs that count on low numbers.
const LOWEST_FD: i32 = 512;

struct File {
    path: [u8; MAX_PATH],
    id: Option<FileId>,
}

static FILE: Mutex<File> = Mutex::new(File { path: [0; MAX_PATH], id: None });
/// The descriptor, -1 for none. Published after [`FILE`]'s path.
static FD: AtomicI32 = AtomicI32::new(-1);

/// Sends messages to a file from now on.
pub(crate) fn open(path: &[u8]) -> Result<(), Errno> {
    let mut file = FILE.lock();
    let place = file.path.get_mut(..path.len()).filter(|_| path.len() < MAX_PATH).ok_or(EINVAL)?;
    place.copy_from_slice(path);
    let fd = reopen(&mut file)?;
    FD.store(fd, Release);
    Ok(())
}

fn reopen(file: &mut File) -> Result<i32, Errno> {
    let path = CStr::from_bytes_until_nul(&file.path).map_err(|_| EINVAL)?;
    let fd = out::open_append(path, LOWEST_FD)?;
    file.id = out::file_id(fd);
    Ok(fd)
}

/// Takes the lock for the time of a fork.
pub(crate) fn hold_for_fork() {
    sync::hold(&FILE);
}

/// Lets it go.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_after_fork() {
    // SAFETY: held (contract).
    unsafe { sync::let_go(&FILE) };
}

/// The descriptor to write to; `None` when messages go to standard error.
pub(super) fn descriptor() -> Option<i32> {
    let fd = FD.load(Acquire);
    if fd < 0 {
        return None;
    }
    // Whoever finds the lock held writes to the descriptor that was good a moment ago: another thread is looking, or
    // this one further up the stack.
    let Some(mut file) = FILE.try_lock() else { return Some(fd) };
    if out::file_id(fd) == file.id {
        return Some(fd);
    }
    let fd = reopen(&mut file).unwrap_or(-1);
    FD.store(fd, Relaxed);
    (fd >= 0).then_some(fd)
}
