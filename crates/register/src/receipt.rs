//! Receipts: one text file with all that a contributor needs to show, for ever, what was given and that the register holds it.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Class, Commitment, Error, Note, Promise, ProofFile, Result, Salt};

const FIRST_LINE: &str = "folkmoot-receipt/v1";

/// What its contributor keeps: what opens the commitment, and what shows that the register holds it, or will. Written as four
/// lines, an empty one, and then the proof file or the signed promise exactly as other tools know it.
///
/// ```
/// use folkmoot_register::{Class, Evidence, Kind, Promise, Receipt, Salt, SigningKey};
///
/// let (salt, class, content) = (Salt([7; 32]), Class::Unnamed, r#"{"answer":"The bus comes once a day."}"#);
/// let commitment = folkmoot_register::Commitment::new(&salt, class, content.as_bytes());
/// let key = SigningKey::from_seed("example.org/register", Kind::Note, &[1; 32])?;
/// let promise = Promise { origin: "example.org/register".into(), review: [1; 16], commitment, deadline: 1_700_086_400 };
/// let receipt =
///     Receipt { salt, class, content: content.into(), evidence: Evidence::Promise(promise.sign(&[&key])?) };
///
/// let read = Receipt::parse(receipt.to_string().as_bytes())?;
/// assert_eq!(read, receipt);
/// assert_eq!(read.commitment(), commitment);
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The salt of the commitment. Who has the receipt can show what was given: it is for its contributor alone.
    pub salt: Salt,
    /// The terms on which it was given.
    pub class: Class,
    /// What was committed to, byte for byte: one line without control characters, such as JSON is without spaces.
    pub content: String,
    /// What shows that the register holds it, or will.
    pub evidence: Evidence,
}

/// What the register says of a contribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// It stands in the register.
    Proof(ProofFile),
    /// It is not sequenced yet: a signed [`Promise`].
    Promise(Note),
}

impl Receipt {
    /// A receipt of more bytes is not read: 8 MiB.
    pub const LONGEST: usize = 8 << 20;

    /// Reads a receipt; verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<Receipt> {
        if bytes.len() > Receipt::LONGEST {
            return Err(malformed("it is longer than 8 megabytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
        if text.contains('\r') {
            return Err(malformed("a program has changed its line breaks; take the file as it was downloaded"));
        }
        let (lines, evidence) = text.split_once("\n\n").ok_or_else(|| malformed("it has no empty line"))?;
        let [first, salt, class, content] = lines.split('\n').collect::<Vec<_>>()[..] else {
            return Err(malformed("it has not four lines before the first empty one"));
        };
        if first != FIRST_LINE {
            return Err(malformed("line 1 is not `folkmoot-receipt/v1`"));
        }
        let salt = salt.strip_prefix("salt ").and_then(|encoded| STANDARD.decode(encoded).ok()?.try_into().ok());
        let content = content.strip_prefix("content ").filter(|content| is_one_line(content));
        Ok(Receipt {
            salt: Salt(salt.ok_or_else(|| malformed("line 2 is not `salt` and 32 bytes in base64"))?),
            class: class
                .strip_prefix("class ")
                .and_then(|name| name.parse().ok())
                .ok_or_else(|| malformed("line 3 is not `class` and `public`, `unnamed`, `use-only` or `sealed`"))?,
            content: content.ok_or_else(|| malformed("line 4 is not `content` and what was given"))?.into(),
            evidence: Evidence::parse(evidence.as_bytes())?,
        })
    }

    /// The commitment that this salt, these terms and this content give. The receipt holds only if the register has it: see
    /// [`Receipt::opens`].
    pub fn commitment(&self) -> Commitment {
        Commitment::new(&self.salt, self.class, self.content.as_bytes())
    }

    /// Whether what was given is what the commitment in the register commits to.
    pub fn opens(&self, commitment: &Commitment) -> bool {
        self.commitment() == *commitment
    }
}

impl Evidence {
    /// Reads a proof file or a signed promise, whichever it is; verifies nothing.
    pub fn parse(bytes: &[u8]) -> Result<Evidence> {
        if bytes.starts_with(b"c2sp.org/tlog-proof@") {
            return ProofFile::parse(bytes).map(Evidence::Proof);
        }
        let note = Note::parse(bytes)?;
        note.text().parse::<Promise>()?;
        Ok(Evidence::Promise(note))
    }
}

fn is_one_line(content: &str) -> bool {
    !content.is_empty() && !content.contains(|char: char| char < ' ')
}

fn malformed(why: &str) -> Error {
    Error::malformed("receipt", why)
}

impl fmt::Display for Receipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{FIRST_LINE}\nsalt {}\nclass {}", STANDARD.encode(self.salt.0), self.class)?;
        writeln!(formatter, "content {}\n", self.content)?;
        self.evidence.fmt(formatter)
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evidence::Proof(proof) => proof.fmt(formatter),
            Evidence::Promise(note) => note.fmt(formatter),
        }
    }
}

/// As receipts write it.
impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Class::Public => "public",
            Class::Unnamed => "unnamed",
            Class::UseOnly => "use-only",
            Class::Sealed => "sealed",
        })
    }
}

impl FromStr for Class {
    type Err = Error;

    fn from_str(name: &str) -> Result<Class> {
        let class = [Class::Public, Class::Unnamed, Class::UseOnly, Class::Sealed].into_iter();
        class
            .into_iter()
            .find(|class| class.to_string() == name)
            .ok_or_else(|| Error::malformed("class", "it is not `public`, `unnamed`, `use-only` or `sealed`"))
    }
}
