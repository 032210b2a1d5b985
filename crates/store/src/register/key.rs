//! The keys that sign for the register, sealed.

use jiff::Timestamp;

use crate::command::Command;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;

statements! {
    KEYS = "select public, name, sealed, made_at from register_key order by made_at, public";
    ADD_KEY = "insert into register_key (public, name, sealed, made_at) values ($1, $2, $3, $4)";
    DESTROY_KEY = "update register_key set sealed = $2 where public = $1";
}

/// A key that signs for the register.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// The public key.
    pub public: [u8; 32],
    /// The name that it signs under.
    pub name: String,
    /// Its seed, sealed; empty once it is destroyed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub made_at: Timestamp,
}

impl StoredKey {
    /// Whether it can sign no more.
    pub fn is_destroyed(&self) -> bool {
        self.sealed.is_empty()
    }
}

/// Keeps a key: the first one only if there is none, a later one to sign beside it while the key is changed.
pub struct AddKey {
    /// The key.
    pub key: StoredKey,
    /// Whether it is to be the first.
    pub first: bool,
}

impl Command for AddKey {
    /// `false` if there was one already.
    type Output = bool;
    const NAME: &'static str = "add_key";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if self.first && tx.optional(KEYS, args![]).await?.is_some() {
            return Ok(false);
        }
        let StoredKey { public, name, sealed, made_at } = &self.key;
        tx.execute(ADD_KEY, args![*public, name.as_str(), &sealed[..], made_at.as_microsecond()]).await?;
        Ok(true)
    }
}

/// Destroys the seed of a key; its public half stays, for it has signed.
pub struct DestroyKey(pub [u8; 32]);

impl Command for DestroyKey {
    type Output = bool;
    const NAME: &'static str = "destroy_key";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let nothing: &[u8] = &[];
        Ok(tx.execute(DESTROY_KEY, args![self.0, nothing]).await? > 0)
    }
}

impl Db {
    /// The keys that sign for the register, the oldest first.
    pub async fn register_keys(&self) -> Result<Vec<StoredKey>> {
        let rows = self.all(KEYS, args![]).await?;
        let key = |row: &Row| {
            let public: Vec<u8> = row.get(0)?;
            let public = public.try_into().map_err(|_| Error::Broken("a key of the register is damaged".to_owned()))?;
            Ok(StoredKey { public, name: row.get(1)?, sealed: row.get(2)?, made_at: row.moment(3)? })
        };
        rows.iter().map(key).collect()
    }
}
