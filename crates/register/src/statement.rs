//! Statements: what was said in public and should not be unsaid, such as that a call was extended. The register holds the digest; the
//! text is published beside it.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::Event;

/// A text of three lines, whose digest stands in a leaf.
///
/// ```
/// use folkmoot_register::{Stated, Statement};
///
/// let stated = Stated::CallCloses { call: "access".into(), day: "2026-12-19".into() };
/// let text = Statement { review: [1; 16], stated }.to_string();
/// assert_eq!(text, "register-statement/v1\nreview 01010101010101010101010101010101\ncall-closes access 2026-12-19\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The review.
    pub review: [u8; 16],
    /// What is stated.
    pub stated: Stated,
}

/// What is stated. Names are those of the review, and hold no spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated {
    /// A call closes on another day than was said before.
    CallCloses {
        /// The call.
        call: String,
        /// The last day on which it takes evidence, as year, month and day.
        day: String,
    },
    /// A passage of something that can be read was struck out.
    Redacted {
        /// The public name of the contribution.
        contribution: String,
        /// The question in whose answer it stood.
        question: String,
    },
    /// Everything that may be shown was written out as open tables.
    Exported {
        /// SHA-256 of the descriptor of the data package, which holds the digests of all the other files.
        digest: [u8; 32],
        /// How many contributions are in it.
        contributions: u64,
    },
}

impl Statement {
    /// SHA-256 of the text.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.to_string()).into()
    }

    /// What the leaf says.
    pub fn event(&self) -> Event {
        Event::Policy { digest: self.digest() }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "register-statement/v1\nreview {:032x}", u128::from_be_bytes(self.review))?;
        match &self.stated {
            Stated::CallCloses { call, day } => writeln!(formatter, "call-closes {call} {day}"),
            Stated::Redacted { contribution, question } => writeln!(formatter, "redacted {contribution} {question}"),
            Stated::Exported { digest, contributions } => {
                let (high, low) = digest.split_at(16);
                let number = |half: &[u8]| half.iter().fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
                writeln!(formatter, "exported {:032x}{:032x} {contributions}", number(high), number(low))
            }
        }
    }
}
