//! The keys of the register: made once, kept in the database under the secret of the installation, changed with both signing.

use std::sync::{Arc, PoisonError};

use domain::Entropy;
use register::{Kind, SigningKey, VerifyingKey};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use store::register::{AddKey, RemoveKey, StoredKey};

use super::{Register, broken};
use crate::{Error, Result, Service};

/// Thirty-two random bytes that belong to an installation and are not in its database: what is sealed with them is worth nothing to
/// whoever gets hold of the database or a backup of it.
#[derive(Clone)]
pub struct Secret(pub [u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    fn key(&self) -> Result<LessSafeKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.0).map_err(|_| broken("the secret cannot be used"))?;
        Ok(LessSafeKey::new(key))
    }

    /// ChaCha20-Poly1305 (RFC 8439): a random nonce, then the sealed bytes, bound to the public key that they belong to.
    fn seal(&self, seed: [u8; 32], public: &[u8; 32], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = seed.to_vec();
        let seal =
            self.key()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(public), &mut sealed);
        seal.map_err(|_| broken("the key cannot be sealed"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    fn open(&self, stored: &StoredKey) -> Result<SigningKey> {
        let refused = || broken("the secret of this installation is not the one that its keys were sealed with");
        let (nonce, sealed) = stored.sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(refused)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let seed = self.key()?.open_in_place(nonce, Aad::from(&stored.public), &mut sealed).map_err(|_| refused())?;
        let seed: [u8; 32] = seed.try_into().map_err(|_| refused())?;
        SigningKey::from_seed(&stored.name, Kind::Note, &seed).map_err(broken)
    }
}

impl Service {
    /// The keys of the register, the oldest first; a first one of this name is made if there is none.
    pub(super) async fn signing_keys(&self, secret: &Secret, name: &str) -> Result<Vec<SigningKey>> {
        if self.db.register_keys().await?.is_empty() {
            self.add_key(secret, name, true).await?;
        }
        self.db.register_keys().await?.iter().map(|stored| secret.open(stored)).collect()
    }

    async fn add_key(&self, secret: &Secret, name: &str, first: bool) -> Result<bool> {
        let mut seed = [0; 32];
        self.entropy.fill(&mut seed);
        let key = SigningKey::from_seed(name, Kind::Note, &seed).map_err(broken)?;
        let public = *key.verifying().public();
        let sealed = secret.seal(seed, &public, &*self.entropy)?;
        let key = StoredKey { public, name: name.to_owned(), sealed, made_at: self.now() };
        Ok(self.db.write(AddKey { key, first }).await?)
    }

    /// Takes up keys that were made or destroyed since.
    pub(super) async fn reload_keys(&self, register: &Register) -> Result<()> {
        let stored = self.db.register_keys().await?;
        let same = register.keys().iter().map(|key| *key.verifying().public()).eq(stored.iter().map(|key| key.public));
        if !same {
            let keys = stored.iter().map(|stored| register.secret.open(stored)).collect::<Result<Vec<_>>>()?;
            *register.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        }
        Ok(())
    }

    /// The public keys that sign for the register, the oldest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] on a node that keeps no register.
    pub fn register_keys(&self) -> Result<Vec<VerifyingKey>> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        Ok(register.keys().iter().map(|key| key.verifying().clone()).collect())
    }

    /// Makes another key under the same name; from now on both sign.
    ///
    /// # Errors
    /// [`Error::NotFound`] on a node that keeps no register.
    pub async fn rotate_key(&self) -> Result<()> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        self.add_key(&register.secret, &register.origin(), false).await?;
        self.reload_keys(register).await
    }

    /// Destroys the oldest key; the one after it signs alone.
    ///
    /// # Errors
    /// [`Error::Broken`] if there is only one.
    pub async fn retire_key(&self) -> Result<VerifyingKey> {
        let keys = self.register_keys()?;
        let [oldest, _, ..] = keys.as_slice() else {
            return Err(broken("it has one key only: make another first, and let both sign for a month"));
        };
        self.db.write(RemoveKey(*oldest.public())).await?;
        Ok(oldest.clone())
    }
}
