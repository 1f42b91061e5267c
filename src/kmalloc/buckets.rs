// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sets of caches, one for each class, apart from those that everybody uses.

use core::ffi::CStr;
use core::ptr::NonNull;

use crate::abi::gfp::gfp_t;
use crate::abi::slab_flags::{SLAB_NO_MERGE, slab_flags_t};
use crate::cache::{self, ANY_NODE, Args, Handle};
use crate::kmalloc::alloc::kmalloc;
use crate::kmalloc::class::{self, CLASSES, MAX_CACHED, SIZES};
use crate::page::{self, heap};
use crate::printk::Line;
use crate::slab::Ctor;

/// Bytes of a set's name that the names of its caches have room for.
const MAX_NAME: usize = 1000;

/// The handles of a set, by class. Lives as long as the process.
pub(crate) struct Buckets([Handle; CLASSES]);

/// What the program asks of the caches of a set.
pub(crate) struct Asked {
    pub(crate) flags: slab_flags_t,
    pub(crate) useroffset: usize,
    pub(crate) usersize: usize,
    pub(crate) ctor: Option<Ctor>,
}

/// Creates a set; `None` when there is no memory or the flags are refused.
pub(crate) fn buckets_create(name: &CStr, asked: &Asked) -> Option<NonNull<Buckets>> {
    let name = name.to_bytes();
    let name = name.get(..MAX_NAME).unwrap_or(name);
    page::init().ok()?;
    let place = heap::alloc(size_of::<Buckets>())?.cast::<Buckets>();
    let mut handles = [Handle::NULL; CLASSES];
    for (class, (handle, &size)) in handles.iter_mut().zip(&SIZES).enumerate().skip(1) {
        let usersize = if asked.useroffset < size { asked.usersize.min(size - asked.useroffset) } else { 0 };
        let mut args = Args {
            flags: (asked.flags | SLAB_NO_MERGE).into(),
            ctor: asked.ctor,
            useroffset: if usersize > 0 { asked.useroffset } else { 0 },
            usersize,
            ..Args::default()
        };
        let mut prefix = Line::new();
        prefix.push(name);
        prefix.push(b"-");
        *handle = class::with_name(prefix.as_bytes(), class, |name| {
            cache::create("kmem_buckets_create", Some(name), size, &mut args)
        });
        if handle.is_null() {
            handles.iter().for_each(|handle| cache::destroy("kmem_cache_destroy", *handle));
            // SAFETY: allocated above; nobody has seen it.
            unsafe { heap::free(place.cast(), size_of::<Buckets>()) };
            return None;
        }
    }
    // SAFETY: fresh memory of the right size; the heap aligns it to 64 bytes.
    unsafe { place.write(Buckets(handles)) };
    Some(place)
}

/// Allocates from a set; sizes beyond the largest class, and none, are served as by kmalloc.
pub(crate) fn buckets_alloc(function: &str, set: &Buckets, size: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    if !(1..=MAX_CACHED).contains(&size) {
        return kmalloc(function, size, gfp, ANY_NODE);
    }
    let handle = set.0.get(class::class_of(size))?;
    cache::alloc_sized(function, *handle, gfp, ANY_NODE, size)
}
