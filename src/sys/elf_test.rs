// SPDX-License-Identifier: MIT OR Apache-2.0
#![allow(clippy::disallowed_types, reason = "tests use the ordinary heap")]

use super::*;

/// A file in memory.
struct Image(Vec<u8>);

impl Source for Image {
    fn read(&self, offset: u64, into: &mut [u8]) -> bool {
        let bytes = usize::try_from(offset).ok().and_then(|at| self.0.get(at..)?.get(..into.len()));
        bytes.is_some_and(|bytes| {
            into.copy_from_slice(bytes);
            true
        })
    }
}

const NAMES_AT: u64 = 64 + 56;
const SYMBOLS_AT: u64 = NAMES_AT + 64;
const SECTIONS_AT: u64 = SYMBOLS_AT + 24 * 8;

fn put(bytes: &mut [u8], at: u64, value: &[u8]) {
    let at = usize::try_from(at).unwrap();
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// A file with one program header, a string table and a symbol table of `(name offset, info, start, size)`.
fn file(symbols: &[(u32, u8, u64, u64)]) -> Image {
    let mut bytes = vec![0; usize::try_from(SECTIONS_AT).unwrap() + 3 * 64];
    put(&mut bytes, 0, b"\x7fELF\x02\x01\x01");
    put(&mut bytes, 32, &64u64.to_le_bytes());
    put(&mut bytes, 40, &SECTIONS_AT.to_le_bytes());
    put(&mut bytes, 54, &56u16.to_le_bytes());
    put(&mut bytes, 56, &1u16.to_le_bytes());
    put(&mut bytes, 58, &64u16.to_le_bytes());
    put(&mut bytes, 60, &3u16.to_le_bytes());
    put(&mut bytes, NAMES_AT, b"\0outer\0inner\0alias\0_alias\0");
    for (i, (name, info, start, size)) in symbols.iter().enumerate() {
        let at = SYMBOLS_AT + 24 * i as u64;
        put(&mut bytes, at, &name.to_le_bytes());
        put(&mut bytes, at + 4, &[*info, 0, 1, 0]);
        put(&mut bytes, at + 8, &start.to_le_bytes());
        put(&mut bytes, at + 16, &size.to_le_bytes());
    }
    let sections = [(SHT_STRTAB, NAMES_AT, 64, 0), (SHT_SYMTAB, SYMBOLS_AT, 24 * symbols.len() as u64, 1)];
    for (i, (kind, at, size, link)) in sections.into_iter().enumerate() {
        let header = SECTIONS_AT + 64 * (i as u64 + 1);
        put(&mut bytes, header + 4, &kind.to_le_bytes());
        put(&mut bytes, header + 24, &at.to_le_bytes());
        put(&mut bytes, header + 32, &u64::to_le_bytes(size));
        put(&mut bytes, header + 40, &u32::to_le_bytes(link));
    }
    Image(bytes)
}

/// What the loader would have found in memory.
fn loaded(file: &Image) -> Fingerprint {
    let mut sum = Fingerprint::new();
    sum.add(file.0.get(64..64 + 56).unwrap_or(&[]));
    sum
}

const LOCAL_FUNCTION: u8 = 0x02;
const GLOBAL_FUNCTION: u8 = 0x12;

fn sample() -> Image {
    file(&[
        (0, 0, 0, 0),
        (1, LOCAL_FUNCTION, 0x1000, 0x100),
        (7, LOCAL_FUNCTION, 0x1040, 0x10),
        (1, 0x03, 0x1040, 0x10),
        (19, GLOBAL_FUNCTION, 0x2000, 0x10),
        (13, GLOBAL_FUNCTION, 0x2000, 0x10),
        (19, GLOBAL_FUNCTION, 0x2000, 0x10),
        (1, LOCAL_FUNCTION, 0x2000, 0x10),
    ])
}

#[test]
fn finds_the_innermost_symbol() {
    let file = sample();
    let at =
        |address| find_symbol(&file, loaded(&file), address).map(|s| (s.name().to_vec(), s.start, s.size));
    assert_eq!(at(0x1000), Some((b"outer".to_vec(), 0x1000, 0x100)));
    assert_eq!(at(0x103f), Some((b"outer".to_vec(), 0x1000, 0x100)));
    assert_eq!(at(0x1041), Some((b"inner".to_vec(), 0x1040, 0x10)));
    assert_eq!(at(0x10ff), Some((b"outer".to_vec(), 0x1000, 0x100)));
    assert_eq!(
        at(0x2008),
        Some((b"alias".to_vec(), 0x2000, 0x10)),
        "global before local, plain before underscore"
    );
    assert_eq!(at(0xfff), None);
    assert_eq!(at(0x1100), None);
    assert_eq!(at(u64::MAX), None);
}

#[test]
fn refuses_a_file_that_is_not_the_loaded_one() {
    let file = sample();
    assert!(find_symbol(&file, Fingerprint::new(), 0x1000).is_none());
}

#[test]
fn survives_truncation_at_every_byte() {
    let whole = sample();
    for len in 0..whole.0.len() {
        let cut = Image(whole.0[..len].to_vec());
        assert!(find_symbol(&cut, loaded(&whole), 0x1000).is_none(), "cut at {len}");
    }
}

#[test]
fn survives_extreme_values_in_every_field() {
    let whole = sample();
    for at in 0..whole.0.len() {
        for value in [0x00, 0x7f, 0x80, 0xff] {
            for width in [1, 2, 4, 8] {
                let mut bytes = whole.0.clone();
                bytes.iter_mut().skip(at).take(width).for_each(|byte| *byte = value);
                let broken = Image(bytes);
                // The answer may be any; it must come, and soon.
                let _ = find_symbol(&broken, loaded(&broken), 0x1000);
                let _ = find_symbol(&broken, loaded(&broken), u64::MAX);
            }
        }
    }
}

#[test]
fn survives_random_bytes() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..20_000 {
        let mut bytes = sample().0;
        for _ in 0..random() % 12 {
            let at = usize::try_from(random() % bytes.len() as u64).unwrap();
            bytes[at] = random().to_le_bytes()[3];
        }
        let broken = Image(bytes);
        let _ = find_symbol(&broken, loaded(&broken), 0x1000 + random() % 0x1100);
    }
}

#[test]
fn cuts_long_names() {
    let long = [b'x'; NAME_MAX + 10];
    assert_eq!(Symbol::new(0, 1, &long).name().len(), NAME_MAX);
}
