//! Keys that sign notes, and what they are written as (C2SP signed-note, "Signatures" and "Verifier keys"; C2SP
//! tlog-cosignature, "Format").

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};

use crate::Error;
use crate::note::Signature;

/// What a signature of a key says: the type byte of C2SP signed-note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Ed25519 over the text of a note (0x01): what logs sign with.
    Note,
    /// Ed25519 over the text and the time at which it was seen (0x04): what witnesses sign with.
    Cosignature,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Kind::Note => 0x01,
            Kind::Cosignature => 0x04,
        }
    }

    fn of(byte: u8) -> Option<Kind> {
        [Kind::Note, Kind::Cosignature].into_iter().find(|kind| kind.byte() == byte)
    }
}

/// A public key with its name. Written as `name+id+base64`, the *vkey* of C2SP signed-note.
///
/// ```
/// use folkmoot_register::VerifyingKey;
///
/// let written = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
/// let key: VerifyingKey = written.parse()?;
/// assert_eq!(key.name(), "example.com/foo");
/// assert_eq!(key.to_string(), written);
/// # Ok::<(), folkmoot_register::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    kind: Kind,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// A key from the 32 bytes of RFC 8032. The name must not be empty nor have spaces, `+` or control characters; a URL without
    /// its scheme is best. Weak keys, for which anybody can sign, are refused.
    pub fn new(name: &str, kind: Kind, public: &[u8; 32]) -> Result<VerifyingKey, Error> {
        if !is_name(name) {
            return Err(Error::malformed("key", "its name is empty, or has a space or a plus sign"));
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).ok().filter(|key| !key.is_weak());
        let key = key.ok_or_else(|| Error::malformed("key", "these bytes are no Ed25519 key"))?;
        Ok(VerifyingKey { name: name.into(), kind, id: id(name, kind, public), key })
    }

    /// The name that stands in signature lines.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its signatures say.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The first four bytes of `SHA-256(name ‖ 0x0A ‖ type ‖ key)`.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The key itself, as in RFC 8032.
    pub fn public(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether a signature line claims to be by this key.
    pub fn is_claimed_by(&self, signature: &Signature) -> bool {
        self.id == signature.id && self.name == signature.name
    }

    /// Verifies a signature of the text of a note; gives the time that it states if it is a cosignature, in POSIX seconds.
    pub fn verify(&self, text: &str, signature: &Signature) -> Result<Option<u64>, Error> {
        let forged = || Error::Forged(self.name.clone());
        if !self.is_claimed_by(signature) {
            return Err(forged());
        }
        let (time, message, bytes) = match self.kind {
            Kind::Note => (None, text.as_bytes().to_vec(), signature.bytes.as_slice()),
            Kind::Cosignature => {
                let (time, bytes) = signature.bytes.split_first_chunk::<8>().ok_or_else(forged)?;
                let time = i64::from_be_bytes(*time).try_into().map_err(|_| forged())?;
                (Some(time), cosigned(text, time), bytes)
            }
        };
        let signed = ed25519_dalek::Signature::from_slice(bytes).map_err(|_| forged())?;
        self.key.verify_strict(&message, &signed).map_err(|_| forged())?;
        Ok(time)
    }
}

/// What a cosignature signs: two lines before the text (C2SP tlog-cosignature, "Ed25519 signed message").
fn cosigned(text: &str, time: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

fn id(name: &str, kind: Kind, public: &[u8; 32]) -> u32 {
    let digest = Sha256::new().chain_update(name).chain_update([b'\n', kind.byte()]).chain_update(public).finalize();
    u32::from_be_bytes(<[u8; 32]>::from(digest).as_chunks().0[0])
}

pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|char: char| char == '+' || char.is_whitespace() || char < ' ')
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}+{:08x}+{}", self.name, self.id, encode(self.kind, self.public()))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerifyingKey({self})")
    }
}

impl FromStr for VerifyingKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<VerifyingKey, Error> {
        let (name, id, kind, public) = decode(text)?;
        let key = VerifyingKey::new(name, kind, &public)?;
        if key.id == id { Ok(key) } else { Err(Error::malformed("key", "its id is not that of its name and bytes")) }
    }
}

/// A secret key with its name. Written as `PRIVATE+KEY+name+id+base64`, as Go's sumdb/note and the tools around it do; the text
/// holds the secret. Forgotten safely when it is dropped.
#[derive(Clone)]
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    verifying: VerifyingKey,
}

impl SigningKey {
    /// The key that follows from 32 random bytes.
    pub fn from_seed(name: &str, kind: Kind, seed: &[u8; 32]) -> Result<SigningKey, Error> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifying = VerifyingKey::new(name, kind, secret.verifying_key().as_bytes())?;
        Ok(SigningKey { secret, verifying })
    }

    /// The public half.
    pub fn verifying(&self) -> &VerifyingKey {
        &self.verifying
    }

    /// Signs the text of a note. A cosignature states the `time`, in POSIX seconds; a signature of the plain kind has none.
    pub fn sign(&self, text: &str, time: u64) -> Signature {
        let VerifyingKey { name, kind, id, .. } = &self.verifying;
        let time = time.min(i64::MAX as u64);
        let bytes = match kind {
            Kind::Note => self.secret.sign(text.as_bytes()).to_bytes().to_vec(),
            Kind::Cosignature => {
                let signed = self.secret.sign(&cosigned(text, time));
                [time.to_be_bytes().as_slice(), &signed.to_bytes()].concat()
            }
        };
        Signature { name: name.clone(), id: *id, bytes }
    }

    /// Writes the secret, to be kept where only the one who signs can read it.
    pub fn expose(&self) -> String {
        let VerifyingKey { name, kind, id, .. } = &self.verifying;
        format!("PRIVATE+KEY+{name}+{id:08x}+{}", encode(*kind, self.secret.as_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKey(of {})", self.verifying)
    }
}

impl FromStr for SigningKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<SigningKey, Error> {
        let written =
            text.strip_prefix("PRIVATE+KEY+").ok_or_else(|| Error::malformed("key", "it is no secret key"))?;
        let (name, id, kind, seed) = decode(written)?;
        let key = SigningKey::from_seed(name, kind, &seed)?;
        if key.verifying.id == id {
            Ok(key)
        } else {
            Err(Error::malformed("key", "its id is not that of its name and bytes"))
        }
    }
}

fn encode(kind: Kind, key: &[u8; 32]) -> String {
    STANDARD.encode([&[kind.byte()], key.as_slice()].concat())
}

/// Name, id, kind and the 32 bytes of a key.
fn decode(text: &str) -> Result<(&str, u32, Kind, [u8; 32]), Error> {
    let malformed =
        || Error::malformed("key", "it is not of the form name+id+base64, or of a kind that is not known here");
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(malformed()) };
    let is_hex = id.len() == 8 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let id = u32::from_str_radix(id, 16).ok().filter(|_| is_hex).ok_or_else(malformed)?;
    let bytes = STANDARD.decode(key).map_err(|_| malformed())?;
    let (kind, key) = bytes.split_first().ok_or_else(malformed)?;
    Ok((name, id, Kind::of(*kind).ok_or_else(malformed)?, key.try_into().map_err(|_| malformed())?))
}
