// SPDX-License-Identifier: MIT OR Apache-2.0
//! Unwind tables: how to get from a call to its caller, as compilers write it down (`.eh_frame`).
//!
//! Of the format (DWARF's call frame information) this reads what matters here: where the frame of the caller begins,
//! and where the return address and the frame pointer were saved. What it does not understand is unknown, and ends
//! a walk. Pure: bytes in, a rule out. All reads are checked against the segment that the bytes come from.

/// What a register was at the call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Saved {
    /// Not touched.
    Same,
    /// In memory, so many bytes from the frame's beginning.
    At(i64),
    /// Lost on purpose; a lost return address marks the outermost function.
    Gone,
    /// Somewhere that takes more to find.
    Elsewhere,
}

/// How to get from a call to its caller. Distances in bytes, multiples of a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rule {
    Caller {
        /// Whether the caller's frame is found from the frame pointer, not from the stack pointer.
        by_frame_pointer: bool,
        /// From that register to the caller's frame.
        frame: usize,
        /// Down from there to the return address.
        return_address: usize,
        /// And to the caller's frame pointer; 0 if that is still in its register.
        frame_pointer: usize,
    },
    /// Nobody called this function.
    Outermost,
    /// Not described in a way that is understood here.
    Unknown,
}

/// The numbers of the registers that matter, and the return address's column.
pub(super) struct Columns {
    pub(super) stack_pointer: u64,
    pub(super) frame_pointer: u64,
    pub(super) return_address: u64,
}

#[cfg(not(target_arch = "aarch64"))]
pub(super) const COLUMNS: Columns = Columns { stack_pointer: 7, frame_pointer: 6, return_address: 16 };
#[cfg(target_arch = "aarch64")]
pub(super) const COLUMNS: Columns = Columns { stack_pointer: 31, frame_pointer: 29, return_address: 30 };

/// Bytes of a word, the unit of distances.
const WORD: i64 = 8;
/// Largest frame that is believed.
const MAX_FRAME: i64 = 8 << 20;
/// Farthest place of a saved register from the frame's beginning.
const MAX_SAVED: i64 = 64 << 10;
/// Nested `remember_state` at most.
const DEPTH: usize = 4;

/// Reads forward through bytes whose address in memory is known.
#[derive(Clone, Copy)]
struct Reader<'a> {
    bytes: &'a [u8],
    address: usize,
    at: usize,
}

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(N)?)?;
        self.at += N;
        bytes.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_ne_bytes)
    }

    fn leb(&mut self) -> Option<(u64, u32, bool)> {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            if shift < u64::BITS {
                value |= u64::from(byte & 0x7f) << shift;
            }
            shift += 7;
            if byte & 0x80 == 0 {
                return Some((value, shift, byte & 0x40 != 0));
            }
        }
    }

    fn unsigned(&mut self) -> Option<u64> {
        self.leb().map(|(value, ..)| value)
    }

    fn signed(&mut self) -> Option<i64> {
        let (value, shift, negative) = self.leb()?;
        let extension = if negative && shift < u64::BITS { u64::MAX << shift } else { 0 };
        Some((value | extension) as i64)
    }

    /// A pointer in one of the encodings that exception tables use. `data` is what data-relative ones count from.
    fn encoded(&mut self, encoding: u8, data: usize) -> Option<usize> {
        let base = match encoding & 0xf0 {
            0x00 => 0,
            0x10 => self.address.wrapping_add(self.at),
            0x30 => data,
            _ => return None,
        };
        let value = match encoding & 0x0f {
            0x00 | 0x04 | 0x0c => u64::from_ne_bytes(self.take()?),
            0x01 => self.unsigned()?,
            0x02 => u64::from(u16::from_ne_bytes(self.take()?)),
            0x03 => u64::from(self.u32()?),
            0x09 => self.signed()? as u64,
            0x0a => i64::from(i16::from_ne_bytes(self.take()?)) as u64,
            0x0b => i64::from(i32::from_ne_bytes(self.take()?)) as u64,
            _ => return None,
        };
        Some(base.wrapping_add(value as usize))
    }

    fn skip(&mut self, bytes: u64) -> Option<()> {
        self.at = self.at.checked_add(usize::try_from(bytes).ok()?)?;
        Some(())
    }

    /// The same bytes from an address on.
    fn seek(&self, address: usize) -> Option<Reader<'a>> {
        let at = address.checked_sub(self.address).filter(|at| *at < self.bytes.len())?;
        Some(Reader { at, ..*self })
    }

    /// An entry of `.eh_frame`: what follows its length, up to its end.
    fn entry(mut self) -> Option<Reader<'a>> {
        let length = self.u32().filter(|length| *length != 0 && *length != u32::MAX)?;
        let bytes = self.bytes.get(..self.at.checked_add(length as usize)?)?;
        Some(Reader { bytes, ..self })
    }

    fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

/// What a common entry says for the functions that refer to it.
struct Common<'a> {
    code_unit: u64,
    data_unit: i64,
    pointer_encoding: u8,
    has_augmentation: bool,
    program: Reader<'a>,
}

fn common(entry: Reader<'_>) -> Option<Common<'_>> {
    let mut read = entry;
    let (id, version) = (read.u32()?, read.byte()?);
    if id != 0 || !matches!(version, 1 | 3) {
        return None;
    }
    let mut letters = read;
    while read.byte()? != 0 {}
    let (code_unit, data_unit) = (read.unsigned()?, read.signed()?);
    let column = if version == 1 { read.byte()?.into() } else { read.unsigned()? };
    if column != COLUMNS.return_address {
        return None;
    }
    let (mut pointer_encoding, mut has_augmentation, mut program) = (0, false, read);
    loop {
        match letters.byte()? {
            0 => break,
            b'z' => {
                let length = read.unsigned()?;
                (has_augmentation, program) = (true, read);
                program.skip(length)?;
            }
            b'R' => pointer_encoding = read.byte()?,
            b'L' => {
                read.byte()?;
            }
            b'P' => {
                let encoding = read.byte()?;
                read.encoded(encoding & 0x0f, 0)?;
            }
            // Return addresses are signed with the other key: they are stripped in the same way.
            b'B' => {}
            // A signal's frame says where it keeps registers in ways that are not read here; others are unknown.
            _ => return None,
        }
    }
    Some(Common { code_unit, data_unit, pointer_encoding, has_augmentation, program })
}

/// The state that the instructions of a table build up: where things are for one range of code.
#[derive(Clone, Copy)]
struct State {
    /// Register and offset that give the beginning of the caller's frame; `None` if an expression does.
    frame: Option<(u64, i64)>,
    return_address: Saved,
    frame_pointer: Saved,
}

struct Machine<'a> {
    unit: &'a Common<'a>,
    state: State,
    initial: State,
    remembered: [State; DEPTH],
    depth: usize,
}

impl Machine<'_> {
    fn set(&mut self, column: u64, saved: Saved) {
        if column == COLUMNS.return_address {
            self.state.return_address = saved;
        } else if column == COLUMNS.frame_pointer {
            self.state.frame_pointer = saved;
        }
    }

    fn restore(&mut self, column: u64) {
        self.set(
            column,
            if column == COLUMNS.return_address {
                self.initial.return_address
            } else {
                self.initial.frame_pointer
            },
        );
    }

    fn scaled(&self, factored: i64) -> i64 {
        factored.wrapping_mul(self.unit.data_unit)
    }

    /// Runs instructions until those for code beyond `target` begin; `None` when one is not understood.
    fn run(&mut self, mut read: Reader<'_>, mut location: usize, target: usize) -> Option<()> {
        while !read.is_empty() {
            let op = read.byte()?;
            let low = u64::from(op & 0x3f);
            let mut advance = None;
            match op >> 6 {
                1 => advance = Some(low),
                2 => {
                    let offset = self.scaled(read.unsigned()? as i64);
                    self.set(low, Saved::At(offset));
                }
                3 => self.restore(low),
                _ => match op {
                    0x00 => {}
                    0x01 => {
                        let to = read.encoded(self.unit.pointer_encoding, 0)?;
                        if to > target {
                            return Some(());
                        }
                        location = to;
                    }
                    0x02 => advance = Some(read.byte()?.into()),
                    0x03 => advance = Some(u16::from_ne_bytes(read.take()?).into()),
                    0x04 => advance = Some(read.u32()?.into()),
                    0x05 => {
                        let (column, offset) = (read.unsigned()?, read.unsigned()? as i64);
                        self.set(column, Saved::At(self.scaled(offset)));
                    }
                    0x06 => {
                        let column = read.unsigned()?;
                        self.restore(column);
                    }
                    0x07 => {
                        let column = read.unsigned()?;
                        self.set(column, Saved::Gone);
                    }
                    0x08 => {
                        let column = read.unsigned()?;
                        self.set(column, Saved::Same);
                    }
                    0x09 => {
                        let column = read.unsigned()?;
                        read.unsigned()?;
                        self.set(column, Saved::Elsewhere);
                    }
                    0x0a => {
                        *self.remembered.get_mut(self.depth)? = self.state;
                        self.depth += 1;
                    }
                    0x0b => {
                        self.depth = self.depth.checked_sub(1)?;
                        self.state = *self.remembered.get(self.depth)?;
                    }
                    0x0c => self.state.frame = Some((read.unsigned()?, read.unsigned()? as i64)),
                    0x0d => self.state.frame = Some((read.unsigned()?, self.state.frame?.1)),
                    0x0e => self.state.frame = Some((self.state.frame?.0, read.unsigned()? as i64)),
                    0x0f => {
                        let length = read.unsigned()?;
                        read.skip(length)?;
                        self.state.frame = None;
                    }
                    0x10 | 0x16 => {
                        let (column, length) = (read.unsigned()?, read.unsigned()?);
                        read.skip(length)?;
                        self.set(column, Saved::Elsewhere);
                    }
                    0x11 => {
                        let (column, offset) = (read.unsigned()?, read.signed()?);
                        self.set(column, Saved::At(self.scaled(offset)));
                    }
                    0x12 => {
                        let (column, offset) = (read.unsigned()?, read.signed()?);
                        self.state.frame = Some((column, self.scaled(offset)));
                    }
                    0x13 => {
                        let offset = read.signed()?;
                        self.state.frame = Some((self.state.frame?.0, self.scaled(offset)));
                    }
                    0x14 | 0x15 => {
                        let column = read.unsigned()?;
                        read.unsigned()?;
                        self.set(column, Saved::Elsewhere);
                    }
                    // Whether return addresses are signed from here on; they are stripped in any case.
                    0x2d => {}
                    // The size of arguments on the stack, which the frame's rule contains.
                    0x2e => {
                        read.unsigned()?;
                    }
                    _ => return None,
                },
            }
            if let Some(units) = advance {
                location = location.wrapping_add(units.wrapping_mul(self.unit.code_unit) as usize);
                if location > target {
                    return Some(());
                }
            }
        }
        Some(())
    }

    fn rule(&self) -> Rule {
        if self.state.return_address == Saved::Gone {
            return Rule::Outermost;
        }
        self.caller().unwrap_or(Rule::Unknown)
    }

    fn caller(&self) -> Option<Rule> {
        let (register, offset) = self.state.frame?;
        let by_frame_pointer = register == COLUMNS.frame_pointer;
        if !by_frame_pointer && register != COLUMNS.stack_pointer {
            return None;
        }
        let frame = usize::try_from(offset).ok().filter(|_| offset <= MAX_FRAME && offset % WORD == 0)?;
        let below = |saved: i64| {
            let valid = (-MAX_SAVED..0).contains(&saved) && saved % WORD == 0;
            valid.then_some(saved.unsigned_abs() as usize)
        };
        let Saved::At(return_address) = self.state.return_address else { return None };
        let frame_pointer = match self.state.frame_pointer {
            Saved::Same => 0,
            Saved::At(saved) => below(saved)?,
            Saved::Gone | Saved::Elsewhere => return None,
        };
        Some(Rule::Caller { by_frame_pointer, frame, return_address: below(return_address)?, frame_pointer })
    }
}

/// The rule for the code at `target`. `bytes`, at `address`, is the segment with the tables; `header` is the address
/// of the index to them (`.eh_frame_hdr`).
pub(super) fn rule(bytes: &[u8], address: usize, header: usize, target: usize) -> Rule {
    find(bytes, address, header, target).unwrap_or(Rule::Unknown)
}

fn find(bytes: &[u8], address: usize, header: usize, target: usize) -> Option<Rule> {
    let segment = Reader { bytes, address, at: 0 };
    let mut read = segment.seek(header)?;
    let [version, start_encoding, count_encoding, table_encoding] = read.take()?;
    // The one form of the index that linkers write: sorted, two words of 32 bits per function, counted from it.
    if version != 1 || table_encoding != 0x3b {
        return None;
    }
    read.encoded(start_encoding, header)?;
    let count = read.encoded(count_encoding, header)?;
    let table = read;
    let entry = |n: usize| {
        let mut read = table;
        read.skip(n.checked_mul(8)? as u64)?;
        Some((read.encoded(0x3b, header)?, read.encoded(0x3b, header)?))
    };
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if entry(middle)?.0 <= target { low = middle + 1 } else { high = middle }
    }
    let (_, description) = entry(low.checked_sub(1)?)?;
    run(segment, segment.seek(description)?.entry()?, target)
}

fn run(segment: Reader<'_>, mut read: Reader<'_>, target: usize) -> Option<Rule> {
    let here = read.address.checked_add(read.at)?;
    let back = read.u32()?;
    let unit = common(segment.seek(here.checked_sub(back as usize)?)?.entry()?)?;
    let start = read.encoded(unit.pointer_encoding, 0)?;
    let length = read.encoded(unit.pointer_encoding & 0x0f, 0)?;
    if target.checked_sub(start)? >= length {
        return None;
    }
    if unit.has_augmentation {
        let length = read.unsigned()?;
        read.skip(length)?;
    }
    let state = State { frame: None, return_address: Saved::Same, frame_pointer: Saved::Same };
    let mut machine = Machine { unit: &unit, state, initial: state, remembered: [state; DEPTH], depth: 0 };
    machine.run(unit.program, start, usize::MAX)?;
    machine.initial = machine.state;
    machine.run(read, start, target)?;
    Some(machine.rule())
}
