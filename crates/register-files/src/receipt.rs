//! Verifies what a contributor has kept: a receipt, or the proof or the promise in it alone.

use std::fmt;

use register::{Checkpoint, Class, Event, Evidence, Leaf, Outcome, Policy, Promise, ProofFile, Receipt};
use serde::Serialize;

use crate::words::{Witnessed, count, date, hex, moment, signed_by, witnessed};
use crate::{Error, Result};

/// What somebody brings to be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// A receipt.
    Receipt(Receipt),
    /// A proof file or a promise, without what opens its commitment.
    Evidence(Evidence),
}

/// Against what to verify it.
#[derive(Debug, Clone)]
pub struct VerifyReceipt {
    /// The policy to believe.
    pub policy: Policy,
    /// Whether the policy was taken from the register itself; the report says so.
    pub own_keys: bool,
    /// The time, in POSIX seconds.
    pub now: u64,
}

/// What was found. Printed, it is a text for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptReport {
    /// Whether all that was brought holds.
    pub sound: bool,
    /// The name of the log.
    pub origin: String,
    /// The id of the review, in hexadecimal digits.
    pub review: String,
    /// What the register has said.
    #[serde(flatten)]
    pub shows: Shows,
    /// The terms on which the contribution was given, where a receipt was brought.
    pub class: Option<String>,
    /// Whether what was given, on these terms, is what the register committed to. None where no receipt was brought.
    pub opens: Option<bool>,
    /// Whether the keys were taken from the register itself.
    pub own_keys: bool,
}

/// What the register has said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Shows {
    /// That a leaf stands in it.
    Proof {
        /// The place of the leaf, from 0.
        index: u64,
        /// How many leaves the log had when the proof was made.
        size: u64,
        /// The day on which the leaf was sequenced, as year, month and day.
        day: String,
        /// What the leaf says.
        says: String,
        /// Who has cosigned.
        witnessed: Vec<Witnessed>,
    },
    /// That a contribution will stand in it.
    Promise {
        /// By when, in POSIX seconds.
        deadline: u64,
        /// Whether that time is over.
        over: bool,
    },
}

impl Brought {
    /// Reads a receipt, a proof file or a signed promise, whichever it is; verifies nothing.
    pub fn parse(bytes: &[u8]) -> register::Result<Brought> {
        if bytes.starts_with(b"folkmoot-receipt/") {
            Receipt::parse(bytes).map(Brought::Receipt)
        } else {
            Evidence::parse(bytes).map(Brought::Evidence)
        }
    }

    /// What the register has said.
    pub fn evidence(&self) -> &Evidence {
        match self {
            Brought::Receipt(receipt) => &receipt.evidence,
            Brought::Evidence(evidence) => evidence,
        }
    }

    /// The log that it names, believed or not: where its policy may be found.
    pub fn origin(&self) -> register::Result<String> {
        Ok(match self.evidence() {
            Evidence::Proof(proof) => proof.checkpoint.text().parse::<Checkpoint>()?.origin,
            Evidence::Promise(note) => note.text().parse::<Promise>()?.origin,
        })
    }
}

impl VerifyReceipt {
    /// Verifies what was brought from this place. An error means that what the register is said to have said is not believed.
    pub fn run(&self, place: &str, brought: &Brought) -> Result<ReceiptReport> {
        let (origin, review, shows, commitment) = match brought.evidence() {
            Evidence::Proof(proof) => self.proof(place, proof)?,
            Evidence::Promise(note) => {
                let promise = Promise::open(note, &self.policy).map_err(Error::content(place))?;
                let shows = Shows::Promise { deadline: promise.deadline, over: self.now > promise.deadline };
                (promise.origin, promise.review, shows, Some(promise.commitment))
            }
        };
        let receipt = if let Brought::Receipt(receipt) = brought { Some(receipt) } else { None };
        let opens = receipt.map(|receipt| commitment.is_some_and(|commitment| receipt.opens(&commitment)));
        Ok(ReceiptReport {
            sound: opens != Some(false),
            origin,
            review: hex(&review),
            shows,
            class: receipt.map(|receipt| terms(receipt.class).into()),
            opens,
            own_keys: self.own_keys,
        })
    }

    fn proof(&self, place: &str, proof: &ProofFile) -> Result<Said> {
        let entry = proof.extra.as_deref().ok_or_else(|| Error::NoLeaf(place.into()))?;
        let trusted = proof.verify(entry, &self.policy).map_err(Error::content(place))?;
        let leaf = Leaf::parse(entry).map_err(Error::content(place))?;
        let shows = Shows::Proof {
            index: proof.index,
            size: trusted.checkpoint.head.size,
            day: date(leaf.day),
            says: says(&leaf.event),
            witnessed: witnessed(&trusted),
        };
        let commitment = if let Event::Contribution(commitment) = leaf.event { Some(commitment) } else { None };
        Ok((trusted.checkpoint.origin, leaf.review, shows, commitment))
    }
}

/// Log, review, what is shown, and the commitment.
type Said = (String, [u8; 16], Shows, Option<register::Commitment>);

fn terms(class: Class) -> &'static str {
    match class {
        Class::Public => "public",
        Class::Unnamed => "public without the name",
        Class::UseOnly => "to be used, never quoted",
        Class::Sealed => "in confidence",
    }
}

/// What a leaf says, after "it says that".
fn says(event: &Event) -> String {
    match event {
        Event::Contribution(_) => "a contribution was given".into(),
        Event::Disposition { of, disposition } => {
            let became = match disposition.outcome {
                Outcome::Published => "was published",
                Outcome::Considered => "was considered, and not published",
                Outcome::Withdrawn => "was withdrawn by its contributor",
                Outcome::Excluded(_) => "was excluded",
                Outcome::Erased => "was erased",
            };
            format!("the contribution at leaf {of} {became}")
        }
        Event::Manifest { epoch, .. } => format!("the keys to seal evidence to were published, manifest {epoch}"),
        Event::Unseal { .. } => "something in confidence was unsealed".into(),
        Event::TokensIssued { count: issued, .. } => format!("{} issued", count(*issued, "token was", "tokens were")),
        Event::Close(sums) => {
            let given = count(u64::from(sums.contributions), "contribution", "contributions");
            format!("the review was closed with {given}")
        }
        Event::Policy { .. } => "something was stated in public".into(),
    }
}

impl ReceiptReport {
    fn verdict(&self) -> &'static str {
        match (self.opens, &self.shows) {
            (Some(true), Shows::Proof { .. }) => {
                "This receipt holds: what is in it was given, and stands in the register."
            }
            (Some(true), Shows::Promise { .. }) => {
                "This receipt holds: what is in it was given, and the register has promised to enter it."
            }
            (Some(false), _) => "THIS RECEIPT DOES NOT HOLD: the register has something else than what is in it.",
            (None, Shows::Proof { .. }) => "This proof holds.",
            (None, Shows::Promise { .. }) => "This promise holds: the register has given it.",
        }
    }
}

impl fmt::Display for ReceiptReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ReceiptReport { origin, review, .. } = self;
        writeln!(formatter, "{}\n", self.verdict())?;
        match &self.shows {
            Shows::Proof { index, size, day, says, witnessed } => {
                let (entry, entries) = (index + 1, count(*size, "entry", "entries"));
                writeln!(
                    formatter,
                    "It is entry {entry} of {entries} (leaf {index}) in the register {origin}, of review {review}."
                )?;
                writeln!(formatter, "It was sequenced on {day}, and says that {says}.")?;
                writeln!(formatter, "{}", signed_by(origin, witnessed))?;
            }
            Shows::Promise { deadline, over } => {
                let by = moment(*deadline);
                writeln!(
                    formatter,
                    "The register {origin} has signed that it will stand there by {by}, in review {review}."
                )?;
                if *over {
                    let next = "That time is over. `folkmoot verify register ADDRESS --promise FILE` tells whether it was kept.";
                    writeln!(formatter, "{next}")?;
                }
            }
        }
        if let (Some(opens), Some(class)) = (self.opens, &self.class) {
            if opens {
                writeln!(formatter, "It was given on these terms: {class}.")?;
            } else {
                writeln!(formatter, "The register commits to another text, to other terms, or under another salt.")?;
            }
        }
        if self.own_keys {
            let warning =
                "The keys were taken from the register itself: this shows that it agrees with itself, not whose it is.";
            writeln!(formatter, "{warning}")?;
        }
        Ok(())
    }
}
