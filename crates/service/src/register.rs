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

use domain::{Call, CallStatus, Contribution, ReceiptCode, Release, ReviewId};
use jiff::{SignedDuration, Timestamp};
use register::batch::Pace;
use register::{Checkpoint, Class, Commitment, Event, Head, Leaf, Note, Policy, Salt, SigningKey, Tree, Trusted};
use register_files::{Folder, Register as _};
use register_net::{Answer, Outcome, Witnesses};
use store::lease::ReleaseLease;
use store::register::{Arrival, CloseReview, Eligible, EnterLate, LEASE, Queue, SequenceLeaves};
use tokio::sync::{Mutex, watch};

use crate::{CurrentReview, Error, Result, Service};

mod adopt;
mod keys;
mod proof;

pub use ::register::Evidence;
pub use adopt::TakenBack;
use keys::Keys;
pub use keys::Secret;
pub use proof::{Entered, PublicFile, Registered};

/// How long the lease of whoever gives places is held, in microseconds, unless it is given back: a node that died holds the others up for no longer.
const LEASE_LENGTH: i64 = 10_000_000;
/// How often it is looked whether a batch is due.
const LOOK: Duration = Duration::from_millis(500);
/// How long is waited after trouble at the most, twice as long each time.
const LONGEST_LOOK: Duration = Duration::from_secs(8);
/// Leaves that get their places in one transaction: few enough that nobody who writes waits for long.
const BATCH: usize = 500;
/// Leaves that are read and written to files at a time.
const CHUNK: i64 = 8_192;
/// How long a promise may take to be kept, in times of the longest wait: a day for an hour.
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

    /// Keeps the register until `stop` turns true. Trouble is logged, shown, and tried again.
    pub(crate) async fn keep_register(&self, mut stop: watch::Receiver<bool>) {
        let Some(register) = self.register.clone() else { return };
        let (mut entered, mut look) = (false, LOOK);
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
            look = if trouble.is_some() { LONGEST_LOOK.min(look * 2) } else { LOOK };
            *register.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(look) => {}
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
        let pace = register.pace;
        let mut held = false;
        while self.queue(register, pace.enough).await?.is_due(pace)
            && self.db.claim_lease(LEASE, self.node, self.now(), LEASE_LENGTH).await?
        {
            held = true;
            let mut seed = [0; 32];
            self.entropy.fill(&mut seed);
            let (holder, eligible, now) = (self.node, self.eligible(register), self.now());
            let limit = BATCH.max(pace.enough);
            if self.db.write(SequenceLeaves { holder, pace, eligible, seed, written, limit, now }).await? == 0 {
                break;
            }
        }
        if held {
            self.db.write(ReleaseLease { name: LEASE, holder: self.node }).await?;
        }
        Ok(())
    }

    /// What waits, counted up to `most`.
    async fn queue(&self, register: &Register, most: usize) -> Result<Queue> {
        Ok(self.db.leaves_waiting(self.eligible(register), most, self.now()).await?)
    }

    /// Withdrawals of the days before; closes since which everything has come in that was on its way.
    fn eligible(&self, register: &Register) -> Eligible {
        let now = self.now();
        let today = Timestamp::from_second(now.as_second().div_euclid(86_400) * 86_400).unwrap_or(Timestamp::MIN);
        let longest = SignedDuration::from_secs(i64::try_from(register.pace.longest).unwrap_or(i64::MAX));
        Eligible { withdrawn_before: today, closed_before: now.saturating_sub(longest).unwrap_or(Timestamp::MIN) }
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
            let stated = stated(&leaves);
            tree = blocking(register, move |register| -> Result<Tree> {
                let tiles = tree.append(&leaves).map_err(broken)?;
                register.folder.write(&tiles).map_err(broken)?;
                Ok(tree)
            })
            .await??;
            self.publish_statements(register, stated).await?;
        }
        let head = tree.head();
        let is_new = published.as_ref().is_none_or(|published| published.trusted.checkpoint.head != head);
        let lacks = |published: &Published| {
            published.trusted.witnessed.len() < register.witness_keys.len()
                || published.note.signatures().len() < register.keys().signing.len() + published.trusted.witnessed.len()
        };
        let again = now.duration_since(asked_at) > ASK_AGAIN && published.as_ref().is_some_and(lacks);
        if !is_new && !again {
            return Ok((tree, asked_at));
        }
        let signed = self.sign(register, head, self.db.leaves().await?).await?;
        Ok((tree, if signed { now } else { asked_at }))
    }

    /// Writes the texts of statements beside the tiles, so that whoever copies the files has them.
    async fn publish_statements(&self, register: &Arc<Register>, stated: Vec<(ReviewId, [u8; 32])>) -> Result<()> {
        for (_, digest) in stated {
            if let Some(text) = self.db.statement(digest).await? {
                blocking(register, move |register| register.folder.put_statement(&digest, &text))
                    .await?
                    .map_err(broken)?;
            }
        }
        Ok(())
    }

    /// Signs a head and publishes it; `false` where a witness has seen more of it from another node. `known` is how many leaves the
    /// database had before anything was added to it here.
    async fn sign(&self, register: &Arc<Register>, head: Head, known: u64) -> Result<bool> {
        let ahead = blocking(register, move |register| register.sign(head)).await??;
        match ahead.into_iter().max_by_key(|(_, seen)| *seen) {
            None => Ok(true),
            Some((_, seen)) if seen <= known => Ok(false),
            Some((witness, u64::MAX)) => Err(seen_elsewhere(&format!("{witness} has seen other leaves"))),
            Some((witness, seen)) => {
                Err(seen_elsewhere(&format!("{witness} has seen {seen} leaves, and there are {known} here")))
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

    /// Enters contributions from before there was a register, under random salts.
    async fn enter_late(&self) -> Result<()> {
        for review in self.reviews().await? {
            loop {
                let late = self.db.unentered(review.id, i64::try_from(BATCH).unwrap_or(i64::MAX)).await?;
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

/// The digests of the statements among leaves, and of which review they are.
fn stated(leaves: &[[u8; Leaf::LENGTH]]) -> Vec<(ReviewId, [u8; 32])> {
    let digest = |leaf: &[u8; Leaf::LENGTH]| match Leaf::parse(leaf).ok()? {
        Leaf { review, event: Event::Policy { digest }, .. } => {
            Some((ReviewId(uuid::Uuid::from_bytes(review)), digest))
        }
        _ => None,
    };
    leaves.iter().filter_map(digest).collect()
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
