//! The way out after an old copy of the database was restored: what it has forgotten is taken from the files of this node.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{Contribution, Happened, Reference, Refused, ReviewId, State};
use register::{Leaf, Outcome};
use store::contribution::{ChangeContribution, Which};
use store::lease::ReleaseLease;
use store::register::{AdoptLeaves, KeepStatement, LEASE};

use super::keeping::stated;
use super::{LEASE_LENGTH, Register, behind, blocking, broken, proof};
use crate::{Error, Result, Service};

/// Leaves in a bundle of the files.
const BUNDLE: u64 = 256;

/// What was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// How many leaves.
    pub leaves: u64,
    /// How many of them were of contributions that wait here.
    pub known: u64,
    /// What the register says to be withdrawn or erased, and was still here: it is withdrawn again.
    pub withdrawn: Vec<Reference>,
    /// What stands in the register otherwise than it is here: the team must look at it.
    pub otherwise: Vec<Reference>,
}

impl Service {
    /// Takes the leaves that the database has forgotten from the files of this node, so that the register can go on. What was withdrawn
    /// since the copy is withdrawn again.
    ///
    /// # Errors
    /// [`Error::Broken`] if the files do not hold, or go on from other leaves than those of the database; then nothing was changed.
    pub async fn adopt_leaves(&self) -> Result<TakenBack> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        if !blocking(register, Register::holds_folder).await?? {
            return Err(broken("another process is writing its files: stop it first"));
        }
        let size = blocking(register, Register::read).await??.size();
        let first = self.db.leaves().await?;
        self.compare(register, first.min(size), size).await?;
        let mut taken = TakenBack { leaves: size.saturating_sub(first), ..TakenBack::default() };
        let mut said = BTreeMap::new();
        let mut next = first;
        while next < size {
            let to = size.min((next / BUNDLE + 1) * BUNDLE);
            let leaves = blocking(register, move |register| proof::entries(&register.folder, next, to)).await??;
            self.keep_statements(register, &leaves).await?;
            if !self.db.claim_lease(LEASE, self.node, self.now(), LEASE_LENGTH).await? {
                return Err(broken("another node gives places just now: stop it first"));
            }
            let adopted =
                self.db.write(AdoptLeaves { holder: self.node, place: next, leaves, now: self.now() }).await?;
            taken.known += adopted.known;
            said.extend(
                adopted.said.into_iter().map(|(review, contribution, outcome)| ((review.0, contribution.0), outcome)),
            );
            next = to;
        }
        self.db.write(ReleaseLease { name: LEASE, holder: self.node }).await?;
        for ((review, contribution), outcome) in said {
            self.follow_outcome(ReviewId(review), domain::ContributionId(contribution), outcome, &mut taken).await?;
        }
        Ok(taken)
    }

    /// Nothing is taken unless all that both have is the same. The files are of a log of `size` leaves: a mirror has no tiles of
    /// other sizes.
    async fn compare(&self, register: &Arc<Register>, both: u64, size: u64) -> Result<()> {
        let mut from = 0;
        while from < both {
            let to = both.min(from + BUNDLE);
            let here = self.db.leaves_from(from, i64::try_from(to - from).unwrap_or(0)).await?;
            let end = size.min(from + BUNDLE);
            let there = blocking(register, move |register| proof::entries(&register.folder, from, end)).await??;
            if !there.starts_with(&here) {
                return Err(behind(&format!("the files and the database have other leaves from {from} on")));
            }
            from = to;
        }
        Ok(())
    }

    /// The texts of statements, which the database has forgotten, too.
    async fn keep_statements(&self, register: &Arc<Register>, leaves: &[[u8; Leaf::LENGTH]]) -> Result<()> {
        for (review, digest) in stated(leaves) {
            let text = blocking(register, move |register| register.folder.statement(&digest)).await?;
            if let Some(text) = text.map_err(broken)? {
                self.db.write(KeepStatement { review, digest, text }).await?;
            }
        }
        Ok(())
    }

    /// What was withdrawn is withdrawn again; of anything else the team is told.
    async fn follow_outcome(
        &self,
        review: ReviewId,
        contribution: domain::ContributionId,
        outcome: Outcome,
        taken: &mut TakenBack,
    ) -> Result<()> {
        let Some(here) = self.db.contributions(review, &[contribution]).await?.into_iter().next() else {
            return Ok(());
        };
        let same = match outcome {
            Outcome::Withdrawn | Outcome::Erased => here.state == State::Withdrawn,
            Outcome::Published => here.state == State::Published,
            Outcome::Considered => here.state == State::Received,
            Outcome::Excluded(_) => here.state == State::SetAside,
        };
        if same {
            return Ok(());
        }
        if !matches!(outcome, Outcome::Withdrawn | Outcome::Erased) {
            taken.otherwise.push(here.reference);
            return Ok(());
        }
        let act: fn(&mut Contribution) -> std::result::Result<Happened, Refused> = Contribution::withdraw;
        let which = Which::Id(contribution);
        let withdraw = ChangeContribution { review, which, act, event: self.new_id(), now: self.now() };
        // Withdrawn meanwhile is withdrawn, too.
        drop(self.db.write(withdraw).await?);
        taken.withdrawn.push(here.reference);
        Ok(())
    }
}
