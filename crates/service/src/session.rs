//! The one cookie: a random secret of which the store keeps only a digest.

use domain::{Entropy, ReceiptCode};
use sha2::{Digest, Sha256};
use store::session::Sealed;
use uuid::Uuid;

/// The secret that a browser holds. Whoever holds it can go on with the drafts that were begun with it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionSecret([u8; 32]);

impl SessionSecret {
    /// Draws a new secret.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut secret = [0; 32];
        entropy.fill(&mut secret);
        Self(secret)
    }

    /// Reads the value of the cookie: 64 hexadecimal digits.
    pub fn parse(cookie: &str) -> Option<Self> {
        let mut secret = [0; 32];
        if cookie.len() != 64 || !cookie.is_ascii() {
            return None;
        }
        for (byte, digits) in secret.iter_mut().zip(cookie.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Self(secret))
    }

    /// The value of the cookie.
    pub fn cookie(&self) -> String {
        hex(&self.0)
    }

    /// What forms of this session carry, so that no other site can send them: a digest that only the holder of the
    /// secret, and the server that is shown it, can compute.
    pub fn csrf_token(&self) -> String {
        hex(&self.labelled("csrf")[..16])
    }

    /// Says of a text that this session was given it: 32 hexadecimal digits that nobody else can make.
    pub(crate) fn seal_text(&self, text: &str) -> String {
        hex(&self.labelled(text)[..16])
    }

    /// What the store knows the session by.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.labelled("session")
    }

    /// The receipt code of a draft or contribution, sealed for this session: the store keeps it, and only whoever holds
    /// the secret can open it.
    pub(crate) fn seal(&self, evidence: Uuid, code: &ReceiptCode) -> Sealed {
        self.mask(evidence, code.bytes())
    }

    /// Opens what [`SessionSecret::seal`] sealed.
    pub(crate) fn open(&self, evidence: Uuid, sealed: Sealed) -> ReceiptCode {
        ReceiptCode::from_bytes(self.mask(evidence, sealed))
    }

    /// A one-time pad: the mask is used for one code alone.
    fn mask(&self, evidence: Uuid, mut bytes: Sealed) -> Sealed {
        let mask = self.labelled(&format!("code {evidence}"));
        bytes.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
        bytes
    }

    fn labelled(&self, label: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"folkmoot ")
            .chain_update(label)
            .chain_update(b"\n")
            .chain_update(self.0)
            .finalize()
            .into()
    }
}

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
