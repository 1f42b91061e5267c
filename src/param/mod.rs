// SPDX-License-Identifier: MIT OR Apache-2.0
//! Boot options: the kernel's command line, in the environment variable `KMEM_CMDLINE`.
//!
//! Read once, before the first cache. Kernel options keep the kernel's names (`slab_nomerge`); the library's
//! own are `kmem.NAME=VALUE`. Programs with set-user-ID and the like have no boot options. A word that nobody knows is reported once and ignored, and so is a value that
//! does not parse: a typing error must not change what a program does.

mod fault;
mod slab_debug;
mod words;

use core::ptr::{self, NonNull};
use core::slice;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicBool, AtomicPtr};
use std::sync::OnceLock;

use crate::printk::{Bytes, log_file, pr_err, pr_warn, printk};
use crate::sync;
use crate::sys::{cpu, env, mem, process};
pub(crate) use fault::Faults;
use slab_debug::SlabDebug;
use words::{Words, parse_count, parse_size, split};

/// Where huge pages begin when nothing is said: a program that has so much loses little by what it does not
/// use of the last one.
const HUGE_FROM: usize = 8 << 20;

/// The options, as they are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Params {
    /// CPUs that slab orders are calculated for (`kmem.cpus=`; default: the CPUs this process may use).
    pub(crate) cpus: u32,
    /// Bytes of address space to reserve (`kmem.arena=`; 0: chosen from the machine's memory and limits).
    pub(crate) arena_bytes: usize,
    /// Bytes of a page, for tests of systems with larger ones (`kmem.page_size=16K`; 0: as the system has
    /// it).
    pub(crate) page_bytes: usize,
    /// Objects are zeroed when they are allocated, or freed, where nothing speaks against it
    /// (`init_on_alloc=1`, `init_on_free=1`).
    pub(crate) init_on_alloc: bool,
    pub(crate) init_on_free: bool,
    /// Bytes of objects from which on the system is asked for huge pages (`kmem.huge=1`: 0, `kmem.huge=0`:
    /// never).
    pub(crate) huge_from: usize,
    /// Every call checks its object (`kmem.harden=1`).
    pub(crate) harden: bool,
    /// Objects come in random order, and not soon after they were freed: no sheaves (`kmem.harden=2`).
    pub(crate) unpredictable: bool,
    /// Idle memory goes back with time (`kmem.decay=0`: only when it is asked for, or needed).
    pub(crate) decay: bool,
    /// A thread of the library's own gives idle memory back (`kmem.background=1`).
    pub(crate) background: bool,
    /// The first report about misuse or damage ends the process (`kmem.panic_on_bug=1`).
    pub(crate) panic_on_bug: bool,
    /// Requests that may wait do not fail (`kmem.nofail=1`).
    pub(crate) nofail: bool,
    /// Failures that somebody wants to have.
    pub(crate) fault: Faults,
    /// Debug flags for caches (`slab_debug=`).
    pub(crate) slab_debug: SlabDebug,
    /// `kfree` hands addresses that are not ours to the C library's `free` (`kmem.foreign_free=libc`).
    pub(crate) foreign_free_libc: bool,
    /// Memory checkers that watch the process are told of each object (`kmem.tools=0`: they are not).
    pub(crate) tools: bool,
    /// Caches are never merged (`slab_nomerge`).
    pub(crate) nomerge: bool,
    /// Objects that a slab should hold at least (`slab_min_objects=`; 0: calculated from `cpus`).
    pub(crate) min_objects: u32,
    /// Smallest slab order (`slab_min_order=`).
    pub(crate) min_order: u8,
    /// Largest slab order, where an object does not need more (`slab_max_order=`).
    pub(crate) max_order: u8,
}

/// The largest order that a page run can have, as in Linux.
pub(crate) const MAX_PAGE_ORDER: u8 = 10;
/// Largest CPU count that `kmem.cpus=` takes.
const MAX_CPUS: usize = 8192;

/// What nobody knows.
enum Unknown {
    Word(&'static [u8]),
    /// A letter in `slab_debug=`.
    Letter(u8),
}

impl Params {
    /// What is in force when nothing is said.
    pub(crate) fn defaults() -> Self {
        Self {
            cpus: cpu::usable(),
            arena_bytes: 0,
            page_bytes: 0,
            init_on_alloc: false,
            init_on_free: false,
            huge_from: HUGE_FROM,
            harden: false,
            unpredictable: false,
            decay: true,
            background: false,
            panic_on_bug: false,
            nofail: false,
            fault: Faults::DEFAULT,
            slab_debug: SlabDebug::default(),
            foreign_free_libc: false,
            tools: true,
            nomerge: false,
            min_objects: 0,
            min_order: 0,
            max_order: 3,
        }
    }

    /// Takes one word; `false` when the word or its value is unknown.
    fn take(&mut self, name: &'static [u8], value: Option<&'static [u8]>, letter: impl FnMut(u8)) -> bool {
        // The kernel renamed its slub_ options to slab_ in 6.8 and still takes both.
        let kernel_name = name.strip_prefix(b"slab_").or(name.strip_prefix(b"slub_"));
        match (kernel_name.unwrap_or(name), value, kernel_name.is_some()) {
            (b"debug", value, true) => self.slab_debug.take(value, letter),
            (b"nomerge", None, true) => self.nomerge = true,
            (b"merge", None, true) => self.nomerge = false,
            (b"min_objects", Some(v), true) => {
                return set(&mut self.min_objects, parse_count(v, u16::MAX.into()));
            }
            (b"min_order", Some(v), true) => {
                let known = set(&mut self.min_order, parse_count(v, MAX_PAGE_ORDER.into()));
                // As in Linux, a contradiction is settled in favour of the later word.
                self.max_order = self.max_order.max(self.min_order);
                return known;
            }
            (b"max_order", Some(v), true) => {
                let order = parse_count(v, usize::MAX).map(|order| order.min(MAX_PAGE_ORDER.into()));
                let known = set(&mut self.max_order, order);
                self.min_order = self.min_order.min(self.max_order);
                return known;
            }
            (b"init_on_alloc", Some(v), false) => return set_switch(&mut self.init_on_alloc, v),
            (b"init_on_free", Some(v), false) => return set_switch(&mut self.init_on_free, v),
            (b"kmem.huge", Some(v), false) => {
                let mut huge = false;
                let known = set_switch(&mut huge, v);
                self.huge_from = match (known, huge) {
                    (false, _) => self.huge_from,
                    (true, true) => 0,
                    (true, false) => usize::MAX,
                };
                return known;
            }
            (b"kmem.decay", Some(v), false) => return set_switch(&mut self.decay, v),
            (b"kmem.background", Some(v), false) => return set_switch(&mut self.background, v),
            (b"kmem.harden", Some(v), false) => {
                let both = v == b"2";
                let known = set_switch(&mut self.harden, if both { b"1" } else { v });
                self.unpredictable = if known { both } else { self.unpredictable };
                return known;
            }
            (b"kmem.panic_on_bug", Some(v), false) => return set_switch(&mut self.panic_on_bug, v),
            (b"kmem.foreign_free", Some(b"libc"), false) => self.foreign_free_libc = true,
            (b"kmem.foreign_free", Some(b"report"), false) => self.foreign_free_libc = false,
            (b"kmem.tools", Some(v), false) => return set_switch(&mut self.tools, v),
            (b"kmem.cpus", Some(v), false) => {
                return set(&mut self.cpus, parse_count(v, MAX_CPUS).filter(|&cpus| cpus > 0));
            }
            (b"kmem.arena", Some(v), false) => return set(&mut self.arena_bytes, parse_size(v)),
            (b"kmem.page_size", Some(v), false) => {
                return set(&mut self.page_bytes, parse_size(v).filter(|&bytes| mem::can_simulate(bytes)));
            }
            (b"kmem.nofail", Some(v), false) => return set_switch(&mut self.nofail, v),
            (b"kmem.log", Some(v), false) => return !v.is_empty(),
            (_, Some(v), false) => return self.fault.take(name, v),
            _ => return false,
        }
        true
    }

    fn from_line(line: &'static [u8], mut unknown: impl FnMut(Unknown)) -> Self {
        let mut params = Self::defaults();
        for word in Words::new(line) {
            let (name, value) = split(word);
            // As in the kernel, `module.name` is for a module, which asks for it itself.
            let module = name.iter().position(|&byte| byte == b'.').and_then(|dot| name.get(..dot));
            if module.is_some_and(|module| module != b"kmem") {
                continue;
            }
            if !params.take(name, value, |letter| unknown(Unknown::Letter(letter))) {
                unknown(Unknown::Word(word));
            }
        }
        params
    }
}

/// Stores a parsed value; `false` when there is none.
fn set<T: TryFrom<usize>>(to: &mut T, value: Option<usize>) -> bool {
    let value = value.and_then(|v| T::try_from(v).ok());
    value.map(|v| *to = v).is_some()
}

/// Stores a switch as the kernel reads one: by its first letter, or by the second after an o. `false` when it is neither
/// on nor off.
fn set_switch(to: &mut bool, value: &[u8]) -> bool {
    match value {
        [b'1' | b'y' | b'Y' | b't' | b'T', ..] | [b'o' | b'O', b'n' | b'N', ..] => *to = true,
        [b'0' | b'n' | b'N' | b'f' | b'F', ..] | [b'o' | b'O', b'f' | b'F', ..] => *to = false,
        _ => return false,
    }
    true
}

/// What was read, in memory that stays: the program may change or overwrite its environment later.
struct Start {
    params: Params,
    line: &'static [u8],
}

impl Start {
    fn new(line: &'static [u8]) -> Self {
        let params = Params::from_line(line, |_| {});
        if params.page_bytes != 0 {
            mem::simulate_pages(params.page_bytes);
        }
        Self { params, line }
    }
}

/// NULL until the environment was read. Nobody waits for another one who reads it: that could be the thread that a signal
/// handler interrupted, or one that is not there in the child of a fork. Of several the first one counts.
static START: AtomicPtr<Start> = AtomicPtr::new(ptr::null_mut());

fn started() -> Option<&'static Start> {
    // Acquire pairs with the Release in `publish`.
    // SAFETY: NULL or what `publish` got, which stays.
    unsafe { START.load(Acquire).as_ref() }
}

#[inline]
fn start() -> &'static Start {
    started().unwrap_or_else(read)
}

/// The command line. A program that runs with more rights than its caller has none: it is not to be misled by him.
fn environment() -> &'static [u8] {
    if process::is_privileged() {
        return b"";
    }
    env::get(c"KMEM_CMDLINE").map_or(&b""[..], |value| value.to_bytes())
}

#[cold]
fn read() -> &'static Start {
    /// Where there is no memory for a copy.
    static IN_PLACE: OnceLock<Start> = OnceLock::new();
    let line = environment();
    let bytes = size_of::<Start>() + line.len();
    let Some(memory) = mem::obtain(bytes) else {
        return publish(IN_PLACE.get_or_init(|| Start::new(line)));
    };
    let place = memory.cast::<Start>();
    // SAFETY: what follows a `Start` in memory that has room for both.
    let text = unsafe { place.add(1) }.cast::<u8>();
    // SAFETY: as long as the line, and just obtained.
    unsafe { text.copy_from_nonoverlapping(NonNull::from(line).cast(), line.len()) };
    // SAFETY: the copy, which nobody changes, in memory that stays if anybody else sees it.
    let line = unsafe { slice::from_raw_parts(text.as_ptr(), line.len()) };
    // SAFETY: room for it, aligned to a page.
    unsafe { place.write(Start::new(line)) };
    // SAFETY: just written.
    let ours = unsafe { place.as_ref() };
    let first = publish(ours);
    if !ptr::eq(first, ours) {
        // SAFETY: obtained above, and nobody else has seen it.
        unsafe { mem::release(memory, bytes) };
    }
    first
}

/// Has everybody go by what was read, unless another one was faster; returns what counts.
fn publish(start: &'static Start) -> &'static Start {
    let at = ptr::from_ref(start).cast_mut();
    // The pointer is only read from. Release publishes what it leads to.
    match START.compare_exchange(ptr::null_mut(), at, Release, Relaxed) {
        Ok(_) => start,
        Err(_) => started().unwrap_or(start),
    }
}

/// The options in force. The first call reads the environment. Says nothing: callers may hold locks.
#[inline]
pub(crate) fn params() -> &'static Params {
    &start().params
}

/// Has messages go to the file that `kmem.log=` names, if it does, the first time it is called. The caller holds no lock, or
/// is a signal handler that interrupted who does: then a later call sees to it.
pub(crate) fn open_log() {
    static OPENED: AtomicBool = AtomicBool::new(false);
    if OPENED.load(Relaxed) || sync::interrupted() || OPENED.swap(true, Relaxed) {
        return;
    }
    // A message before the first cache does not settle the other options.
    let line = started().map_or_else(environment, |start| start.line);
    let paths = Words::new(line).map(split).filter(|(name, _)| *name == b"kmem.log");
    let Some(path) = paths.filter_map(|(_, path)| path).filter(|path| !path.is_empty()).last() else {
        return;
    };
    if let Err(error) = log_file::open(path) {
        pr_warn!("libkmem: cannot open kmem.log={}: error {error:?}\n", Bytes(path));
    }
}

/// Reports the words that nobody knows, the first time it is called. The caller holds no lock.
pub(crate) fn report_unknown() {
    static REPORTED: AtomicBool = AtomicBool::new(false);
    if !REPORTED.swap(true, Relaxed) {
        let params = Params::from_line(start().line, |unknown| match unknown {
            Unknown::Word(word) => {
                pr_warn!("libkmem: Unknown KMEM_CMDLINE parameter \"{}\", ignored\n", Bytes(word));
            }
            Unknown::Letter(letter) => {
                pr_err!("slab_debug option '{}' unknown. skipped\n", Bytes(&[letter]));
            }
        });
        if params.slab_debug.poisons() && (params.init_on_alloc || params.init_on_free) {
            printk!(
                Info,
                "mem auto-init: SLAB_POISON will take precedence over init_on_alloc/init_on_free\n"
            );
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "tests may allocate")]
mod tests {
    use super::*;

    fn parse(line: &'static str) -> (Params, Vec<Vec<u8>>) {
        let mut unknown = Vec::new();
        let params = Params::from_line(line.as_bytes(), |what| match what {
            Unknown::Word(word) => unknown.push(word.to_vec()),
            Unknown::Letter(letter) => unknown.push(vec![letter]),
        });
        (params, unknown)
    }

    #[test]
    fn kernel_and_library_words_are_taken() {
        let (params, unknown) = parse(
            "slab_nomerge kmem.cpus=2  slub_min_order=1 kmem.arena=64M slab_min_objects=9 init_on_free=1",
        );
        assert!(unknown.is_empty());
        assert!(params.nomerge && params.init_on_free && !params.init_on_alloc);
        assert_eq!(
            (params.cpus, params.min_order, params.min_objects, params.arena_bytes),
            (2, 1, 9, 64 << 20)
        );
    }

    #[test]
    fn unknown_words_and_bad_values_change_nothing() {
        let line =
            "nonsense kmem.cpus=0 kmem.cpus=x slab_min_order=11 kmem.arena= slab_nomerge=1 = init_on_alloc=2";
        let (params, unknown) = parse(line);
        assert_eq!(params, Params::defaults());
        assert_eq!(unknown.len(), 8);
    }

    #[test]
    fn switches_are_read_as_the_kernel_reads_them() {
        for (values, on) in [
            (&["1", "y", "Yes", "t", "TRUE", "on", "ON", "oNe", "1x"][..], true),
            (&["0", "n", "No", "f", "FALSE", "off", "OFF", "oF", "0x"], false),
        ] {
            for &value in values {
                for before in [false, true] {
                    let mut switch = before;
                    assert!(set_switch(&mut switch, value.as_bytes()), "{value}");
                    assert_eq!(switch, on, "{value}");
                }
            }
        }
        for value in ["", "o", "ox", "2", "enable", "d", " 1", "-1"] {
            for before in [false, true] {
                let mut switch = before;
                assert!(!set_switch(&mut switch, value.as_bytes()), "{value}");
                assert_eq!(switch, before, "{value}");
            }
        }
    }

    #[test]
    fn quotes_around_values_and_words_are_taken_off() {
        let (params, unknown) = parse("kmem.cpus=\"4\" \"slab_min_order=1\" \"slab_min_objects=\"9\"");
        assert!(unknown.is_empty());
        assert_eq!((params.cpus, params.min_order, params.min_objects), (4, 1, 9));
        let (params, unknown) = parse("\"slab_nomerge slab_merge\" slab_nomerge\" \"");
        assert!(!params.nomerge);
        assert_eq!(unknown, [&b"\"slab_nomerge slab_merge\""[..], b"slab_nomerge\" \""]);
    }

    #[test]
    fn words_for_modules_are_theirs() {
        let (params, unknown) = parse("lru.capacity=4 kmem.huge=1 kmem.capacity=4");
        assert_eq!(params.huge_from, 0);
        assert_eq!(unknown, [b"kmem.capacity=4"]);
    }

    #[test]
    fn a_bad_value_leaves_the_one_before() {
        let (params, unknown) = parse("kmem.fault_seed=5 kmem.fault_seed=x kmem.cpus=3 kmem.cpus=0");
        assert_eq!((params.fault.seed, params.cpus), (Some(5), 3));
        assert_eq!(unknown, [b"kmem.fault_seed=x", &b"kmem.cpus=0"[..]]);
    }

    #[test]
    fn the_later_of_two_contradicting_orders_wins() {
        assert_eq!(parse("slab_min_order=5 slab_max_order=20").0.max_order, MAX_PAGE_ORDER);
        assert_eq!(parse("slab_min_order=5").0.max_order, 5);
        assert_eq!(parse("slab_min_order=5 slab_max_order=2").0.min_order, 2);
        assert_eq!(parse("slab_max_order=2 slab_min_order=5").0.max_order, 5);
    }
}
