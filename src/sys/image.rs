// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an address of the running program is: in which loaded file, in which function.
//!
//! The loader knows the files, and a file's own symbol table knows all its functions, static ones included,
//! unless it was stripped; then the loader is asked for the exported ones. Everything is read into
//! buffers on the stack, about six kilobytes: no malloc, which may be what the report is about.
//!
//! Takes the loader's lock for a moment. A thread inside dlopen holds it while constructors run, so whoever
//! names addresses while holding a lock that a constructor may want can deadlock: record addresses under
//! locks, name them afterwards.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ops::Range;
use core::ptr;

use crate::sys::elf::{self, Fingerprint, Source, Symbol};
use crate::sys::loader;
use crate::sys::symbols;
use crate::sys::thread::without_cancel;

/// Longest path of a loaded file that can be opened.
const PATH_MAX: usize = 1024;
/// The program itself, which the loader does not know by name.
const SELF: &CStr = c"/proc/self/exe";

/// What is known about an address.
pub(crate) struct Place<'a> {
    /// The loaded file, `None` if the address is in none.
    pub(crate) object: Option<Object<'a>>,
    /// The function (or variable), `None` if unknown.
    pub(crate) symbol: Option<Named<'a>>,
}

/// A loaded file.
pub(crate) struct Object<'a> {
    /// Its name without directories.
    pub(crate) name: &'a [u8],
    /// Whether it is the program, not a library.
    pub(crate) is_program: bool,
}

/// A symbol around an address.
pub(crate) struct Named<'a> {
    pub(crate) name: &'a [u8],
    /// Bytes from the symbol's start to the address.
    pub(crate) offset: usize,
    /// Bytes of the symbol.
    pub(crate) size: usize,
}

/// Finds out about `address` and hands the answer to `use_place`.
pub(crate) fn with_place<R>(address: usize, use_place: impl FnOnce(Place<'_>) -> R) -> R {
    // Files are read on the way, which is where a thread can be cancelled.
    without_cancel(|| look(address, use_place))
}

fn look<R>(address: usize, use_place: impl FnOnce(Place<'_>) -> R) -> R {
    let Some(mut loaded) = find_loaded(address) else {
        return use_place(Place { object: None, symbol: None });
    };
    let is_program = loaded.is_program;
    let errno = errno();
    let symbol = loaded.symbol().or_else(|| dynamic_symbol(address));
    // The program's name is asked for last: its path was needed as it is until here.
    let name = loaded.display_name();
    // A program that only gets a warning keeps its errno.
    set_errno(errno);
    let object = Object { name, is_program };
    let symbol = symbol.as_ref().map(|symbol| Named {
        name: symbol.name(),
        // The start is at or below the address, and both are addresses of this process: they fit.
        offset: (address as u64).wrapping_sub(symbol.start) as usize,
        size: symbol.size as usize,
    });
    use_place(Place { object: Some(object), symbol })
}

/// How far the loaded file that contains `address` was moved from the addresses in it. No two files have the
/// same.
pub(crate) fn base_of(address: usize) -> Option<usize> {
    find_loaded(address).map(|loaded| loaded.base)
}

/// The addresses of the loaded file that contains `address`, and whether it is the program.
pub(crate) fn extent_of(address: usize) -> Option<(Range<usize>, bool)> {
    find_loaded(address).map(|loaded| (loaded.extent, loaded.is_program))
}

/// Whose memory without the right to write, program text and string literals, an address lies in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constant {
    Nobodys,
    /// It goes when the library is unloaded.
    Librarys,
    /// It stays for ever.
    Programs,
}

/// Whether an address lies in a part of a loaded file that is mapped without the right to write. `None` where that cannot
/// be known.
pub(crate) fn constant(address: usize) -> Option<Constant> {
    const LIBRARYS: c_int = 1;
    const PROGRAMS: c_int = 2;
    unsafe extern "C" fn visit(info: *mut libc::dl_phdr_info, _size: usize, data: *mut c_void) -> c_int {
        // SAFETY: the loader passes a description that is valid for this call.
        let info = unsafe { &*info };
        let address = data.addr();
        if info.dlpi_phdr.is_null() {
            return 0;
        }
        // SAFETY: as in `visit` below.
        let headers = unsafe { core::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
        let vaddr = address.wrapping_sub(info.dlpi_addr as usize) as u64;
        let constant = |h: &libc::Elf64_Phdr| {
            h.p_type == libc::PT_LOAD
                && h.p_flags & libc::PF_W == 0
                && vaddr.wrapping_sub(h.p_vaddr) < h.p_memsz
        };
        if !headers.iter().any(constant) {
            return 0;
        }
        // SAFETY: the loader's name, when there is one, is NUL-terminated and valid for this call.
        let is_program = info.dlpi_name.is_null() || unsafe { CStr::from_ptr(info.dlpi_name) }.is_empty();
        if is_program { PROGRAMS } else { LIBRARYS }
    }
    let _under_way = loader::visit()?;
    // SAFETY: the visitor has the type that the loader expects, and takes its argument for a number.
    match unsafe { libc::dl_iterate_phdr(Some(visit), ptr::without_provenance_mut(address)) } {
        PROGRAMS => Some(Constant::Programs),
        LIBRARYS => Some(Constant::Librarys),
        _ => Some(Constant::Nobodys),
    }
}

fn errno() -> c_int {
    // SAFETY: __errno_location has no preconditions.
    let place = unsafe { libc::__errno_location() };
    // SAFETY: the C library gives every thread a valid errno.
    unsafe { *place }
}

fn set_errno(errno: c_int) {
    // SAFETY: __errno_location has no preconditions.
    let place = unsafe { libc::__errno_location() };
    // SAFETY: the C library gives every thread a valid errno.
    unsafe { *place = errno };
}

/// A loaded file as the loader describes it.
struct Loaded {
    address: usize,
    found: bool,
    base: usize,
    extent: Range<usize>,
    /// How often a library had been unloaded.
    unloads: u64,
    is_program: bool,
    fingerprint: Fingerprint,
    path: [u8; PATH_MAX],
    path_len: usize,
}

fn find_loaded(address: usize) -> Option<Loaded> {
    let mut loaded = Loaded {
        address,
        found: false,
        base: 0,
        extent: 0..0,
        unloads: 0,
        is_program: false,
        fingerprint: Fingerprint::new(),
        path: [0; PATH_MAX],
        path_len: 0,
    };
    let under_way = loader::visit()?;
    // SAFETY: the visitor has the type that the loader expects, and `loaded` outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(visit), (&raw mut loaded).cast()) };
    drop(under_way);
    loaded.found.then_some(loaded)
}

unsafe extern "C" fn visit(info: *mut libc::dl_phdr_info, size: usize, data: *mut c_void) -> c_int {
    // SAFETY: the loader passes a description that is valid for this call.
    let info = unsafe { &*info };
    // SAFETY: `data` is the `loaded` of `find_loaded`, which nobody else uses during the call.
    let loaded = unsafe { &mut *data.cast::<Loaded>() };
    if info.dlpi_phdr.is_null() {
        return 0;
    }
    // SAFETY: the loader's description says how many headers there are, and they are mapped as long as it is.
    let headers = unsafe { core::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
    let base = info.dlpi_addr as usize;
    let vaddr = loaded.address.wrapping_sub(base) as u64;
    let here = headers.iter().any(|h| h.p_type == libc::PT_LOAD && vaddr.wrapping_sub(h.p_vaddr) < h.p_memsz);
    if !here {
        return 0;
    }
    loaded.found = true;
    loaded.base = base;
    if size >= size_of::<libc::dl_phdr_info>() {
        loaded.unloads = info.dlpi_subs;
    }
    let segments = || headers.iter().filter(|header| header.p_type == libc::PT_LOAD);
    let start = segments().map(|header| header.p_vaddr).min().unwrap_or(0);
    let end = segments().map(|header| header.p_vaddr + header.p_memsz).max().unwrap_or(0);
    loaded.extent = base.wrapping_add(start as usize)..base.wrapping_add(end as usize);
    // SAFETY: program headers are plain integers without padding, so their bytes can be read.
    let bytes = unsafe { core::slice::from_raw_parts(info.dlpi_phdr.cast::<u8>(), size_of_val(headers)) };
    loaded.fingerprint.add(bytes);
    // SAFETY: the loader's name, when there is one, is NUL-terminated and valid for this call.
    let name = if info.dlpi_name.is_null() { c"" } else { unsafe { CStr::from_ptr(info.dlpi_name) } };
    loaded.is_program = name.is_empty();
    loaded.set_path(if loaded.is_program { SELF } else { name }.to_bytes());
    1
}

impl Loaded {
    /// Keeps a path together with a NUL; one that is too long is dropped, and then no file opens.
    fn set_path(&mut self, path: &[u8]) {
        let path = if path.len() < self.path.len() { path } else { b"" };
        for (to, from) in self.path.iter_mut().zip(path.iter().chain(&[0])) {
            *to = *from;
        }
        self.path_len = path.len();
    }

    /// The symbol in the file's own table, relocated.
    fn symbol(&self) -> Option<Symbol> {
        symbols::get(self.address, self.unloads).or_else(|| {
            let symbol = self.read_symbol()?;
            symbols::put(self.address, self.unloads, &symbol);
            Some(symbol)
        })
    }

    fn read_symbol(&self) -> Option<Symbol> {
        let file = File::open(CStr::from_bytes_until_nul(&self.path).ok()?)?;
        let mut symbol =
            elf::find_symbol(&file, self.fingerprint, self.address.wrapping_sub(self.base) as u64)?;
        symbol.start = symbol.start.wrapping_add(self.base as u64);
        Some(symbol)
    }

    /// The file's name without directories.
    fn display_name(&mut self) -> &[u8] {
        if self.is_program {
            // SAFETY: the path is NUL-terminated and the buffer as long as said.
            let n = unsafe { libc::readlink(SELF.as_ptr(), self.path.as_mut_ptr().cast(), self.path.len()) };
            self.path_len = usize::try_from(n).unwrap_or(0);
        }
        let path = self.path.get(..self.path_len).unwrap_or(&[]);
        // What the kernel adds when the file is gone.
        let path = path.strip_suffix(b" (deleted)").unwrap_or(path);
        path.rsplit(|byte| *byte == b'/').next().unwrap_or(&[])
    }
}

/// The exported symbol that the loader knows around an address. It only names a symbol that contains it.
#[cfg(target_env = "gnu")]
fn dynamic_symbol(address: usize) -> Option<Symbol> {
    unsafe extern "C" {
        fn dladdr1(
            at: *const c_void,
            info: *mut libc::Dl_info,
            extra: *mut *mut c_void,
            flags: c_int,
        ) -> c_int;
    }
    const RTLD_DL_SYMENT: c_int = 1;
    let mut info = libc::Dl_info {
        dli_fname: ptr::null(),
        dli_fbase: ptr::null_mut(),
        dli_sname: ptr::null(),
        dli_saddr: ptr::null_mut(),
    };
    let mut entry: *mut c_void = ptr::null_mut();
    // SAFETY: both answers have valid places; the address is only compared.
    let found =
        unsafe { dladdr1(ptr::without_provenance(address), &raw mut info, &raw mut entry, RTLD_DL_SYMENT) };
    let name: *const c_char = info.dli_sname;
    if found == 0 || name.is_null() || entry.is_null() {
        return None;
    }
    // SAFETY: with RTLD_DL_SYMENT and a name, `entry` is the symbol's entry in the loaded file's table.
    let entry = unsafe { &*entry.cast::<libc::Elf64_Sym>() };
    // SAFETY: the name is a string in the loaded file.
    let name = unsafe { CStr::from_ptr(name) };
    Some(Symbol::new(info.dli_saddr.addr() as u64, entry.st_size, name.to_bytes()))
}

/// Other C libraries name the nearest symbol however far away it is, and do not say its size: no name is
/// better than a wrong one.
#[cfg(not(target_env = "gnu"))]
fn dynamic_symbol(_address: usize) -> Option<Symbol> {
    None
}

/// A file open for reading. Read with system calls, not mapped: if somebody cuts the file short meanwhile, a
/// read fails, but a mapping would kill the process.
struct File(c_int);

impl File {
    fn open(path: &CStr) -> Option<Self> {
        if path.is_empty() {
            return None;
        }
        // O_NONBLOCK: should a pipe have taken the file's place, do not wait for its other end.
        let flags = libc::O_RDONLY | libc::O_CLOEXEC | libc::O_NOCTTY | libc::O_NONBLOCK;
        // SAFETY: the path is NUL-terminated.
        let fd = unsafe { libc::open(path.as_ptr(), flags) };
        (fd >= 0).then_some(Self(fd))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: the descriptor is ours, and used for the last time.
        unsafe { libc::close(self.0) };
    }
}

impl Source for File {
    fn read(&self, mut offset: u64, mut into: &mut [u8]) -> bool {
        while !into.is_empty() {
            let Ok(at) = libc::off_t::try_from(offset) else { return false };
            // SAFETY: the slice is writable over its length.
            let n = unsafe { libc::pread(self.0, into.as_mut_ptr().cast(), into.len(), at) };
            let n = match usize::try_from(n) {
                Ok(0) => return false,
                Ok(n) => n,

                Err(_) => return false,
            };
            offset = offset.saturating_add(n as u64);
            into = into.get_mut(n..).unwrap_or_default();
        }
        true
    }
}

#[cfg(test)]
#[path = "image_test.rs"]
mod test;
