//! Verifies an export: that every file is the one that its descriptor names, and that what it shows stands in the register.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use register::{Stated, Statement};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::folder::read_file;
use crate::log::LogReport;
use crate::words::{OWN_KEYS, count, hex};
use crate::{Error, Result};

/// The file that names all the others.
const DESCRIPTOR: &str = "datapackage.json";
/// Faults beyond this number are counted, not kept.
const MOST_FAULTS: usize = 1000;

/// The export to verify.
#[derive(Debug, Clone)]
pub struct VerifyExport {
    /// Its folder.
    pub folder: PathBuf,
}

/// What was found. Printed, it is a text for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// Whether nothing is wrong.
    pub sound: bool,
    /// The review, as its addresses have it.
    pub review: String,
    /// How many files were held against size and hash.
    pub files: u64,
    /// SHA-256 of the descriptor, in hexadecimal digits: with it all the files are known.
    pub digest: String,
    /// How many contributions are in it.
    pub contributions: u64,
    /// How it stands by the register, if one was brought.
    pub register: Option<ByRegister>,
    /// What is wrong.
    pub faults: Vec<String>,
    /// How many more faults there are than are listed.
    pub more_faults: u64,
}

/// How an export stands by a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ByRegister {
    /// The name of the register.
    pub origin: String,
    /// Whether the register is sound itself; only then does it say anything of the export.
    pub sound: bool,
    /// Whether its keys were taken from the register itself.
    pub own_keys: bool,
    /// How many contributions to the review stand in the register as published now. Which of them is which the export does not say:
    /// the order of the leaves would show who wrote after whom.
    pub published: u64,
    /// The id of the review that has stated that it wrote this export, in hexadecimal digits.
    pub stated_by: Option<String>,
}

impl VerifyExport {
    /// Verifies the files, and with a verified register what it says of them. An error means that there is no descriptor to
    /// verify against; everything else is in the report.
    pub fn run(&self, register: Option<&LogReport>) -> Result<ExportReport> {
        let path = self.folder.join(DESCRIPTOR);
        let bytes = read_file(&path)?;
        let descriptor: Descriptor = serde_json::from_slice(&bytes)
            .map_err(|error| Error::other(path.display(), format!("this is no descriptor of an export: {error}")))?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        let mut faults = Faults::default();
        let files = self.files(&descriptor, &mut faults);
        let rows = self.table::<ContributionRow>("contributions.csv", &mut faults).len() as u64;
        let register = register.map(|log| by_register(log, rows, &digest, &mut faults));
        Ok(ExportReport {
            sound: faults.kept.is_empty() && register.as_ref().is_none_or(|register| register.sound),
            review: descriptor.review,
            files,
            digest: hex(&digest),
            contributions: rows,
            register,
            faults: faults.kept,
            more_faults: faults.more,
        })
    }

    /// Holds every file against what the descriptor, or the table of files, says of it; how many there were.
    fn files(&self, descriptor: &Descriptor, faults: &mut Faults) -> u64 {
        let mut known = BTreeSet::from([PathBuf::from(DESCRIPTOR)]);
        let mut files = 0;
        let listed = descriptor.resources.iter().map(|resource| (resource.path.clone(), resource.says()));
        let given = self.given(faults).into_iter().map(|(path, sha256)| (path, Ok(Says { bytes: None, sha256 })));
        for (path, says) in listed.chain(given) {
            let Some(inside) = inside(&path) else {
                faults.push(format!("`{}` is no path within the folder", path.escape_debug()));
                continue;
            };
            files += 1;
            if let Err(fault) = says.and_then(|says| self.holds(&inside, &says)) {
                faults.push(format!("{path}: {fault}"));
            }
            known.insert(inside);
        }
        for path in self.all_files(faults).difference(&known) {
            faults.push(format!("{}: neither {DESCRIPTOR} nor files.csv names it", path.display()));
        }
        files
    }

    fn holds(&self, path: &Path, says: &Says) -> Result<(), String> {
        let (bytes, sha256) =
            digest_of(&self.folder.join(path)).map_err(|error| format!("it cannot be read: {error}"))?;
        if says.bytes.is_some_and(|said| said != bytes) {
            return Err(format!("it has {bytes} bytes, and not those that {DESCRIPTOR} states"));
        }
        if sha256 == says.sha256 { Ok(()) } else { Err("it has another hash than is stated: it was altered".into()) }
    }

    /// The files that people gave, by the table of files: path and hash.
    fn given(&self, faults: &mut Faults) -> Vec<(String, String)> {
        let rows: Vec<GivenRow> = self.table("files.csv", faults);
        rows.into_iter().filter(|row| !row.path.is_empty()).map(|row| (row.path, row.sha256)).collect()
    }

    fn table<T: for<'de> Deserialize<'de>>(&self, name: &str, faults: &mut Faults) -> Vec<T> {
        let mut rows = Vec::new();
        let path = self.folder.join(name);
        match is_file(&path).map_err(csv::Error::from).and_then(|()| csv::Reader::from_path(path)) {
            Ok(mut table) => {
                for row in table.deserialize() {
                    match row {
                        Ok(row) => rows.push(row),
                        Err(error) => {
                            faults.push(format!("{name}: {error}"));
                            break;
                        }
                    }
                }
            }
            Err(error) => faults.push(format!("{name} cannot be read: {error}")),
        }
        rows
    }

    fn all_files(&self, faults: &mut Faults) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.folder.join(&folder)) {
                Ok(entries) => entries,
                Err(error) => {
                    faults.push(format!("{} cannot be read: {error}", folder.display()));
                    continue;
                }
            };
            for entry in entries.filter_map(io::Result::ok) {
                let path = folder.join(entry.file_name());
                // A link is a file here: it is not followed.
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                } else {
                    found.insert(path);
                }
            }
        }
        found
    }
}

/// What of the descriptor is needed.
#[derive(Deserialize)]
struct Descriptor {
    #[serde(rename = "folkmoot:review")]
    review: String,
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    path: String,
    bytes: Option<u64>,
    hash: Option<String>,
}

struct Says {
    bytes: Option<u64>,
    sha256: String,
}

impl Resource {
    fn says(&self) -> Result<Says, String> {
        let hash = self.hash.as_deref().and_then(|hash| hash.strip_prefix("sha256:"));
        match (self.bytes, hash) {
            (Some(bytes), Some(sha256)) => Ok(Says { bytes: Some(bytes), sha256: sha256.to_ascii_lowercase() }),
            _ => Err(format!("{DESCRIPTOR} does not state its size and SHA-256 hash; export it anew")),
        }
    }
}

#[derive(Deserialize)]
struct GivenRow {
    path: String,
    sha256: String,
}

/// A row is counted, whatever is in it.
#[derive(Deserialize)]
struct ContributionRow {}

/// Faults, up to a number.
#[derive(Default)]
struct Faults {
    kept: Vec<String>,
    more: u64,
}

impl Faults {
    fn push(&mut self, fault: String) {
        if self.kept.len() < MOST_FAULTS {
            self.kept.push(fault);
        } else {
            self.more += 1;
        }
    }
}

fn by_register(log: &LogReport, rows: u64, digest: &[u8; 32], faults: &mut Faults) -> ByRegister {
    let stated_by = log.ledger.reviews().iter().map(|review| review.id).find(|review| {
        let stated = Stated::Exported { digest: *digest, contributions: rows };
        log.ledger.has_statement(review, &Statement { review: *review, stated }.digest())
    });
    if stated_by.is_none() {
        faults.push(format!("no leaf of the register states that {DESCRIPTOR} with this digest was written"));
    }
    let id = stated_by.map(|review| hex(&review));
    let sums =
        log.reviews.iter().find(|review| Some(&review.id) == id.as_ref()).map(|review| review.sums).unwrap_or_default();
    if stated_by.is_some() && rows > u64::from(sums.contributions) {
        faults.push(format!("it has {rows} contributions, and the register only {}", sums.contributions));
    }
    let (origin, sound, own_keys) = (log.origin.clone(), log.sound, log.own_keys);
    ByRegister { origin, sound, own_keys, published: sums.published.into(), stated_by: id }
}

/// The path, if it leads to a file below the folder, whatever the system.
fn inside(path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && path.components().next().is_some()).then(|| path.components().collect())
}

/// An export has files and folders: what is behind a link, or a device, is none of it, and may have no end.
fn is_file(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_file() {
        Ok(())
    } else {
        Err(io::Error::other("this is no file but a link, a folder or a device"))
    }
}

/// Length and SHA-256 of a file, whatever its size.
fn digest_of(path: &Path) -> io::Result<(u64, String)> {
    is_file(path)?;
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((length, hex(&hash.finalize()))),
            read => {
                length += read as u64;
                hash.update(buffer.get(..read).unwrap_or_default());
            }
        }
    }
}

impl fmt::Display for ExportReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.sound { "is sound" } else { "IS NOT SOUND" };
        writeln!(formatter, "The export of the review {} {verdict}.\n", self.review)?;
        let files = count(self.files, "file was", "files were");
        let contributions = count(self.contributions, "contribution", "contributions");
        writeln!(formatter, "{files} held against {DESCRIPTOR}, whose SHA-256 is")?;
        writeln!(formatter, "{}. There are {contributions} in it.", self.digest)?;
        match &self.register {
            Some(register) => write!(formatter, "{register}")?,
            None => writeln!(
                formatter,
                "No register was asked: this shows that the files belong together, not whose they are."
            )?,
        }
        if !self.faults.is_empty() {
            writeln!(formatter, "\nWhat is wrong:")?;
        }
        self.faults.iter().try_for_each(|fault| writeln!(formatter, "  - {fault}"))?;
        match self.more_faults {
            0 => Ok(()),
            more => writeln!(formatter, "  - and {more} more"),
        }
    }
}

impl fmt::Display for ByRegister {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ByRegister { origin, published, .. } = self;
        let sound = if self.sound { "is sound" } else { "IS NOT SOUND: see `folkmoot verify register`" };
        writeln!(formatter, "\nThe register {origin} {sound}.")?;
        if self.own_keys {
            writeln!(formatter, "{OWN_KEYS}")?;
        }
        if let Some(review) = &self.stated_by {
            writeln!(formatter, "It states that its review {review} wrote this export.")?;
        }
        let stand = count(*published, "contribution to it stands", "contributions to it stand");
        writeln!(formatter, "{stand} in it as published now.")
    }
}
