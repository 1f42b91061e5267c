// SPDX-License-Identifier: MIT OR Apache-2.0
//! The mark that failslab's cache-filter looks for.

use crate::abi::errno::{EINVAL, Errno};
use crate::cache::{Handle, registry};

/// Has failslab's cache-filter let requests to a cache fail, or not. As in Linux a cache that several creations share
/// cannot be marked.
pub(crate) fn mark_failslab(function: &str, handle: Handle, on: bool) -> Result<(), Errno> {
    let cache = handle.cache_or_warn(function).ok_or(EINVAL)?;
    let _registry = registry::lock();
    if registry::aliases(cache) > 0 {
        return Err(EINVAL);
    }
    cache.fault.mark(on);
    Ok(())
}
