//! The keys of the register: made once, kept in the database under the secret of the installation, changed with both signing.

use std::sync::{Arc, PoisonError};

use domain::Entropy;
use register::{Kind, Note, SigningKey, VerifyingKey};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use store::register::{AddKey, DestroyKey, StoredKey};

use super::{Register, blocking, broken};
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

/// The keys of a register.
#[derive(Debug)]
pub(super) struct Keys {
    /// Those that sign, the oldest first.
    pub signing: Vec<SigningKey>,
    /// The public halves of those that signed before, and are destroyed: what they have signed still holds.
    pub retired: Vec<VerifyingKey>,
}

impl Keys {
    /// All whose signatures are to be believed.
    pub fn logs(&self) -> Vec<VerifyingKey> {
        let signing = self.signing.iter().map(|key| key.verifying().clone());
        self.retired.iter().cloned().chain(signing).collect()
    }

    fn open(secret: &Secret, stored: &[StoredKey]) -> Result<Keys> {
        let (signing, retired): (Vec<&StoredKey>, Vec<&StoredKey>) = stored.iter().partition(|key| !key.is_destroyed());
        let public = |key: &&StoredKey| VerifyingKey::new(&key.name, Kind::Note, &key.public).map_err(broken);
        Ok(Keys {
            signing: signing.into_iter().map(|key| secret.open(key)).collect::<Result<_>>()?,
            retired: retired.iter().map(public).collect::<Result<_>>()?,
        })
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
    /// The keys of the register; a first one of this name is made if there is none.
    pub(super) async fn first_keys(&self, secret: &Secret, name: Option<&str>) -> Result<Keys> {
        if self.db.register_keys().await?.is_empty() {
            let name = name.ok_or_else(|| {
                broken("it has no key yet: `folkmoot init --public-url ADDRESS` makes one, and so does the first start of the server")
            })?;
            self.add_key(secret, name, true).await?;
        }
        Keys::open(secret, &self.db.register_keys().await?)
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
        let keys = register.keys();
        let signing = stored.iter().filter(|key| !key.is_destroyed()).map(|key| key.public);
        if stored.len() != keys.logs().len() || !keys.signing.iter().map(|key| *key.verifying().public()).eq(signing) {
            let keys = Keys::open(&register.secret, &stored)?;
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
        Ok(register.keys().signing.iter().map(|key| key.verifying().clone()).collect())
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

    /// Destroys the oldest key that signs; the one after it signs alone. What it has signed still holds.
    ///
    /// # Errors
    /// [`Error::Broken`] if there is only one, or if the next has not signed the newest checkpoint yet.
    pub async fn retire_key(&self) -> Result<VerifyingKey> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        let keys = self.register_keys()?;
        let [oldest, next, ..] = keys.as_slice() else {
            return Err(broken("it has one key only: make another first, and let both sign for a month"));
        };
        blocking(register, Register::read).await??;
        let by_next = |note: &Note| note.signatures().iter().any(|signature| next.is_claimed_by(signature));
        if register.published().is_some_and(|published| !by_next(&published.note)) {
            return Err(broken("the new key has not signed yet: let the server run until both have, best for a month"));
        }
        self.db.write(DestroyKey(*oldest.public())).await?;
        self.reload_keys(register).await?;
        Ok(oldest.clone())
    }
}
