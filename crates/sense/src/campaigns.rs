//! Families of letters that were written once and sent by many.
//!
//! [`find`] reads the texts several times, in batches: first it remembers a [`Signature`] of each different text; [`candidates`]
//! finds groups by them; then a sample of each group is read, from which its [`Letter`] is learnt; last, every text of the group is
//! held against the letter, so that those that only quote it are left out. Nothing depends on the order of the texts.

mod batch;
mod candidates;
mod docket;
mod letter;
mod shared_text;
mod signature;
mod tally;
mod words;

use serde::Serialize;

use docket::Docket;

pub use batch::{Batch, Texts};
pub use candidates::candidates;
pub use letter::{Comparison, Letter, SAMPLE};
pub use shared_text::{Part, SharedText};
pub use signature::{PHRASES, Room, Signature};
pub use words::{WORD, Word, each_word, words};

/// What memory is needed for each different text while signatures are compared, in bytes: the signature, its phrases as they are
/// sorted, the table of contents, and the result.
pub const BYTES_PER_TEXT: usize = size_of::<Signature>() + PHRASES * size_of::<u64>() + docket::BYTES_PER_TEXT;
/// What memory is needed for each row besides, in bytes: which of the different texts it is.
pub const BYTES_PER_ROW: usize = size_of::<u32>();

/// The families of a docket.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaigns {
    /// The families, the largest first.
    pub families: Vec<Family>,
    /// Which of the different texts stands in each row.
    text_of_row: Vec<u32>,
    standings: Vec<Standing>,
}

/// A family: one campaign, or one text that several people sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Family {
    /// How it was made.
    pub kind: Kind,
    /// How many texts belong to it.
    pub size: u64,
    /// How many of them differ in their words.
    pub different: u64,
    /// How many say something of their own besides.
    pub with_additions: u64,
    /// How sure it is that these texts come from one source, from 0 to 1: the part of them that hold at least half of the shared
    /// text, or consist of it, less if the shared text has fewer than 20 words.
    pub confidence: f64,
    /// How much of the shared text a member holds on average, from 0 to 1.
    pub similarity: f64,
    /// The length of the shared text, in words.
    pub words: u32,
    /// The shared text in order.
    pub shared_text: Vec<Passage>,
}

/// How a family was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// All texts are the same, word for word.
    Copies,
    /// One letter, more or less edited.
    Letter,
    /// A letter with alternatives to choose from, or from which a program chose.
    Merge,
}

/// A passage of a shared text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Passage {
    /// Words that nearly all have.
    Fixed(String),
    /// A place where members differ.
    Slot {
        /// What they filled in, the most frequent first.
        alternatives: Vec<Alternative>,
        /// How many members wrote something else there, or left out what stands around it.
        other: u64,
    },
}

/// What several members filled into a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// The words; none where they left the slot empty.
    pub text: String,
    /// How many members.
    pub count: u64,
}

/// What a text is to its family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Of no family: somebody's own words.
    Own,
    /// Without any words.
    Empty,
    /// The same, word for word, as another member.
    Copy,
    /// The letter, with small changes or none.
    Edited,
    /// A part of the letter.
    Part,
    /// The letter, or a part of it, and something of one's own: eight words or more together.
    WithAddition,
    /// A choice among the alternatives of a mail merge.
    Merge,
}

/// What was found out about a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The family, as an index into [`Campaigns::families`].
    pub family: Option<u32>,
    /// What it is to its family.
    pub role: Role,
    /// How much of the shared text it holds, from 0 to 1; 0 for texts of no family.
    pub similarity: f32,
}

impl Campaigns {
    /// How many texts there are.
    pub fn texts(&self) -> usize {
        self.text_of_row.len()
    }

    /// What was found out about the text in `row`.
    pub fn standing(&self, row: usize) -> Option<Standing> {
        self.standings.get(self.text(row)? as usize).copied()
    }

    /// Which of the different texts stands in `row`: equal for rows with the same words.
    pub fn text(&self, row: usize) -> Option<u32> {
        self.text_of_row.get(row).copied()
    }

    /// How many different things were said: each family counts once, and so does each text of no family; empty ones do not.
    pub fn arguments(&self) -> u64 {
        let own = self.text_of_row.iter().filter(|text| self.standings[**text as usize].role == Role::Own).count();
        (own + self.families.len()) as u64
    }
}

/// Something that a member added to the shared text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Which of the different texts it stands in.
    pub text: u32,
    /// The words, as they were written.
    pub words: String,
}

/// Finds the families among `texts`; `addition` is called with what members added of their own, in no order that means anything.
pub fn find<T: Texts>(texts: &mut T, mut addition: impl FnMut(Addition)) -> Result<Campaigns, T::Error> {
    let (mut docket, groups) = Docket::read(texts)?;
    docket.verify(texts, groups, &mut addition)?;
    let copies = docket.copies();
    docket.verify(texts, copies, &mut addition)?;
    Ok(docket.finish())
}
