//! `folkmoot export`: everything that may be shown, in files that outlast the program.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::Args;

use crate::import::{bar, stop_on_interrupt};
use crate::install::{Install, find_review};

#[derive(Args)]
pub struct Export {
    /// The folder to write; it appears when it is whole, and replaces an older export
    folder: PathBuf,

    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    #[command(flatten)]
    install: Install,
}

impl Export {
    pub async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        // The sums of a moment ago are good enough for a bar.
        let expected = u64::try_from(service.tally(review.id).await?.all().published).unwrap_or(0);
        let (bar, stop) = (bar(expected, "contributions written"), stop_on_interrupt());
        let outcome = service
            .export(&review, &self.folder, |written| {
                bar.set_position(written);
                !stop.load(Ordering::Relaxed)
            })
            .await;
        bar.finish_and_clear();
        service.close().await;
        println!("Contributions written to {}: {}.", self.folder.display(), outcome?);
        Ok(())
    }
}
