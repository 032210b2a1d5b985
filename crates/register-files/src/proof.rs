//! Verifies a proof file: that a leaf is in a register, and, with salt and text, that it is the leaf of that text.

use std::fmt;
use std::path::PathBuf;

use register::{Class, Event, Leaf, Outcome, ProofFile, Salt};
use serde::Serialize;

use crate::folder::{read_file, read_policy};
use crate::words::{Witnessed, count, date, hex, signed_by, witnessed};
use crate::{Error, Result};

/// What to verify, and against what.
#[derive(Debug, Clone)]
pub struct VerifyProof {
    /// The proof file.
    pub file: PathBuf,
    /// The policy to believe.
    pub policy: PathBuf,
    /// What opens the commitment, for those who have it.
    pub opening: Option<Opening>,
}

/// What only the contributor, and those who hold the evidence, have.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The salt, from the receipt.
    pub salt: Salt,
    /// The terms on which the evidence was given.
    pub class: Class,
    /// The file with the text as it was given, or the seal.
    pub content: PathBuf,
}

/// What was found. Printed, it is a text for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofReport {
    /// The name of the log.
    pub origin: String,
    /// The place of the leaf, from 0.
    pub index: u64,
    /// How many leaves the log had when the proof was made.
    pub size: u64,
    /// The id of the review, in hexadecimal digits.
    pub review: String,
    /// The day on which the leaf was sequenced, as year, month and day.
    pub day: String,
    /// What the leaf says.
    pub says: String,
    /// Who has cosigned.
    pub witnessed: Vec<Witnessed>,
    /// Whether the text that was brought is the one that was given. None where none was brought.
    pub opens: Option<bool>,
}

impl ProofReport {
    /// Whether all that was brought holds.
    pub fn is_sound(&self) -> bool {
        self.opens != Some(false)
    }
}

impl VerifyProof {
    /// Verifies. An error means that the proof does not hold.
    pub fn run(&self) -> Result<ProofReport> {
        let policy = read_policy(&self.policy)?;
        let proof = ProofFile::parse(&read_file(&self.file)?).map_err(Error::content(&self.file))?;
        let entry = proof.extra.as_deref().ok_or_else(|| Error::NoLeaf(self.file.clone()))?;
        let trusted = proof.verify(entry, &policy).map_err(Error::content(&self.file))?;
        let leaf = Leaf::parse(entry).map_err(Error::content(&self.file))?;
        let opens = self.opening.as_ref().map(|opening| opening.opens(&leaf)).transpose()?;
        Ok(ProofReport {
            index: proof.index,
            size: trusted.checkpoint.head.size,
            review: hex(&leaf.review),
            day: date(leaf.day),
            says: says(&leaf.event),
            witnessed: witnessed(&trusted),
            opens,
            origin: trusted.checkpoint.origin,
        })
    }
}

impl Opening {
    fn opens(&self, leaf: &Leaf) -> Result<bool> {
        let content = read_file(&self.content)?;
        Ok(matches!(leaf.event, Event::Contribution(commitment) if commitment.opens(&self.salt, self.class, &content)))
    }
}

/// What a leaf says, after "it says that".
fn says(event: &Event) -> String {
    match event {
        Event::Contribution(_) => "a contribution was given".into(),
        Event::Disposition { of, disposition } => {
            let became = match disposition.outcome {
                Outcome::Published => "was published",
                Outcome::Considered => "was considered in confidence",
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
        Event::Policy { .. } => "a rule of the register was published".into(),
    }
}

impl fmt::Display for ProofReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_sound() { "This proof holds." } else { "This proof holds, BUT NOT FOR THIS TEXT." };
        let ProofReport { origin, index, size, review, day, says, .. } = self;
        let leaves = count(*size, "leaf", "leaves");
        writeln!(formatter, "{verdict}\n")?;
        writeln!(formatter, "Leaf {index}, of {leaves} in the register {origin}, is of review {review}.")?;
        writeln!(formatter, "It was sequenced on {day}, and says that {says}.")?;
        writeln!(formatter, "{}", signed_by(origin, &self.witnessed))?;
        match self.opens {
            Some(true) => {
                writeln!(formatter, "This text was given, on these terms: it opens the commitment of the leaf.")
            }
            Some(false) => {
                writeln!(formatter, "The leaf commits to another text, to other terms, or under another salt.")
            }
            None => Ok(()),
        }
    }
}
