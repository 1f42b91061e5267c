// SPDX-License-Identifier: MIT OR Apache-2.0
//! `slab_debug=`: debug flags for caches, by letters, names and blocks.
//!
//! ```text
//!   value = block [";" block]...      block = letters ["," name]...      name = text | prefix "*"
//! ```
//!
//! A block without names holds for all caches (of several, the last); a cache whose name stands in a block gets the
//! first such block's flags instead. No letters at all mean all four of F, Z, P and U.

use crate::abi::slab_flags::{
    SLAB_CONSISTENCY_CHECKS, SLAB_FAILSLAB, SLAB_NO_USER_FLAGS, SLAB_NOLEAKTRACE, SLAB_POISON, SLAB_RED_ZONE,
    SLAB_STORE_USER, SLAB_TRACE, slab_flags_t,
};

/// What no letters mean.
const ALL: slab_flags_t = SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER;

/// The option as it is in force. Each time it is given adds to what there was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SlabDebug {
    /// Flags of caches that no list names.
    global: slab_flags_t,
    /// The blocks, if one has a list.
    blocks: &'static [u8],
    /// Flags that store something are dropped where they would make slabs larger (letter O, in whatever block).
    pub(crate) spares_order: bool,
}

/// One block of the option.
struct Block {
    flags: slab_flags_t,
    names: Option<&'static [u8]>,
    spares_order: bool,
}

impl Block {
    fn parse(text: &'static [u8], mut unknown: impl FnMut(u8)) -> Self {
        let end = text.iter().position(|byte| b",;".contains(byte)).unwrap_or(text.len());
        let (letters, rest) = text.split_at_checked(end).unwrap_or_default();
        let names = rest.strip_prefix(b",");
        let mut block = Self { flags: if letters.is_empty() { ALL } else { 0 }, names, spares_order: false };
        for letter in letters {
            match letter.to_ascii_lowercase() {
                b'-' => block.flags = 0,
                b'f' => block.flags |= SLAB_CONSISTENCY_CHECKS,
                b'z' => block.flags |= SLAB_RED_ZONE,
                b'p' => block.flags |= SLAB_POISON,
                b'u' => block.flags |= SLAB_STORE_USER,
                b't' => block.flags |= SLAB_TRACE,
                b'a' => block.flags |= SLAB_FAILSLAB,
                b'o' => block.spares_order = true,
                _ => unknown(*letter),
            }
        }
        block
    }

    /// Whether the block's list has a cache of this name.
    fn lists(&self, name: &[u8]) -> bool {
        let mut entries = self.names.into_iter().flat_map(|names| names.split(|&byte| byte == b','));
        entries.any(|entry| match entry.iter().position(|&byte| byte == b'*') {
            Some(star) => entry.get(..star).is_some_and(|prefix| name.starts_with(prefix)),
            None => !entry.is_empty() && name == entry,
        })
    }
}

/// The blocks of a value. As in Linux, semicolons beyond the one between two blocks are part of the block before them, and
/// so of its last name, which then names no cache.
fn blocks(text: &'static [u8]) -> impl Iterator<Item = &'static [u8]> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let skip = |text: &[u8]| text.iter().take_while(|&&byte| byte == b';').count();
        let start = rest.get(skip(rest)..).filter(|start| !start.is_empty())?;
        let end = start.iter().position(|&byte| byte == b';').unwrap_or(start.len());
        let next = end + skip(start.get(end..).unwrap_or_default());
        let block = if next == start.len() { start } else { start.get(..next - 1)? };
        rest = start.get(next..)?;
        Some(block)
    })
}

impl SlabDebug {
    /// Takes the option's value; `None` when it stands alone. As in Linux, a value without names leaves the lists that an
    /// earlier one had, and one with names alone the flags of all other caches. `unknown` gets the letters that mean
    /// nothing.
    pub(super) fn take(&mut self, value: Option<&'static [u8]>, mut unknown: impl FnMut(u8)) {
        let value = value.unwrap_or_default();
        if value.is_empty() {
            self.global = ALL;
            return;
        }
        let (mut global, mut has_names) = (None, false);
        for text in blocks(value) {
            let block = Block::parse(text, &mut unknown);
            self.spares_order |= block.spares_order;
            match block.names {
                Some(_) => has_names = true,
                None => global = Some(block.flags),
            }
        }
        if has_names {
            self.blocks = value;
        }
        if global.is_some() || !has_names {
            self.global = global.unwrap_or(0);
        }
    }

    /// The flags of a cache whose creator asks for `flags`.
    pub(crate) fn apply(&self, flags: slab_flags_t, name: &[u8]) -> slab_flags_t {
        if flags & SLAB_NO_USER_FLAGS != 0 {
            return flags;
        }
        let block =
            blocks(self.blocks).map(|text| Block::parse(text, |_| {})).find(|block| block.lists(name));
        if let Some(block) = block {
            return flags | block.flags;
        }
        // What the leak checker is to pass by should not be slowed by tracks either, unless it is named.
        let withheld = if flags & SLAB_NOLEAKTRACE != 0 { SLAB_STORE_USER } else { 0 };
        flags | (self.global & !withheld)
    }

    /// Whether all caches are poisoned, but for exceptions.
    pub(super) fn poisons(&self) -> bool {
        self.global & SLAB_POISON != 0
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "tests may allocate")]
mod tests {
    use super::*;

    const F: slab_flags_t = SLAB_CONSISTENCY_CHECKS;
    const Z: slab_flags_t = SLAB_RED_ZONE;
    const P: slab_flags_t = SLAB_POISON;
    const U: slab_flags_t = SLAB_STORE_USER;

    /// The option after all of these values; `None`: it stands alone.
    fn option(values: &[Option<&'static str>], mut unknown: impl FnMut(u8)) -> SlabDebug {
        let mut option = SlabDebug::default();
        for value in values {
            option.take(value.map(str::as_bytes), &mut unknown);
        }
        option
    }

    fn flags(value: &'static str, name: &str) -> slab_flags_t {
        option(&[Some(value)], |_| {}).apply(0, name.as_bytes())
    }

    #[test]
    fn letters_add_up_and_a_dash_takes_back() {
        assert_eq!(option(&[None], |_| {}).apply(0, b"a"), ALL);
        for (value, expected) in [
            ("", ALL),
            ("FZ", F | Z),
            ("fzpu", ALL),
            ("FZ-P", P),
            ("-", 0),
            ("T", SLAB_TRACE),
            ("A", SLAB_FAILSLAB),
            (";;P", P),
            ("F;P", P),
        ] {
            assert_eq!(flags(value, "a"), expected, "{value}");
        }
    }

    #[test]
    fn the_first_block_that_lists_a_name_counts() {
        for (value, name, expected) in [
            (",a", "a", ALL),
            (",a", "b", 0),
            ("P,a,b", "b", P),
            ("P,a,b", "ab", 0),
            ("P,a,b", "", 0),
            ("P,ab*x", "abc", P),
            ("P,ab*", "a", 0),
            ("P,*", "anything", P),
            ("FZ;-,zs_handle,zspage", "zspage", 0),
            ("FZ;-,zs_handle,zspage", "other", F | Z),
            ("P,a;Z,a", "a", P),
            ("U;Z,b", "a", U),
            ("P, a", "a", 0),
            ("P, a", " a", P),
            ("P,a,b;;Z,c", "a", P),
            ("P,a,b;;Z,c", "b", 0),
            ("P,a,b*;;Z,c", "bc", P),
            ("P,a;", "a", 0),
            ("P;", "a", P),
        ] {
            assert_eq!(flags(value, name), expected, "{value} for {name}");
        }
    }

    #[test]
    fn caches_may_be_out_of_reach() {
        let option = option(&[Some("FU;U,named")], |_| {});
        assert_eq!(option.apply(SLAB_NO_USER_FLAGS, b"a"), SLAB_NO_USER_FLAGS);
        assert_eq!(option.apply(SLAB_NOLEAKTRACE, b"a"), SLAB_NOLEAKTRACE | F);
        assert_eq!(option.apply(SLAB_NOLEAKTRACE, b"named"), SLAB_NOLEAKTRACE | U);
    }

    #[test]
    fn unknown_letters_are_told_and_skipped() {
        let mut unknown = Vec::new();
        let option = option(&[Some("FxP;y,a")], |letter| unknown.push(letter));
        assert_eq!(unknown, b"xy");
        assert_eq!(option.apply(0, b"b"), F | P);
        assert_eq!(option.apply(0, b"a"), 0);
    }

    #[test]
    fn an_o_counts_wherever_it_stands() {
        assert!(option(&[Some("F;ZO,a")], |_| {}).spares_order);
        assert!(option(&[Some("F;ZO,a"), Some("F;Z,a"), None], |_| {}).spares_order);
        assert!(!option(&[Some("F;Z,O")], |_| {}).spares_order);
    }

    #[test]
    fn a_value_replaces_what_it_has() {
        for (values, listed, other) in [
            (&[Some("Z"), Some("P,a")][..], P, Z),
            (&[Some("P,a"), Some("Z")], P, Z),
            (&[Some("P,a"), None], P, ALL),
            (&[None, Some("P,a")], P, ALL),
            (&[Some("Z,a"), Some("P,a"), Some("U,b")], 0, 0),
            (&[Some("Z,a;U"), Some("P,a;-")], P, 0),
            (&[Some("Z,a"), Some(";")], Z, 0),
            (&[Some("Z"), Some(";")], 0, 0),
            (&[Some("Z"), Some("")], ALL, ALL),
        ] {
            let option = option(values, |_| {});
            assert_eq!((option.apply(0, b"a"), option.apply(0, b"c")), (listed, other), "{values:?}");
        }
    }
}
