//! Days, time zones, and the clock that is handed in.

use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize};

use crate::text::TextError;

/// Where the time comes from: the system's clock in the binary, a hand-set one in tests.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> jiff::Timestamp;
}

/// A calendar day, written `2026-12-19`; in TOML with or without quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Day(pub civil::Date);

impl Day {
    /// The moment at which the day begins in `zone`.
    pub fn begins(self, zone: &Zone) -> jiff::Timestamp {
        zone.time_zone().to_timestamp(self.0.at(0, 0, 0, 0)).unwrap_or(if self.0.year() < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// The moment at which the day is over in `zone`.
    pub fn ends(self, zone: &Zone) -> jiff::Timestamp {
        Self(self.0.tomorrow().unwrap_or(civil::Date::MAX)).begins(zone)
    }

    /// The day that `moment` falls on in `zone`.
    pub fn of(moment: jiff::Timestamp, zone: &Zone) -> Self {
        Self(zone.time_zone().to_datetime(moment).date())
    }

    /// The day `days` later, or the nearest that the calendar has.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        let furthest = if days < 0 { civil::Date::MIN } else { civil::Date::MAX };
        Self(self.0.checked_add(jiff::Span::new().days(days)).unwrap_or(furthest))
    }

    /// Whole days from `self` until `other`, negative if `other` is earlier.
    pub fn days_until(self, other: Self) -> i32 {
        self.0.until(other.0).map_or(0, |span| span.get_days())
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        // Exactly yyyy-mm-dd: the library would also take a date with a time behind it.
        if text.len() == 10
            && let Ok(date) = text.parse::<civil::Date>()
        {
            return Ok(Self(date));
        }
        Err(TextError::Form("is not a day such as 2026-12-19"))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Day;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a day such as 2026-12-19")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Day, E> {
                text.parse().map_err(E::custom)
            }

            // A TOML date arrives as a map of one private key to the text of the date.
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Day, A::Error> {
                let entry = map.next_entry::<String, String>()?;
                let (_, text) = entry.ok_or_else(|| serde::de::Error::custom("is not a day"))?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A time zone of the IANA database, as in `Europe/London`.
#[derive(Debug, Clone)]
pub struct Zone(String, TimeZone);

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self("UTC".to_owned(), TimeZone::UTC)
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rules that go with the name.
    pub fn time_zone(&self) -> &TimeZone {
        &self.1
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl FromStr for Zone {
    type Err = TextError;

    fn from_str(name: &str) -> Result<Self, TextError> {
        match TimeZone::get(name) {
            Ok(rules) => Ok(Self(name.to_owned(), rules)),
            Err(_) => Err(TextError::Form("is not a time zone such as \"Europe/London\"")),
        }
    }
}

crate::text_newtype!(Zone);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_its_own_zone() -> Result<(), Box<dyn std::error::Error>> {
        let summer: Day = "2026-06-12".parse()?;
        assert_eq!(summer.ends(&"Europe/London".parse()?).to_string(), "2026-06-12T23:00:00Z");
        assert_eq!(summer.ends(&"UTC".parse()?).to_string(), "2026-06-13T00:00:00Z");
        assert_eq!(summer.days_until("2026-12-19".parse()?), 190);
        assert!("2026-02-30".parse::<Day>().is_err() && "2026-06-12T10:00".parse::<Day>().is_err());
        Ok(())
    }
}
