//! Numbers, times and lists as sentences have them.

use jiff::Timestamp;
use register::Trusted;
use serde::Serialize;

/// What is to be said where nobody else vouches for the keys.
pub(crate) const OWN_KEYS: &str =
    "The keys were taken from the register itself: this shows that it agrees with itself, not whose it is.";

/// A witness that has cosigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Witnessed {
    /// The name of its key.
    pub by: String,
    /// When, in POSIX seconds.
    pub time: u64,
}

pub(crate) fn witnessed(trusted: &Trusted) -> Vec<Witnessed> {
    trusted.witnessed.iter().map(|(by, time)| Witnessed { by: by.clone(), time: *time }).collect()
}

/// The sentence on who has signed.
pub(crate) fn signed_by(origin: &str, witnessed: &[Witnessed]) -> String {
    let witnesses: Vec<String> = witnessed.iter().map(|one| format!("{} ({})", one.by, moment(one.time))).collect();
    match witnesses.as_slice() {
        [] => format!(
            "Its checkpoint is signed by {origin}, and by no witness: another one could be shown to somebody else."
        ),
        some => format!("Its checkpoint is signed by {origin} and cosigned by {}.", some.join(", ")),
    }
}

/// A time in POSIX seconds, in UTC.
pub(crate) fn moment(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(|| format!("{seconds} s after 1970"), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// A day, counted from 1 January 1970.
pub(crate) fn date(day: u32) -> String {
    let time = Timestamp::from_second(i64::from(day) * 86_400).ok();
    time.map_or_else(|| format!("day {day} after 1970"), |time| time.strftime("%Y-%m-%d").to_string())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// "1 leaf", "2 leaves".
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}
