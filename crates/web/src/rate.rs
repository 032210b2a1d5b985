//! Limits on how many forms one address of the network may send, and how many messages one address of e-mail may get that
//! somebody asked for. No address is kept: only a keyed digest of it, and the key lives in memory and changes its effect every day.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::EmailAddress;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Above this many addresses, those that have been quiet are forgotten.
const MANY: usize = 10_000;
/// Seconds between two searches for them.
const BETWEEN_SWEEPS: i64 = 10;

/// How many messages an address of e-mail may get at once, and seconds until there is room for one more: with every draft in
/// the world, nobody can be pestered by way of a review.
const LETTERS: (u32, u64) = (6, 4 * 60 * 60);

/// Counts by address.
pub(crate) struct Limiter {
    counts: DefaultKeyedRateLimiter<[u8; 16]>,
    key: [u8; 32],
    /// The second in which quiet addresses were last looked for.
    swept: AtomicI64,
}

impl Limiter {
    /// A limiter that allows `per_minute` forms; none if that is 0.
    pub fn new(per_minute: u32, key: [u8; 32]) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
        Some(Self { counts: DefaultKeyedRateLimiter::keyed(quota), key, swept: AtomicI64::new(i64::MIN) })
    }

    /// A limiter of messages to an address.
    pub fn of_letters(key: [u8; 32]) -> Option<Self> {
        let (burst, seconds) = LETTERS;
        let quota = Quota::with_period(Duration::from_secs(seconds))?.allow_burst(NonZeroU32::new(burst)?);
        Some(Self { counts: DefaultKeyedRateLimiter::keyed(quota), key, swept: AtomicI64::new(i64::MIN) })
    }

    /// Counts one message; whether there is room for it.
    pub fn count_letter(&self, address: &EmailAddress, now: Timestamp) -> bool {
        self.counted(address.key().as_bytes(), now).is_ok()
    }

    /// Counts one form.
    ///
    /// # Errors
    /// How long to wait, if there were too many.
    pub fn count(&self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        self.counted(&household(address), now)
    }

    fn counted(&self, address: &[u8], now: Timestamp) -> Result<(), Duration> {
        if self.counts.len() > MANY && self.may_sweep(now.as_second()) {
            self.counts.retain_recent();
        }
        let name = self.name(address, now);
        self.counts.check_key(&name).map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
    }

    /// Whether to look for quiet addresses: it takes as long as there are addresses, so not at every form, and one
    /// request at a time.
    fn may_sweep(&self, now: i64) -> bool {
        let due = |last: i64| (now.saturating_sub(last) >= BETWEEN_SWEEPS).then_some(now);
        self.swept.fetch_update(Ordering::Relaxed, Ordering::Relaxed, due).is_ok()
    }

    fn name(&self, address: &[u8], now: Timestamp) -> [u8; 16] {
        let day = now.as_second().div_euclid(86_400);
        let digest =
            Sha256::new().chain_update(self.key).chain_update(day.to_be_bytes()).chain_update(address).finalize();
        std::array::from_fn(|at| digest[at])
    }
}

/// An IPv4 address, or the /64 network that one customer gets under IPv6.
fn household(address: IpAddr) -> [u8; 8] {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            [4, 0, 0, 0, a, b, c, d]
        }
        IpAddr::V6(address) => {
            let octets = address.octets();
            std::array::from_fn(|at| octets[at])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_form_of_an_address_waits_and_others_do_not() {
        let limiter = Limiter::new(2, [7; 32]).expect("a limit");
        let now = Timestamp::UNIX_EPOCH;
        let (one, other): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        assert!(limiter.count(one, now).is_ok() && limiter.count(one, now).is_ok());
        assert!(limiter.count(one, now).is_err_and(|wait| wait <= Duration::from_secs(30)));
        assert!(limiter.count(other, now).is_ok());
        assert!(Limiter::new(0, [7; 32]).is_none());
    }

    #[test]
    fn an_address_gets_six_messages_however_it_is_written() {
        let limiter = Limiter::of_letters([7; 32]).expect("a limit");
        let room = |address: &str| limiter.count_letter(&address.parse().expect("an address"), Timestamp::UNIX_EPOCH);
        assert_eq!((0..8).filter(|_| room("Ada@example.org")).count(), 6);
        assert!(!room("ada@EXAMPLE.org") && room("eve@example.org"));
    }

    #[test]
    fn quiet_addresses_are_looked_for_every_ten_seconds_at_most() {
        let limiter = Limiter::new(2, [7; 32]).expect("a limit");
        assert_eq!(
            [0, 1, 9, 10, 19, 25].map(|second| limiter.may_sweep(second)),
            [true, false, false, true, false, true]
        );
    }

    #[test]
    fn an_address_has_another_name_every_day_and_a_household_has_one() {
        let limiter = Limiter::new(2, [7; 32]).expect("a limit");
        let tomorrow = Timestamp::from_second(86_400).expect("a moment");
        let name = |address: &str, now| limiter.name(&household(address.parse().expect("an address")), now);
        assert_ne!(name("192.0.2.1", Timestamp::UNIX_EPOCH), name("192.0.2.1", tomorrow));
        assert_eq!(name("2001:db8::1", tomorrow), name("2001:db8::2:1", tomorrow));
        assert_eq!(name("::ffff:192.0.2.1", tomorrow), name("192.0.2.1", tomorrow));
    }
}
