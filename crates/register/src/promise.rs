//! Promises: what a log gives at once for evidence that is not sequenced yet. A promise that is not kept is proof of misbehaviour.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::decimal;
use crate::key::SigningKey;
use crate::{Commitment, Error, Note, Policy, Result};

const FIRST_LINE: &str = "register-promise/v1";

/// "By this deadline this commitment stands in the log", the text of a note that is signed with the key of the log. Its first
/// line keeps it from passing for a checkpoint, whose second line is a number.
///
/// ```
/// use folkmoot_register::{Commitment, Kind, Note, Policy, Promise, SigningKey};
///
/// let key = SigningKey::from_seed("example.org/register", Kind::Note, &[1; 32])?;
/// let promise = Promise {
///     origin: "example.org/register".into(),
///     review: [1; 16],
///     commitment: Commitment([2; 32]),
///     deadline: 1_700_086_400,
/// };
/// let note = promise.sign(&[&key])?;
///
/// let policy = Policy::new(&[key.verifying().clone()], &[], 0)?;
/// assert_eq!(Promise::open(&note, &policy)?, promise);
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The name of the log.
    pub origin: String,
    /// The review.
    pub review: [u8; 16],
    /// The commitment that will stand in a contribution leaf of the review.
    pub commitment: Commitment,
    /// When it will stand there at the latest, in POSIX seconds.
    pub deadline: u64,
}

/// How a promise stands by a log that was read from its first leaf to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The commitment stands at this place.
    Kept(u64),
    /// It is not there, and the deadline is still to come.
    Waiting,
    /// It is not there, and the deadline is over by the clock of the one who looks. For others it is no proof yet: no quorum of
    /// witnesses has said when this was all of the log.
    Overdue,
    /// It is not there, and witnesses say that this was all of the log after the deadline: with the checkpoint, and the leaves
    /// that anybody can read, the promise is proof that the log has misbehaved.
    Broken,
    /// It was not found, and not all of the log could be read.
    Unknown,
}

impl Promise {
    /// Signs it with the key of the log, or both while the key is changed.
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<Note> {
        if self.to_string().parse::<Promise>().as_ref() != Ok(self) {
            return Err(Error::Unwritable {
                what: "a promise",
                why: "the name of the log is empty or is more than one line",
            });
        }
        Note::sign(&self.to_string(), keys, 0)
    }

    /// Opens a promise that a log which the policy believes has signed.
    pub fn open(note: &Note, policy: &Policy) -> Result<Promise> {
        let promise: Promise = note.text().parse()?;
        policy.verify(note, &promise.origin)?;
        Ok(promise)
    }

    /// How the promise stands: `place` is where the commitment was found in the whole log, `as_of` the time up to which
    /// witnesses vouch for it ([`Trusted::as_of`](crate::Trusted::as_of)), `now` the time at which one looks.
    pub fn standing(&self, place: Option<u64>, as_of: Option<u64>, now: u64) -> Standing {
        match place {
            Some(place) => Standing::Kept(place),
            None if as_of.is_some_and(|time| time > self.deadline) => Standing::Broken,
            None if now > self.deadline => Standing::Overdue,
            None => Standing::Waiting,
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{FIRST_LINE}\norigin {}", self.origin)?;
        writeln!(formatter, "review {:032x}", u128::from_be_bytes(self.review))?;
        writeln!(formatter, "commitment {}", STANDARD.encode(self.commitment.0))?;
        writeln!(formatter, "deadline {}", self.deadline)
    }
}

impl FromStr for Promise {
    type Err = Error;

    fn from_str(text: &str) -> Result<Promise> {
        let malformed = |why: &str| Error::malformed("promise", why);
        let [first, origin, review, commitment, deadline, ""] = text.split('\n').collect::<Vec<_>>()[..] else {
            return Err(malformed("it has not five lines"));
        };
        if first != FIRST_LINE {
            return Err(malformed("line 1 is not `register-promise/v1`"));
        }
        let origin = origin.strip_prefix("origin ").filter(|origin| !origin.is_empty());
        let hex = review.strip_prefix("review ").filter(|hex| hex.len() == 32);
        let review =
            hex.and_then(|hex| u128::from_str_radix(hex, 16).ok().filter(|number| format!("{number:032x}") == hex));
        let commitment =
            commitment.strip_prefix("commitment ").and_then(|encoded| STANDARD.decode(encoded).ok()?.try_into().ok());
        Ok(Promise {
            origin: origin.ok_or_else(|| malformed("line 2 is not `origin` and a name"))?.into(),
            review: review.ok_or_else(|| malformed("line 3 is not `review` and 32 hexadecimal digits"))?.to_be_bytes(),
            commitment: Commitment(
                commitment.ok_or_else(|| malformed("line 4 is not `commitment` and 32 bytes in base64"))?,
            ),
            deadline: deadline
                .strip_prefix("deadline ")
                .and_then(decimal)
                .ok_or_else(|| malformed("line 5 is not `deadline` and POSIX seconds"))?,
        })
    }
}
