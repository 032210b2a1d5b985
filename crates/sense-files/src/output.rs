//! The folder that a command writes into: everything at the end, or nothing.
//!
//! Files are written under names that cannot be mistaken for results, and take their own names only when all are complete, in the
//! order in which they were written: what says how the result came about is best written last, and then stands for the whole.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::{Error, Result};

/// Prints to standard output. Whoever closes it has read enough.
pub fn print(text: &str) -> Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::file(Path::new("standard output"))(error)),
        _ => Ok(()),
    }
}

/// `value` as JSON with line breaks, and printed.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Error::Unfit(error.to_string()))?;
    print(&(text + "\n"))
}

/// A folder of results in the making. Dropped before [`Output::finish`], it leaves nothing behind.
pub struct Output {
    folder: PathBuf,
    files: Vec<(String, NamedTempFile)>,
}

impl Output {
    /// Begins to write into `folder`, which is made if it is missing. Files with other names in it are left alone.
    pub fn into_folder(folder: &Path) -> Result<Output> {
        std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
        Ok(Output { folder: folder.to_owned(), files: Vec::new() })
    }

    /// Writes one file, by `write`.
    pub fn file(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut BufWriter<&mut File>) -> std::io::Result<()>,
    ) -> Result<()> {
        let path = self.folder.join(name);
        let named = || {
            let mut part = unfinished().tempfile_in(&self.folder)?;
            let mut writer = BufWriter::new(part.as_file_mut());
            write(&mut writer)?;
            writer.flush()?;
            drop(writer);
            part.as_file().sync_all()?;
            Ok(part)
        };
        let part = named().map_err(Error::file(&path))?;
        self.files.push((name.to_owned(), part));
        Ok(())
    }

    /// Writes `value` as JSON with line breaks.
    pub fn json(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        self.file(name, |writer| {
            serde_json::to_writer_pretty(&mut *writer, value)?;
            writeln!(writer)
        })
    }

    /// Writes a table: `header`, then `rows`, as CSV with commas.
    pub fn csv<R: IntoIterator<Item: AsRef<[u8]>>>(
        &mut self,
        name: &str,
        header: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Result<()> {
        self.file(name, |writer| {
            let mut csv = csv::Writer::from_writer(writer);
            csv.write_record(header)?;
            for row in rows {
                csv.write_record(row)?;
            }
            csv.flush()
        })
    }

    /// Gives every file its name. Those of an earlier run go first, so that no two runs are ever mixed.
    pub fn finish(self) -> Result<()> {
        for (name, _) in &self.files {
            let path = self.folder.join(name);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::file(&path)(error)),
                _ => {}
            }
        }
        for (name, part) in self.files {
            let path = self.folder.join(name);
            part.persist(&path).map_err(|error| Error::file(&path)(error.error))?;
        }
        Ok(())
    }
}

/// A file for the making, which may be read by whoever may read the other files of this person.
fn unfinished() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unfinished-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
