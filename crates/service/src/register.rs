//! The register of this installation: events that count get their places in it, its files follow from the database, and whoever gave
//! evidence gets the proof.
//!
//! The order of the leaves is decided in the database, once, by the holder of a lease ([`store::register::SequenceLeaves`]). From
//! that each node brings its own folder up to date, signs the new checkpoint and has it witnessed. A folder that has more leaves than
//! the database, or a witness that has seen more, means that an old copy was restored: then nothing is signed.

use std::fs::TryLockError;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::{Call, CallStatus, Contribution, ReceiptCode, Release};
use jiff::Timestamp;
use register::batch::Pace;
use register::{Checkpoint, Class, Commitment, Head, Note, Policy, Salt, SigningKey, Tree, Trusted};
use register_files::{Folder, Register as _};
use register_net::{Answer, Outcome, Witnesses};
use store::register::{Arrival, CloseReview};
use tokio::sync::Mutex;

use crate::{CurrentReview, Error, Result, Service};

mod adopt;
mod keeping;
mod keys;
mod proof;

pub use ::register::Evidence;
pub use adopt::TakenBack;
use keys::Keys;
pub use keys::Secret;
pub use proof::{Entered, PublicFile, Registered};

/// How long the lease of whoever gives places is held, in microseconds, unless it is given back: a node that died holds the others up for no longer.
const LEASE_LENGTH: i64 = 10_000_000;

/// How the register is kept.
#[derive(Debug)]
pub struct RegisterSettings {
    /// The folder of this node for its files.
    pub folder: PathBuf,
    /// What the keys are sealed with.
    pub secret: Secret,
    /// The name of a new register: the address of the installation without `https://`, and `/register`. Without it none is begun.
    pub name: Option<String>,
    /// When a batch is due.
    pub pace: Pace,
    /// Who is asked to cosign.
    pub witnesses: Vec<register_net::Witness>,
}

/// The register as this node keeps it.
pub struct Register {
    folder: Folder,
    secret: Secret,
    pace: Pace,
    keys: RwLock<Arc<Keys>>,
    witness_keys: Vec<register::VerifyingKey>,
    witnesses: Arc<Witnesses>,
    /// The tree that the files hold, and when witnesses were asked last; none before it was read, or after trouble.
    tree: Mutex<Option<(Tree, Timestamp)>>,
    published: RwLock<Option<Published>>,
    /// The newest checkpoint that enough witnesses have cosigned.
    confirmed: RwLock<Option<Published>>,
    /// Held while this process writes into the folder: two would put an older checkpoint in the place of a newer one.
    lock: std::sync::Mutex<Option<std::fs::File>>,
    trouble: RwLock<Option<String>>,
}

/// The newest checkpoint, opened.
#[derive(Debug, Clone)]
struct Published {
    note: Note,
    trusted: Trusted,
}

/// What everybody may know of the register as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its name.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them, in base 64.
    pub root: String,
    /// The witnesses who have confirmed it, with the moment at which each did.
    pub witnesses: Vec<(String, Timestamp)>,
    /// Why nothing is signed, if so.
    pub trouble: Option<String>,
}

/// What is found when a register is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// How many leaves the files of this node have.
    pub size: u64,
    /// How many the database has.
    pub known: u64,
    /// How many wait for their batch.
    pub waiting: usize,
    /// Each witness, and whether it has cosigned the newest checkpoint.
    pub witnesses: Vec<(String, bool)>,
}

impl Register {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        let published = self.published();
        let head = published.as_ref().map(|published| published.trusted.checkpoint.head);
        let moment = |time: u64| Timestamp::from_second(i64::try_from(time).ok()?).ok();
        let witnessed = published.into_iter().flat_map(|published| published.trusted.witnessed);
        Standing {
            origin: self.origin(),
            size: head.map_or(0, |head| head.size),
            root: head.map(|head| head.root.to_string()).unwrap_or_default(),
            witnesses: witnessed.filter_map(|(name, time)| Some((name, moment(time)?))).collect(),
            trouble: self.trouble(),
        }
    }

    /// The name of the register.
    pub fn origin(&self) -> String {
        self.keys().signing.first().map(|key| key.verifying().name().to_owned()).unwrap_or_default()
    }

    /// Where its files are on this node.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Why nothing is signed, if so.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whom to believe: its own keys, also those that signed before and are destroyed, and more than half of the witnesses.
    pub fn policy(&self) -> Result<Policy> {
        let quorum = if self.witness_keys.is_empty() { 0 } else { self.witness_keys.len() / 2 + 1 };
        Policy::new(&self.keys().logs(), &self.witness_keys, quorum).map_err(broken)
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn published(&self) -> Option<Published> {
        self.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens a checkpoint of its own, whoever has cosigned it.
    fn open(&self, note: &Note) -> Result<Trusted> {
        Policy::new(&self.keys().logs(), &self.witness_keys, 0).and_then(|policy| policy.open(note)).map_err(broken)
    }

    /// The checkpoint that proves what stands at `place`: the newest that enough witnesses have cosigned, or once `late` the newest.
    fn covering(&self, place: u64, late: bool) -> Option<Published> {
        let covers = |published: &Published| place < published.trusted.checkpoint.head.size;
        let confirmed = self.confirmed.read().unwrap_or_else(PoisonError::into_inner).clone();
        confirmed.filter(covers).or_else(|| self.published().filter(|published| late && covers(published)))
    }

    /// Shows a checkpoint from now on.
    fn show(&self, note: Note) -> Result<()> {
        let published = Published { trusted: self.open(&note)?, note };
        if self.policy()?.open(&published.note).is_ok() {
            *self.confirmed.write().unwrap_or_else(PoisonError::into_inner) = Some(published.clone());
        }
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Some(published);
        Ok(())
    }

    /// Reads what its files hold.
    fn read(&self) -> Result<Tree> {
        if !self.folder.path().join("checkpoint").exists() {
            return Ok(Tree::default());
        }
        let note = self.folder.checkpoint().map_err(broken)?;
        let trusted = self.open(&note)?;
        let tree = Tree::resume(&self.folder, &trusted.checkpoint.head).map_err(broken)?;
        self.show(note)?;
        Ok(tree)
    }

    /// Signs a head, has it cosigned, and publishes it. Where witnesses have seen more, or other leaves
    /// (without number), nothing is published: which ones, and how much.
    fn sign(&self, head: Head) -> Result<Vec<(String, u64)>> {
        let keys = self.keys();
        let signed: Vec<&SigningKey> = keys.signing.iter().collect();
        let note = Checkpoint::new(&self.origin(), head).sign(&signed).map_err(broken)?;
        let mut asked = self.witnesses.ask(&note, &self.folder).map_err(broken)?;
        let ahead = |answer: &Answer| match answer.outcome {
            Outcome::Ahead(seen) => Some((answer.witness.clone(), seen)),
            Outcome::Forked(_) => Some((answer.witness.clone(), u64::MAX)),
            _ => None,
        };
        let ahead: Vec<(String, u64)> = asked.answers.iter().filter_map(ahead).collect();
        if !ahead.is_empty() {
            return Ok(ahead);
        }
        for answer in asked.answers.iter().filter(|answer| answer.outcome != Outcome::Cosigned) {
            tracing::warn!(witness = answer.witness, outcome = ?answer.outcome, "a witness has not cosigned");
        }
        self.keep_cosignatures(&mut asked.checkpoint, head);
        self.folder.put("policy", &self.policy()?.to_string()).map_err(broken)?;
        self.folder.publish(&asked.checkpoint).map_err(broken)?;
        self.show(asked.checkpoint)?;
        Ok(Vec::new())
    }

    /// Adds what witnesses had signed of this very head before, who did not answer now.
    fn keep_cosignatures(&self, checkpoint: &mut Note, head: Head) {
        let Some(before) = self.published().filter(|published| published.trusted.checkpoint.head == head) else {
            return;
        };
        for key in &self.witness_keys {
            let by = |note: &Note| note.signatures().iter().find(|line| key.is_claimed_by(line)).cloned();
            if by(checkpoint).is_none()
                && let Some(line) = by(&before.note)
            {
                // Where there is no room for it, the checkpoint stands without it.
                drop(checkpoint.add(line));
            }
        }
    }

    /// Whether this process is the one that writes into the folder, from now on until it ends.
    fn holds_folder(&self) -> Result<bool> {
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if lock.is_none() {
            let path = self.folder.path().join("lock");
            std::fs::create_dir_all(self.folder.path()).map_err(broken)?;
            let file = std::fs::File::options().create(true).append(true).open(path).map_err(broken)?;
            match file.try_lock() {
                Ok(()) => *lock = Some(file),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(broken(error)),
            }
        }
        Ok(lock.is_some())
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Register({})", self.origin())
    }
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Broken(format!("the register: {error}"))
}

fn behind(what: &str) -> Error {
    Error::Broken(format!(
        "the register: {what}. Was an old copy of the database restored? Nothing is signed until `folkmoot register adopt` was run"
    ))
}

fn seen_elsewhere(what: &str) -> Error {
    Error::Broken(format!(
        "the register: {what}. Were old copies of the database and of the folder `register` restored? Nothing is signed until the \
         folder is again as it was, such as from a mirror, and `folkmoot register adopt` was run"
    ))
}

impl Service {
    /// Has it keep the register. Its key is made if there is none, and a name for it.
    ///
    /// # Errors
    /// [`Error::Broken`] if there is no key and no name; if the secret is not the one that the keys were sealed with.
    pub async fn with_register(self, settings: RegisterSettings) -> Result<Self> {
        let RegisterSettings { folder, secret, name, pace, witnesses } = settings;
        let keys = RwLock::new(Arc::new(self.first_keys(&secret, name.as_deref()).await?));
        let witness_keys = witnesses.iter().map(|witness| witness.key.clone()).collect();
        let register = Register {
            folder: Folder::new(&folder),
            secret,
            pace,
            keys,
            witness_keys,
            witnesses: Arc::new(Witnesses::new(witnesses, Duration::from_secs(10))),
            tree: Mutex::default(),
            published: RwLock::default(),
            confirmed: RwLock::default(),
            lock: std::sync::Mutex::default(),
            trouble: RwLock::default(),
        };
        let register = Arc::new(register);
        // What is published is shown from the first page on; what is wrong with it is found, and told, by whoever keeps it.
        drop(blocking(&register, Register::read).await?);
        Ok(Self { register: Some(register), ..self })
    }

    /// The register, on a node that keeps it.
    pub fn register(&self) -> Option<&Register> {
        self.register.as_deref()
    }

    /// What a contribution enters when it arrives. The salt follows from the receipt code where there is one, and then nobody keeps it.
    pub(crate) fn arrival_of(&self, contribution: &Contribution, code: Option<&ReceiptCode>) -> Result<Arrival> {
        let given = contribution.as_given().map_err(|error| Error::Broken(error.to_string()))?;
        let salt = code.map_or_else(
            || {
                let mut salt = [0; 32];
                self.entropy.fill(&mut salt);
                Salt(salt)
            },
            |code| Salt(code.salt()),
        );
        let commitment = Commitment::new(&salt, class(contribution.release), given.as_bytes());
        Ok(Arrival { commitment, salt: code.is_none().then_some(salt) })
    }

    /// Looks whether signatures, files and database agree; changes nothing.
    ///
    /// # Errors
    /// [`Error::Broken`] with what is wrong.
    pub async fn inspect_register(&self) -> Result<Inspection> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        let size = self.read_register(register).await?.size();
        let known = self.db.whole_leaves().await?;
        let queue = self.queue(register, usize::MAX).await?;
        let seen = register.published().map(|published| published.trusted.witnessed).unwrap_or_default();
        let witness =
            |key: &register::VerifyingKey| (key.name().to_owned(), seen.iter().any(|(name, _)| name == key.name()));
        let waiting = queue.waiting + queue.withdrawals;
        Ok(Inspection { size, known, waiting, witnesses: register.witness_keys.iter().map(witness).collect() })
    }

    /// Closes a review for good: nothing more is taken, and the register says of every contribution what became of it.
    ///
    /// # Errors
    /// [`Error::NotOpen`] with the call that still takes evidence, or will; [`Error::Gone`] if it was closed already.
    pub async fn close_review(&self, review: &CurrentReview) -> Result<()> {
        let now = self.now();
        let status = |call: &Call| call.status(now, &review.timezone);
        if let Some(call) = review.calls.iter().find(|call| status(call) != CallStatus::Closed) {
            return Err(Error::NotOpen(status(call)));
        }
        let closed = self.db.write(CloseReview { review: review.id, event: self.new_id(), now }).await?;
        if closed { Ok(()) } else { Err(Error::Gone) }
    }
}

/// On what terms something is given.
pub(crate) fn class(release: Release) -> Class {
    match release {
        Release::Public => Class::Public,
        Release::Unnamed => Class::Unnamed,
        Release::UseOnly => Class::UseOnly,
    }
}

/// Does what waits for the disk, or for witnesses, on a thread of its own.
async fn blocking<T: Send + 'static>(
    register: &Arc<Register>,
    work: impl FnOnce(&Register) -> T + Send + 'static,
) -> Result<T> {
    let register = Arc::clone(register);
    tokio::task::spawn_blocking(move || work(&register)).await.map_err(broken)
}
