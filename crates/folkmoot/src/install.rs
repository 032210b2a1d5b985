//! An installation: where it keeps things, and how it is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use service::{CurrentReview, Service, SystemClock, SystemEntropy};
use store::Db;
use store::file::Files;
use store::search::Search;

/// Where an installation keeps things. Every command takes the same two settings.
#[derive(Args, Debug, Clone)]
pub struct Install {
    /// The folder for the embedded database, files and the search index
    #[arg(long, env = "FOLKMOOT_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,

    /// A `PostgreSQL` database to use instead of the embedded one, as in `postgres://user:password@host/name`
    #[arg(long, env = "FOLKMOOT_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
}

impl Install {
    /// Opens it for a command: no search index, which belongs to the node that serves.
    pub async fn open(&self) -> anyhow::Result<Service> {
        self.with_search(None).await
    }

    /// Opens it for a node that serves pages.
    pub async fn open_with_search(&self) -> anyhow::Result<Service> {
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("the folder {} cannot be made", self.data.display()))?;
        let search = Search::open(&self.data.join("index")).context(
            "the search index cannot be opened; if another folkmoot serves from this folder, give this one a folder of its own",
        )?;
        self.with_search(Some(Arc::new(search))).await
    }

    async fn with_search(&self, search: Option<Arc<Search>>) -> anyhow::Result<Service> {
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("the folder {} cannot be made", self.data.display()))?;
        let db = if let Some(url) = &self.database {
            Db::open_postgres(url).await.context("the PostgreSQL database cannot be opened")?
        } else {
            let file = self.data.join("folkmoot.db");
            Db::open_sqlite(&file).await.with_context(|| format!("the database {} cannot be opened", file.display()))?
        };
        let files = Files::in_folder(&self.data.join("files"))?;
        Ok(Service::new(db, files, search, Arc::new(SystemClock), Arc::new(SystemEntropy)))
    }
}

/// The review of that name, or which ones there are.
pub async fn find_review(service: &Service, slug: &str) -> anyhow::Result<Arc<CurrentReview>> {
    match service.review(slug).await {
        Ok(review) => Ok(review),
        Err(service::Error::NotFound) => {
            let known: Vec<String> = service.reviews().await?.iter().map(|review| review.slug.to_string()).collect();
            anyhow::bail!("there is no review `{slug}`; there is: {}", list(&known))
        }
        Err(error) => Err(error.into()),
    }
}

/// Names one after another, or that there are none.
pub fn list(names: &[String]) -> String {
    if names.is_empty() { "none yet".to_owned() } else { names.join(", ") }
}

/// Reads a text file, with an error that names it.
pub fn read_text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
