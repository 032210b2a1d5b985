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
use jiff::{SignedDuration, Timestamp};
use register::batch::Pace;
use register::{Checkpoint, Class, Commitment, Head, Note, Policy, Salt, SigningKey, Tree, Trusted};
use register_files::{Folder, Register as _};
use register_net::{Answer, Outcome, Witnesses};
use store::lease::ReleaseLease;
use store::register::{AdoptLeaves, Arrival, CloseReview, EnterLate, SequenceLeaves};
use tokio::sync::{Mutex, watch};

use crate::{CurrentReview, Error, Result, Service};

mod keys;
mod proof;

pub use ::register::Evidence;
pub use keys::Secret;
pub use proof::{Entered, PublicFile, Registered};

/// The name of the lease of whoever gives places.
const LEASE: &str = "register";
/// How long it is held, in microseconds, unless it is given back: a node that died holds the others up for no longer.
const LEASE_LENGTH: i64 = 10_000_000;
/// How often it is looked whether a batch is due.
const LOOK: Duration = Duration::from_millis(500);
/// Leaves that get their places in one transaction: few enough that nobody who writes waits for long.
const BATCH: i64 = 500;
/// Leaves that are read and written to files at a time.
const CHUNK: i64 = 8_192;
/// How long a withdrawal waits, and how long a promise may take to be kept, in times of the longest wait: a day for an hour.
const LONG: u64 = 24;
/// After so long witnesses are asked again that have not cosigned.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(60);

/// How the register is kept.
#[derive(Debug)]
pub struct RegisterSettings {
    /// The folder of this node for its files.
    pub folder: PathBuf,
    /// What the keys are sealed with.
    pub secret: Secret,
    /// The name of a new register: the address of the installation without `https://`, and `/register`.
    pub name: String,
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
    keys: RwLock<Arc<Vec<SigningKey>>>,
    witness_keys: Vec<register::VerifyingKey>,
    witnesses: Arc<Witnesses>,
    /// The tree that the files hold, and when witnesses were asked last; none before it was read, or after trouble.
    tree: Mutex<Option<(Tree, Timestamp)>>,
    published: RwLock<Option<Published>>,
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
    /// How many leaves it has.
    pub size: u64,
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
        self.keys().first().map(|key| key.verifying().name().to_owned()).unwrap_or_default()
    }

    /// Where its files are on this node.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Why nothing is signed, if so.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whom to believe: its own keys, and more than half of the witnesses.
    pub fn policy(&self) -> Result<Policy> {
        let logs: Vec<_> = self.keys().iter().map(|key| key.verifying().clone()).collect();
        let quorum = if self.witness_keys.is_empty() { 0 } else { self.witness_keys.len() / 2 + 1 };
        Policy::new(&logs, &self.witness_keys, quorum).map_err(broken)
    }

    /// The keys that sign, the oldest first.
    fn keys(&self) -> Arc<Vec<SigningKey>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn published(&self) -> Option<Published> {
        self.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens a checkpoint of its own, whoever has cosigned it.
    fn open(&self, note: &Note) -> Result<Trusted> {
        let logs: Vec<_> = self.keys().iter().map(|key| key.verifying().clone()).collect();
        Policy::new(&logs, &self.witness_keys, 0).and_then(|policy| policy.open(note)).map_err(broken)
    }

    /// Reads what its files hold.
    fn read(&self) -> Result<Tree> {
        if !self.folder.path().join("checkpoint").exists() {
            return Ok(Tree::default());
        }
        let note = self.folder.checkpoint().map_err(broken)?;
        let trusted = self.open(&note)?;
        let tree = Tree::resume(&self.folder, &trusted.checkpoint.head).map_err(broken)?;
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Some(Published { note, trusted });
        Ok(tree)
    }

    /// Signs a head, has it cosigned, and publishes it. Where witnesses have seen more, or other leaves
    /// (without number), nothing is published: which ones, and how much.
    fn sign(&self, head: Head) -> Result<Vec<(String, u64)>> {
        let keys = self.keys();
        let signed: Vec<&SigningKey> = keys.iter().collect();
        let note = Checkpoint::new(&self.origin(), head).sign(&signed).map_err(broken)?;
        let asked = self.witnesses.ask(&note, &self.folder).map_err(broken)?;
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
        self.folder.put("policy", &self.policy()?.to_string()).map_err(broken)?;
        self.folder.publish(&asked.checkpoint).map_err(broken)?;
        let trusted = self.open(&asked.checkpoint)?;
        let published = Published { note: asked.checkpoint, trusted };
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Some(published);
        Ok(Vec::new())
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

impl Service {
    /// Has it keep the register. Its key is made if there is none.
    ///
    /// # Errors
    /// [`Error::Broken`] if the secret is not the one that the keys were sealed with.
    pub async fn with_register(self, settings: RegisterSettings) -> Result<Self> {
        let RegisterSettings { folder, secret, name, pace, witnesses } = settings;
        let keys = RwLock::new(Arc::new(self.signing_keys(&secret, &name).await?));
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
            lock: std::sync::Mutex::default(),
            trouble: RwLock::default(),
        };
        Ok(Self { register: Some(Arc::new(register)), ..self })
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

    /// Keeps the register until `stop` turns true. Trouble is logged, shown, and tried again.
    pub(crate) async fn keep_register(&self, mut stop: watch::Receiver<bool>) {
        let Some(register) = self.register.clone() else { return };
        let mut entered = false;
        while !*stop.borrow() {
            let step = async {
                if !entered {
                    self.enter_late().await?;
                    entered = true;
                }
                self.register_step(&register).await
            };
            let outcome = step.await;
            let trouble = outcome.err().map(|error| error.to_string());
            if let Some(trouble) = &trouble
                && register.trouble().as_ref() != Some(trouble)
            {
                tracing::error!(trouble, "the register is not kept");
            }
            *register.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Gives places to what waits, and brings the files up to date.
    async fn register_step(&self, register: &Arc<Register>) -> Result<()> {
        if !blocking(register, Register::holds_folder).await?? {
            // Another process on this machine writes; what it has published is shown here, too.
            let size = blocking(register, Register::read).await??.size();
            return self.sequence_leaves(register, size).await;
        }
        let mut tree = register.tree.lock().await;
        if tree.is_none() {
            // Before anything is added: what is added to an old copy would hide that it is one.
            let (read, known) = (self.read_register(register).await?, self.db.leaves().await?);
            let signed = self.sign(register, read.head(), known).await?;
            *tree = Some((read, if signed { self.now() } else { Timestamp::UNIX_EPOCH }));
        }
        let Some((before, asked_at)) = tree.take() else { return Ok(()) };
        self.sequence_leaves(register, before.size()).await?;
        *tree = Some(self.follow(register, before, asked_at).await?);
        Ok(())
    }

    /// What the files of this node hold, held against the database.
    async fn read_register(&self, register: &Arc<Register>) -> Result<Tree> {
        let tree = blocking(register, Register::read).await??;
        let size = tree.size();
        if self.db.leaves().await? < size {
            return Err(behind(&format!("the files have {size} leaves, the database fewer")));
        }
        // The last tile is enough: each leaf before it is under hashes of tiles that are full.
        let from = size.saturating_sub(size % 256).min(size.saturating_sub(1));
        let here = self.db.leaves_from(from, i64::try_from(size - from).unwrap_or(0)).await?;
        let there = blocking(register, move |register| proof::entries(&register.folder, from, size)).await??;
        if here != there {
            return Err(behind("the files and the database have other leaves"));
        }
        Ok(tree)
    }

    async fn sequence_leaves(&self, register: &Register, written: u64) -> Result<()> {
        let now = self.now();
        let day = SignedDuration::from_secs(i64::try_from(register.pace.longest * LONG).unwrap_or(i64::MAX));
        let withdrawn_before = now.saturating_sub(day).unwrap_or(Timestamp::MIN);
        let due = || async {
            let (waiting, oldest) = self.db.leaves_waiting(withdrawn_before, now, register.pace.enough).await?;
            Ok::<bool, Error>(register.pace.is_due(waiting, oldest))
        };
        let mut held = false;
        while due().await? && self.db.claim_lease(LEASE, self.node, self.now(), LEASE_LENGTH).await? {
            held = true;
            let mut seed = [0; 32];
            self.entropy.fill(&mut seed);
            let pace = register.pace;
            let command = SequenceLeaves { pace, withdrawn_before, seed, written, limit: BATCH, now };
            if self.db.write(command).await? == 0 {
                break;
            }
        }
        if held {
            self.db.write(ReleaseLease { name: LEASE, holder: self.node }).await?;
        }
        Ok(())
    }

    /// Writes leaves that have got their places, and publishes a new checkpoint.
    async fn follow(&self, register: &Arc<Register>, mut tree: Tree, asked_at: Timestamp) -> Result<(Tree, Timestamp)> {
        self.reload_keys(register).await?;
        let now = self.now();
        let published = register.published();
        loop {
            let leaves = self.db.leaves_from(tree.size(), CHUNK).await?;
            if leaves.is_empty() {
                break;
            }
            tree = blocking(register, move |register| -> Result<Tree> {
                let tiles = tree.append(&leaves).map_err(broken)?;
                register.folder.write(&tiles).map_err(broken)?;
                Ok(tree)
            })
            .await??;
        }
        let head = tree.head();
        let is_new = published.as_ref().is_none_or(|published| published.trusted.checkpoint.head != head);
        let lacks = |published: &Published| {
            published.trusted.witnessed.len() < register.witness_keys.len()
                || published.note.signatures().len() < register.keys().len() + published.trusted.witnessed.len()
        };
        let again = now.duration_since(asked_at) > ASK_AGAIN && published.as_ref().is_some_and(lacks);
        if !is_new && !again {
            return Ok((tree, asked_at));
        }
        let signed = self.sign(register, head, self.db.leaves().await?).await?;
        Ok((tree, if signed { now } else { asked_at }))
    }

    /// Signs a head and publishes it; `false` where a witness has seen more of it from another node. `known` is how many leaves the
    /// database had before anything was added to it here.
    async fn sign(&self, register: &Arc<Register>, head: Head, known: u64) -> Result<bool> {
        let ahead = blocking(register, move |register| register.sign(head)).await??;
        match ahead.into_iter().max_by_key(|(_, seen)| *seen) {
            None => Ok(true),
            Some((_, seen)) if seen <= known => Ok(false),
            Some((witness, u64::MAX)) => Err(behind(&format!("{witness} has seen other leaves"))),
            Some((witness, seen)) => {
                Err(behind(&format!("{witness} has seen {seen} leaves, and there are {known} here")))
            }
        }
    }

    /// Looks whether signatures, files and database agree; changes nothing.
    ///
    /// # Errors
    /// [`Error::Broken`] with what is wrong.
    pub async fn inspect_register(&self) -> Result<Inspection> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        let size = self.read_register(register).await?.size();
        let (waiting, _) = self.db.leaves_waiting(self.now(), self.now(), usize::MAX).await?;
        let seen = register.published().map(|published| published.trusted.witnessed).unwrap_or_default();
        let witness =
            |key: &register::VerifyingKey| (key.name().to_owned(), seen.iter().any(|(name, _)| name == key.name()));
        Ok(Inspection { size, waiting, witnesses: register.witness_keys.iter().map(witness).collect() })
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

    /// After an old copy of the database was restored: takes the leaves that it has forgotten from the files of this node, so that the
    /// register can go on. How many those were, and how many of them are of contributions that are still here.
    ///
    /// # Errors
    /// [`Error::Broken`] if the files do not hold, or go on from other leaves than those of the database.
    pub async fn adopt_leaves(&self) -> Result<(u64, u64)> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        if !blocking(register, Register::holds_folder).await?? {
            return Err(broken("another process is writing its files: stop it first"));
        }
        let size = blocking(register, Register::read).await??.size();
        let (first, mut known) = (self.db.leaves().await?, 0);
        let mut next = first;
        while next < size {
            // The rest of the bundle that the next leaf stands in.
            let to = size.min((next / 256 + 1) * 256);
            let leaves = blocking(register, move |register| proof::entries(&register.folder, next, to)).await??;
            known += self.db.write(AdoptLeaves { place: next, leaves }).await?;
            next = to;
        }
        self.read_register(register).await?;
        Ok((size.saturating_sub(first), known))
    }

    /// Enters contributions from before there was a register, under random salts.
    async fn enter_late(&self) -> Result<()> {
        for review in self.reviews().await? {
            loop {
                let late = self.db.unentered(review.id, BATCH).await?;
                if late.is_empty() {
                    break;
                }
                let mut arrivals = Vec::with_capacity(late.len());
                for page in late.chunks(store::contribution::PAGE) {
                    let ids: Vec<_> = page.iter().map(|one| one.contribution).collect();
                    for contribution in self.db.contributions(review.id, &ids).await? {
                        let event = page.iter().find(|one| one.contribution == contribution.id).map(|one| one.event);
                        arrivals.extend(event.zip(Some(self.arrival_of(&contribution, None)?)));
                    }
                }
                if arrivals.is_empty() {
                    break;
                }
                self.db.write(EnterLate { review: review.id, arrivals }).await?;
            }
        }
        Ok(())
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
