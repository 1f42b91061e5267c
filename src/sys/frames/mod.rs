// SPDX-License-Identifier: MIT OR Apache-2.0
//! The calls that led to where a thread is, in nanoseconds per call.
//!
//! | file | concept |
//! |---|---|
//! | `cfi` | the rule for one place, out of the unwind tables |
//! | `table` | rules by place, for readers that cannot wait |
//! | `memo` | walks that were made before |
//!
//! The compiler's unwinder ([`super::unwind`]) finds and interprets a function's unwind table for every frame of every
//! walk: microseconds. The answer only depends on the place in the code, so it is looked up once per place and kept as
//! one word. C at -O2 has no frame pointers; this does not need them.
//!
//! Exact: every frame, as far as the unwind tables that compilers write by default reach; they are trusted as
//! exceptions trust them. A walk ends early at code without tables, at a signal handler's frame, and in functions that
//! align their stack at run time; also where a frame would have to lie in impossible places. Each walk asks whether a
//! library was unloaded meanwhile, and forgets what was kept if so. (A walk that is only remembered does not ask; it would
//! take a library in the place of another, and the same words in the same places of the stack, to be misled.)
//!
//! Allocates nothing. A walk takes the loader's lock for a moment; one that is remembered takes none.

mod cfi;
mod memo;
mod table;

use core::ffi::{c_int, c_void};
use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use cfi::Rule;
pub(crate) use memo::Answer;
use memo::Trail;
pub(crate) use table::AddressTable;

use crate::sys::loader;

/// Largest distance of a frame from the one it called that is believed.
const MAX_DISTANCE: usize = 8 << 20;

/// Rules by place and generation (see [`key`]), as [`pack`] writes them, marked with the low bits of the generation.
static RULES: AddressTable<16384> = AddressTable::new();
/// Counts how often a library was unloaded, as far as it was noticed. It never goes back: who counted before another thread
/// says so after it. Each walk goes by its own count.
static GENERATION: AtomicU64 = AtomicU64::new(0);

const MARK_SHIFT: u32 = 54;
/// Bits of an address.
const ADDRESS_BITS: u32 = 47;
const KIND_CALLER: u64 = 1;
const KIND_OUTERMOST: u64 = 2;
const KIND_UNKNOWN: u64 = 3;

/// The low bits of a generation, where a rule has its mark.
fn mark(generation: u64) -> u64 {
    generation << MARK_SHIFT
}

/// What the rule of a place is kept under: the rest of the generation lies above the address.
fn key(place: usize, generation: u64) -> usize {
    place ^ ((generation >> (u64::BITS - MARK_SHIFT)) << ADDRESS_BITS) as usize
}

/// The rule of a place, if it was read in this generation.
#[inline(always)]
fn known(place: usize, generation: u64) -> Option<u64> {
    RULES.get(key(place, generation)).filter(|word| word >> MARK_SHIFT == mark(generation) >> MARK_SHIFT)
}

/// Keeps a rule that was read in a generation, and returns its word.
fn keep(place: usize, generation: u64, rule: Rule) -> u64 {
    let word = pack(rule) | mark(generation);
    RULES.put(key(place, generation), word, |old| old >> MARK_SHIFT != word >> MARK_SHIFT);
    word
}

/// A rule as a word: 2 bits kind, 1 bit register, 21 + 14 + 14 bits distances in words, and the mark above.
fn pack(rule: Rule) -> u64 {
    match rule {
        Rule::Caller { by_frame_pointer, frame, return_address, frame_pointer } => {
            KIND_CALLER
                | u64::from(by_frame_pointer) << 2
                | (frame as u64 / 8) << 3
                | (return_address as u64 / 8) << 24
                | (frame_pointer as u64 / 8) << 38
        }
        Rule::Outermost => KIND_OUTERMOST,
        Rule::Unknown => KIND_UNKNOWN,
    }
}

/// A field of a packed rule.
fn field(word: u64, shift: u32, bits: u32) -> usize {
    (word >> shift) as usize & ((1 << bits) - 1)
}

/// Where a walk stands: in the frame of a function, after the call (or at the place) that it is left by.
struct Position {
    place: usize,
    stack_pointer: usize,
    frame_pointer: usize,
    /// Where the frame pointer was read, if no step depends on it yet.
    unused_frame_pointer: Source,
}

/// Where the frame pointer of a position comes from.
#[derive(Clone, Copy)]
enum Source {
    Register,
    Memory(usize),
    /// From a place that the trail already has.
    Noted,
}

impl Position {
    /// Goes to the caller, and returns the return address; `None` at the end. What the step depends on is added to the
    /// trail. What is known from other generations than the walk's is not believed.
    #[inline(always)]
    fn step(&mut self, generation: u64, trail: &mut Trail) -> Option<usize> {
        let word = known(self.place, generation).unwrap_or_else(|| learn(self.place));
        if word & 3 != KIND_CALLER {
            return None;
        }
        let base = if word & 4 != 0 {
            match core::mem::replace(&mut self.unused_frame_pointer, Source::Noted) {
                Source::Register => trail.depends_on_frame_pointer(self.frame_pointer),
                Source::Memory(address) => trail.add(address, self.frame_pointer),
                Source::Noted => {}
            }
            self.frame_pointer
        } else {
            self.stack_pointer
        };
        let frame = base.wrapping_add(field(word, 3, 21) * 8);
        // The stack grows down, frame by frame, in whole words.
        let distance = frame.wrapping_sub(self.stack_pointer);
        if distance == 0 || distance > MAX_DISTANCE || frame % align_of::<usize>() != 0 {
            return None;
        }
        let saved = frame - field(word, 24, 14) * 8;
        let signed = read(saved);
        trail.add(saved, signed);
        let return_address = without_signature(signed);
        let distance = field(word, 38, 14) * 8;
        if distance != 0 {
            self.frame_pointer = read(frame - distance);
            self.unused_frame_pointer = Source::Memory(frame - distance);
        }
        self.stack_pointer = frame;
        // A call that never returns can be the last instruction of its function: the byte before counts.
        self.place = return_address.checked_sub(1)?;
        Some(return_address)
    }
}

/// A word of the calling thread's stack.
#[inline(always)]
fn read(address: usize) -> usize {
    let at = core::ptr::with_exposed_provenance::<usize>(address);
    // SAFETY: an aligned word between the current frame and the one that its unwind rule leads to: the thread's own
    // stack, as far as the tables that the compiler wrote are right.
    unsafe { at.read_volatile() }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn here() -> Option<Position> {
    let (place, stack_pointer, frame_pointer);
    // SAFETY: reads registers.
    unsafe {
        core::arch::asm!(
            "lea {place}, [rip]",
            "mov {sp}, rsp",
            "mov {fp}, rbp",
            place = out(reg) place,
            sp = out(reg) stack_pointer,
            fp = out(reg) frame_pointer,
            options(nostack, nomem, preserves_flags)
        );
    }
    Some(Position { place, stack_pointer, frame_pointer, unused_frame_pointer: Source::Register })
}

#[cfg(target_arch = "aarch64")]
#[inline(always)]
fn here() -> Option<Position> {
    let (place, stack_pointer, frame_pointer);
    // SAFETY: reads registers.
    unsafe {
        core::arch::asm!(
            "adr {place}, .",
            "mov {sp}, sp",
            "mov {fp}, x29",
            place = out(reg) place,
            sp = out(reg) stack_pointer,
            fp = out(reg) frame_pointer,
            options(nostack, nomem, preserves_flags)
        );
    }
    Some(Position { place, stack_pointer, frame_pointer, unused_frame_pointer: Source::Register })
}

/// Elsewhere there are no walks: the registers have no names here.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[inline(always)]
fn here() -> Option<Position> {
    None
}

#[cfg(not(target_arch = "aarch64"))]
#[inline(always)]
fn without_signature(address: usize) -> usize {
    address
}

/// Takes a pointer authentication code off a return address. User space has at most 48 bits.
#[cfg(target_arch = "aarch64")]
#[inline(always)]
fn without_signature(address: usize) -> usize {
    address & ((1 << 48) - 1)
}

/// Stores return addresses in `into`, innermost first, and returns how many. Those at the top for which `skip` holds are
/// left out.
#[inline(always)]
fn walk(
    mut position: Position,
    generation: u64,
    trail: &mut Trail,
    into: &mut [usize],
    mut skip: impl FnMut(usize) -> bool,
) -> usize {
    let mut len = 0;
    while len < into.len() {
        let Some(address) = position.step(generation, trail) else { break };
        if len == 0 && skip(address) {
            continue;
        }
        if let Some(slot) = into.get_mut(len) {
            *slot = address;
        }
        len += 1;
    }
    len
}

/// Walks the calling thread's stack and has `answer` make two words of its return addresses, innermost first, `DEPTH`
/// at most; those at the top for which `skip` holds are left out. After an equal walk the words are those that were
/// made then.
///
/// There is one kind of question in the program: all callers pass the same functions.
#[inline(never)]
pub(crate) fn answer_once<const DEPTH: usize>(
    skip: impl FnMut(usize) -> bool,
    answer: impl FnOnce(&[usize]) -> Answer,
) -> Answer {
    let Some(position) = here() else { return answer(&[]) };
    if let Some(known) = memo::recall(position.stack_pointer, position.frame_pointer) {
        return known;
    }
    let Some(generation) = notice_unloads() else { return answer(&[]) };
    let mut trail = Trail::new(position.stack_pointer);
    let mut frames = [0; DEPTH];
    let len = walk(position, generation, &mut trail, &mut frames, skip);
    let answer = answer(frames.get(..len).unwrap_or(&[]));
    memo::remember(&trail, generation, answer);
    answer
}

/// Asks the loader how often a library was unloaded: rules and memos from before the last time are stale. `None` where it
/// cannot be asked.
fn notice_unloads() -> Option<u64> {
    let mut unloads = 0u64;
    let under_way = loader::visit()?;
    // SAFETY: the visitor has the type that the loader expects, and `unloads` outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(visit_one), (&raw mut unloads).cast()) };
    drop(under_way);
    GENERATION.fetch_max(unloads, Relaxed);
    Some(unloads)
}

/// Each description says how often something was unloaded.
unsafe extern "C" fn visit_one(info: *mut libc::dl_phdr_info, size: usize, data: *mut c_void) -> c_int {
    if size >= size_of::<libc::dl_phdr_info>() {
        // SAFETY: the loader passes a description that is valid for this call, of at least this size.
        let unloads = unsafe { (*info).dlpi_subs };
        // SAFETY: `data` is the `unloads` of `notice_unloads`, which nobody else uses during the call.
        unsafe { data.cast::<u64>().write(unloads) };
    }
    1
}

/// What the visitor of loaded files looks for, and finds.
struct Search {
    place: usize,
    rule: Rule,
    unloads: u64,
}

/// Looks a place up in the unwind tables, and keeps the answer.
#[cold]
#[inline(never)]
fn learn(place: usize) -> u64 {
    let mut search = Search { place, rule: Rule::Unknown, unloads: 0 };
    let Some(under_way) = loader::visit() else { return pack(Rule::Unknown) };
    // SAFETY: the visitor has the type that the loader expects, and `search` outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(visit), (&raw mut search).cast()) };
    drop(under_way);
    keep(place, search.unloads, search.rule)
}

unsafe extern "C" fn visit(info: *mut libc::dl_phdr_info, size: usize, data: *mut c_void) -> c_int {
    // SAFETY: the loader passes a description that is valid for this call.
    let info = unsafe { &*info };
    // SAFETY: `data` is the `search` of `learn`, which nobody else uses during the call.
    let search = unsafe { &mut *data.cast::<Search>() };
    if size >= size_of::<libc::dl_phdr_info>() {
        search.unloads = info.dlpi_subs;
    }
    if info.dlpi_phdr.is_null() {
        return 0;
    }
    // SAFETY: the loader's description says how many headers there are, and they are mapped as long as it is.
    let headers = unsafe { core::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    let base = info.dlpi_addr as usize;
    let contains = |header: &libc::Elf64_Phdr, address: usize| {
        let vaddr = address.wrapping_sub(base) as u64;
        header.p_type == libc::PT_LOAD && vaddr.wrapping_sub(header.p_vaddr) < header.p_filesz
    };
    if !headers.iter().any(|header| contains(header, search.place)) {
        return 0;
    }
    let Some(index) = headers.iter().find(|header| header.p_type == libc::PT_GNU_EH_FRAME) else { return 1 };
    let index = base.wrapping_add(index.p_vaddr as usize);
    // Tables in a segment that can be written to could change under a slice; linkers put them into a constant one.
    let constant = |header: &&libc::Elf64_Phdr| {
        contains(header, index) && header.p_flags & (libc::PF_R | libc::PF_W) == libc::PF_R
    };
    let Some(segment) = headers.iter().find(constant) else { return 1 };
    let start = base.wrapping_add(segment.p_vaddr as usize);
    let at = core::ptr::with_exposed_provenance::<u8>(start);
    // SAFETY: a readable segment of a loaded file, constant, and mapped while the loader's lock is held.
    let bytes = unsafe { core::slice::from_raw_parts(at, segment.p_filesz as usize) };
    search.rule = cfi::rule(bytes, start, index, search.place);
    1
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "tests may allocate")]
mod tests {
    use super::*;
    use crate::sys::unwind;

    #[inline(never)]
    fn capture(into: &mut [usize], skip: impl FnMut(usize) -> bool) -> usize {
        capture_in(notice_unloads().unwrap(), into, skip)
    }

    #[inline(always)]
    fn capture_in(generation: u64, into: &mut [usize], skip: impl FnMut(usize) -> bool) -> usize {
        let position = here().unwrap();
        let mut trail = Trail::new(position.stack_pointer);
        walk(position, generation, &mut trail, into, skip)
    }

    #[inline(never)]
    fn both(fast: &mut [usize], slow: &mut [usize]) -> (usize, usize) {
        std::hint::black_box((capture(fast, |_| false), unwind::capture(slow, 0)))
    }

    #[inline(never)]
    fn deep(depth: usize, fast: &mut [usize], slow: &mut [usize]) -> (usize, usize) {
        // Frames of different sizes, with registers saved in between.
        let mut ballast = [depth; 37];
        std::hint::black_box(&mut ballast);
        let found = if depth == 0 { both(fast, slow) } else { deep(depth - 1, fast, slow) };
        std::hint::black_box(&mut ballast);
        found
    }

    #[test]
    fn agrees_with_the_unwinder_of_the_compiler() {
        for depth in [0, 1, 5, 20] {
            // Cold and warm.
            for _ in 0..2 {
                let (mut fast, mut slow) = ([0; 64], [0; 64]);
                let (n, expected) = deep(depth, &mut fast, &mut slow);
                assert!(n > depth + 2, "{n} frames");
                assert_eq!(n, expected);
                // The calls of the two walks differ, everything below does not.
                assert_eq!(fast.get(1..n), slow.get(1..n));
            }
        }
    }

    #[test]
    fn walks_through_sorting() {
        // A library function that calls back, with frames of its own kind.
        let mut numbers = [5, 3, 1, 4];
        let mut checked = 0;
        numbers.sort_by(|a, b| {
            let (mut fast, mut slow) = ([0; 64], [0; 64]);
            let (n, expected) = both(&mut fast, &mut slow);
            assert_eq!((n, fast.get(1..n)), (expected, slow.get(1..n)));
            checked += 1;
            a.cmp(b)
        });
        assert!(checked > 0);
    }

    #[test]
    fn skips_at_the_top_and_stops_when_full() {
        let mut all = [0; 8];
        let mut some = [0; 4];
        let mut skipped = 0;
        for into in [&mut all[..], &mut some[..]] {
            let all = into.len() == 8;
            let len = capture(into, |_| {
                skipped += usize::from(!all);
                !all && skipped <= 3
            });
            assert_eq!(len, into.len());
        }
        assert_eq!(all.get(3..7), some.get(..4));
    }

    /// A walk that may be recalled, and one that is made.
    #[inline(never)]
    fn recalled_and_made() -> (Answer, Answer) {
        // The two innermost return addresses differ: they are those of these two calls.
        let sum = |frames: &[usize]| {
            let rest = frames.get(1..).unwrap_or(&[]);
            [rest.iter().fold(7u64, |sum, frame| sum.wrapping_mul(31) ^ *frame as u64), frames.len() as u64]
        };
        let mut frames = [0; 40];
        let answer = answer_once::<40>(|_| false, sum);
        let len = capture(&mut frames, |_| false);
        std::hint::black_box((answer, sum(frames.get(..len).unwrap())))
    }

    #[inline(never)]
    fn one(path: usize) -> (Answer, Answer) {
        let mut ballast = [path; 9];
        std::hint::black_box(&mut ballast);
        let answers = several(path / 3);
        std::hint::black_box(&mut ballast);
        answers
    }

    #[inline(never)]
    fn other(path: usize) -> (Answer, Answer) {
        std::hint::black_box(several(path / 3))
    }

    #[inline(never)]
    fn several(path: usize) -> (Answer, Answer) {
        let answers = match path {
            0 => recalled_and_made(),
            _ if path.is_multiple_of(3) => one(path),
            _ if path % 3 == 1 => other(path),
            _ => other(path + 1 - 1 / path),
        };
        std::hint::black_box(answers)
    }

    #[test]
    fn a_recalled_walk_is_the_one_that_would_be_made() {
        let mut answers = std::collections::HashSet::new();
        for round in 0..3 {
            for path in 0..400 {
                let (recalled, made) = several(path * 7 % 400 + round % 2);
                assert_eq!(recalled, made, "path {path}");
                answers.insert(made);
            }
        }
        assert!(answers.len() > 100, "{} different stacks", answers.len());
    }

    #[test]
    fn words_keep_rules() {
        let rule = Rule::Caller {
            by_frame_pointer: true,
            frame: 8 << 20,
            return_address: (64 << 10) - 8,
            frame_pointer: 64 << 10,
        };
        let word = pack(rule);
        assert_eq!((field(word, 3, 21) * 8, word & 7), (8 << 20, 5));
        assert_eq!((field(word, 24, 14) * 8, field(word, 38, 14) * 8), ((64 << 10) - 8, 64 << 10));
        assert!(pack(rule) >> MARK_SHIFT == 0);
    }

    #[test]
    fn rules_are_those_of_one_generation() {
        let place = 0x7000_1234_5678;
        let word = keep(place, 7, Rule::Outermost);
        assert_eq!(known(place, 7), Some(word));
        let others = (0..200_000).chain((1..2000).map(|n| 7 + n * 1024));
        assert!(others.filter(|&n| n != 7).all(|generation| known(place, generation).is_none()));
    }

    #[test]
    fn a_walk_goes_by_the_generation_that_it_began_in() {
        let now = notice_unloads().unwrap();
        let mut frames = [0; 64];
        let mut lens = [0; 3];
        for (len, generation) in lens.iter_mut().zip([now, now + 1, now]) {
            *len = capture_in(generation, &mut frames, |_| false);
            // In the next generation there is something else in the place of the caller.
            keep(frames[0] - 1, now + 1, Rule::Outermost);
        }
        assert!(lens[0] > 3 && lens == [lens[0], 1, lens[0]], "{lens:?}");
    }
}
