// SPDX-License-Identifier: MIT OR Apache-2.0
//! The symbol table of an ELF file, read piece by piece into small buffers on the stack.
//!
//! The file is untrusted: every offset comes from it, so every read is checked by the source, sums saturate,
//! and loops are bounded by limits of ours. A file that makes no sense has no symbols. Both target
//! architectures are 64-bit little-endian; other files are refused.

use core::cmp::Ordering;

/// Where the file's bytes come from.
pub(crate) trait Source {
    /// Fills `into` with the bytes at `offset`; `false` if not all of them exist.
    fn read(&self, offset: u64, into: &mut [u8]) -> bool;
}

/// Longest symbol name kept; the rest is cut off.
const NAME_MAX: usize = 256;
/// Most symbols looked at in one table, four times what a web browser has.
const SYMBOLS_MAX: u64 = 1 << 22;

const HEADER: usize = 64;
const PROGRAM_HEADER: usize = 56;
const SECTION_HEADER: usize = 64;
const SYMBOL: usize = 24;
/// Symbols read at a time, three kilobytes.
const CHUNK: usize = 128;

const SHT_SYMTAB: u32 = 2;
const SHT_STRTAB: u32 = 3;
const SHT_DYNSYM: u32 = 11;

/// A symbol that contains the address asked for.
#[derive(Clone)]
pub(crate) struct Symbol {
    /// Its first address, not relocated.
    pub(crate) start: u64,
    /// Bytes.
    pub(crate) size: u64,
    name: [u8; NAME_MAX],
    name_len: usize,
}

impl Symbol {
    pub(crate) fn new(start: u64, size: u64, name: &[u8]) -> Self {
        let mut kept = [0; NAME_MAX];
        for (to, from) in kept.iter_mut().zip(name) {
            *to = *from;
        }
        Self { start, size, name: kept, name_len: name.len().min(NAME_MAX) }
    }

    pub(crate) fn name(&self) -> &[u8] {
        self.name.get(..self.name_len).unwrap_or(&[])
    }
}

/// The symbol of `file` that contains `address` (not relocated). The full table is asked first, since only
/// that one has static functions; a stripped file has just the dynamic one.
///
/// `fingerprint` is that of the program headers in memory: a file that was replaced since it was loaded has
/// other ones, and its symbols would be wrong.
pub(crate) fn find_symbol(file: &impl Source, fingerprint: Fingerprint, address: u64) -> Option<Symbol> {
    let header = Header::read(file)?;
    if header.fingerprint(file)? != fingerprint {
        return None;
    }
    [SHT_SYMTAB, SHT_DYNSYM].into_iter().find_map(|kind| {
        let table = header.sections(file).find(|section| section.kind == kind)?;
        let names = header.section(file, table.link)?;
        if names.kind != SHT_STRTAB { None } else { table.find(file, &names, address) }
    })
}

/// A number that tells program header tables apart (64-bit FNV-1a over their bytes).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

/// What we need of the file header.
struct Header {
    programs_at: u64,
    programs: u16,
    sections_at: u64,
    sections: u16,
}

impl Header {
    fn read(file: &impl Source) -> Option<Self> {
        let mut bytes = [0; HEADER];
        let good = file.read(0, &mut bytes)
            && bytes.starts_with(b"\x7fELF\x02\x01")
            && u16_at(&bytes, 54)? == PROGRAM_HEADER as u16
            && u16_at(&bytes, 58)? == SECTION_HEADER as u16;
        good.then_some(())?;
        Some(Self {
            programs_at: u64_at(&bytes, 32)?,
            programs: u16_at(&bytes, 56)?,
            sections_at: u64_at(&bytes, 40)?,
            sections: u16_at(&bytes, 60)?,
        })
    }

    fn fingerprint(&self, file: &impl Source) -> Option<Fingerprint> {
        let mut sum = Fingerprint::new();
        for i in 0..self.programs {
            let mut bytes = [0; PROGRAM_HEADER];
            let at = self.programs_at.saturating_add(u64::from(i) * PROGRAM_HEADER as u64);
            file.read(at, &mut bytes).then_some(())?;
            sum.add(&bytes);
        }
        Some(sum)
    }

    fn section(&self, file: &impl Source, index: u32) -> Option<Section> {
        if index >= u32::from(self.sections) {
            return None;
        }
        let mut bytes = [0; SECTION_HEADER];
        let at = self.sections_at.saturating_add(u64::from(index) * SECTION_HEADER as u64);
        file.read(at, &mut bytes).then_some(())?;
        Some(Section {
            kind: u32_at(&bytes, 4)?,
            at: u64_at(&bytes, 24)?,
            size: u64_at(&bytes, 32)?,
            link: u32_at(&bytes, 40)?,
        })
    }

    fn sections<'a>(&'a self, file: &'a impl Source) -> impl Iterator<Item = Section> + 'a {
        (0..u32::from(self.sections)).map_while(move |i| self.section(file, i))
    }
}

struct Section {
    kind: u32,
    /// Offset in the file.
    at: u64,
    /// Bytes.
    size: u64,
    /// For a symbol table: the index of the section that has the names.
    link: u32,
}

impl Section {
    /// Searches this symbol table. Of several symbols that contain the address, the innermost counts; of
    /// several names for one place the one with the widest visibility, then one that begins without an
    /// underscore (`printf`, not `_IO_printf`).
    fn find(&self, file: &impl Source, names: &Section, address: u64) -> Option<Symbol> {
        let mut best: Option<Entry> = None;
        let mut at = self.at;
        let mut left = (self.size / SYMBOL as u64).min(SYMBOLS_MAX);
        let mut buffer = [0; CHUNK * SYMBOL];
        while left > 0 {
            let count = left.min(CHUNK as u64);
            let bytes = count * SYMBOL as u64;
            let chunk = buffer.get_mut(..usize::try_from(bytes).ok()?)?;
            if !file.read(at, chunk) {
                break;
            }
            for entry in chunk.chunks_exact(SYMBOL).filter_map(Entry::parse) {
                if entry.contains(address)
                    && best.as_ref().is_none_or(|best| entry.is_better(best, file, names))
                {
                    best = Some(entry);
                }
            }
            at = at.saturating_add(bytes);
            left -= count;
        }
        let best = best?;
        let name_at = u64::from(best.name);
        let room = names.size.checked_sub(name_at)?.min(NAME_MAX as u64);
        let mut name = [0; NAME_MAX];
        let name = name.get_mut(..usize::try_from(room).ok()?)?;
        file.read(names.at.saturating_add(name_at), name).then_some(())?;
        let name = name.split(|byte| *byte == 0).next().filter(|name| !name.is_empty())?;
        Some(Symbol::new(best.start, best.size, name))
    }
}

/// One entry of a symbol table.
struct Entry {
    name: u32,
    binding: u8,
    start: u64,
    size: u64,
}

impl Entry {
    /// Keeps functions (indirect and hand-written ones too) and variables that are defined and have a size.
    fn parse(bytes: &[u8]) -> Option<Self> {
        const NOTYPE: u8 = 0;
        const OBJECT: u8 = 1;
        const FUNC: u8 = 2;
        const GNU_IFUNC: u8 = 10;
        let info = *bytes.get(4)?;
        let defined = u16_at(bytes, 6)? != 0;
        let entry = Self {
            name: u32_at(bytes, 0)?,
            binding: info >> 4,
            start: u64_at(bytes, 8)?,
            size: u64_at(bytes, 16)?,
        };
        let wanted = matches!(info & 0xf, NOTYPE | OBJECT | FUNC | GNU_IFUNC);
        (wanted && defined && entry.size > 0 && entry.name != 0).then_some(entry)
    }

    fn contains(&self, address: u64) -> bool {
        address.checked_sub(self.start).is_some_and(|offset| offset < self.size)
    }

    /// Greater is better. Bindings are local 0, global 1, weak 2, others by name only.
    fn rank(&self) -> (u64, u8) {
        let visibility = match self.binding {
            1 => 2,
            2 => 1,
            _ => 0,
        };
        (self.start, visibility)
    }

    fn is_better(&self, other: &Self, file: &impl Source, names: &Section) -> bool {
        let plain = |entry: &Self| {
            let mut first = [b'_'];
            file.read(names.at.saturating_add(entry.name.into()), &mut first) && first != [b'_']
        };
        match self.rank().cmp(&other.rank()) {
            Ordering::Less => false,
            Ordering::Equal => plain(self) && !plain(other),
            Ordering::Greater => true,
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|b| u16::from_le_bytes(*b))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|b| u64::from_le_bytes(*b))
}

#[cfg(test)]
#[path = "elf_test.rs"]
mod test;
