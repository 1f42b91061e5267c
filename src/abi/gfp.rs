// SPDX-License-Identifier: MIT OR Apache-2.0
//! GFP ("get free page") request flags, with the bit values of Linux 6.12.
//!
//! The bits that matter (zero, the reclaim bits, nowarn, nofail, IO, FS) have had these values for years, and
//! clients that carry the kernel's own GFP header pass them, so they are fixed for good.

/// The type of a set of GFP flags.
#[allow(non_camel_case_types, reason = "the kernel's name, seen in C")]
pub type gfp_t = u32;

macro_rules! gfp_bits {
    ($($name:ident = $bit:expr, $text:literal;)*) => {
        $(#[doc = concat!("`", $text, "`")] pub(crate) const $name: gfp_t = 1 << $bit;)*
        /// Every single bit with its name in C.
        #[cfg(test)]
        const BIT_NAMES: &[(gfp_t, &str)] = &[$(($name, $text)),*];
    };
}

gfp_bits! {
    DMA = 0, "__GFP_DMA";
    HIGHMEM = 1, "__GFP_HIGHMEM";
    DMA32 = 2, "__GFP_DMA32";
    MOVABLE = 3, "__GFP_MOVABLE";
    RECLAIMABLE = 4, "__GFP_RECLAIMABLE";
    HIGH = 5, "__GFP_HIGH";
    IO = 6, "__GFP_IO";
    FS = 7, "__GFP_FS";
    ZERO = 8, "__GFP_ZERO";
    DIRECT_RECLAIM = 10, "__GFP_DIRECT_RECLAIM";
    KSWAPD_RECLAIM = 11, "__GFP_KSWAPD_RECLAIM";
    WRITE = 12, "__GFP_WRITE";
    NOWARN = 13, "__GFP_NOWARN";
    RETRY_MAYFAIL = 14, "__GFP_RETRY_MAYFAIL";
    NOFAIL = 15, "__GFP_NOFAIL";
    NORETRY = 16, "__GFP_NORETRY";
    MEMALLOC = 17, "__GFP_MEMALLOC";
    COMP = 18, "__GFP_COMP";
    NOMEMALLOC = 19, "__GFP_NOMEMALLOC";
    HARDWALL = 20, "__GFP_HARDWALL";
    THISNODE = 21, "__GFP_THISNODE";
    ACCOUNT = 22, "__GFP_ACCOUNT";
    ZEROTAGS = 23, "__GFP_ZEROTAGS";
}

/// May reclaim in both ways.
pub(crate) const RECLAIM: gfp_t = DIRECT_RECLAIM | KSWAPD_RECLAIM;
/// `GFP_KERNEL`
pub(crate) const KERNEL: gfp_t = RECLAIM | IO | FS;
/// `GFP_ATOMIC`
pub(crate) const ATOMIC: gfp_t = HIGH | KSWAPD_RECLAIM;
/// `GFP_NOWAIT`
pub(crate) const NOWAIT: gfp_t = KSWAPD_RECLAIM | NOWARN;

/// Bits that no slab request may carry: page zones that a slab cannot come from, and bits without a meaning.
pub(crate) const SLAB_BUG_MASK: gfp_t = DMA32 | HIGHMEM | !DEFINED_BITS;
/// All bits that have a meaning.
const DEFINED_BITS: gfp_t = (1 << 24) - 1;

#[cfg(test)]
mod tests {
    use super::BIT_NAMES;

    /// The header is written by hand (its names carry guards); its bits are these.
    #[test]
    fn gfp_h_has_the_same_bits() {
        let header = include_str!("../../include/kmem/gfp.h");
        for (bit, name) in BIT_NAMES {
            let define =
                std::fmt::format(format_args!("#define {name} ((gfp_t)1 << {}) ", bit.trailing_zeros()));
            assert!(header.contains(&define), "{define}");
        }
        let bits = header.lines().filter(|line| line.contains("((gfp_t)1 << ")).count();
        assert_eq!(bits, BIT_NAMES.len());
    }
}
