//! Commitments: what the register keeps of a contribution. With the salt anybody can check it; once the salt is destroyed nobody
//! can learn anything from it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// 32 random bytes that only the contributor and those who hold the evidence know. To erase a contribution is to destroy its
/// salt: what stays in the register is then a number like any other.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Salt(…)")
    }
}

/// On what terms a contribution was given. It is under the commitment, so that the terms cannot be changed behind the back of
/// the one who gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Class {
    /// It may be published with the name.
    Public = 1,
    /// It may be published without the name.
    Unnamed = 2,
    /// It may be used, and never quoted.
    UseOnly = 3,
    /// In confidence: what is committed to is the encrypted seal.
    Sealed = 4,
}

/// `HMAC-SHA256(salt, SHA-256(content) ‖ class)` (RFC 2104). It hides the content as long as the salt is secret, and binds to it
/// as long as SHA-256 has no collisions.
///
/// ```
/// use folkmoot_register::{Class, Commitment, Salt};
///
/// let salt = Salt([7; 32]); // from a source of randomness, or from the words of the receipt
/// let commitment = Commitment::new(&salt, Class::Unnamed, b"The bus comes once a day.");
/// assert!(commitment.opens(&salt, Class::Unnamed, b"The bus comes once a day."));
/// assert!(!commitment.opens(&salt, Class::Public, b"The bus comes once a day."));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Commitment(pub [u8; 32]);

impl Commitment {
    /// Commits to content: the text as it was given, or the seal.
    pub fn new(salt: &Salt, class: Class, content: &[u8]) -> Commitment {
        Commitment::of_digest(salt, class, &Sha256::digest(content).into())
    }

    /// The same, of content that was hashed with SHA-256 already.
    pub fn of_digest(salt: &Salt, class: Class, digest: &[u8; 32]) -> Commitment {
        // RFC 2104 fills a key up to the length of a block with noughts.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&salt.0);
        let hmac = Hmac::<Sha256>::new(&key.into());
        Commitment(hmac.chain_update(digest).chain_update([class as u8]).finalize().into_bytes().into())
    }

    /// Whether this is the commitment to such content on such terms.
    pub fn opens(&self, salt: &Salt, class: Class, content: &[u8]) -> bool {
        *self == Commitment::new(salt, class, content)
    }
}
