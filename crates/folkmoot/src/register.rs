//! Settings of the register, and `folkmoot register`: its keys, and the way out when an old copy was restored.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::Entropy;
use register::batch::Pace;
use register_net::Witness;
use service::register::Secret;
use service::{RegisterSettings, Service, SystemEntropy};

use crate::install::Install;

/// How the register is kept.
#[derive(Args, Debug, Clone, Default)]
pub struct Register {
    /// How many seconds an entry of the register waits at the longest before its batch is sequenced
    #[arg(
        long = "register-interval",
        env = "FOLKMOOT_REGISTER_INTERVAL",
        default_value_t = 3_600,
        value_name = "SECONDS"
    )]
    interval: u64,

    /// How many entries are a batch, however short they have waited; they are shuffled
    #[arg(long = "register-batch", env = "FOLKMOOT_REGISTER_BATCH", default_value_t = 16, value_name = "N")]
    batch: usize,

    /// A witness to ask for its signature, as in `https://library.example/witness=library.example/witness+4c1e…`: its address, and
    /// its key; may be given several times
    #[arg(long = "register-witness", env = "FOLKMOOT_REGISTER_WITNESSES", value_delimiter = ' ', value_parser = witness, value_name = "ADDRESS=KEY")]
    witnesses: Vec<Witness>,

    /// The file with the secret that the keys of the register are sealed with; by default `secret` in the folder for data. It is made
    /// if there is none; keep a copy, apart from copies of the database
    #[arg(long = "secret", env = "FOLKMOOT_SECRET_FILE", value_name = "FILE")]
    secret: Option<PathBuf>,
}

fn witness(text: &str) -> Result<Witness, String> {
    let (address, key) = text.split_once('=').ok_or("it is not of the form ADDRESS=KEY")?;
    let key = key.parse().map_err(|error| format!("{error}"))?;
    Ok(Witness { address: address.trim_end_matches("/add-checkpoint").to_owned(), key })
}

impl Register {
    /// For a demonstration: everything is in the register at once.
    pub fn at_once() -> Self {
        Self { interval: 2, batch: 1, ..Self::default() }
    }

    /// Has the service keep the register; a new one is named after the public address, or after this machine.
    pub async fn keep(&self, service: Service, install: &Install, public_url: Option<&str>) -> anyhow::Result<Service> {
        let host = match public_url {
            None => "localhost",
            Some(url) => {
                let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
                host.filter(|host| !host.is_empty()).with_context(|| {
                    format!("{url} is no public address: it begins with https://, as in https://review.example.org")
                })?
            }
        };
        let name = format!("{}/register", host.trim_end_matches('/'));
        let service = self.open(service, install, Some(name.clone())).await?;
        let origin = service.register().map(service::Register::origin).unwrap_or_default();
        if public_url.is_some() && origin != name {
            tracing::warn!(
                origin,
                "the register keeps the name that it began with, which is not that of the public address"
            );
        }
        Ok(service)
    }

    /// Opens the register; without a name, only one that was begun.
    pub async fn open(&self, service: Service, install: &Install, name: Option<String>) -> anyhow::Result<Service> {
        let secret = self.secret(install)?;
        let settings = RegisterSettings {
            folder: install.data.join("register"),
            secret,
            name,
            pace: Pace { enough: self.batch.max(1), longest: self.interval },
            witnesses: self.witnesses.clone(),
        };
        service.with_register(settings).await.context("the register cannot be kept")
    }

    /// Where the secret is.
    pub fn secret_file(&self, install: &Install) -> PathBuf {
        self.secret.clone().unwrap_or_else(|| install.data.join("secret"))
    }

    /// Reads the secret of the installation, or draws one.
    fn secret(&self, install: &Install) -> anyhow::Result<Secret> {
        let file = self.secret_file(install);
        if !file.exists() {
            let mut bytes = [0; 32];
            SystemEntropy.fill(&mut bytes);
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            draw(&file, &hex).with_context(|| format!("the secret cannot be written to {}", file.display()))?;
        }
        let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let number = |at: usize| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok();
        let bytes: Vec<u8> = (0..32).map_while(number).collect();
        let secret = bytes.try_into().ok().filter(|_| text.trim_end().len() == 64);
        Ok(Secret(secret.with_context(|| format!("{} does not hold 64 hexadecimal digits", file.display()))?))
    }
}

/// Writes it for nobody else to read; if another process was quicker, its own stays.
fn draw(file: &Path, hex: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let beside = file.with_extension(format!("{}.new", std::process::id()));
    let mut opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    opened.write_all(hex.as_bytes())?;
    opened.sync_all()?;
    match std::fs::hard_link(&beside, file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    std::fs::remove_file(&beside)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

#[derive(Subcommand)]
pub enum RegisterCommand {
    /// Show the keys that sign for the register
    Keys(Settings),
    /// Make another key: from now on both sign, so that nobody who verifies is surprised
    Rotate(Settings),
    /// Destroy the oldest key, a month after `rotate`; the one after it signs alone
    Retire(Settings),
    /// After an old copy of the database was restored: take the entries that it has forgotten from the files of the register
    Adopt(Settings),
}

#[derive(Args)]
pub struct Settings {
    #[command(flatten)]
    install: Install,

    #[command(flatten)]
    register: Register,
}

impl Settings {
    async fn open(&self) -> anyhow::Result<Service> {
        let service = self.install.open().await?;
        self.register.open(service, &self.install, None).await
    }
}

impl RegisterCommand {
    pub async fn run(self) -> anyhow::Result<()> {
        let settings = match &self {
            Self::Keys(settings) | Self::Rotate(settings) | Self::Retire(settings) | Self::Adopt(settings) => settings,
        };
        let service = settings.open().await?;
        match self {
            Self::Keys(_) => {}
            Self::Rotate(_) => {
                service.rotate_key().await?;
                println!(
                    "Before the older key is destroyed, whoever runs a witness must know the new one, the last below:"
                );
                println!("    folkmoot witness add-log --folder FOLDER KEY");
            }
            Self::Retire(_) => println!("Destroyed: {}", service.retire_key().await?),
            Self::Adopt(_) => {
                let taken = service.adopt_leaves().await?;
                println!(
                    "Entries taken from the files: {}. Of contributions that are still here: {}.",
                    taken.leaves, taken.known
                );
                for reference in &taken.withdrawn {
                    println!("{reference} had been withdrawn, and is withdrawn again.");
                }
                for reference in &taken.otherwise {
                    println!("{reference} stands in the register otherwise than it is here: look at it.");
                }
            }
        }
        for key in service.register_keys()? {
            println!("{key}");
        }
        service.close().await;
        Ok(())
    }
}
