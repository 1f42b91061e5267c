// SPDX-License-Identifier: MIT OR Apache-2.0
//! What writing to an attribute does, and which values are refused: as in Linux 6.12.

use core::sync::atomic::Ordering::Relaxed;

use crate::abi::errno::{EINVAL, ERANGE, Errno};
use crate::cache::{self, Handle};
use crate::slab::Cache;

type Stored = Result<(), Errno>;

/// A number as the kernel takes one from user space: digits, perhaps after a plus sign and before a newline. -EINVAL for
/// anything else, -ERANGE beyond `most`.
fn number(value: &[u8], most: u64) -> Result<u64, Errno> {
    let value = value.strip_prefix(b"+").unwrap_or(value);
    let end = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
    let (digits, rest) = value.split_at(end);
    let mut number = 0u64;
    for digit in digits {
        let tens = number.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(digit - b'0')));
        number = tens.ok_or(ERANGE)?;
    }
    if digits.is_empty() || !matches!(rest, b"" | b"\n") {
        return Err(EINVAL);
    }
    if number > most { Err(ERANGE) } else { Ok(number) }
}

/// Whether the value begins with a 1; -EINVAL if not even with a 0.
fn switch(value: &[u8]) -> Result<bool, Errno> {
    match value.first() {
        Some(b'1') => Ok(true),
        Some(b'0') => Ok(false),
        _ => Err(EINVAL),
    }
}

/// -EINVAL unless the value begins with a 1.
fn trigger(value: &[u8]) -> Stored {
    if value.first() == Some(&b'1') { Ok(()) } else { Err(EINVAL) }
}

/// There are no partial slabs per CPU: like a cache with a debug flag in 6.12, and every cache in 7.0, it takes a 0.
pub(super) fn cpu_partial(_: &Cache, value: &[u8]) -> Stored {
    if number(value, u32::MAX.into())? == 0 { Ok(()) } else { Err(EINVAL) }
}

pub(super) fn failslab(cache: &Cache, value: &[u8]) -> Stored {
    cache::mark_failslab("kmem_cache_attr_store", Handle::of(cache), value.first() == Some(&b'1'))
}

pub(super) fn min_partial(cache: &Cache, value: &[u8]) -> Stored {
    cache.tunables.set_min_partial(number(value, u64::MAX)? as usize);
    Ok(())
}

pub(super) fn remote_node_defrag_ratio(cache: &Cache, value: &[u8]) -> Stored {
    let ratio = number(value, 100)?;
    cache.tunables.remote_node_defrag_ratio.store(ratio as u32, Relaxed);
    Ok(())
}

pub(super) fn shrink(cache: &Cache, value: &[u8]) -> Stored {
    trigger(value)?;
    cache::shrink("kmem_cache_attr_store", Handle::of(cache));
    Ok(())
}

pub(super) fn skip_kfence(cache: &Cache, value: &[u8]) -> Stored {
    cache.tunables.skip_kfence.store(switch(value)?, Relaxed);
    Ok(())
}

/// Like Linux, only where a debug flag has written something that can be looked at.
pub(super) fn validate(cache: &Cache, value: &[u8]) -> Stored {
    trigger(value)?;
    if !cache.is_debug() {
        return Err(EINVAL);
    }
    cache::validate("kmem_cache_attr_store", Handle::of(cache));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_the_kernel_takes_them() {
        for (text, expected) in [
            (&b"0"[..], Ok(0)),
            (b"7\n", Ok(7)),
            (b"+8", Ok(8)),
            (b"0018", Ok(18)),
            (b"4294967296", Ok(1 << 32)),
            (b"18446744073709551615", Ok(u64::MAX)),
            (b"18446744073709551616", Err(ERANGE)),
            (b"99999999999999999999x", Err(ERANGE)),
            (b"", Err(EINVAL)),
            (b"\n", Err(EINVAL)),
            (b"+", Err(EINVAL)),
            (b"-1", Err(EINVAL)),
            (b" 1", Err(EINVAL)),
            (b"1 ", Err(EINVAL)),
            (b"1\n\n", Err(EINVAL)),
            (b"0x1", Err(EINVAL)),
        ] {
            assert_eq!(number(text, u64::MAX), expected, "{text:?}");
        }
        assert_eq!((number(b"100", 100), number(b"101", 100)), (Ok(100), Err(ERANGE)));
    }
}
