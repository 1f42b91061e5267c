// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bytes to a file descriptor.

use core::ffi::CStr;
use core::mem::MaybeUninit;
use core::ptr;

use crate::abi::errno::Errno;
use crate::sys::thread::without_cancel;
use crate::sys::{errno, process};

const NS_PER_MS: u64 = 1_000_000;

/// Writes all of `bytes`, continuing after interruptions and short writes.
pub(crate) fn write_all(fd: i32, bytes: &[u8]) -> Result<(), Errno> {
    // The callers' work is not undone where a thread is cancelled in it.
    errno::preserved(|| without_cancel(|| write_rest(fd, bytes, Err)))
}

/// The same for a message, which must not harm the program whatever becomes of it: where a descriptor that
/// does not block has no room, it waits for `wait_ms` milliseconds at most, and it raises no signal.
pub(crate) fn write_message(fd: i32, bytes: &[u8], wait_ms: u32) -> Result<(), Errno> {
    errno::preserved(|| {
        without_signals(|| {
            let mut end = None;
            write_rest(fd, bytes, |error| match error {
                Errno(libc::EAGAIN) => {
                    let now = process::monotonic_ns();
                    let end = *end.get_or_insert(now + u64::from(wait_ms) * NS_PER_MS);
                    if wait_for_room(fd, end.saturating_sub(now)) { Ok(()) } else { Err(error) }
                }
                error => Err(error),
            })
        })
    })
}

/// Writes on while `recover` says that an error was none.
fn write_rest(
    fd: i32,
    mut bytes: &[u8],
    mut recover: impl FnMut(Errno) -> Result<(), Errno>,
) -> Result<(), Errno> {
    while !bytes.is_empty() {
        // SAFETY: the slice is readable over its length.
        let n = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(n) {
            // Nothing is written in silence where there is no room and no error for it either.
            Ok(0) => return Err(Errno(libc::EIO)),
            Ok(n) => bytes = bytes.get(n..).unwrap_or(&[]),
            Err(_) => match errno::last() {
                Errno(libc::EINTR) => {}
                error => recover(error)?,
            },
        }
    }
    Ok(())
}

/// Waits until a descriptor takes bytes; `false` when it does not for `ns` nanoseconds.
fn wait_for_room(fd: i32, ns: u64) -> bool {
    let mut poll = libc::pollfd { fd, events: libc::POLLOUT, revents: 0 };
    let ms = i32::try_from(ns / NS_PER_MS).unwrap_or(i32::MAX);
    // SAFETY: one valid entry.
    let ready = ms > 0 && unsafe { libc::poll(&raw mut poll, 1, ms) } != 0;
    // Interrupted: tried again, in what is left of the time.
    ready
}

/// What a write may raise: nobody reads the pipe, the file is as large as RLIMIT_FSIZE lets it be.
const RAISED: [i32; 2] = [libc::SIGPIPE, libc::SIGXFSZ];

/// Runs `work` with the signals that a write may raise held back, and takes back those that it has caused.
fn without_signals<R>(work: impl FnOnce() -> R) -> R {
    let (mut raised, mut before, mut pending) =
        (MaybeUninit::uninit(), MaybeUninit::uninit(), MaybeUninit::uninit());
    // SAFETY: a place for a set.
    unsafe { libc::sigemptyset(raised.as_mut_ptr()) };
    for signal in RAISED {
        // SAFETY: emptied, and so initialised, just now.
        unsafe { libc::sigaddset(raised.as_mut_ptr(), signal) };
    }
    // SAFETY: a place for a set, which the call fills.
    unsafe { libc::sigpending(pending.as_mut_ptr()) };
    // SAFETY: an initialised set, and a place for another.
    let masked = unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, raised.as_ptr(), before.as_mut_ptr()) } == 0;
    let result = work();
    if masked {
        for signal in RAISED {
            // SAFETY: filled by `sigpending`.
            if unsafe { libc::sigismember(pending.as_ptr(), signal) } == 1 {
                // SAFETY: an initialised set. What was pending before is the program's.
                unsafe { libc::sigdelset(raised.as_mut_ptr(), signal) };
            }
        }
        let now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: an initialised set and a valid time; who sent a signal is not asked for.
        while unsafe { libc::sigtimedwait(raised.as_ptr(), ptr::null_mut(), &raw const now) } > 0 {}
        // SAFETY: the mask as the first call found it.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), ptr::null_mut()) };
    }
    result
}

/// What tells one open file from others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    pub(crate) device: u64,
    pub(crate) inode: u64,
}

/// The file behind a descriptor; `None` when there is none.
pub(crate) fn file_id(fd: i32) -> Option<FileId> {
    let mut stat = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: a place for the answer.
    let failed = errno::preserved(|| unsafe { libc::fstat(fd, stat.as_mut_ptr()) }) != 0;
    if failed {
        return None;
    }
    // SAFETY: fstat has succeeded.
    let stat = unsafe { stat.assume_init() };
    Some(FileId { device: stat.st_dev, inode: stat.st_ino })
}

/// Opens a file to append to, made if there is none, with a descriptor of at least `lowest` if there can be.
/// It is closed in a program that this process becomes, and never waits for a reader.
pub(crate) fn open_append(path: &CStr, lowest: i32) -> Result<i32, Errno> {
    let flags =
        libc::O_WRONLY | libc::O_APPEND | libc::O_CREAT | libc::O_CLOEXEC | libc::O_NOCTTY | libc::O_NONBLOCK;
    let open = || {
        // SAFETY: NUL-terminated; the mode is for a file that is made.
        let fd = unsafe { libc::open(path.as_ptr(), flags, 0o666 as libc::c_uint) };
        if fd < 0 {
            return Err(errno::last());
        }
        // SAFETY: an open descriptor.
        let moved = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, lowest) };
        if moved < 0 {
            return Ok(fd);
        }
        // SAFETY: opened above, and nobody knows of it.
        unsafe { libc::close(fd) };
        Ok(moved)
    };
    // A thread that is cancelled here would take locks with it.
    errno::preserved(|| without_cancel(open))
}
