// SPDX-License-Identifier: MIT OR Apache-2.0
//! The options about failures that somebody wants to have.

use crate::param::words::{parse_count, scan_number};
use crate::param::{set, set_switch};

/// What the command line says of faults. The words are explained where they are put in force (`fault`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Faults {
    /// `failslab=<interval>,<probability>,<space>,<times>`
    pub(crate) interval: u64,
    pub(crate) probability: u64,
    pub(crate) space: i32,
    pub(crate) times: i32,
    /// Whether `failslab=` was given something else than four numbers, at least once.
    pub(crate) failslab_is_wrong: bool,
    /// `kmem.failslab_verbose=`, `kmem.failslab_task_filter=`, ...: what debugfs has in the kernel.
    pub(crate) verbose: u32,
    pub(crate) task_filter: bool,
    pub(crate) ignore_gfp_wait: bool,
    pub(crate) cache_filter: bool,
    /// The start of the random sequence (`kmem.fault_seed=`).
    pub(crate) seed: Option<u32>,
    /// The request of the first thread that fails (`kmem.fail_nth=`; 0: none).
    pub(crate) fail_nth: u32,
    /// Objects that requests which may not sleep can have of each cache (`kmem.non_kernel=`; `u32::MAX`: any number).
    pub(crate) non_kernel: u32,
}

impl Faults {
    pub(super) const DEFAULT: Self = Self {
        interval: 1,
        probability: 0,
        space: 0,
        times: 1,
        failslab_is_wrong: false,
        verbose: 2,
        task_filter: false,
        ignore_gfp_wait: true,
        cache_filter: false,
        seed: None,
        fail_nth: 0,
        non_kernel: u32::MAX,
    };

    /// Takes one word; `false` when the word or its value is unknown.
    pub(super) fn take(&mut self, name: &[u8], value: &[u8]) -> bool {
        match name {
            b"failslab" => self.take_failslab(value),
            b"kmem.failslab_verbose" => set(&mut self.verbose, parse_count(value, 2)),
            b"kmem.failslab_task_filter" => set_switch(&mut self.task_filter, value),
            b"kmem.failslab_ignore_gfp_wait" => set_switch(&mut self.ignore_gfp_wait, value),
            b"kmem.failslab_cache_filter" => set_switch(&mut self.cache_filter, value),
            b"kmem.fault_seed" => {
                let seed = parse_count(value, u32::MAX as usize).map(|seed| seed as u32);
                self.seed = seed.or(self.seed);
                seed.is_some()
            }
            b"kmem.fail_nth" => set(&mut self.fail_nth, parse_count(value, u32::MAX as usize)),
            b"kmem.non_kernel" => set(&mut self.non_kernel, parse_count(value, u32::MAX as usize)),
            _ => false,
        }
    }

    fn take_failslab(&mut self, value: &[u8]) -> bool {
        let known = self.parse_failslab(value).is_some();
        self.failslab_is_wrong |= !known;
        known
    }

    /// Takes four numbers. As in the kernel, what follows them does not matter.
    fn parse_failslab(&mut self, value: &[u8]) -> Option<()> {
        let (interval, rest) = scan_number(value, false)?;
        let (probability, rest) = scan_number(rest.strip_prefix(b",")?, false)?;
        let (space, rest) = scan_number(rest.strip_prefix(b",")?, true)?;
        let (times, _) = scan_number(rest.strip_prefix(b",")?, true)?;
        (self.interval, self.probability) = (interval, probability);
        (self.space, self.times) = (space as i32, times as i32);
        Some(())
    }
}
