// SPDX-License-Identifier: MIT OR Apache-2.0
//! At most so many messages per interval.

use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicU32, AtomicU64};

use crate::sys::process;

/// The kernel's defaults.
const INTERVAL_NS: u64 = 5_000_000_000;
const BURST: u32 = 10;

/// Lets ten messages through per five seconds, unless it was made otherwise. At the moment when an interval ends, threads may disagree about a message or
/// two.
pub(crate) struct RateLimit {
    burst: u32,
    interval_ns: u64,
    begin_ns: AtomicU64,
    passed: AtomicU32,
}

impl RateLimit {
    pub(crate) const fn new() -> Self {
        Self::with(BURST, INTERVAL_NS)
    }

    /// Lets `burst` messages through per `interval_ns` nanoseconds.
    pub(crate) const fn with(burst: u32, interval_ns: u64) -> Self {
        Self { burst, interval_ns, begin_ns: AtomicU64::new(0), passed: AtomicU32::new(0) }
    }

    /// Whether a message may be printed now.
    pub(crate) fn allow(&self) -> bool {
        self.allow_of(self.burst, self.interval_ns)
    }

    /// The same with limits that may change from message to message.
    pub(crate) fn allow_of(&self, burst: u32, interval_ns: u64) -> bool {
        let now = process::monotonic_ns();
        let begin = self.begin_ns.load(Relaxed);
        // An interval that another thread has just begun may begin later than now.
        let over = begin == 0 || now.saturating_sub(begin) > interval_ns;
        if over && self.begin_ns.compare_exchange(begin, now, Relaxed, Relaxed).is_ok() {
            self.passed.store(0, Relaxed);
        }
        // The count stops where it has an effect: it must not come round to 0.
        self.passed.load(Relaxed) < burst && self.passed.fetch_add(1, Relaxed) < burst
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_begins_later_is_not_over() {
        let limit = RateLimit::with(1, INTERVAL_NS);
        assert!(limit.allow());
        limit.begin_ns.store(process::monotonic_ns() + INTERVAL_NS, Relaxed);
        assert!(!limit.allow());
    }

    #[test]
    fn the_count_stops() {
        let limit = RateLimit::with(2, INTERVAL_NS);
        assert!(limit.allow());
        limit.passed.store(u32::MAX, Relaxed);
        assert!(!limit.allow() && !limit.allow());
    }
}
