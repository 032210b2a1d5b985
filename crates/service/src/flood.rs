//! What happens while more is sent than a node takes without delay: whoever sends then shows that they are in no hurry, by
//! half a minute of patience or by a second of their device's work. Nothing is refused, and nothing that was typed is lost.

use std::sync::{Arc, Mutex, PoisonError};

use domain::DraftId;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::SessionSecret;

/// How long patience lasts, in seconds.
pub const PATIENCE: i64 = 30;
/// How many leading bits of a proof's digest are zero: about 65,000 attempts, a second or two of a telephone.
pub const BITS: u32 = 16;
/// For how long a ticket may be used.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Counts what is sent in a minute, on this node.
#[derive(Debug, Clone)]
pub(crate) struct Meter {
    /// The most in a minute; none for any number.
    most: Option<u32>,
    counted: Arc<Mutex<Counted>>,
}

#[derive(Debug, Default)]
struct Counted {
    minute: i64,
    now: u32,
    before: u32,
}

impl Meter {
    /// A meter for `most` a minute; 0 for any number.
    pub fn new(most: u32) -> Self {
        Self { most: (most > 0).then_some(most), counted: Arc::default() }
    }

    /// Counts one; whether the last minute held more than it should. The last minute is reckoned from this calendar minute
    /// and as much of the one before as still belongs to it.
    pub fn count(&self, now: Timestamp) -> bool {
        let Some(most) = self.most else { return false };
        let (minute, second) = (now.as_second().div_euclid(60), now.as_second().rem_euclid(60));
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.minute != minute {
            let before = if counted.minute == minute - 1 { counted.now } else { 0 };
            *counted = Counted { minute, now: 0, before };
        }
        counted.now = counted.now.saturating_add(1);
        let share = i64::from(counted.before) * (60 - second) / 60;
        i64::from(counted.now) + share > i64::from(most)
    }
}

/// What lets one draft of one session through a flood: at once with a proof of work, and by itself when its moment has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// From when on it will do without a proof.
    pub from: Timestamp,
    /// What the form carries.
    pub text: String,
}

impl Ticket {
    /// Writes one that will do by itself in half a minute.
    pub(crate) fn write(session: &SessionSecret, draft: DraftId, now: Timestamp) -> Self {
        Self::of(session, draft, now.as_second() + PATIENCE)
    }

    fn of(session: &SessionSecret, draft: DraftId, from: i64) -> Self {
        let text = format!("{from}.{}", session.seal_text(&format!("ticket {} {from}", draft.0)));
        Self { from: Timestamp::from_second(from).unwrap_or(Timestamp::MAX), text }
    }

    /// Reads one that was written for this draft of this session within a day; nothing else is one.
    pub(crate) fn read(session: &SessionSecret, draft: DraftId, text: &str, now: Timestamp) -> Option<Self> {
        let from = text.split_once('.')?.0.parse().ok()?;
        let genuine = Self::of(session, draft, from);
        (genuine.text == text && now.duration_since(genuine.from) < LIFE).then_some(genuine)
    }

    /// Whether it lets through now.
    pub(crate) fn lets_through(&self, proof: Option<&str>, now: Timestamp) -> bool {
        now >= self.from || proof.is_some_and(|proof| proves(&self.text, proof))
    }
}

/// Whether the SHA-256 of `ticket:proof` begins with [`BITS`] zeros.
fn proves(ticket: &str, proof: &str) -> bool {
    let digest = Sha256::new().chain_update(ticket).chain_update(":").chain_update(proof).finalize();
    let zeros: u32 = digest
        .iter()
        .scan(true, |on, byte| std::mem::replace(on, *on && *byte == 0).then_some(byte.leading_zeros()))
        .sum();
    proof.len() <= 20 && zeros >= BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_counted_with_what_is_left_of_the_one_before() {
        let at = |second: i64| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        let meter = Meter::new(10);
        assert!((0..10).all(|_| !meter.count(at(59))), "ten are no flood");
        assert!(meter.count(at(59)) && meter.count(at(60)), "the eleventh is, and so is the next, a second later");
        assert!(!meter.count(at(115)), "most of that minute is over");
        assert!(!meter.count(at(600)));
        assert!((0..1_000).all(|_| !Meter::new(0).count(at(0))), "without a limit there is no flood");
    }

    #[test]
    fn a_ticket_is_for_one_draft_of_one_session_and_a_proof_for_one_ticket() {
        let now = Timestamp::from_second(1_000_000).unwrap_or(Timestamp::MAX);
        let session = |digit: &str| SessionSecret::parse(&digit.repeat(64));
        let (Some(mine), Some(other)) = (session("a"), session("b")) else { panic!("these are secrets") };
        let draft = DraftId(uuid::Uuid::from_u128(7));
        let ticket = Ticket::write(&mine, draft, now);
        assert_eq!(Ticket::read(&mine, draft, &ticket.text, now), Some(ticket.clone()));
        assert_eq!(Ticket::read(&other, draft, &ticket.text, now), None);
        assert_eq!(Ticket::read(&mine, DraftId(uuid::Uuid::from_u128(8)), &ticket.text, now), None);
        let later = now + SignedDuration::from_hours(25);
        assert_eq!(Ticket::read(&mine, draft, &ticket.text, later), None, "it does not last for ever");
        for nonsense in ["", ".", "1000030.", "x.y", "-9223372036854775808.0", "9223372036854775807.0"] {
            assert_eq!(Ticket::read(&mine, draft, nonsense, now), None, "{nonsense}");
        }
        assert!(!ticket.lets_through(None, now) && !ticket.lets_through(Some("0"), now));
        assert!(ticket.lets_through(None, now + SignedDuration::from_secs(PATIENCE)));
        let proof = (0_u64..10_000_000).map(|n| n.to_string()).find(|proof| proves(&ticket.text, proof));
        assert!(ticket.lets_through(proof.as_deref(), now), "{proof:?}");
    }
}
