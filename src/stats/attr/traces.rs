// SPDX-License-Identifier: MIT OR Apache-2.0
//! `alloc_traces` and `free_traces`: where the live objects of a cache were allocated, and where they were
//! freed before that, by place.

use core::fmt::Write;
use core::ptr::NonNull;

use crate::abi::errno::{ENOMEM, Errno};
use crate::debug::fill;
use crate::debug::track::{self, Event, Track};
use crate::page::heap;
use crate::printk::format::symbol::ReturnAddress;
use crate::slab::{Cache, tracks_size};
use crate::stats::text::Text;
use crate::sys::cpu;

/// CPUs that a record can name.
const CPUS: usize = 4096;
/// Records that there is room for at first, and after which no more room is looked for: 4 MiB of them.
const FIRST_ROOM: usize = 64;
const MOST: usize = (4 << 20) / size_of::<Location>();

/// Caller and stack, and bytes that were not asked for.
type Key = ((usize, u32), usize);

/// All objects with one key.
#[derive(Clone, Copy)]
struct Location {
    /// The track of the first one.
    track: Track,
    /// Bytes of each object that were not asked for.
    waste: usize,
    count: usize,
    sum_age: u64,
    min_age: u64,
    max_age: u64,
    min_pid: i32,
    max_pid: i32,
    cpus: [u64; CPUS / 64],
}

impl Location {
    fn new(track: Track, waste: usize, age: u64) -> Self {
        let (count, pid) = (1, track.pid);
        let mut location = Self {
            track,
            waste,
            count,
            sum_age: age,
            min_age: age,
            max_age: age,
            min_pid: pid,
            max_pid: pid,
            cpus: [0; CPUS / 64],
        };
        location.ran_on(track.cpu);
        location
    }

    fn ran_on(&mut self, cpu: u32) {
        if let Some(word) = self.cpus.get_mut(cpu as usize / 64) {
            *word |= 1 << (cpu % 64);
        }
    }

    /// Counts one more object. One that was never tracked says nothing of age, thread and CPU, as in Linux.
    fn add(&mut self, track: &Track, age: u64) {
        self.count += 1;
        if track.when != 0 {
            self.sum_age = self.sum_age.saturating_add(age);
            self.min_age = self.min_age.min(age);
            self.max_age = self.max_age.max(age);
            self.min_pid = self.min_pid.min(track.pid);
            self.max_pid = self.max_pid.max(track.pid);
            self.ran_on(track.cpu);
        }
    }

    /// What records are told apart by.
    fn key(&self) -> Key {
        (self.track.place(), self.waste)
    }
}

/// Records in the order of their keys. Invariant: `len` records are written, and there is room for `room` (0:
/// no memory is held).
struct Locations {
    start: NonNull<Location>,
    room: usize,
    len: usize,
}

impl Locations {
    const fn new() -> Self {
        Self { start: NonNull::dangling(), room: 0, len: 0 }
    }

    fn as_mut(&mut self) -> &mut [Location] {
        // SAFETY: the type's invariant; a dangling start serves for no records.
        unsafe { core::slice::from_raw_parts_mut(self.start.as_ptr(), self.len) }
    }

    /// Counts an object.
    fn add(&mut self, track: &Track, waste: usize, now: u64) -> Result<(), Errno> {
        // Another thread may write the track just now.
        let age = now.saturating_sub(track.when);
        match self.as_mut().binary_search_by_key(&(track.place(), waste), Location::key) {
            Ok(at) => {
                if let Some(location) = self.as_mut().get_mut(at) {
                    location.add(track, age);
                }
            }
            Err(at) => {
                self.make_room()?;
                // SAFETY: within the room, and `at` is at most `len`.
                let place = unsafe { self.start.add(at) };
                // SAFETY: as above; there is room for one more.
                let next = unsafe { place.add(1) };
                // SAFETY: the records from `at` on move up by one, within the room.
                unsafe { place.copy_to(next, self.len - at) };
                // SAFETY: as above.
                unsafe { place.write(Location::new(*track, waste, age)) };
                self.len += 1;
            }
        }
        Ok(())
    }

    fn make_room(&mut self) -> Result<(), Errno> {
        if self.len < self.room {
            return Ok(());
        }
        let room = (self.room * 2).max(FIRST_ROOM);
        if room > MOST {
            return Err(ENOMEM);
        }
        let start = heap::alloc(room * size_of::<Location>()).ok_or(ENOMEM)?.cast::<Location>();
        // SAFETY: fresh memory with room for more than there are.
        unsafe { start.copy_from_nonoverlapping(self.start, self.len) };
        let len = self.len;
        *self = Self { start, room, len: 0 };
        self.len = len;
        Ok(())
    }
}

impl Drop for Locations {
    fn drop(&mut self) {
        if self.room > 0 {
            // SAFETY: `make_room` allocated it with this size, and nothing refers to it.
            unsafe { heap::free(self.start.cast(), self.room * size_of::<Location>()) };
        }
    }
}

/// Bytes of a live object that nobody asked for, where that is known.
fn waste(cache: &Cache, object: usize) -> usize {
    if !tracks_size(cache.flags) {
        return 0;
    }
    cache.object_size().saturating_sub(fill::requested(cache, object))
}

/// Collects the tracks of one kind of all live objects.
fn collect(cache: &Cache, event: Event) -> Result<Locations, Errno> {
    let mut locations = Locations::new();
    let now = track::now();
    let node = cache.node.lock();
    for slab in node.slabs() {
        let mut from = 0;
        while let Some(index) = slab.next_live(from) {
            let object = slab.object(&cache.layout, index).as_ptr().addr();
            // What waits in quarantine was freed.
            let tracks = track::read(cache, object).filter(|_| !node.quarantine.holds(object));
            if let Some(tracks) = tracks {
                let waste = if event == Event::Alloc { waste(cache, object) } else { 0 };
                locations.add(tracks.of(event), waste, now)?;
            }
            from = index + 1;
        }
    }
    drop(node);
    Ok(locations)
}

/// A set of CPUs as a list of ranges.
fn write_cpus(text: &mut Text<'_>, cpus: &[u64]) {
    let has = |cpu: usize| cpus.get(cpu / 64).is_some_and(|word| word & 1 << (cpu % 64) != 0);
    let mut cpu = 0;
    let mut separator = "";
    while cpu < CPUS {
        if !has(cpu) {
            cpu += 1;
            continue;
        }
        let first = cpu;
        while has(cpu) {
            cpu += 1;
        }
        let _ = write!(text, "{separator}{first}");
        if cpu - 1 > first {
            let _ = write!(text, "-{}", cpu - 1);
        }
        separator = ",";
    }
}

fn write_location(text: &mut Text<'_>, location: &Location, several_cpus: bool) {
    let _ = write!(text, "{:>7} ", location.count);
    match location.track.caller {
        0 => text.push(b"<not-available>"),
        caller => {
            let _ = write!(text, "{}", ReturnAddress(caller));
        }
    }
    if location.waste > 0 {
        let _ = write!(text, " waste={}/{}", location.count.saturating_mul(location.waste), location.waste);
    }
    let (min, max, sum) = (location.min_age, location.max_age, location.sum_age);
    let _ = match sum == min {
        true => write!(text, " age={min}"),
        false => write!(text, " age={min}/{}/{max}", sum / location.count as u64),
    };
    let _ = write!(text, " pid={}", location.min_pid);
    if location.min_pid != location.max_pid {
        let _ = write!(text, "-{}", location.max_pid);
    }
    if several_cpus && location.cpus.iter().any(|word| *word != 0) {
        text.push(b" cpus=");
        write_cpus(text, &location.cpus);
    }
    text.push(b"\n");
    let Some(frames) = location.track.stack() else { return };
    for frame in frames {
        let _ = writeln!(text, "        {}", ReturnAddress(*frame));
    }
    text.push(b"\n");
}

/// Writes the records, the most frequent first.
fn write(cache: &Cache, text: &mut Text<'_>, event: Event) -> Result<(), Errno> {
    let mut locations = collect(cache, event)?;
    let locations = locations.as_mut();
    if locations.is_empty() {
        text.push(b"No data\n");
    }
    locations.sort_unstable_by(|a, b| b.count.cmp(&a.count).then(a.key().cmp(&b.key())));
    let several_cpus = cpu::online() > 1;
    for location in locations.iter() {
        write_location(text, location, several_cpus);
    }
    Ok(())
}

pub(super) fn alloc(cache: &Cache, text: &mut Text<'_>) -> Result<(), Errno> {
    write(cache, text, Event::Alloc)
}

pub(super) fn free(cache: &Cache, text: &mut Text<'_>) -> Result<(), Errno> {
    write(cache, text, Event::Free)
}
