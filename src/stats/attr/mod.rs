// SPDX-License-Identifier: MIT OR Apache-2.0
//! Attributes of a cache: the files of /sys/kernel/slab/NAME and /sys/kernel/debug/slab/NAME, by call.
//!
//! | file | concept |
//! |---|---|
//! | `show` | what reading an attribute gives |
//! | `store` | what writing to one does |
//! | `traces` | where live objects were allocated, and freed before that |

mod show;
mod store;
mod traces;

use core::ffi::CStr;

use crate::abi::errno::{EACCES, EINVAL, ENOENT, Errno};
use crate::abi::slab_flags::{SLAB_STORE_USER, slab_flags_t};
use crate::cache::Handle;
use crate::slab::Cache;
use crate::stats::text::Text;

type Show = fn(&Cache, &mut Text<'_>) -> Result<(), Errno>;
type Store = fn(&Cache, &[u8]) -> Result<(), Errno>;

/// One attribute.
struct Attribute {
    name: &'static CStr,
    show: Show,
    /// `None`: it can only be read.
    store: Option<Store>,
    /// The attribute is there only in caches with one of these flags; 0: in all.
    needs: slab_flags_t,
}

impl Attribute {
    const fn read_only(name: &'static CStr, show: Show) -> Self {
        Self { name, show, store: None, needs: 0 }
    }

    const fn writable(name: &'static CStr, show: Show, store: Store) -> Self {
        Self { name, show, store: Some(store), needs: 0 }
    }

    /// The same for an attribute that only caches with tracks have.
    const fn of_tracks(name: &'static CStr, show: Show) -> Self {
        Self { name, show, store: None, needs: SLAB_STORE_USER }
    }
}

static ATTRIBUTES: [Attribute; 34] = [
    Attribute::read_only(c"aliases", show::aliases),
    Attribute::read_only(c"align", show::align),
    Attribute::of_tracks(c"alloc_traces", traces::alloc),
    Attribute::read_only(c"cache_dma", show::cache_dma),
    Attribute::writable(c"cpu_partial", show::cpu_partial, store::cpu_partial),
    Attribute::read_only(c"cpu_slabs", show::cpu_slabs),
    Attribute::read_only(c"ctor", show::ctor),
    Attribute::read_only(c"destroy_by_rcu", show::destroy_by_rcu),
    Attribute::writable(c"failslab", show::failslab, store::failslab),
    Attribute::of_tracks(c"free_traces", traces::free),
    Attribute::read_only(c"hwcache_align", show::hwcache_align),
    Attribute::writable(c"min_partial", show::min_partial, store::min_partial),
    Attribute::read_only(c"object_size", show::object_size),
    Attribute::read_only(c"objects", show::objects),
    Attribute::read_only(c"objects_partial", show::objects_partial),
    Attribute::read_only(c"objs_per_slab", show::objs_per_slab),
    Attribute::read_only(c"order", show::order),
    Attribute::read_only(c"partial", show::partial),
    Attribute::read_only(c"poison", show::poison),
    Attribute::read_only(c"reclaim_account", show::reclaim_account),
    Attribute::read_only(c"red_zone", show::red_zone),
    Attribute::writable(
        c"remote_node_defrag_ratio",
        show::remote_node_defrag_ratio,
        store::remote_node_defrag_ratio,
    ),
    Attribute::read_only(c"sanity_checks", show::sanity_checks),
    Attribute::read_only(c"sheaf_capacity", show::sheaf_capacity),
    Attribute::writable(c"shrink", show::nothing, store::shrink),
    Attribute::writable(c"skip_kfence", show::skip_kfence, store::skip_kfence),
    Attribute::read_only(c"slab_size", show::slab_size),
    Attribute::read_only(c"slabs", show::slabs),
    Attribute::read_only(c"slabs_cpu_partial", show::slabs_cpu_partial),
    Attribute::read_only(c"store_user", show::store_user),
    Attribute::read_only(c"total_objects", show::total_objects),
    Attribute::read_only(c"trace", show::trace),
    Attribute::read_only(c"usersize", show::usersize),
    Attribute::writable(c"validate", show::nothing, store::validate),
];

/// The name of the `n`th attribute.
pub(crate) fn name(n: usize) -> Option<&'static CStr> {
    ATTRIBUTES.get(n).map(|attribute| attribute.name)
}

fn find<'a>(function: &str, handle: Handle, name: &[u8]) -> Result<(&'a Cache, &'static Attribute), Errno> {
    let cache = handle.cache_or_warn(function).ok_or(EINVAL)?;
    let attribute = ATTRIBUTES.iter().find(|attribute| attribute.name.to_bytes() == name);
    let attribute = attribute.filter(|attribute| attribute.needs == 0 || cache.has(attribute.needs));
    Ok((cache, attribute.ok_or(ENOENT)?))
}

/// Writes the text of an attribute to `buffer`; returns its length had it all fitted.
pub(crate) fn show(function: &str, handle: Handle, name: &[u8], buffer: &mut [u8]) -> Result<usize, Errno> {
    let mut text = Text::new(buffer);
    let (cache, attribute) = find(function, handle, name)?;
    (attribute.show)(cache, &mut text)?;
    Ok(text.len())
}

/// Does what writing `value` to an attribute does. An empty value does nothing, whatever the attribute.
pub(crate) fn store(function: &str, handle: Handle, name: &[u8], value: &[u8]) -> Result<(), Errno> {
    let (cache, attribute) = find(function, handle, name)?;
    let store = attribute.store.ok_or(EACCES)?;
    if value.is_empty() { Ok(()) } else { store(cache, value) }
}
