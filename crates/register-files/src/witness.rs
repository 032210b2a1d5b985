//! The memory of a witness: its key, the logs that it knows, and the last checkpoint of each, in a folder. What it has cosigned is
//! on the disk before anybody hears of it, so that it never cosigns two histories, whenever it is killed.
//!
//! | file | holds |
//! |---|---|
//! | `key` | the secret key; only its owner may read it |
//! | `logs` | a key of a log in each line, as `name+id+base64`; lines that begin with `#` are passed over |
//! | `seen/DIGEST` | the last checkpoint of a log, cosigned; `DIGEST` is SHA-256 of its name |

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use register::note::Signature;
use register::witness::{self, AddCheckpoint, KnownLog, Refusal};
use register::{Checkpoint, Head, Kind, Note, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::folder::{read_file, read_note, write_durably};
use crate::words::hex;
use crate::{Error, Result};

/// A witness that keeps what it knows in a folder. Only one process at a time can hold it.
#[derive(Debug)]
pub struct Witness {
    folder: PathBuf,
    key: SigningKey,
    /// Requests are considered one after another: between reading what was cosigned last and writing what is now there must be none.
    turn: Mutex<()>,
    /// Held as long as this lives.
    _lock: File,
}

/// Why there is no cosignature.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It was refused.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// What the witness knows could not be read, or not be written.
    #[error(transparent)]
    Memory(#[from] Error),
}

impl Witness {
    /// Opens the witness in this folder. At the first start `seed` gives its key 32 random bytes, and `name` the name: a URL without
    /// its scheme is best. Later the name must be the same, or none.
    pub fn open(folder: &Path, name: Option<&str>, seed: &[u8; 32]) -> Result<Witness> {
        let write = |error| Error::write(folder.display(), error);
        fs::create_dir_all(folder.join("seen")).map_err(write)?;
        let lock = File::create(folder.join("lock")).map_err(write)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => Error::other(folder.display(), "another process is the witness of this folder"),
            TryLockError::Error(error) => write(error),
        })?;
        let path = folder.join("key");
        if !path.exists() {
            let name = name.ok_or_else(|| Error::other(folder.display(), "a new witness needs a name: --name NAME"))?;
            let key = SigningKey::from_seed(name, Kind::Cosignature, seed).map_err(Error::content(name))?;
            write_secret(&path, &key.expose())?;
        }
        let text = read_file(&path)?;
        let key: SigningKey =
            String::from_utf8_lossy(&text).trim_end().parse().map_err(Error::content(path.display()))?;
        match name {
            Some(name) if name != key.verifying().name() => {
                let why = format!("the witness of this folder is called {}, not {name}", key.verifying().name());
                Err(Error::other(folder.display(), why))
            }
            _ => Ok(Witness { folder: folder.into(), key, turn: Mutex::new(()), _lock: lock }),
        }
    }

    /// The key that others know it by.
    pub fn key(&self) -> &VerifyingKey {
        self.key.verifying()
    }

    /// Considers a request (the body of `POST add-checkpoint`) at this time, in POSIX seconds. What it gives back may be sent:
    /// it is remembered.
    pub fn cosign(&self, body: &[u8], now: u64) -> Result<Signature, Refused> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut trouble = None;
        let known = |origin: &str| {
            self.known(origin).unwrap_or_else(|error| {
                trouble = Some(error);
                None
            })
        };
        let answer = witness::cosign(body, known, &self.key, now);
        if let Some(error) = trouble {
            return Err(error.into());
        }
        let cosigned = answer?;
        let mut note = AddCheckpoint::parse(body).map_err(Refusal::Malformed)?.checkpoint;
        let checkpoint: Checkpoint = note.text().parse().map_err(Refusal::Malformed)?;
        note.add(cosigned.cosignature.clone()).map_err(Refusal::Malformed)?;
        write_durably(&self.seen(&checkpoint.origin), note.to_string().as_bytes())?;
        Ok(cosigned.cosignature)
    }

    /// The logs that it knows, read anew each time, so that one can be added while it runs.
    pub fn logs(&self) -> Result<Vec<VerifyingKey>> {
        read_logs(&self.folder)
    }

    fn known(&self, origin: &str) -> Result<Option<KnownLog>> {
        let keys: Vec<VerifyingKey> = self.logs()?.into_iter().filter(|key| key.name() == origin).collect();
        if keys.is_empty() {
            return Ok(None);
        }
        Ok(Some(KnownLog { keys, latest: self.latest(origin)? }))
    }

    /// The head that was cosigned last. A file that is there and cannot be read is an error, never a beginning.
    fn latest(&self, origin: &str) -> Result<Option<Head>> {
        let path = self.seen(origin);
        if !path.try_exists().map_err(|error| Error::read(path.display(), error))? {
            return Ok(None);
        }
        let note: Note = read_note(&path)?;
        let checkpoint: Checkpoint = note.text().parse().map_err(Error::content(path.display()))?;
        let own = note.verify(std::slice::from_ref(self.key.verifying()));
        own.map_err(Error::content(path.display()))?;
        if checkpoint.origin != origin {
            return Err(Error::other(path.display(), "it is the checkpoint of another log"));
        }
        Ok(Some(checkpoint.head))
    }

    fn seen(&self, origin: &str) -> PathBuf {
        self.folder.join("seen").join(hex(&Sha256::digest(origin)))
    }

    /// Adds a log to those that the witness in this folder knows. Whether it was new.
    pub fn add_log(folder: &Path, key: &VerifyingKey) -> Result<bool> {
        let mut logs = match fs::read_to_string(folder.join("logs")) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(|error| Error::read(folder.join("logs").display(), error))?,
        };
        if key.kind() != Kind::Note {
            return Err(Error::other(key, "this is the key of a witness, not of a log"));
        }
        if read_logs(folder)?.contains(key) {
            return Ok(false);
        }
        if !logs.is_empty() && !logs.ends_with('\n') {
            logs.push('\n');
        }
        fs::create_dir_all(folder).map_err(|error| Error::write(folder.display(), error))?;
        write_durably(&folder.join("logs"), format!("{logs}{key}\n").as_bytes())?;
        Ok(true)
    }
}

fn read_logs(folder: &Path) -> Result<Vec<VerifyingKey>> {
    let path = folder.join("logs");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = read_file(&path)?;
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.parse().map_err(Error::content(path.display()))).collect()
}

/// A file that only its owner may read, on the disk before this returns.
fn write_secret(path: &Path, secret: &str) -> Result<()> {
    let beside = path.with_extension("new");
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        writeln!(file, "{secret}")?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        File::open(path.parent().unwrap_or(path))?.sync_all()
    };
    write().map_err(|error| Error::write(path.display(), error))
}
