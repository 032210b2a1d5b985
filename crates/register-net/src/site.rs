//! A register at a web address.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use register::tile::{Tile, TileSource};
use register::{Note, Policy, note};
use register_files::{Error, Register, Result, statement_of};

use crate::ahead::Ahead;
use crate::client::{Client, Trouble};

/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// No tile of a register whose leaves have 64 bytes is near to this.
const LONGEST_TILE: u64 = 1 << 20;

/// A register at a web address, such as `https://example.org/register`.
#[derive(Debug)]
pub struct Site {
    address: Arc<str>,
    client: Client,
    ahead: OnceLock<Ahead>,
}

impl Site {
    /// The register at this address, which begins with `https://` or `http://`.
    pub fn new(address: &str) -> Site {
        let address = address.trim_end_matches('/').into();
        Site { address, client: Client::new(PATIENCE), ahead: OnceLock::new() }
    }

    /// The register of this origin: over https, at the address that is its name.
    pub fn of(origin: &str) -> Site {
        Site::new(&format!("https://{origin}"))
    }

    fn small_file(&self, name: &str) -> Result<(String, Vec<u8>)> {
        let address = format!("{}/{name}", self.address);
        match self.client.get(&address, note::LONGEST as u64) {
            Ok(bytes) => Ok((address, bytes)),
            Err(trouble) => Err(Error::Read { place: address, why: trouble.why() }),
        }
    }
}

impl Register for Site {
    fn place(&self) -> String {
        self.address.to_string()
    }

    fn checkpoint(&self) -> Result<Note> {
        let (address, bytes) = self.small_file("checkpoint")?;
        Note::parse(&bytes).map_err(Error::content(address))
    }

    fn policy(&self) -> Result<Policy> {
        let (address, bytes) = self.small_file("policy")?;
        String::from_utf8_lossy(&bytes).parse().map_err(Error::content(address))
    }

    fn stated(&self, digest: &[u8; 32]) -> Result<Option<String>> {
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let address = format!("{}/statement/{hex}", self.address);
        match self.client.get(&address, note::LONGEST as u64) {
            Ok(bytes) => Ok(statement_of(digest, bytes)),
            Err(Trouble::Missing(_)) => Ok(None),
            Err(trouble) => Err(Error::Read { place: address, why: trouble.why() }),
        }
    }

    fn expect(&self, size: u64) {
        let (client, address) = (self.client.clone(), Arc::clone(&self.address));
        self.ahead.get_or_init(|| Ahead::begin(size, move |tile| fetch(&client, &address, tile)));
    }
}

impl TileSource for Site {
    fn read(&self, tile: Tile) -> register::Result<Vec<u8>> {
        let here = || fetch(&self.client, &self.address, tile);
        match self.ahead.get() {
            Some(ahead) => ahead.take(tile).unwrap_or_else(here),
            None => here(),
        }
    }
}

fn fetch(client: &Client, address: &str, tile: Tile) -> register::Result<Vec<u8>> {
    client.get(&format!("{address}/{tile}"), LONGEST_TILE).map_err(|trouble| match trouble {
        Trouble::Missing(_) => register::Error::Missing(tile),
        other => register::Error::Unreadable { tile, why: other.why() },
    })
}
