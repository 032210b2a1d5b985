//! Signatures (RFC 6376, RFC 8463), which say that a message comes from the domain that it names.

use base64::prelude::{BASE64_STANDARD, Engine};
use lettre::Message;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::HeaderName;

/// What a PKCS #8 document of an Ed25519 key begins with (RFC 8410); 32 bytes of key follow.
const ED25519: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The headers that are signed: all that a reader or a program goes by. One-click unsubscribing must be (RFC 8058).
/// Not the type of the content: to lettre it belongs to the body, and a name without its header would spoil the signature.
const SIGNED: [&str; 11] = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Auto-Submitted",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// A key to sign with, and where its other half is found.
#[derive(Debug)]
pub struct Dkim(DkimConfig);

impl Dkim {
    /// Reads a private key: RSA in PKCS #1, or Ed25519 in PKCS #8, as `openssl` writes them.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the key.
    pub fn new(key: &str, domain: &str, selector: &str) -> Result<Self, String> {
        let key = if key.contains("BEGIN RSA PRIVATE KEY") {
            DkimSigningKey::new(key, DkimSigningAlgorithm::Rsa)
        } else {
            let document = der(key).filter(|bytes| !bytes.is_empty()).ok_or("it is not a private key in PEM")?;
            let seed = document.strip_prefix(&ED25519).ok_or(
                "it is neither an Ed25519 key nor an RSA key in PKCS #1; for the latter: openssl rsa -traditional -in KEY -out NEW",
            )?;
            DkimSigningKey::new(&BASE64_STANDARD.encode(seed), DkimSigningAlgorithm::Ed25519)
        };
        let key = key.map_err(|error| error.to_string())?;
        let relaxed =
            DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
        let headers = SIGNED.map(HeaderName::new_from_ascii_str).to_vec();
        Ok(Self(DkimConfig::new(selector.to_owned(), domain.to_owned(), key, headers, relaxed)))
    }

    pub(super) fn sign(&self, message: &mut Message) {
        message.sign(&self.0);
    }
}

/// The bytes of a PEM document (RFC 7468).
fn der(pem: &str) -> Option<Vec<u8>> {
    let body: String = pem.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
    BASE64_STANDARD.decode(body).ok()
}

#[cfg(test)]
mod tests;
