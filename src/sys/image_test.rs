// SPDX-License-Identifier: MIT OR Apache-2.0
#![allow(clippy::disallowed_types, reason = "tests use the ordinary heap")]

use super::*;

#[inline(never)]
extern "C" fn private_function() -> usize {
    std::hint::black_box(1)
}

/// A symbol's name, the offset in it, its size.
type Copied = (Vec<u8>, usize, usize);

/// What is said about an address, copied: file, symbol, whether the file is the program.
fn ask(address: usize) -> (Option<Vec<u8>>, Option<Copied>, bool) {
    with_place(address, |place| {
        let is_program = place.object.as_ref().is_some_and(|object| object.is_program);
        let symbol = place.symbol.map(|s| (s.name.to_vec(), s.offset, s.size));
        (place.object.map(|object| object.name.to_vec()), symbol, is_program)
    })
}

#[test]
fn names_a_private_function_of_the_program() {
    let start = private_function as extern "C" fn() -> usize as usize;
    let (object, symbol, is_program) = ask(start + 1);
    let program = std::env::current_exe().unwrap();
    assert_eq!(object.as_deref(), program.file_name().map(std::ffi::OsStr::as_encoded_bytes));
    assert!(is_program);
    let (name, offset, size) = symbol.unwrap();
    assert!(name.windows(16).any(|part| part == b"private_function"), "{}", name.escape_ascii());
    assert_eq!(offset, 1);
    assert!(size > 1);
}

#[test]
fn names_a_function_of_a_library() {
    let (object, symbol, is_program) = ask(libc::getpid as unsafe extern "C" fn() -> i32 as usize);
    assert!(object.is_some_and(|name| name.starts_with(b"libc.") || name.starts_with(b"ld-musl")));
    assert!(!is_program);
    assert!(symbol.is_some_and(|(name, offset, _)| name.ends_with(b"getpid") && offset == 0));
}

#[test]
fn knows_the_vdso() {
    // SAFETY: getauxval has no preconditions.
    let vdso = unsafe { libc::getauxval(libc::AT_SYSINFO_EHDR) } as usize;
    if vdso != 0 {
        assert_eq!(ask(vdso).0.as_deref(), Some(b"linux-vdso.so.1".as_slice()));
    }
}

#[test]
fn knows_nothing_about_data_and_nonsense() {
    let local = 0u8;
    for address in [0, 1, 4096, usize::MAX, (&raw const local).addr()] {
        assert_eq!(ask(address), (None, None, false), "{address:#x}");
    }
}

#[test]
fn keeps_errno() {
    set_errno(12345);
    ask(keeps_errno as fn() as usize);
    assert_eq!(errno(), 12345);
}

#[test]
fn drops_a_path_that_is_too_long() {
    let mut loaded = find_loaded(keeps_errno as fn() as usize).unwrap();
    loaded.set_path(&[b'a'; PATH_MAX]);
    assert_eq!(loaded.path_len, 0);
    loaded.set_path(b"/lib/x.so.1");
    loaded.is_program = false;
    assert_eq!(loaded.display_name(), b"x.so.1");
}
