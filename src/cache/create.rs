// SPDX-License-Identifier: MIT OR Apache-2.0
//! Creation, in the kernel's order: sanity check, flags, usercopy window, merge, name, alignment, build,
//! report.

use core::cell::Cell;
use core::ffi::CStr;
use core::fmt;
use core::num::NonZero;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{Relaxed, Release};
use core::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize};

use crate::abi::errno::{EINVAL, ENOMEM, Errno};
use crate::abi::slab_flags::{
    CREATE_MASK, METADATA, PERMITTED, SLAB_FAILSLAB, SLAB_NO_MERGE, SLAB_PANIC, SLAB_RED_ZONE,
    SLAB_SKIP_KFENCE, SLAB_TYPESAFE_BY_RCU, slab_flags_t,
};
use crate::cache::registry::Registry;
use crate::cache::{Handle, merge, registry, sheaves};
use crate::debug::watch;
use crate::fault::{self, Target};
use crate::page::{self, arena, heap};
use crate::param::{self, params};
use crate::printk::warn::warn_at;
use crate::printk::{Bytes, panic, pr_err, pr_warn, stack};
use crate::sheaf::Barn;
use crate::sheaf::handle::{self, Reserved};
use crate::slab::{
    Cache, CacheName, Ctor, Layout, MAGIC_LIVE, MAGIC_NONE, MAX_SHOWN, Node, Placement, Quarantine, Request,
    Slab, Tunables, alignment, order_of,
};
use crate::sync::{self, Mutex};
use crate::sys::random;

/// What a creator may say beyond name and size.
#[derive(Clone, Copy, Default)]
pub(crate) struct Args {
    pub(crate) flags: u64,
    pub(crate) align: usize,
    pub(crate) ctor: Option<Ctor>,
    pub(crate) useroffset: usize,
    pub(crate) usersize: usize,
    pub(crate) freeptr_offset: Option<usize>,
    /// Non-zero: the cache wants arrays of its own and is never merged.
    pub(crate) sheaf_capacity: u32,
    /// The place of a cache of the library's own: its handle, and its serial number, below
    /// [`registry::FIRST_SERIAL`].
    pub(crate) place: Option<(Reserved, u64)>,
}

/// A name that may be missing.
struct Name<'a>(Option<&'a CStr>);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => {
                let bytes = name.to_bytes();
                Bytes(bytes.get(..MAX_SHOWN).unwrap_or(bytes)).fmt(f)
            }
            None => f.write_str("(null)"),
        }
    }
}

/// Creates a cache or finds one to share; NULL after a report on failure, which does not return at all with
/// SLAB_PANIC. `function` is the name that the caller knows the call by. `args` comes back as it was applied.
pub(crate) fn create(function: &str, name: Option<&CStr>, size: usize, args: &mut Args) -> Handle {
    match try_create(function, name, size, args) {
        Ok(cache) => cache,
        Err(error) => {
            let (name, panics) = (Name(name), args.flags & u64::from(SLAB_PANIC) != 0);
            if panics {
                panic::panic(format_args!("{function}: Failed to create slab '{name}'. Error {error:?}"));
            }
            pr_warn!("{function}({name}) failed with error {error:?}\n");
            if !sync::interrupted() {
                stack::dump();
            }
            Handle::NULL
        }
    }
}

/// Puts in force, the first time it is called, what boot options say beyond what is looked up as it is
/// needed. May print; the caller holds no lock.
pub(crate) fn boot() {
    param::open_log();
    param::report_unknown();
    fault::boot();
}

fn try_create(function: &str, name: Option<&CStr>, size: usize, args: &mut Args) -> Result<Handle, Errno> {
    if !sync::interrupted() {
        page::init()?;
        boot();
    }
    let name = check_sanity(function, name, size, args)?;
    let flags = slab_flags_t::try_from(args.flags).map_err(|_| EINVAL)?;
    if flags & !PERMITTED != 0 {
        return Err(EINVAL);
    }
    let mut flags = flags & CREATE_MASK;
    check_usercopy(size, args);
    if args.sheaf_capacity != 0 {
        flags |= SLAB_NO_MERGE;
    }

    // What the command line adds for this name counts for sharing too, and for a cache of its own.
    let mut flags = params().slab_debug.apply(flags, name.to_bytes());
    if watch::is_on() {
        flags |= SLAB_RED_ZONE;
    }
    let mut registry = registry::lock();
    if let Some(shared) = merge::find(&registry, size, args, flags) {
        merge::share(shared, size);
        return Ok(Handle::of(shared));
    }
    build(&mut registry, name, size, args, flags)
}

/// What Linux checks under CONFIG_DEBUG_VM or leaves undefined: a missing name, size 0, an alignment that is
/// not a power of two, a call from an interrupt. (Too large a size fails later, for want of a slab that holds
/// it.)
fn check_sanity<'a>(
    function: &str,
    name: Option<&'a CStr>,
    size: usize,
    args: &Args,
) -> Result<&'a CStr, Errno> {
    match name {
        Some(name)
            if size != 0 && (args.align == 0 || args.align.is_power_of_two()) && !sync::interrupted() =>
        {
            Ok(name)
        }
        _ => {
            pr_err!("{function}({}) integrity check failed\n", Name(name));
            Err(EINVAL)
        }
    }
}

/// A usercopy window outside the object is refused with a warning, and the cache is created without one.
fn check_usercopy(size: usize, args: &mut Args) {
    let fits = args.usersize <= size && args.useroffset <= size - args.usersize;
    if !fits || (args.usersize == 0 && args.useroffset != 0) {
        warn_at!("__kmem_cache_create_args");
        args.usersize = 0;
        args.useroffset = 0;
    }
}

/// -EINVAL for a place of the free pointer that is not one.
fn check_freeptr(size: usize, args: &Args, flags: slab_flags_t) -> Result<(), Errno> {
    let Some(offset) = args.freeptr_offset else { return Ok(()) };
    let valid = offset < size && offset.is_multiple_of(8) && flags & SLAB_TYPESAFE_BY_RCU != 0;
    if valid { Ok(()) } else { Err(EINVAL) }
}

/// The layout for a request, and the flags in force: without those that need room, where the debug option
/// says to do without larger slabs.
fn affordable_layout(mut request: Request) -> Result<(Layout, slab_flags_t), Errno> {
    let layout = request.layout(params())?;
    let order = |bytes| order_of(bytes, request.page_size);
    if params().slab_debug.spares_order && order(layout.stride) > order(request.object_size) {
        // Who watches sees the objects of caches with red zones.
        let kept = if watch::is_on() { SLAB_RED_ZONE } else { 0 };
        request.flags &= !METADATA | kept;
        return Ok((request.layout(params())?, request.flags));
    }
    Ok((layout, request.flags))
}

/// The slabs of a new cache: none.
fn new_node(stride: usize) -> Node {
    // Who watches forbids freed memory himself, and is told of it when it is free.
    if !params().unpredictable || watch::is_on() {
        return Node::new();
    }
    let placement = NonZero::new(random::seed()).map_or(Placement::Lowest, Placement::Random);
    Node::unpredictable(placement, Quarantine::new(stride))
}

fn build(
    registry: &mut Registry,
    name: &CStr,
    size: usize,
    args: &mut Args,
    flags: slab_flags_t,
) -> Result<Handle, Errno> {
    check_freeptr(size, args, flags)?;
    // The name of a cache that stands alone is its directory in sysfs, which cannot be empty.
    if name.is_empty() && merge::never(args, flags) {
        return Err(EINVAL);
    }
    let name = CacheName::copy(name).ok_or(ENOMEM)?;
    let align = alignment(flags, args.align, size);
    args.align = align;
    let page_size = arena().ok_or(ENOMEM)?.page_size;
    let request = Request {
        object_size: size,
        align,
        flags,
        has_ctor: args.ctor.is_some(),
        freeptr_offset: args.freeptr_offset,
        page_size,
    };
    let (layout, flags) = affordable_layout(request)?;
    let place = heap::alloc(size_of::<Cache>()).ok_or(ENOMEM)?.cast::<Cache>();
    let Some(handle) = handle::create(place.cast(), args.place.map(|(number, _)| number)) else {
        // SAFETY: allocated above; nobody has seen it.
        unsafe { heap::free(place.cast(), size_of::<Cache>()) };
        return Err(ENOMEM);
    };
    let handle = handle.as_ptr().expose_provenance();
    let capacity = sheaves::capacity(flags, layout.stride, args.sheaf_capacity);
    let most_full = sheaves::most_full(layout.stride, capacity);
    let barn = Barn::new(handle, capacity, layout.stride, most_full, sheaves::flush);
    let cache = Cache {
        magic: AtomicU32::new(MAGIC_NONE),
        flags,
        layout,
        ctor: args.ctor,
        object_size: AtomicUsize::new(size),
        align,
        useroffset: args.useroffset,
        usersize: args.usersize,
        name,
        refcount: Cell::new(1),
        pins: Cell::new(0),
        serial: args.place.map_or_else(|| registry.next_serial(), |(_, serial)| serial),
        newer: Cell::new(None),
        older: Cell::new(None),
        errors: AtomicUsize::new(0),
        tunables: Tunables::new(
            layout.min_partial(),
            sheaves::retained_slabs(&layout, capacity, page_size),
            flags & SLAB_SKIP_KFENCE != 0,
        ),
        active: AtomicBool::new(false),
        calls: AtomicU8::new(0),
        decayed: AtomicU64::new(0),
        handle,
        barn: if params().harden && capacity > 0 { barn.noted() } else { barn },
        fault: Target::new(flags & SLAB_FAILSLAB != 0),
        node: Mutex::new(new_node(layout.stride)),
    };
    // SAFETY: fresh memory of the descriptor's size; the heap aligns it to a cache line.
    unsafe { place.write(cache) };
    // SAFETY: just written; the descriptor stays until `discard`.
    let cache = unsafe { place.as_ref() };
    cache.fault.boot_budget(&cache.barn, params().fault.non_kernel);
    registry.add(cache);
    // Release pairs with the Acquire in `Handle::cache`.
    cache.magic.store(MAGIC_LIVE, Release);
    Ok(Handle::of(cache))
}

/// Frees the descriptor of a cache that has left the registry and holds no slab.
///
/// # Safety
/// Nobody refers to the cache any more.
pub(super) unsafe fn discard(cache: &Cache) {
    let place = NonNull::from(cache);
    cache.magic.store(MAGIC_NONE, Relaxed);
    let handle = cache.handle;
    handle::invalidate(handle);
    // SAFETY: nobody refers to the cache (contract).
    unsafe { Slab::free_spares(cache) };
    // SAFETY: the descriptor was written by `build`, and its last user is gone (contract).
    unsafe { place.drop_in_place() };
    // SAFETY: allocated by `build` with this size.
    unsafe { heap::free(place.cast(), size_of::<Cache>()) };
    handle::release(handle);
}
