// SPDX-License-Identifier: MIT OR Apache-2.0
//! What Linux 6.12 printed for the same formats and arguments.
#![allow(clippy::disallowed_types, reason = "tests use the ordinary heap")]

use super::*;

/// An argument of a C call.
#[derive(Clone, Copy)]
enum Arg {
    Int(c_int),
    Long(c_longlong),
    Pointer(*const c_void),
}
use Arg::{Int, Long, Pointer};

/// Arguments in order; reading one of the wrong type, or one too many, fails the test.
struct List<'a>(&'a [Arg]);

impl List<'_> {
    fn next(&mut self) -> Arg {
        let (first, rest) = self.0.split_first().unwrap();
        self.0 = rest;
        *first
    }
}

impl Args for List<'_> {
    fn int(&mut self) -> c_int {
        let Int(value) = self.next() else { unreachable!("not an int") };
        value
    }
    fn long_long(&mut self) -> c_longlong {
        let Long(value) = self.next() else { unreachable!("not a long long") };
        value
    }
    fn pointer(&mut self) -> *const c_void {
        let Pointer(value) = self.next() else { unreachable!("not a pointer") };
        value
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

#[track_caller]
fn check(text: &str, args: &[Arg], expected: &str) {
    let mut out = Vec::new();
    let mut args = List(args);
    // SAFETY: each case passes what its format says, checked by `List`.
    unsafe { format(&mut out, text.as_bytes(), &mut args) };
    assert_eq!(out.escape_ascii().to_string(), expected, "{text}");
    assert!(args.0.is_empty(), "{text} left arguments");
}

fn at<T: ?Sized>(value: &T) -> Arg {
    Pointer((&raw const *value).cast())
}

fn address(value: usize) -> Arg {
    Pointer(core::ptr::without_provenance(value))
}

#[test]
fn numbers() {
    for (text, value, expected) in [
        ("%d", 0, "0"),
        ("%i", -42, "-42"),
        ("%05d|", -42, "-0042|"),
        ("%+05d|", 42, "+0042|"),
        ("% 05d|", 42, " 0042|"),
        ("%+ d", 5, "+5"),
        ("%-+5d|", 42, "+42  |"),
        ("%8.3d|", -5, "    -005|"),
        ("%08.3d|", -5, "-0000005|"),
        ("%.0d|", 0, "0|"),
        ("%.d|", 0, "0|"),
        ("%-010d|", 12, "12        |"),
        ("%#x", 0, "0x0"),
        ("%#X", 255, "0XFF"),
        ("%#06x|", 10, "0x000a|"),
        ("%#08.4x|", 10, "0x00000a|"),
        ("%x", -1, "ffffffff"),
        ("%#o", 0, "0"),
        ("%#05o|", 8, "00010|"),
        ("%+u|", 5, "5|"),
        ("%hd", 0x1ffff, "-1"),
        ("%hhd", 0x1ff, "-1"),
        ("%#hhx", 0x1ff, "0xff"),
        ("%3c|", 120, "  x|"),
        ("%-3c|", 120, "x  |"),
        ("%03c|", 120, "  x|"),
    ] {
        check(text, &[Int(value)], expected);
    }
    check("%lld", &[Long(i64::MIN)], "-9223372036854775808");
    check("%lo", &[Long(-1)], "1777777777777777777777");
    for length in ["l", "ll", "z", "t", "L", "j", "q"] {
        check(&["%", length, "u"].concat(), &[Long(-1)], "18446744073709551615");
    }
}

#[test]
fn widths_from_arguments() {
    check("%*d|", &[Int(-6), Int(42)], "42    |");
    check("%0*d|", &[Int(6), Int(42)], "000042|");
    check("%.*d|", &[Int(-4), Int(42)], "42|");
    check("%*.*d|", &[Int(8), Int(4), Int(-42)], "   -0042|");
    check("%.*s|", &[Int(-2), at(c"abcdef")], "|");
    check("%*.*s|", &[Int(6), Int(2), at(c"abcdef")], "    ab|");
    let mut out = crate::printk::Line::new();
    let mut args = List(&[Int(i32::MIN), Int(1)]);
    // SAFETY: the arguments match.
    unsafe { format(&mut out, b"%*d", &mut args) };
    assert!(out.as_bytes().starts_with(b"1  "));
}

#[test]
fn strings() {
    let hello = at(c"hello");
    for (text, expected) in [
        ("%s", "hello"),
        ("%8s|", "   hello|"),
        ("%-8.3s|", "hel     |"),
        ("%.0s|", "|"),
        ("%.s|", "hello|"),
        ("%08s|", "   hello|"),
        ("%2s|", "hello|"),
        ("%ls|", "hello|"),
    ] {
        check(text, &[hello], expected);
    }
    check("%10s|", &[address(0)], "    (null)|");
    check("%.3s|", &[address(0)], "(nu|");
    check("%s|", &[address(4095)], "(efault)|");
    check("%s|", &[address(usize::MAX - 11)], "(efault)|");
    // Nothing beyond the precision is read.
    check("%.3s", &[at(b"abc")], "abc");
}

#[test]
fn stops_where_the_kernel_stops() {
    check("100%% sure", &[], "100% sure");
    check("%-5%|", &[], "%|");
    check("end %", &[], "end ");
    check("nul %5", &[], "nul ");
    check("bad %y tail %d", &[], "bad ");
    check("bad %n tail", &[], "bad ");
    check("%d %hhhd %d", &[Int(1)], "1 ");
    check("x%f|", &[], "x");
    check("%5.|", &[], "");
}

#[test]
fn plain_pointers() {
    for (text, expected) in [
        ("%p", "0000000000001234"),
        ("%px", "0000000000001234"),
        ("%pK", "0000000000001234"),
        ("%20p|", "                1234|"),
        ("%-p|", "1234            |"),
        ("%#p|", "0x00000000001234|"),
        ("%#020px|", "0x000000000000001234|"),
        ("%+p|", "0000000000001234|"),
        ("%pq1A_|", "0000000000001234_|"),
        ("%pS|", "0x1234|"),
        ("%20pSR|", "              0x1234|"),
        ("%.3ps|", "0x1|"),
        ("%pB|", "0x1234|"),
    ] {
        check(text, &[address(0x1234)], expected);
    }
    check("%pS", &[address(0)], "0x0");
    check("%pB", &[address(0)], "0x0");
}

#[test]
fn error_pointers() {
    let error = |number: usize| address(number.wrapping_neg());
    check("%10pe|", &[error(12)], "   -ENOMEM|");
    check("%-10pe|", &[error(1000)], "-1000     |");
    check("%.3pe|", &[error(12)], "-EN|");
    check("%pe", &[error(4095)], "-4095");
    check("%pe", &[error(4096)], "fffffffffffff000");
    check("%pe", &[error(517)], "-EPROBE_DEFER");
    check("%pe", &[address(0)], "0000000000000000");
    check("%p", &[error(12)], "fffffffffffffff4");
}

#[test]
fn bytes_in_memory() {
    let data: [u8; 80] = std::array::from_fn(|i| u8::try_from((i * 7 + 1) & 0xff).unwrap());
    for (text, expected) in [
        ("%ph", "01"),
        ("%4phC", "01:08:0f:16"),
        ("%-4phD|", "01-08-0f-16|"),
        ("%04phN|", "01080f16|"),
        ("%0ph|", "01|"),
        ("%pM", "01:08:0f:16:1d:24"),
        ("%pMR", "24:1d:16:0f:08:01"),
        ("%pMF", "01-08-0f-16-1d-24"),
        ("%20pm|", "        01080f161d24|"),
        ("%pmR", "241d160f0801"),
        ("%.5pM|", "01:08|"),
        ("%pU", "01080f16-1d24-2b32-3940-474e555c636a"),
        ("%pUB", "01080F16-1D24-2B32-3940-474E555C636A"),
        ("%pUl", "160f0801-241d-322b-3940-474e555c636a"),
        ("%-40pUL|", "160F0801-241D-322B-3940-474E555C636A    |"),
    ] {
        check(text, &[at(&data)], expected);
    }
    check("%*ph|", &[Int(0), address(0)], "|");
    check("%*ph|", &[Int(-3), at(&data)], "01 08 0f|");
    let mut out = Vec::new();
    // SAFETY: the data are longer than the 64 bytes that are shown at most.
    unsafe { format(&mut out, b"%*phN", &mut List(&[Int(70), at(&data)])) };
    assert_eq!(out.len(), 128);
    check("%10pM|", &[address(0)], "    (null)|");
    check("%4ph|", &[address(5)], "(efault)|");
    check("%20pa|", &[at(&0x1234_5678_abcd_u64)], "0x000012345678abcd|");
}

#[test]
fn bitmaps() {
    let bits = [0xf000_0000_0000_a5e1_u64, 0x8000_0000_0000_0003];
    for (width, hex, list) in [
        (0, "", ""),
        (3, "1", "0"),
        (5, "01", "0"),
        (16, "a5e1", "0,5-8,10,13,15"),
        (33, "0,0000a5e1", "0,5-8,10,13,15"),
        (64, "f0000000,0000a5e1", "0,5-8,10,13,15,60-63"),
        (100, "0,00000003,f0000000,0000a5e1", "0,5-8,10,13,15,60-65"),
        (128, "80000000,00000003,f0000000,0000a5e1", "0,5-8,10,13,15,60-65,127"),
    ] {
        check("%*pb", &[Int(width), at(&bits)], hex);
        check("%*pbl", &[Int(width), at(&bits)], list);
    }
    check("%*pb", &[Int(70), at(&[0u64; 2])], "00,00000000,00000000");
    check("%pb|", &[address(0)], "(null)|");
}

#[test]
fn gfp_flags() {
    for (flags, expected) in [
        (0, ""),
        (0xcc0_u32, "GFP_KERNEL"),
        (0xdc0, "GFP_KERNEL|__GFP_ZERO"),
        (0x820, "GFP_ATOMIC"),
        (0x2800, "GFP_NOWAIT"),
        (0xc40, "GFP_NOFS"),
        (0xc20, "GFP_ATOMIC|__GFP_DIRECT_RECLAIM"),
        (0x006, "__GFP_HIGHMEM|GFP_DMA32"),
        (0x0010_0cca, "GFP_HIGHUSER_MOVABLE"),
        (0x001c_24ca, "GFP_TRANSHUGE"),
        (0x001c_20ca, "GFP_TRANSHUGE_LIGHT"),
        (0x8000_0ec0, "GFP_KERNEL|0x80000200"),
    ] {
        check("%30pGg", &[at(&flags)], expected);
    }
    check("%pGx|", &[address(0x1234)], "(%pG?)|");
    check("%pGg", &[address(0)], "(null)");
}

#[test]
fn names_of_functions() {
    let here = names_of_functions as fn() as usize;
    let mut out = crate::printk::Line::new();
    let mut args = List(&[address(here), address(here)]);
    // SAFETY: code addresses are not followed.
    unsafe { format(&mut out, b"%pS|%ps", &mut args) };
    let text = std::str::from_utf8(out.as_bytes()).unwrap();
    let (long, short) = text.split_once('|').unwrap();
    assert!(long.contains("names_of_functions") && long.contains("+0x0/0x") && long.ends_with(']'), "{long}");
    assert!(short.contains("names_of_functions") && !short.contains('+') && short.ends_with(']'), "{short}");
}
