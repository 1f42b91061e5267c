// SPDX-License-Identifier: MIT OR Apache-2.0
//! What memory checkers (valgrind's memcheck, AddressSanitizer) are told about slabs and objects.
//!
//! Under a checker every cache has red zones and no sheaves, so that each call comes here: an object is a
//! block of the checker's while the program has it, and everything else in a slab is forbidden ground. For
//! what the library itself reads and writes there it has memcheck look away. AddressSanitizer does not see
//! it, but for calls of `memset` and the like, which are not made then.

use core::ffi::CStr;
use core::fmt::Write;
use core::ptr::NonNull;

use crate::abi::slab_flags::SLAB_TYPESAFE_BY_RCU;
use crate::param::params;
use crate::printk::Line;
use crate::printk::panic::Later;
use crate::slab::{Cache, Slab};
use crate::sync::{self, Mutex, rank};
use crate::sys::tool::{self, Tool};

/// Objects that memcheck can name at a time. It looks through all names whenever it takes a new one, so a
/// program with very many objects would slow to a crawl: the rest are blocks without a name.
const NAMES: usize = 1024;

/// Whether somebody watches, and is to be told (`kmem.tools`).
#[inline]
pub(crate) fn is_on() -> bool {
    params().tools && tool::present() != Tool::None
}

/// A new slab, set up: none of it is the program's.
pub(crate) fn slab_built(slab: &Slab) {
    tool::forbid(slab.base(), slab.bytes());
}

/// The pages of a slab go back: whoever gets them may do as he likes. Who looks for an object under RCU may
/// still find it.
pub(crate) fn slab_gone(cache: &Cache, slab: &Slab) {
    tool::permit(slab.base(), slab.bytes(), cache.has(SLAB_TYPESAFE_BY_RCU));
}

/// While it lives, the library may look at and write to any object.
pub(crate) struct Silence(Later);

impl Silence {
    pub(crate) fn new() -> Option<Self> {
        is_on().then(|| {
            tool::change_silence(1);
            Self(Later::new())
        })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        tool::change_silence(-1);
    }
}

/// Fills forbidden memory, if somebody watches; else `false`.
///
/// # Safety
/// The bytes are the caller's to write.
pub(crate) unsafe fn fill(at: NonNull<u8>, len: usize, byte: u8) -> bool {
    if !is_on() {
        return false;
    }
    for index in 0..len {
        // SAFETY: within the stretch that is the caller's (contract).
        let at = unsafe { at.add(index) };
        // Volatile: a plain loop becomes a call of `memset`.
        // SAFETY: as above.
        unsafe { at.write_volatile(byte) };
    }
    true
}

/// Bytes on both sides of an object that are nobody else's. (Memcheck forbids them again with each free.)
fn red_zone(cache: &Cache) -> usize {
    let left = cache.layout.red_left_pad;
    left.min(cache.layout.stride - left - cache.object_size())
}

/// The program gets an object.
pub(crate) fn hand_out(cache: &Cache, object: NonNull<u8>) {
    let (start, bytes) = (object.as_ptr().addr(), cache.object_size());
    tool::allocated(start, bytes, red_zone(cache), cache.ctor.is_some());
    name(cache, start, "", true);
}

/// The program has given an object back. Who looks for one under RCU may still look at it.
pub(crate) fn take_back(cache: &Cache, object: NonNull<u8>) {
    let (start, bytes) = (object.as_ptr().addr(), cache.object_size());
    tool::freed(start, bytes, red_zone(cache));
    if cache.has(SLAB_TYPESAFE_BY_RCU) {
        tool::permit(start, bytes, true);
    } else {
        name(cache, start, "freed ", false);
    }
}

/// Names in memcheck's books, by the object's address: of an object and of the red zone after it.
static NAMED: Mutex<[[Option<usize>; 2]; NAMES], { rank::NAMES }> = Mutex::new([[None; 2]; NAMES]);

/// Names an object, and with `red_zone` the bytes after it, in place of whatever had the entry.
fn name(cache: &Cache, object: usize, state: &str, red_zone: bool) {
    if tool::present() != Tool::Memcheck {
        return;
    }
    let bytes = cache.object_size();
    let rest = if red_zone { cache.layout.stride - cache.layout.red_left_pad - bytes } else { 0 };
    let parts = [(object, bytes, ""), (object + bytes, rest, "red zone after a ")];
    let mut named = NAMED.lock();
    let Some(entry) = named.get_mut(object / size_of::<u64>() % NAMES) else { return };
    for (number, (start, bytes, part)) in entry.iter_mut().zip(parts) {
        if let Some(number) = number.take() {
            tool::forget(number);
        }
        let mut text = Line::new();
        // Writing to a line cannot fail.
        _ = write!(text, "{part}{state}{} object\0", cache.name);
        if let Ok(text) = CStr::from_bytes_until_nul(text.as_bytes())
            && bytes > 0
        {
            *number = Some(tool::describe(start, bytes, text));
        }
    }
}

/// Takes the lock for the time of a fork.
pub(crate) fn hold_for_fork() {
    sync::hold(&NAMED);
}

/// Lets it go.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_after_fork() {
    // SAFETY: held (contract).
    unsafe { sync::let_go(&NAMED) };
}
