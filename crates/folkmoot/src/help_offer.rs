//! `folkmoot help-offer`: what people offer to do for others, before and after the team has let it into the directory.

use clap::{Args, Subcommand};
use domain::{HelpKind, Reference};
use service::help_offer::OfferVerdict;

use crate::install::{Install, find_review};

#[derive(Subcommand)]
pub enum HelpOffer {
    /// List every offer, with how to reach whoever made it
    List(List),
    /// Let offers into the directory, so that everybody can read them
    Show(Decide),
    /// Refuse offers, or take them out of the directory: they are deleted, with how to reach whoever made them
    Remove(Decide),
}

#[derive(Args)]
pub struct List {
    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    #[command(flatten)]
    install: Install,
}

#[derive(Args)]
pub struct Decide {
    /// Which, as `list` names them
    #[arg(required = true, value_name = "REFERENCE")]
    references: Vec<Reference>,

    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    #[command(flatten)]
    install: Install,
}

impl HelpOffer {
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::Show(decide) => decide.run(OfferVerdict::Show).await,
            Self::Remove(decide) => decide.run(OfferVerdict::Remove).await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let all = service.kept_help_offers(&review).await?;
        service.close().await;
        for kept in &all {
            let state = if kept.shown_at.is_some() { "shown" } else { "waiting" };
            let offer = &kept.offered.offer;
            let place = offer.place.as_deref().and_then(|code| review.known_places().get(code));
            let help: Vec<&str> = offer.help.iter().copied().map(HelpKind::as_str).collect();
            let place = place.map_or("anywhere", |place| place.name.as_str());
            println!("{} {state} {} {place}: {}", kept.reference, offer.name, help.join(", "));
            let may = if offer.contact.is_some() { "may be shown" } else { "for the team only" };
            println!("    {} ({may})", kept.offered.contact);
            for line in
                offer.spoken.iter().map(domain::Line::as_str).chain(offer.sentence.iter().flat_map(|text| text.lines()))
            {
                println!("    | {line}");
            }
        }
        let waiting = all.iter().filter(|kept| kept.shown_at.is_none()).count();
        println!("Waiting: {waiting}. Shown: {}.", all.len() - waiting);
        Ok(())
    }
}

impl Decide {
    async fn run(self, verdict: OfferVerdict) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let mut missing = 0;
        for reference in &self.references {
            match service.decide_help_offer(&review, reference, verdict).await {
                Ok(()) => {}
                Err(service::Error::NotFound) => {
                    eprintln!("{reference}: there is no such offer, or it was let through before");
                    missing += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        service.close().await;
        println!("Done: {}. Missing: {missing}.", self.references.len() - missing);
        anyhow::ensure!(missing == 0, "some of them were not there");
        Ok(())
    }
}
