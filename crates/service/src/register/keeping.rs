//! Keeping the register: what waits gets its places, the files follow, and the new checkpoint is signed and witnessed.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::ReviewId;
use jiff::{SignedDuration, Timestamp};
use register::{Event, Head, Leaf, Tree};
use store::lease::ReleaseLease;
use store::register::{Eligible, EnterLate, LEASE, Queue, SequenceLeaves};
use tokio::sync::watch;

use super::{LEASE_LENGTH, Published, Register, behind, blocking, broken, proof, seen_elsewhere};
use crate::{Result, Service};

/// How often it is looked whether a batch is due.
const LOOK: Duration = Duration::from_millis(500);
/// How long is waited after trouble at the most, twice as long each time.
const LONGEST_LOOK: Duration = Duration::from_secs(8);
/// Leaves that get their places in one transaction: few enough that nobody who writes waits for long.
const BATCH: usize = 500;
/// Leaves that are read and written to files at a time.
const CHUNK: i64 = 8_192;
/// After so long witnesses are asked again that have not cosigned.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(60);

impl Service {
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
    pub(super) async fn read_register(&self, register: &Arc<Register>) -> Result<Tree> {
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
    pub(super) async fn queue(&self, register: &Register, most: usize) -> Result<Queue> {
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
pub(super) fn stated(leaves: &[[u8; Leaf::LENGTH]]) -> Vec<(ReviewId, [u8; 32])> {
    let digest = |leaf: &[u8; Leaf::LENGTH]| match Leaf::parse(leaf).ok()? {
        Leaf { review, event: Event::Policy { digest }, .. } => {
            Some((ReviewId(uuid::Uuid::from_bytes(review)), digest))
        }
        _ => None,
    };
    leaves.iter().filter_map(digest).collect()
}
