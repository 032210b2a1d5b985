//! Contributions, and what happens to them. Every command writes the contribution and the event in one transaction.

use domain::{AboutYou, Contribution, ContributionId, DraftId, Happened, Reference, Refused, ReviewId, Sign, Slug};
use jiff::Timestamp;
use uuid::Uuid;

use crate::command::Command;
use crate::db::{Db, Snapshot};
use crate::error::{Error, Result};
use crate::event::{self, NewEvent};
use crate::register::{self, Arrival, Entered};
use crate::row::{Row, args};
use crate::sql::statements;
use crate::tx::Tx;
use crate::{about_you, draft, file, session, sign};

/// The columns that [`contribution`] reads, in its order.
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select id, reference, call, version, channel, release, state, late, language, content, source, ",
            "received_at, published_at, revision from contribution ",
            $rest
        )
    };
}

statements! {
    // Without a source the index of sources does not apply, and nothing can conflict with it.
    INSERT = "insert into contribution (review, id, reference, call, version, channel, release, state, late, language,
                content, source, receipt, received_at, published_at, revision)
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)
              on conflict (review, call, source) where source is not null do nothing";
    // What was read is what is changed: otherwise two acts at once would undo each other.
    UPDATE = "update contribution set release = $4, state = $5, content = $6, source = $7, published_at = $8,
                revision = revision + 1
              where review = $1 and id = $2 and revision = $3";
    SOURCE = "select id from contribution where review = $1 and call = $2 and source = $3";
    BY_REFERENCE = columns!("where review = $1 and reference = $2");
    BY_ID = columns!("where review = $1 and id = $2");
    BY_RECEIPT = columns!("where review = $1 and receipt = $2");
    BY_IDS = columns!("where review = $1 and id in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                       $17, $18, $19, $20, $21)");
    // What has come, and nothing else, was never shown.
    CHANGED = columns!("where review = $1 and id in (
                        select e.contribution from event e
                        where e.review = $1 and e.position > $2 and e.position <= $3 and e.kind <> 'received')");
    PUBLISHED = columns!("where review = $1 and published_at is not null and (published_at, reference) < ($2, $3)
                          order by published_at desc, reference desc limit $4");
    // What may have been sent by a machine is looked at first.
    RECEIVED = "select reference from contribution c where review = $1 and state = 'received' and release <> 'use-only'
                  and not exists (select 1 from sign s where s.review = c.review and s.contribution = c.id)
                order by reference";
    RECEIVED_OF_CALL = "select reference from contribution c
                where review = $1 and state = 'received' and release <> 'use-only' and call = $2
                  and not exists (select 1 from sign s where s.review = c.review and s.contribution = c.id)
                order by reference";
    EVERY_PUBLISHED = columns!("where review = $1 and published_at is not null order by published_at, reference");
    EVERY_ASKED = columns!("where review = $1 and state <> 'withdrawn' and id in (
                        select e.contribution from event e where e.review = $1 and e.kind = 'asked') order by reference");
    EVERY_OF_CALL = columns!("where review = $1 and call = $2 and state not in ('withdrawn', 'set-aside') order by id");
}

/// How many contributions [`Db::contributions`] can fetch at once.
pub const PAGE: usize = 20;

fn contribution(row: &Row) -> Result<Contribution> {
    Ok(Contribution {
        id: ContributionId(row.get(0)?),
        reference: row.parse(1)?,
        call: row.parse(2)?,
        version: row.get(3)?,
        channel: row.parse(4)?,
        release: row.parse(5)?,
        state: row.parse(6)?,
        late: row.get(7)?,
        language: row.parse(8)?,
        content: row.json(9)?,
        source: row.get(10)?,
        received_at: row.moment(11)?,
        published_at: row.get::<Option<i64>>(12)?.map(crate::row::moment).transpose()?,
    })
}

/// A contribution that is about to be kept, with the event that tells of it.
#[derive(Debug, Clone)]
pub struct NewContribution {
    /// The review.
    pub review: ReviewId,
    /// The contribution.
    pub contribution: Contribution,
    /// The digest of its receipt code.
    pub receipt: Option<[u8; 32]>,
    /// The id of the event.
    pub event: Uuid,
    /// What it enters into the register.
    pub entry: Arrival,
}

impl NewContribution {
    /// Keeps it; `false` if one of the same source is kept already.
    async fn insert(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let c = &self.contribution;
        let content = serde_json::to_string(&c.content)?;
        let values = args![
            self.review,
            c.id,
            c.reference.as_str(),
            &c.call,
            c.version,
            c.channel.as_str(),
            c.release.as_str(),
            c.state.as_str(),
            c.late,
            c.language.as_str(),
            content,
            c.source.clone(),
            self.receipt,
            c.received_at.as_microsecond(),
            c.published_at.map(Timestamp::as_microsecond),
        ];
        if tx.execute(INSERT, values).await? == 0 {
            return Ok(false);
        }
        let happened = Happened::Received { call: c.call.clone(), channel: c.channel, late: c.late };
        let event = NewEvent { id: self.event, happened, contribution: Some(c.id), at: c.received_at };
        let Arrival { commitment, salt } = &self.entry;
        let entered = Entered::Event(::register::Event::Contribution(*commitment));
        event::append_entered(tx, self.review, &event, &entered, salt.as_ref()).await?;
        Ok(true)
    }
}

/// Sends a draft: takes it away, keeps the contribution, and lets the session look at the receipt.
pub struct SendDraft {
    /// The draft.
    pub draft: DraftId,
    /// How often it had been saved when it was checked.
    pub revision: i64,
    /// The session.
    pub session: [u8; 32],
    /// When the session ends.
    pub expires_at: Timestamp,
    /// The present moment.
    pub now: Timestamp,
    /// What becomes of the draft. It keeps the id of the draft, so that whoever held that holds this.
    pub contribution: NewContribution,
    /// What people said about themselves, to be kept apart.
    pub about_you: Option<AboutYou>,
    /// What speaks for a machine.
    pub signs: Vec<Sign>,
}

impl Command for SendDraft {
    /// `false` if the draft was sent, deleted or saved again in between.
    type Output = bool;
    const NAME: &'static str = "send_draft";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let new = &self.contribution;
        if !draft::take(tx, new.review, self.draft, self.revision).await? {
            return Ok(false);
        }
        new.insert(tx).await?;
        // What was answered before another answer made it unasked is not sent, nor are its files kept.
        file::settle(tx, new.review, new.contribution.id.0, &new.contribution.content.answers, self.now).await?;
        if let Some(about_you) = &self.about_you {
            about_you::keep(tx, new.review, new.contribution.id, about_you).await?;
        }
        for sign in &self.signs {
            sign::keep(tx, new.review, new.contribution.id, *sign).await?;
        }
        session::keep(tx, self.session, self.expires_at).await?;
        Ok(true)
    }
}

/// Keeps many contributions from another system at once; which of them were new.
pub struct ImportContributions(pub Vec<NewContribution>);

impl Command for ImportContributions {
    type Output = Vec<bool>;
    const NAME: &'static str = "import_contributions";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<bool>> {
        let mut new = Vec::with_capacity(self.0.len());
        for contribution in &self.0 {
            let is_new = contribution.insert(tx).await?;
            let Contribution { id, content, received_at, .. } = &contribution.contribution;
            if is_new && file::any(&content.answers) {
                file::settle(tx, contribution.review, id.0, &content.answers, *received_at).await?;
            }
            new.push(is_new);
        }
        Ok(new)
    }
}

/// Which contribution a change is about.
#[derive(Debug, Clone)]
pub enum Which {
    /// The one with this reference.
    Reference(Reference),
    /// The one with this inner id.
    Id(ContributionId),
}

/// Changes a contribution by one of its own acts; `None` if there is no such contribution.
pub struct ChangeContribution<F> {
    /// The review.
    pub review: ReviewId,
    /// Which.
    pub which: Which,
    /// The act.
    pub act: F,
    /// The id of the event.
    pub event: Uuid,
    /// The present moment.
    pub now: Timestamp,
}

impl<F> Command for ChangeContribution<F>
where
    F: Fn(&mut Contribution) -> std::result::Result<Happened, Refused> + Send + Sync + 'static,
{
    type Output = Option<std::result::Result<(), Refused>>;
    const NAME: &'static str = "change_contribution";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        let row = match &self.which {
            Which::Reference(reference) => tx.optional(BY_REFERENCE, args![self.review, reference.as_str()]).await?,
            Which::Id(id) => tx.optional(BY_ID, args![self.review, *id]).await?,
        };
        let Some(row) = row else { return Ok(None) };
        let mut changed = contribution(&row)?;
        let revision: i64 = row.get(13)?;
        let happened = match (self.act)(&mut changed) {
            Ok(happened) => happened,
            Err(refused) => return Ok(Some(Err(refused))),
        };
        let values = args![
            self.review,
            changed.id,
            revision,
            changed.release.as_str(),
            changed.state.as_str(),
            serde_json::to_string(&changed.content)?,
            changed.source.clone(),
            changed.published_at.map(Timestamp::as_microsecond),
        ];
        if tx.execute(UPDATE, values).await? == 0 {
            return Err(Error::Conflict);
        }
        if matches!(happened, Happened::Withdrawn { .. }) {
            about_you::erase(tx, self.review, changed.id).await?;
            sign::clear(tx, self.review, changed.id).await?;
            file::settle(tx, self.review, changed.id.0, &changed.content.answers, self.now).await?;
            register::erase_salt(tx, self.review, changed.id).await?;
        }
        let entered = register::entered(&happened, &changed, self.review);
        let event = NewEvent { id: self.event, happened, contribution: Some(changed.id), at: self.now };
        match entered {
            Some(entered) => event::append_entered(tx, self.review, &event, &entered, None).await?,
            None => event::append(tx, self.review, &event).await?,
        }
        Ok(Some(Ok(())))
    }
}

/// Runs several changes in one transaction, each refused or done by itself.
pub struct ChangeAll<F>(pub Vec<ChangeContribution<F>>);

impl<F> Command for ChangeAll<F>
where
    F: Fn(&mut Contribution) -> std::result::Result<Happened, Refused> + Send + Sync + 'static,
{
    type Output = Vec<Option<std::result::Result<(), Refused>>>;
    const NAME: &'static str = "change_contributions";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        let mut outcomes = Vec::with_capacity(self.0.len());
        for change in &self.0 {
            outcomes.push(change.run(tx).await?);
        }
        Ok(outcomes)
    }
}

impl Db {
    /// The contribution with this reference.
    pub async fn contribution(&self, review: ReviewId, reference: &Reference) -> Result<Option<Contribution>> {
        self.optional(BY_REFERENCE, args![review, reference.as_str()]).await?.as_ref().map(contribution).transpose()
    }

    /// The contribution with this digest of a receipt code.
    pub async fn contribution_of_receipt(&self, review: ReviewId, receipt: &[u8]) -> Result<Option<Contribution>> {
        self.optional(BY_RECEIPT, args![review, receipt]).await?.as_ref().map(contribution).transpose()
    }

    /// How many of these sources have been brought over into a call already.
    pub async fn known_sources(&self, review: ReviewId, call: &Slug, sources: &[&str]) -> Result<usize> {
        let mut known = 0;
        for source in sources {
            known += usize::from(self.optional(SOURCE, args![review, call, *source]).await?.is_some());
        }
        Ok(known)
    }

    /// The contributions with these ids, at most [`PAGE`], in the order of the ids; those that are missing are left out.
    pub async fn contributions(&self, review: ReviewId, ids: &[ContributionId]) -> Result<Vec<Contribution>> {
        let mut values = args![review];
        let padding = std::iter::repeat(Uuid::nil());
        values.extend(ids.iter().map(|id| id.0).chain(padding).take(PAGE).map(Into::into));
        let rows = self.all(BY_IDS, values).await?;
        let mut found: Vec<Contribution> = rows.iter().map(contribution).collect::<Result<_>>()?;
        found.sort_by_key(|contribution| ids.iter().position(|id| *id == contribution.id));
        Ok(found)
    }

    /// The contributions that something happened to, beside their coming, in the events after one position up to another.
    pub async fn changed_between(&self, review: ReviewId, after: i64, until: i64) -> Result<Vec<Contribution>> {
        self.all(CHANGED, args![review, after, until]).await?.iter().map(contribution).collect()
    }

    /// Published contributions, the newest first, after the one that was published at that moment, in microseconds,
    /// with that reference.
    pub async fn published(
        &self,
        review: ReviewId,
        after: Option<(i64, &str)>,
        limit: i64,
    ) -> Result<Vec<Contribution>> {
        let (at, reference) = after.unwrap_or((i64::MAX, ""));
        self.all(PUBLISHED, args![review, at, reference, limit]).await?.iter().map(contribution).collect()
    }

    /// Every contribution that the team has put a question to and that has not been withdrawn, by reference.
    pub async fn asked(&self, review: ReviewId) -> Result<Vec<Contribution>> {
        self.all(EVERY_ASKED, args![review]).await?.iter().map(contribution).collect()
    }

    /// The references of everything that waits to be published and may be, without a sign of a machine. Their order is that of the references, which
    /// are random: published in the order of arrival, they would tell who wrote after whom.
    pub async fn waiting(&self, review: ReviewId, call: Option<&Slug>) -> Result<Vec<Reference>> {
        let rows = match call {
            None => self.all(RECEIVED, args![review]).await?,
            Some(call) => self.all(RECEIVED_OF_CALL, args![review, call]).await?,
        };
        rows.iter().map(|row| row.parse(0)).collect()
    }
}

impl Snapshot {
    /// Every published contribution, the oldest publication first, one at a time.
    pub async fn each_published<E: From<Error>>(
        &mut self,
        review: ReviewId,
        mut visit: impl FnMut(Contribution) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.tx().each(EVERY_PUBLISHED, args![review], |row| visit(contribution(&row)?)).await
    }

    /// Every contribution to a call that has been neither withdrawn nor set aside, one at a time.
    pub async fn each_of_call<E: From<Error>>(
        &mut self,
        review: ReviewId,
        call: &Slug,
        mut visit: impl FnMut(Contribution) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.tx().each(EVERY_OF_CALL, args![review, call], |row| visit(contribution(&row)?)).await
    }
}
