//! Signed notes: text, an empty line, and a line for each signature (C2SP signed-note).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::{self, SigningKey, VerifyingKey};
use crate::{Error, Result};

/// A note of more bytes is not read.
pub const LONGEST: usize = 1 << 20;
/// A note of more signatures is not read; C2SP asks for 16 at least.
pub const MOST_SIGNATURES: usize = 64;

/// A text with signatures. It is as somebody brought it: nothing in it counts before [`Note::verify`].
///
/// ```
/// use folkmoot_register::{Kind, Note, SigningKey};
///
/// let key = SigningKey::from_seed("example.org/key", Kind::Note, &[7; 32])?;
/// let note = Note::sign("Nothing was dropped.\n", &[&key], 0)?;
///
/// let read = Note::parse(note.to_string().as_bytes())?;
/// assert_eq!(read.verify(&[key.verifying().clone()])?.len(), 1);
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line: `— name base64(id ‖ signature)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: u32,
    /// What follows the id; of a cosignature the time and the signature.
    pub bytes: Vec<u8>,
}

/// A key that has signed a note, verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedBy<'key> {
    /// The key.
    pub key: &'key VerifyingKey,
    /// When, in POSIX seconds, if it is a cosignature.
    pub time: Option<u64>,
}

impl Note {
    /// Reads a note; verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<Note> {
        let malformed = |why: &str| Error::malformed("signed note", why);
        if bytes.len() > LONGEST {
            return Err(malformed("it is longer than a megabyte"));
        }
        let note = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        if note.contains(|char: char| char < ' ' && char != '\n') {
            return Err(malformed("it has control characters"));
        }
        let end = note.rfind("\n\n").ok_or_else(|| malformed("it has no empty line before its signatures"))?;
        let (text, lines) = note.split_at(end + 1);
        let signatures = lines.strip_prefix('\n').map(signature_lines).transpose()?.unwrap_or_default();
        match signatures.len() {
            0 => Err(malformed("it has no signature")),
            1..=MOST_SIGNATURES => Ok(Note { text: text.into(), signatures }),
            _ => Err(malformed("it has too many signatures")),
        }
    }

    /// Signs a text, with one key or several. `time` is POSIX seconds, for cosignatures. Refused where the note could not be read.
    pub fn sign(text: &str, keys: &[&SigningKey], time: u64) -> Result<Note> {
        let signatures = keys.iter().map(|key| key.sign(text, time)).collect();
        let note = Note { text: text.into(), signatures };
        if Note::parse(note.to_string().as_bytes()).as_ref() != Ok(&note) {
            let why =
                "its text must end with a line break and have no other control characters, and it must have signatures";
            return Err(Error::Unwritable { what: "a note", why });
        }
        Ok(note)
    }

    /// The text that is signed, with its last line break.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, verified or not.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature, such as a witness has answered, unless it is there. Refused where the note could not be read any more:
    /// with too many signatures, too long, or with a line that is none.
    pub fn add(&mut self, signature: Signature) -> Result<()> {
        if self.signatures.contains(&signature) {
            return Ok(());
        }
        self.signatures.push(signature);
        let read = Note::parse(self.to_string().as_bytes());
        if read.as_ref() != Ok(self) {
            self.signatures.pop();
            let why = "it would have too many signatures, be too long, or have a line that is none";
            return Err(Error::Unwritable { what: "a note", why });
        }
        Ok(())
    }

    /// Which of these keys have signed, each once. As C2SP signed-note has it: signatures by other keys are ignored; one in the
    /// name of a known key that is not its makes the whole note worthless; and so does none at all.
    pub fn verify<'key>(&self, keys: &'key [VerifyingKey]) -> Result<Vec<SignedBy<'key>>> {
        let mut signed: Vec<SignedBy<'key>> = Vec::new();
        for signature in &self.signatures {
            for key in keys.iter().filter(|key| key.is_claimed_by(signature)) {
                let time = key.verify(&self.text, signature)?;
                match signed.iter_mut().find(|before| before.key == key) {
                    // Of two cosignatures by one witness the later says more.
                    Some(before) => before.time = before.time.max(time),
                    None => signed.push(SignedBy { key, time }),
                }
            }
        }
        if signed.is_empty() {
            return Err(Error::Unsigned(self.signatures.iter().map(|signature| signature.name.clone()).collect()));
        }
        Ok(signed)
    }
}

/// Reads signature lines, each with a line break at its end: the lower half of a note, or what a witness answers.
pub fn signature_lines(text: &str) -> Result<Vec<Signature>> {
    let malformed = || Error::malformed("signature line", "it is not of the form `— name base64`");
    let lines = text.split_inclusive('\n').map(|line| {
        let line = line.strip_suffix('\n').and_then(|line| line.strip_prefix("— ")).ok_or_else(malformed)?;
        let (name, encoded) = line.split_once(' ').filter(|(name, _)| key::is_name(name)).ok_or_else(malformed)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| malformed())?;
        let (id, bytes) =
            bytes.split_first_chunk::<4>().filter(|(_, bytes)| !bytes.is_empty()).ok_or_else(malformed)?;
        Ok(Signature { name: name.into(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    });
    lines.collect()
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(formatter, "{signature}"))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.to_be_bytes().as_slice(), &self.bytes].concat();
        write!(formatter, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}
