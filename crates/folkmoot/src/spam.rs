//! `folkmoot spam`: what a machine may have sent, and undoing it.

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::{Reference, Sign};
use jiff::Timestamp;
use service::spam::{Changed, Signed};
use service::{CurrentReview, Service};

use crate::install::{Install, find_review};

#[derive(Subcommand)]
pub enum Spam {
    /// List what has a sign that a machine sent it: such contributions are not published with others
    List(Chosen),
    /// Take the signs off: it is like any other contribution
    Clear(Chosen),
    /// Close it to readers and leave it out of every count; nothing of it is lost
    SetAside(Chosen),
    /// Take in again what was set aside
    TakeIn(Chosen),
}

#[derive(Args)]
pub struct Chosen {
    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    /// Contributions, by reference
    #[arg(conflicts_with_all = ["sign", "from", "until"])]
    references: Vec<Reference>,

    /// Everything with this sign
    #[arg(long, value_name = "trap|quick|flood")]
    sign: Option<Sign>,

    /// Everything with a sign that came at that moment or later, as in 2026-11-23T09:00Z
    #[arg(long, value_name = "MOMENT")]
    from: Option<Timestamp>,

    /// Everything with a sign that came before that moment
    #[arg(long, value_name = "MOMENT")]
    until: Option<Timestamp>,

    #[command(flatten)]
    install: Install,
}

impl Spam {
    pub async fn run(self) -> anyhow::Result<()> {
        let (Self::List(chosen) | Self::Clear(chosen) | Self::SetAside(chosen) | Self::TakeIn(chosen)) = &self;
        let service = chosen.install.open().await?;
        let review = find_review(&service, &chosen.review).await?;
        let outcome = self.act(chosen, &service, &review).await;
        service.close().await;
        outcome
    }

    async fn act(&self, chosen: &Chosen, service: &Service, review: &CurrentReview) -> anyhow::Result<()> {
        match self {
            Self::List(_) => {
                let found = chosen.signed(service, review).await?;
                found.iter().for_each(print);
                println!("With a sign: {}.", found.len());
            }
            Self::Clear(_) => {
                let references = chosen.references(service, review).await?;
                println!("Cleared: {}.", service.clear_signs(review, &references).await?);
            }
            Self::SetAside(_) => {
                let references = chosen.references(service, review).await?;
                tell("Set aside", &service.set_aside(review, &references).await?)?;
            }
            Self::TakeIn(_) => {
                let references = chosen.set_aside(service, review).await?;
                tell("Taken in", &service.take_in(review, &references).await?)?;
            }
        }
        Ok(())
    }
}

impl Chosen {
    /// Whatever has a sign and is meant.
    async fn signed(&self, service: &Service, review: &CurrentReview) -> anyhow::Result<Vec<Signed>> {
        let (from, until) = (self.from.unwrap_or(Timestamp::MIN), self.until.unwrap_or(Timestamp::MAX));
        let mut found = service.signed(review, from, until).await?;
        found.retain(|signed| self.sign.is_none_or(|sign| signed.signs.contains(&sign)));
        found.retain(|signed| self.references.is_empty() || self.references.contains(&signed.reference));
        Ok(found)
    }

    /// What is named, or whatever has a sign and is meant.
    async fn references(&self, service: &Service, review: &CurrentReview) -> anyhow::Result<Vec<Reference>> {
        if !self.references.is_empty() {
            return Ok(self.references.clone());
        }
        let all = self.sign.is_none() && self.from.is_none() && self.until.is_none();
        anyhow::ensure!(!all, "say which: by reference, --sign, --from or --until");
        let open = self.signed(service, review).await?;
        let open = open.into_iter().filter(|signed| signed.state != domain::State::SetAside);
        Ok(open.map(|signed| signed.reference).collect())
    }

    /// What is named, or whatever is set aside and meant.
    async fn set_aside(&self, service: &Service, review: &CurrentReview) -> anyhow::Result<Vec<Reference>> {
        if !self.references.is_empty() {
            return Ok(self.references.clone());
        }
        let aside = service.all_set_aside(review).await.context("what is set aside cannot be read")?;
        if self.sign.is_none() && self.from.is_none() && self.until.is_none() {
            return Ok(aside);
        }
        let signed = self.signed(service, review).await?;
        Ok(signed.into_iter().map(|signed| signed.reference).filter(|one| aside.contains(one)).collect())
    }
}

fn print(signed: &Signed) {
    let signs: Vec<&str> = signed.signs.iter().map(|sign| sign.as_str()).collect();
    let Signed { reference, call, state, received_at, .. } = signed;
    println!("{reference} {received_at:.0} {call} {} {}", state.as_str(), signs.join(","));
}

fn tell(what: &str, changed: &Changed) -> anyhow::Result<()> {
    for (reference, why) in &changed.refused {
        eprintln!("{reference}: {why}");
    }
    println!("{what}: {}. Refused: {}.", changed.done, changed.refused.len());
    anyhow::ensure!(changed.refused.is_empty(), "some could not be changed");
    Ok(())
}
