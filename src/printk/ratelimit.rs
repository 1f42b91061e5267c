// SPDX-License-Identifier: MIT OR Apache-2.0
//! At most so many messages per interval.

use crate::sync::Mutex;
use crate::sys::process;

/// The kernel's defaults.
const INTERVAL_NS: u64 = 5_000_000_000;
const BURST: u32 = 10;

struct State {
    begin_ns: u64,
    passed: u32,
}

/// Lets ten messages through per five seconds, unless it was made otherwise.
pub(crate) struct RateLimit {
    burst: u32,
    interval_ns: u64,
    state: Mutex<State>,
}

impl RateLimit {
    pub(crate) const fn new() -> Self {
        Self::with(BURST, INTERVAL_NS)
    }

    /// Lets `burst` messages through per `interval_ns` nanoseconds.
    pub(crate) const fn with(burst: u32, interval_ns: u64) -> Self {
        Self { burst, interval_ns, state: Mutex::new(State { begin_ns: 0, passed: 0 }) }
    }

    /// Whether a message may be printed now.
    pub(crate) fn allow(&self) -> bool {
        // Whoever finds the lock held is one of many at the same moment: exactly what is to be limited.
        let Some(mut state) = self.state.try_lock() else { return false };
        let now = process::monotonic_ns();
        if state.begin_ns == 0 || now.wrapping_sub(state.begin_ns) > self.interval_ns {
            *state = State { begin_ns: now, passed: 0 };
        }
        state.passed += 1;
        state.passed <= self.burst
    }
}
