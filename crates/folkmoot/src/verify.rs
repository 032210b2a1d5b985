//! `folkmoot verify`: what anybody can verify, with no installation and no account. It ends with 0 if all is sound, with 1 if it is
//! not, and with 2 if it could not be verified.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use domain::Clock;
use register::tile::{Tile, TileSource};
use register::{Note, Policy, note};
use register_files::{
    Brought, Error, Folder, LogReport, Register, Result, VerifyExport, VerifyLog, VerifyReceipt, read_file, read_note,
    read_policy, write_durably,
};
use register_net::{Client, Site};
use serde::Serialize;
use service::SystemClock;

/// How long a policy may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Args)]
pub struct Verify {
    #[command(subcommand)]
    what: What,

    /// Say what was found as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum What {
    /// What a contributor has kept: that it was given, and stands in the register or is promised to
    Receipt(Receipt),
    /// A whole register: that nothing was altered, dropped, moved or added, and that the sums are right
    Register(WholeRegister),
    /// An export: that every file is the one that was written, and stands in the register
    Export(Export),
}

#[derive(Args)]
struct Receipt {
    /// The receipt, a bare proof (`.tlog-proof`), or a bare promise
    file: PathBuf,

    /// Whom to believe: a policy, as a file or an address; without it, what the register says of itself
    #[arg(long, value_name = "FILE|URL")]
    policy: Option<String>,
}

#[derive(Args)]
struct WholeRegister {
    /// Its address, as in `https://review.example.org/register`, or a folder with a copy of it
    #[arg(value_name = "URL|DIR")]
    register: String,

    /// Whom to believe: a policy, as a file or an address; without it, what the register says of itself
    #[arg(long, value_name = "FILE|URL")]
    policy: Option<String>,

    /// A file that keeps the checkpoint from one time to the next: the register must continue the one in it, and it is
    /// replaced by the new one if all is sound
    #[arg(long, value_name = "FILE")]
    remember: Option<PathBuf>,

    /// A promise that must have been kept, bare or in a receipt; any number of them
    #[arg(long, value_name = "FILE")]
    promise: Vec<PathBuf>,
}

#[derive(Args)]
struct Export {
    /// The folder of the export
    folder: PathBuf,

    /// The register that it is held against: its address, or a folder with a copy of it
    #[arg(long, value_name = "URL|DIR")]
    register: Option<String>,

    /// Whom to believe: a policy, as a file or an address; without it, what the register says of itself
    #[arg(long, value_name = "FILE|URL", requires = "register")]
    policy: Option<String>,
}

impl Verify {
    /// Verifies, says what it has found, and gives the status to end with.
    pub fn run(self) -> ExitCode {
        match self.what {
            What::Receipt(receipt) => say(self.json, receipt.run(), |report| report.sound),
            What::Register(register) => say(self.json, register.run(), |report| report.sound),
            What::Export(export) => say(self.json, export.run(), |report| report.sound),
        }
    }
}

impl Receipt {
    fn run(self) -> Result<register_files::ReceiptReport> {
        let place = self.file.display().to_string();
        let brought = brought(&self.file)?;
        let policy = match &self.policy {
            Some(policy) => read_any_policy(policy)?,
            None => Site::of(&brought.origin().map_err(Error::content(&place))?).policy()?,
        };
        let own_keys = self.policy.as_deref().is_none_or(is_address);
        VerifyReceipt { policy, own_keys, now: now() }.run(&place, &brought)
    }
}

impl WholeRegister {
    fn run(self) -> Result<LogReport> {
        let kept = self.remember.iter().filter(|file| file.exists());
        let remembered: Result<Vec<_>> = kept.map(|file| Ok((file.display().to_string(), read_note(file)?))).collect();
        let promises = self.promise.iter().map(|file| Ok((file.display().to_string(), brought(file)?)));
        let verify = VerifyLog {
            policy: self.policy.as_deref().map(read_any_policy).transpose()?,
            remembered: remembered?,
            promises: promises.collect::<Result<_>>()?,
            now: now(),
        };
        let mut report = verify.run(&Source::at(&self.register))?;
        report.own_keys |= self.policy.as_deref().is_some_and(is_address);
        if let Some(file) = self.remember.as_ref().filter(|_| report.sound) {
            write_durably(file, report.checkpoint.to_string().as_bytes())?;
        }
        Ok(report)
    }
}

impl Export {
    fn run(self) -> Result<register_files::ExportReport> {
        let verify = VerifyExport { folder: self.folder };
        let Some(register) = self.register else { return verify.run(None) };
        let policy = self.policy.as_deref().map(read_any_policy).transpose()?;
        let mut log = VerifyLog { policy, now: now(), ..VerifyLog::default() }.run(&Source::at(&register))?;
        log.own_keys |= self.policy.as_deref().is_some_and(is_address);
        verify.run(Some(&log))
    }
}

fn brought(file: &Path) -> Result<Brought> {
    Brought::parse(&read_file(file)?).map_err(Error::content(file.display()))
}

/// A policy from a file or an address.
fn read_any_policy(place: &str) -> Result<Policy> {
    if !is_address(place) {
        return read_policy(Path::new(place));
    }
    let read = Client::new(PATIENCE).get(place, note::LONGEST as u64);
    let bytes = read.map_err(|trouble| Error::Read { place: place.into(), why: trouble.why() })?;
    String::from_utf8_lossy(&bytes).parse().map_err(Error::content(place))
}

fn is_address(place: &str) -> bool {
    place.starts_with("https://") || place.starts_with("http://")
}

fn now() -> u64 {
    u64::try_from(SystemClock.now().as_second()).unwrap_or_default()
}

/// A register at an address or in a folder.
enum Source {
    Site(Box<Site>),
    Folder(Folder),
}

impl Source {
    fn at(place: &str) -> Source {
        if is_address(place) {
            Source::Site(Box::new(Site::new(place)))
        } else {
            Source::Folder(Folder::new(Path::new(place)))
        }
    }
}

impl TileSource for Source {
    fn read(&self, tile: Tile) -> register::Result<Vec<u8>> {
        match self {
            Source::Site(site) => site.read(tile),
            Source::Folder(folder) => folder.read(tile),
        }
    }
}

impl Register for Source {
    fn place(&self) -> String {
        match self {
            Source::Site(site) => site.place(),
            Source::Folder(folder) => folder.place(),
        }
    }

    fn checkpoint(&self) -> Result<Note> {
        match self {
            Source::Site(site) => site.checkpoint(),
            Source::Folder(folder) => folder.checkpoint(),
        }
    }

    fn policy(&self) -> Result<Policy> {
        match self {
            Source::Site(site) => site.policy(),
            Source::Folder(folder) => folder.policy(),
        }
    }

    fn stated(&self, digest: &[u8; 32]) -> Result<Option<String>> {
        match self {
            Source::Site(site) => site.stated(digest),
            Source::Folder(folder) => folder.stated(digest),
        }
    }

    fn expect(&self, size: u64) {
        if let Source::Site(site) = self {
            site.expect(size);
        }
    }
}

/// What is said where there is no report. `sound` is false, or null where it could not be verified.
#[derive(Serialize)]
struct Failed {
    sound: Option<bool>,
    error: String,
}

fn say<R: fmt::Display + Serialize>(json: bool, outcome: Result<R>, is_sound: impl Fn(&R) -> bool) -> ExitCode {
    match outcome {
        Ok(report) => {
            print(json, &report, format_args!("{report}"));
            ExitCode::from(u8::from(!is_sound(&report)))
        }
        Err(error) => {
            let unsound = error.is_unsound();
            let failed = Failed { sound: unsound.then_some(false), error: error.to_string() };
            let verdict = if unsound { "NOT SOUND" } else { "This could not be verified" };
            if json {
                print(json, &failed, format_args!(""));
            } else {
                eprintln!("{verdict}: {error}");
            }
            ExitCode::from(if unsound { 1 } else { 2 })
        }
    }
}

fn print(json: bool, report: &impl Serialize, text: fmt::Arguments<'_>) {
    match serde_json::to_string_pretty(report) {
        Ok(report) if json => println!("{report}"),
        _ => print!("{text}"),
    }
}
