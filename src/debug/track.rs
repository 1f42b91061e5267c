// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tracks: who allocated an object, and who freed it last (SLAB_STORE_USER).
//!
//! Two of them lie behind each object, where Linux has them, so they can be overwritten by the program: what is read
//! from them is shown, and trusted with nothing.

use core::ptr::NonNull;

use crate::abi::slab_flags::SLAB_STORE_USER;
use crate::debug::depot::{self, StackId};
use crate::debug::watch::Silence;
use crate::printk::format::symbol::ReturnAddress;
use crate::printk::pr_err;
use crate::slab::{Cache, track_bytes};
use crate::sys::{cpu, process, thread};

/// Ticks per second of the clock that ages are shown in, as Debian's kernel has it.
const HZ: u64 = 250;

/// What a track is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Alloc,
    Free,
}

/// What is recorded about one call. All zeroes: nothing happened yet.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Track {
    /// Where the program called the library.
    pub(crate) caller: usize,
    stack: u32,
    pub(crate) cpu: u32,
    /// The thread's id.
    pub(crate) pid: i32,
    _reserved: u32,
    /// When, in ticks.
    pub(crate) when: u64,
}

const _: () =
    assert!(2 * size_of::<Track>() == track_bytes(SLAB_STORE_USER), "layout makes room for two tracks");

/// The time in ticks.
pub(crate) fn now() -> u64 {
    process::coarse_ns() / (1_000_000_000 / HZ)
}

impl Track {
    /// The call that the program is in, for a cache that keeps tracks. Called without a lock: the first time that a
    /// stack is seen, its place in the code is looked up with the loader's help.
    #[inline]
    pub(crate) fn here(cache: &Cache) -> Option<Self> {
        if cache.has(SLAB_STORE_USER) { Some(Self::of_this_call()) } else { None }
    }

    /// The call that the program is in.
    #[cold]
    #[inline(never)]
    pub(crate) fn of_this_call() -> Self {
        let (caller, stack) = depot::here();
        Self {
            caller,
            stack: stack.map_or(0, StackId::get),
            cpu: cpu::current(),
            pid: thread::id(),
            _reserved: 0,
            when: now(),
        }
    }

    /// What tells where a call came from: tracks with the same are of one place.
    pub(crate) fn place(&self) -> (usize, u32) {
        (self.caller, self.stack)
    }

    /// The calls that led there, innermost first; `None` when they are not known.
    pub(crate) fn stack(&self) -> Option<&'static [usize]> {
        depot::frames(StackId::new(self.stack)?)
    }

    fn print(&self, what: &str) {
        if self.caller == 0 {
            return;
        }
        let (age, cpu, pid) = (now().wrapping_sub(self.when), self.cpu, self.pid);
        pr_err!("{what} in {} age={age} cpu={cpu} pid={pid}\n", ReturnAddress(self.caller));
        match self.stack() {
            Some(frames) => frames.iter().for_each(|frame| pr_err!(" {}\n", ReturnAddress(*frame))),
            None => pr_err!("object allocation/free stack trace missing\n"),
        }
    }
}

/// Where a track of an object lies.
fn place(cache: &Cache, object: NonNull<u8>, event: Event) -> NonNull<Track> {
    let index = if event == Event::Alloc { 0 } else { 1 };
    let offset = cache.layout.tracks_offset() + index * size_of::<Track>();
    object.map_addr(|address| address.saturating_add(offset)).cast()
}

/// Stores what is to be recorded, if anything, about an object.
///
/// # Safety
/// `object` is an object of the cache, and only the caller touches its metadata. A track was taken for this cache.
#[inline]
pub(crate) unsafe fn set(cache: &Cache, object: NonNull<u8>, event: Event, track: Option<Track>) {
    if let Some(track) = track {
        // SAFETY: the slot has room for two tracks at this place, aligned to a word (see the picture in slab::layout).
        unsafe { place(cache, object, event).write(track) };
    }
}

/// Both tracks of an object, as they were.
pub(crate) struct Tracks {
    pub(crate) alloc: Track,
    pub(crate) free: Track,
}

impl Tracks {
    /// The one about an event.
    pub(crate) fn of(&self, event: Event) -> &Track {
        if event == Event::Alloc { &self.alloc } else { &self.free }
    }

    /// Prints who allocated the object and who freed it, as far as somebody did.
    pub(crate) fn print(&self) {
        self.alloc.print("Allocated");
        self.free.print("Freed");
    }
}

/// The tracks of the object at an address; `None` for a cache that keeps none. The slot is readable.
pub(crate) fn read(cache: &Cache, address: usize) -> Option<Tracks> {
    let _silence = Silence::new();
    if !cache.has(SLAB_STORE_USER) {
        return None;
    }
    let object = NonNull::new(core::ptr::with_exposed_provenance_mut(address))?;
    let read = |event| {
        let at = place(cache, object, event);
        // SAFETY: the slot is committed memory, and a track is valid whatever its bytes are.
        unsafe { at.read_volatile() }
    };
    Some(Tracks { alloc: read(Event::Alloc), free: read(Event::Free) })
}

/// Prints the tracks of the object at an address, if its cache keeps any. The slot is readable.
pub(crate) fn print(cache: &Cache, address: usize) {
    if let Some(tracks) = read(cache, address) {
        tracks.print();
    }
}
