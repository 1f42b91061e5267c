// SPDX-License-Identifier: MIT OR Apache-2.0
//! The text of /proc/slabinfo, version 2.1.

use core::fmt::Write;

use crate::abi::errno::{EBUSY, Errno};
use crate::cache::{self, registry};
use crate::printk::Line;
use crate::slab::{Cache, MAX_SHOWN};
use crate::sync;
use crate::sys::out;

const HEADER: &str = "slabinfo - version: 2.1\n\
    # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> \
    : tunables <limit> <batchcount> <sharedfactor> \
    : slabdata <active_slabs> <num_slabs> <sharedavail>\n";
const NAME_COLUMN: usize = 17;
/// Rows collected per hold of the slab mutex.
const ROWS: usize = 4;

fn row(cache: &Cache) -> Line {
    let mut line = Line::new();
    let counts = cache.node.lock().counts();
    // Damage may have driven Linux's counters below zero, and this number with them.
    let active = counts.total_objects.wrapping_sub(counts.free_objects);
    let name = cache.name.as_bytes();
    let name = name.get(..MAX_SHOWN).unwrap_or(name);
    // Pads by bytes, as C does: names need not be UTF-8.
    line.push(name);
    for _ in name.len()..NAME_COLUMN {
        line.push(b" ");
    }
    let _ = writeln!(
        line,
        " {active:>6} {:>6} {:>6} {:>4} {:>4} : tunables {:>4} {:>4} {:>4} : slabdata {:>6} {:>6} {:>6}",
        counts.total_objects,
        cache.layout.stride,
        cache.layout.objects,
        1u32 << cache.layout.order,
        0,
        0,
        0,
        counts.slabs,
        counts.slabs,
        0
    );
    line
}

/// Writes the table to a file descriptor: the header with the first row only, the newest cache first.
///
/// The slab mutex is not held while writing: a reader of a full pipe may itself use caches. A cache that is
/// created or destroyed meanwhile may or may not appear.
pub(crate) fn write(fd: i32) -> Result<(), Errno> {
    if sync::interrupted() {
        return Err(EBUSY);
    }
    cache::take_in();
    let mut below = u64::MAX;
    let mut first = true;
    loop {
        let mut rows = [const { None }; ROWS];
        let registry = registry::lock();
        for (slot, cache) in rows.iter_mut().zip(registry.newest_first().filter(|cache| cache.serial < below))
        {
            *slot = Some((cache.serial, row(cache)));
        }
        drop(registry);
        let last = rows.iter().flatten().last().map(|(serial, _)| *serial);
        for (_, row) in rows.iter().flatten() {
            if core::mem::take(&mut first) {
                out::write_all(fd, HEADER.as_bytes())?;
            }
            out::write_all(fd, row.as_bytes())?;
        }
        let Some(last) = last else { return Ok(()) };
        below = last;
    }
}
