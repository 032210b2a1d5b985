//! The leaf: 64 bytes that say that something happened, and nothing of whom or what (`docs/register.md`, "The leaf").

use crate::{Commitment, Disposition, Error, Result, Sums};

/// How every leaf begins.
const MAGIC: &[u8; 3] = b"ev1";

/// One entry of the register. Written as
/// `"ev1"` (3 bytes) ‖ kind (1) ‖ review (16) ‖ day (4) ‖ value (32) ‖ reference (8), numbers with the highest byte first.
/// There is one way only to write a leaf, so that bytes which read as one are those that it is written as.
///
/// ```
/// use folkmoot_register::{Class, Commitment, Event, Leaf, Salt};
///
/// let commitment = Commitment::new(&Salt([7; 32]), Class::Unnamed, b"The form asked for my passport twice.");
/// let leaf = Leaf { review: [1; 16], day: 20_000, event: Event::Contribution(commitment) };
/// assert_eq!(Leaf::parse(&leaf.to_bytes())?, leaf);
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// The review that it belongs to.
    pub review: [u8; 16],
    /// The day on which its batch was sequenced, in days since 1 January 1970, UTC. No finer time, lest it betray a writer.
    pub day: u32,
    /// What happened.
    pub event: Event,
}

/// What a leaf says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody gave evidence, openly or in confidence: the two look the same (kind 1).
    Contribution(Commitment),
    /// What became of the contribution at this place of the log (kind 2).
    Disposition {
        /// The place of the contribution.
        of: u64,
        /// What became of it.
        disposition: Disposition,
    },
    /// The keys that evidence is sealed to were published (kind 3).
    Manifest {
        /// The number of the manifest, which only grows.
        epoch: u64,
        /// SHA-256 of its signed note.
        digest: [u8; 32],
    },
    /// Something in confidence was unsealed (kind 4). Which thing is not said: only those who know it can tell, by a salted
    /// digest.
    Unseal {
        /// An HMAC over the record of the unsealing.
        digest: [u8; 32],
    },
    /// So many blind tokens were issued to people of a department (kind 5).
    TokensIssued {
        /// How many.
        count: u64,
        /// A digest of department and window.
        digest: [u8; 32],
    },
    /// The review closed: these are the sums over its contributions (kind 6).
    Close(Sums),
    /// Something was said in public, such as how long evidence is kept, or a [`Statement`](crate::Statement) (kind 7).
    Policy {
        /// SHA-256 of the text as published.
        digest: [u8; 32],
    },
}

impl Leaf {
    /// A leaf has so many bytes, whatever it says.
    pub const LENGTH: usize = 64;

    /// Writes the leaf.
    pub fn to_bytes(&self) -> [u8; Leaf::LENGTH] {
        let (kind, value, reference) = match &self.event {
            Event::Contribution(commitment) => (1, commitment.0, 0),
            Event::Disposition { of, disposition } => (2, disposition.to_value(), *of),
            Event::Manifest { epoch, digest } => (3, *digest, *epoch),
            Event::Unseal { digest } => (4, *digest, 0),
            Event::TokensIssued { count, digest } => (5, *digest, *count),
            Event::Close(sums) => (6, sums.to_value(), 0),
            Event::Policy { digest } => (7, *digest, 0),
        };
        let mut bytes = [0; Leaf::LENGTH];
        bytes[..3].copy_from_slice(MAGIC);
        bytes[3] = kind;
        bytes[4..20].copy_from_slice(&self.review);
        bytes[20..24].copy_from_slice(&self.day.to_be_bytes());
        bytes[24..56].copy_from_slice(&value);
        bytes[56..].copy_from_slice(&u64::to_be_bytes(reference));
        bytes
    }

    /// Reads a leaf.
    pub fn parse(bytes: &[u8]) -> Result<Leaf> {
        let malformed = |why: &str| Error::malformed("leaf", why);
        let fields = Fields::of(bytes).ok_or_else(|| malformed("it has not the 64 bytes that begin with `ev1`"))?;
        let Fields { kind, review, day, value, reference } = fields;
        let event = match kind {
            1 => Event::Contribution(Commitment(value)),
            2 => Event::Disposition {
                of: reference,
                disposition: Disposition::from_value(&value)
                    .ok_or_else(|| malformed("it says no disposition that is known"))?,
            },
            3 => Event::Manifest { epoch: reference, digest: value },
            4 => Event::Unseal { digest: value },
            5 => Event::TokensIssued { count: reference, digest: value },
            6 => Event::Close(Sums::from_value(&value).ok_or_else(|| malformed("it does not state sums"))?),
            7 => Event::Policy { digest: value },
            _ => return Err(malformed("it is of no known kind")),
        };
        let refers = matches!(kind, 2 | 3 | 5);
        if refers || reference == 0 {
            Ok(Leaf { review, day, event })
        } else {
            Err(malformed("it refers to something"))
        }
    }
}

struct Fields {
    kind: u8,
    review: [u8; 16],
    day: u32,
    value: [u8; 32],
    reference: u64,
}

impl Fields {
    fn of(bytes: &[u8]) -> Option<Fields> {
        let (kind, rest) = bytes.strip_prefix(MAGIC)?.split_first()?;
        let (review, rest) = rest.split_first_chunk()?;
        let (day, rest) = rest.split_first_chunk()?;
        let (value, rest) = rest.split_first_chunk()?;
        let reference = u64::from_be_bytes(rest.try_into().ok()?);
        Some(Fields { kind: *kind, review: *review, day: u32::from_be_bytes(*day), value: *value, reference })
    }
}
