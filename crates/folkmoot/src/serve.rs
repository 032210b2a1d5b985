//! `folkmoot serve` and `folkmoot work`: nodes that run until they are told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use service::Service;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::install::Install;
use crate::mail::Mail;
use crate::register::Register;

/// Everything that is settled before the start; all else is data.
#[derive(Args, Debug)]
pub struct Serve {
    /// The address to listen on
    #[arg(long, env = "FOLKMOOT_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,

    #[command(flatten)]
    pub install: Install,

    #[command(flatten)]
    pub mail: Mail,

    #[command(flatten)]
    pub register: Register,

    /// The address that people see, as in `https://review.example.org`; with https, cookies are marked secure
    #[arg(long, env = "FOLKMOOT_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// How many forms one address may send in a minute before it is asked to wait; 0 for any number
    #[arg(long, env = "FOLKMOOT_POSTS_PER_MINUTE", default_value_t = 120, value_name = "N")]
    pub posts_per_minute: u32,

    /// How many contributions may be sent in a minute before whoever sends is asked for half a minute of patience, or a
    /// second of their device's work; 0 for any number
    #[arg(long, env = "FOLKMOOT_SENT_PER_MINUTE", default_value_t = 300, value_name = "N")]
    pub sent_per_minute: u32,

    #[command(flatten)]
    pub languages: Languages,

    /// Take the sender's address from the last entry of `X-Forwarded-For`: only behind a proxy that sets it
    #[arg(long, env = "FOLKMOOT_TRUST_FORWARDED")]
    pub trust_forwarded: bool,
}

impl Serve {
    pub async fn run(self) -> anyhow::Result<()> {
        log_to_stderr();
        self.languages.add()?;
        let service = self.install.open_with_search().await?.with_most_sent(self.sent_per_minute);
        let service = self.mail.equip(service, &self.install.data, self.public_url.as_deref())?;
        let service = self.register.keep(service, &self.install, self.public_url.as_deref()).await?;
        let listener = bind(self.listen).await?;
        self.serve(listener, service, |_| ()).await
    }

    /// Serves until a signal comes; `ready` hears the address once people can come.
    pub async fn serve(
        self,
        listener: TcpListener,
        service: Service,
        ready: impl FnOnce(SocketAddr),
    ) -> anyhow::Result<()> {
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn({
            let (service, stopped) = (service.clone(), stopped.clone());
            async move { service.work(stopped).await }
        });
        let settings = web::Settings {
            public_url: self.public_url,
            posts_per_minute: self.posts_per_minute,
            trust_forwarded: self.trust_forwarded,
        };
        let router = web::router(service.clone(), settings);
        tracing::info!(%address, "serving");
        ready(address);
        web::serve(listener, router, told_to_stop()).await?;
        stop.send_replace(true);
        worker.await?;
        service.close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// What the pages and letters speak beside English and Welsh.
#[derive(Args, Debug, Default)]
pub struct Languages {
    /// A folder with languages to add: a folder for each, named by its tag, with files of messages in Fluent
    #[arg(long, env = "FOLKMOOT_LANGUAGES", value_name = "DIR")]
    languages: Option<PathBuf>,
}

impl Languages {
    /// Adds them, and says what of them is missing.
    fn add(&self) -> anyhow::Result<()> {
        let Some(folder) = &self.languages else { return Ok(()) };
        let added = web::add_languages(folder).map_err(anyhow::Error::msg);
        for language in added.context("the languages cannot be added")? {
            let web::Added { tag, translated, of, unknown } = language;
            tracing::info!(
                tag,
                translated,
                of,
                "a language is added; what is missing is as it is built in, or in English"
            );
            if !unknown.is_empty() {
                tracing::warn!(tag, ?unknown, "these messages are asked for by no page and no letter");
            }
        }
        Ok(())
    }
}

/// Listens on an address.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listening = TcpListener::bind(address).await;
    listening.with_context(|| format!("cannot listen on {address}: is something else listening there?"))
}

/// A node that does the work behind the pages.
#[derive(Args, Debug)]
pub struct Work {
    #[command(flatten)]
    install: Install,

    #[command(flatten)]
    mail: Mail,

    #[command(flatten)]
    register: Register,

    #[command(flatten)]
    languages: Languages,

    /// The address that people see, for links in mail
    #[arg(long, env = "FOLKMOOT_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
}

impl Work {
    /// Works until a signal comes.
    pub async fn run(self) -> anyhow::Result<()> {
        log_to_stderr();
        self.languages.add()?;
        let service = self.install.open().await?;
        let service = self.mail.equip(service, &self.install.data, self.public_url.as_deref())?;
        let service = self.register.keep(service, &self.install, self.public_url.as_deref()).await?;
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn({
            let service = service.clone();
            async move { service.work(stopped).await }
        });
        tracing::info!("working");
        told_to_stop().await;
        stop.send_replace(true);
        worker.await?;
        service.close().await;
        Ok(())
    }
}

/// Waits for the signal of a service manager, or Ctrl-C.
pub async fn told_to_stop() {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// Logs to standard error: JSON when another program reads it, plain words on a terminal. `RUST_LOG` chooses what.
pub fn log_to_stderr() {
    use std::io::IsTerminal;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tantivy=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { builder.with_target(false).init() } else { builder.json().init() }
}
