// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stack dump.

use core::ops::Range;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::printk::format::symbol::append_return;
use crate::printk::{Level, Line, pr_warn, sink};
use crate::sys::frames::AddressTable;
use crate::sys::{cpu, image, process, unwind};

/// Most calls looked at. A deeper stack loses its outermost calls.
const DEPTH: usize = 64;

/// Prints where we are, in the kernel's layout: a line about the task, then the call trace.
pub(crate) fn dump() {
    task_line();
    call_trace();
}

/// The line about CPU and task that precedes a call trace.
pub(crate) fn task_line() {
    let (cpu, uid, pid) = (cpu::current(), process::user_id(), process::thread_id());
    process::with_thread_name(|name| {
        let name = name.escape_ascii();
        pr_warn!("CPU: {cpu} UID: {uid} PID: {pid} Comm: {name} libkmem {}\n", env!("CARGO_PKG_VERSION"));
    });
}

/// The calls that led here, innermost first.
///
/// The innermost ones are this library's own and say nothing to the reader: the trace begins with the function
/// that the program called, as the kernel's begins with what called the dumper. Later frames of the library
/// are shown: they are how the program's constructor, say, came to be called.
pub(crate) fn call_trace() {
    let mut frames = [0; DEPTH];
    let len = unwind::capture(&mut frames, 0);
    let frames = frames.get(..len).unwrap_or(&[]);
    // A trace of nothing but internals would be empty; then they are better than nothing.
    let frames = frames.get(border(frames).shown..).filter(|rest| !rest.is_empty()).unwrap_or(frames);

    pr_warn!("Call Trace:\n");
    pr_warn!(" <TASK>\n");
    for address in frames {
        frame_line(*address);
    }
    pr_warn!(" </TASK>\n");
}

/// Prints one line of a call trace.
fn frame_line(address: usize) {
    let mut line = Line::new();
    line.push(b" ");
    append_return(&mut line, address);
    line.push(b"\n");
    sink::emit(Level::Warning, line.as_bytes());
}

/// An address inside the call that returns to `address`, which itself can be in the next function.
fn call_site(address: usize) -> usize {
    address.wrapping_sub(1)
}

/// Where the library ends and the program begins, as indices of frames.
struct Border {
    /// The first frame worth showing: the function that the program called, if it has a frame.
    shown: usize,
    /// The program's function that called it.
    caller: usize,
}

fn border(frames: &[usize]) -> Border {
    let here = call_trace as fn() as usize;
    let library = image::base_of(here);
    let apart = image::with_place(here, |place| place.object.is_some_and(|object| !object.is_program));
    let caller = if apart {
        frames.iter().take_while(|address| image::base_of(call_site(**address)) == library).count()
    } else {
        // Linked statically, the library is part of the program, and only names tell them apart: after the
        // internal ones comes the exported function, unless a shim stood in for it.
        let internal = frames.iter().take_while(|address| is_named(**address, is_internal)).count();
        let last = frames.get(internal.wrapping_sub(1));
        internal + usize::from(!last.is_some_and(|address| is_named(*address, is_shim)))
    };
    // An exported function that ended in a jump has no frame; the library's last one is an internal one then.
    let entry = frames.get(caller.wrapping_sub(1));
    let show_entry = entry.is_some_and(|address| is_named(*address, |name| !is_internal(name)));
    Border { shown: caller - usize::from(show_entry), caller }
}

/// An address in the program's function that called the library.
pub(crate) fn caller() -> Option<usize> {
    let mut frames = [0; DEPTH];
    let len = unwind::capture(&mut frames, 0);
    let frames = frames.get(..len)?;
    frames.get(border(frames).caller).copied()
}

/// Where the library's code lies, where it is a file of its own; an empty range in a program that it is a part of.
fn own_code() -> Range<usize> {
    /// Start and end; an end of 0 is not known yet, and of 1 an empty range.
    static CODE: [AtomicUsize; 2] = [const { AtomicUsize::new(0) }; 2];
    let [start, end] = &CODE;
    // Acquire pairs with the Release below.
    let mut known = end.load(Acquire);
    if known == 0 {
        let code = image::extent_of(own_code as fn() -> Range<usize> as usize);
        let code = code.filter(|(_, is_program)| !is_program).map_or(1..1, |(extent, _)| extent);
        start.store(code.start, Relaxed);
        end.store(code.end, Release);
        known = code.end;
    }
    start.load(Relaxed)..known
}

/// Whether a return address lies in the library, at a few instructions a time: for those who look at a stack often.
///
/// Where the library is a part of the program, names tell, and are looked up once per address. A program that has
/// none left seems to have no library in it.
#[inline]
pub(crate) fn is_ours(address: usize) -> bool {
    let code = own_code();
    if code.is_empty() { is_ours_by_name(address) } else { code.contains(&call_site(address)) }
}

#[inline(never)]
fn is_ours_by_name(address: usize) -> bool {
    const OURS: u64 = 1;
    const OTHER: u64 = 2;
    static KNOWN: AddressTable<4096> = AddressTable::new();
    let known = KNOWN.get(address).unwrap_or_else(|| {
        let ours = is_named(address, |name| is_internal(name) || is_exported(name));
        let origin = if ours { OURS } else { OTHER };
        KNOWN.put(address, origin, |_| false);
        origin
    });
    known == OURS
}

/// Whether a name looks like that of a function which the library exports.
fn is_exported(name: &[u8]) -> bool {
    const FAMILIES: [&[u8]; 10] = [
        b"kmem_",
        b"__kmem_",
        b"kmalloc",
        b"__kmalloc",
        b"kzalloc",
        b"kfree",
        b"kvfree",
        b"krealloc",
        b"kvmalloc",
        b"mempool_",
    ];
    FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Whether a frame has a name, and it satisfies `condition`.
fn is_named(address: usize, condition: impl FnOnce(&[u8]) -> bool) -> bool {
    image::with_place(call_site(address), |place| place.symbol.is_some_and(|symbol| condition(symbol.name)))
}

/// Whether a name is not one for C programs. Our Rust names are mangled, exported ones are not; the mangled
/// names of a Rust program do not carry our crate's name.
fn is_internal(name: &[u8]) -> bool {
    let mangled = name.starts_with(b"_ZN") || name.starts_with(b"_R");
    let ours = name.windows(4).any(|part| part == b"kmem");
    (mangled && ours) || is_shim(name)
}

/// Whether a name is that of a C function behind an exported jump.
fn is_shim(name: &[u8]) -> bool {
    name.starts_with(b"kmem_shim_")
}
