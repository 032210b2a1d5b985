//! What this node has handed over to the mail server, written down before the last byte of it leaves.
//!
//! SMTP cannot be asked whether a message was taken (RFC 1047), and a database cannot be written at the same moment as a
//! socket. So a line goes into this file right before a message is handed over: not flushed to the disk, for a process that is
//! killed takes nothing back that it gave to the system, neither the line nor the message. When a node starts again, what
//! stands here was taken by the server, and what is in hand and does not stand here was not. A few microseconds lie between
//! the two, in which a kill would lose a message. If the *machine* dies, the last lines may be lost with it: then what was
//! in hand is sent again, under the same Message-ID, rather than lost.
//!
//! The file is locked for as long as the process lives, and holds the name under which this folder holds the lease for
//! sending: so a node that starts again need not wait for the lease of the one that was killed.

use std::collections::HashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use domain::ReviewId;
use store::mail::MailKey;
use uuid::Uuid;

/// The journal, locked.
pub(super) struct Journal {
    file: File,
    holder: Uuid,
    /// Where the first line ends.
    begins: u64,
}

impl Journal {
    /// Opens the journal of a folder; `None` if another process has it.
    pub fn open(folder: &Path, new_holder: Uuid) -> io::Result<Option<Self>> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("mail.journal");
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut text = String::new();
        // What a dying machine left half-written may be anything.
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        text.push_str(&String::from_utf8_lossy(&bytes));
        let holder = match text.lines().next().and_then(|line| Uuid::try_parse(line).ok()) {
            Some(holder) if text.contains('\n') => holder,
            _ => {
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(format!("{new_holder}\n").as_bytes())?;
                file.sync_all()?;
                new_holder
            }
        };
        let begins = holder.to_string().len() as u64 + 1;
        file.seek(SeekFrom::End(0))?;
        Ok(Some(Self { file, holder, begins }))
    }

    /// The name under which this folder holds the lease.
    pub fn holder(&self) -> Uuid {
        self.holder
    }

    /// Writes down that a message is about to be handed over. What follows must do that at once.
    pub fn hand_over(&mut self, key: MailKey) -> io::Result<()> {
        self.file.write_all(line('+', key).as_bytes())
    }

    /// Writes down that the server did not take it after all.
    pub fn take_back(&mut self, key: MailKey) -> io::Result<()> {
        self.file.write_all(line('-', key).as_bytes())
    }

    /// What was handed over and not taken back since the last [`Journal::clear`].
    pub fn handed_over(&mut self) -> io::Result<HashSet<MailKey>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(self.begins))?;
        self.file.read_to_end(&mut bytes)?;
        let mut found = HashSet::new();
        for line in String::from_utf8_lossy(&bytes).lines() {
            match read(line) {
                Some(('+', key)) => drop(found.insert(key)),
                Some((_, key)) => drop(found.remove(&key)),
                None => {}
            }
        }
        Ok(found)
    }

    /// Forgets everything: the database knows it now.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(self.begins)?;
        self.file.seek(SeekFrom::End(0)).map(drop)
    }
}

fn line(mark: char, key: MailKey) -> String {
    format!("{mark} {} {} {}\n", key.review.0, key.newsletter, key.id)
}

fn read(line: &str) -> Option<(char, MailKey)> {
    let mut words = line.split(' ');
    let mark = words.next().filter(|mark| matches!(*mark, "+" | "-"))?.chars().next()?;
    let mut id = || Uuid::try_parse(words.next()?).ok();
    let key = MailKey { review: ReviewId(id()?), newsletter: id()?, id: id()? };
    Some((mark, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u128) -> MailKey {
        let id = Uuid::from_u128(number);
        MailKey { review: ReviewId(id), newsletter: Uuid::nil(), id }
    }

    #[test]
    fn what_was_handed_over_is_known_to_the_next_process() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let open = |new| Journal::open(folder.path(), Uuid::from_u128(new));
        let mut journal = open(1)?.expect("it is free");
        assert!(open(2)?.is_none(), "it is locked");
        journal.hand_over(key(7))?;
        journal.hand_over(key(8))?;
        journal.take_back(key(8))?;
        drop(journal);
        let mut again = open(3)?.expect("it is free");
        assert_eq!(again.holder(), Uuid::from_u128(1), "it is the same folder");
        assert_eq!(again.handed_over()?, HashSet::from([key(7)]));
        again.hand_over(key(9))?;
        assert_eq!(again.handed_over()?.len(), 2);
        again.clear()?;
        assert!(again.handed_over()?.is_empty());
        again.hand_over(key(10))?;
        assert_eq!(again.handed_over()?, HashSet::from([key(10)]));
        Ok(())
    }

    #[test]
    fn rubbish_in_it_harms_nobody() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        for rubbish in [&b"\xff\xfe\x00"[..], b"", b"no id\n+ a b", b"00000000-0000-0000-0000-000000000001"] {
            std::fs::write(folder.path().join("mail.journal"), rubbish)?;
            let mut journal = Journal::open(folder.path(), Uuid::from_u128(5))?.expect("it is free");
            assert_eq!(journal.holder(), Uuid::from_u128(5));
            assert!(journal.handed_over()?.is_empty());
        }
        Ok(())
    }
}
