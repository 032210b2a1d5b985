//! Checkpoints: which log, how many leaves, which root (C2SP tlog-checkpoint).

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::key::SigningKey;
use crate::{Error, Hash, Note, Result};

/// The size and the root of a tree: all that is needed to verify a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Head {
    /// How many leaves there are.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// What a log says of itself at a size; the text of a signed note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log, one line.
    pub origin: String,
    /// Its size and root.
    pub head: Head,
    /// Further lines, which no witness vouches for. Folkmoot writes none.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    pub fn new(origin: &str, head: Head) -> Checkpoint {
        Checkpoint { origin: origin.into(), head, extensions: Vec::new() }
    }

    /// Signs it. While a log changes its key both keys sign, so that those who know either can verify it.
    ///
    /// The caller must know that the tree continues everything that these keys have signed before: see
    /// [`witness::check_not_behind`](crate::witness::check_not_behind) for what to ask after a restore.
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<Note> {
        if self.to_string().parse::<Checkpoint>().as_ref() != Ok(self) {
            return Err(Error::Unwritable { what: "a checkpoint", why: "a line of it is empty or is more than one" });
        }
        Note::sign(&self.to_string(), keys, 0)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}\n{}\n{}", self.origin, self.head.size, self.head.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Checkpoint> {
        let malformed = |why: &str| Error::malformed("checkpoint", why);
        let text = text.strip_suffix('\n').ok_or_else(|| malformed("it does not end with a line break"))?;
        let mut lines = text.split('\n');
        if lines.clone().any(str::is_empty) {
            return Err(malformed("it has an empty line"));
        }
        let origin = lines.next().unwrap_or_default().to_owned();
        let size = lines.next().and_then(decimal).ok_or_else(|| malformed("line 2 is not the size of a tree"))?;
        let root = lines.next().ok_or_else(|| malformed("it has no line 3, the root"))?.parse()?;
        Ok(Checkpoint { origin, head: Head { size, root }, extensions: lines.map(str::to_owned).collect() })
    }
}

/// A number as C2SP writes it: digits, with no nought before them.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
