//! Letters that came back: delivery status notifications (RFC 3464), read from a mailbox.
//!
//! Whose letter it was is not guessed from what stands in the notification, which every server writes in its own way: the
//! return path of each letter names its subscriber and its newsletter, and that is the address that the notification is sent to.

use std::path::Path;

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use store::subscriber::{Bounced, CountBounce};
use uuid::Uuid;

use crate::{Error, Result, Service};

/// How many newsletters in which a subscriber's address was refused for good end the subscription. One may be a mistake of a
/// server; who writes on to addresses that are gone is soon taken for a sender of spam.
const MOST: i64 = 3;
/// The most bytes of one notification that are looked at.
const LONGEST: usize = 1_000_000;

/// What a mailbox of notifications has led to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Bounces {
    /// Messages that were read.
    pub read: usize,
    /// Of these, how many said that a letter was refused for good.
    pub hard: usize,
    /// How many subscriptions were ended.
    pub ended: usize,
}

/// What is written into the return path of a newsletter: whose it was, and which one.
pub(super) fn tag(subscriber: Uuid, newsletter: Uuid) -> String {
    let newsletter = newsletter.simple().to_string();
    format!("{}.{}", subscriber.simple(), &newsletter[..8])
}

impl Service {
    /// Reads notifications: a file in mbox format, one message, or a folder with a message in each file (as maildir has
    /// them). Reading the same again changes nothing.
    ///
    /// # Errors
    /// [`Error::Broken`] if something cannot be read; what was read before is counted.
    pub async fn read_bounces(&self, path: &Path) -> Result<Bounces> {
        let mut bounces = Bounces::default();
        for file in files(path)? {
            let bytes = std::fs::read(&file).map_err(|error| unreadable(&file, &error))?;
            self.read_mailbox(&bytes, &mut bounces).await?;
        }
        Ok(bounces)
    }

    /// Reads the messages of one mailbox, or one message.
    pub async fn read_mailbox(&self, bytes: &[u8], bounces: &mut Bounces) -> Result<()> {
        for message in messages(bytes) {
            bounces.read += 1;
            let Some((subscriber, newsletter)) = bounced(message) else { continue };
            bounces.hard += 1;
            let outcome = self.db.write(CountBounce { subscriber, newsletter, most: MOST }).await?;
            bounces.ended += usize::from(outcome == Bounced::Ended);
        }
        Ok(())
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::Broken(format!("{} cannot be read: {error}", path.display()))
}

/// The file, or every file of the folder; of a maildir, those in `new` and `cur`.
fn files(path: &Path) -> Result<Vec<std::path::PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let maildir = ["new", "cur"].map(|name| path.join(name));
    let folders = if maildir.iter().all(|folder| folder.is_dir()) { maildir.to_vec() } else { vec![path.to_owned()] };
    let mut found = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))? {
            let path = entry.map_err(|error| unreadable(&folder, &error))?.path();
            if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The messages of a mailbox in mbox format (RFC 4155), or the one message that it is.
fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    if !bytes.starts_with(b"From ") {
        return if bytes.trim_ascii().is_empty() { vec![] } else { vec![bytes] };
    }
    let mut starts = vec![0];
    starts.extend(bytes.windows(6).enumerate().filter(|(_, six)| *six == b"\nFrom ").map(|(at, _)| at + 1));
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let each = starts.iter().zip(ends).filter_map(|(&start, end)| {
        let message = bytes.get(start..end)?;
        let line = message.iter().position(|&b| b == b'\n')?;
        message.get(line + 1..)
    });
    each.collect()
}

/// Whose letter was refused for good, and of which newsletter, if that is what the message says.
fn bounced(message: &[u8]) -> Option<(Uuid, String)> {
    let message = MessageParser::default().parse(message.get(..LONGEST).unwrap_or(message))?;
    refused_for_good(&message).then_some(())?;
    let headers = message.headers().iter().filter(|header| {
        let name = header.name().to_ascii_lowercase();
        matches!(name.as_str(), "to" | "delivered-to" | "x-original-to" | "envelope-to")
    });
    let raw = message.raw_message();
    headers.filter_map(|header| raw.get(header.offset_start() as usize..header.offset_end() as usize)).find_map(tagged)
}

/// Whether a part of it is a delivery status in which an action failed with a status of class 5.
fn refused_for_good(message: &Message<'_>) -> bool {
    let statuses = message.parts.iter().filter(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype().eq_ignore_ascii_case("message")
                && kind.subtype().is_some_and(|subtype| subtype.to_ascii_lowercase().ends_with("delivery-status"))
        })
    });
    let mut texts = statuses.map(|part| match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        PartType::Message(inner) => String::from_utf8_lossy(inner.raw_message()).into_owned(),
        PartType::Multipart(_) => String::new(),
    });
    texts.any(|text| {
        let field = |name: &str| {
            let mut values = text.lines().filter_map(|line| line.split_once(':'));
            values
                .find(|(found, _)| found.trim().eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().to_ascii_lowercase())
        };
        field("action").is_some_and(|action| action.starts_with("failed"))
            && field("status").is_some_and(|status| status.starts_with("5."))
    })
}

/// The tag of an address in a header: 32 hexadecimal digits, a dot, and eight more.
fn tagged(header: &[u8]) -> Option<(Uuid, String)> {
    let text = String::from_utf8_lossy(header);
    text.split('+').skip(1).find_map(|rest| {
        let (tag, _) = rest.split_once('@')?;
        let (subscriber, newsletter) = tag.split_once('.')?;
        let named =
            newsletter.len() == 8 && newsletter.bytes().all(|b| b.is_ascii_hexdigit()) && subscriber.len() == 32;
        let subscriber = Uuid::try_parse(subscriber).ok()?;
        named.then(|| (subscriber, newsletter.to_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARD: &str = "From MAILER-DAEMON Mon Nov 23 12:00:00 2026\r\n\
        Return-Path: <>\r\nTo: <bounces+0123456789abcdef0123456789abcdef.89abcdef@review.example.org>\r\n\
        Subject: Undelivered\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; ada@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\
        --b--\r\n";

    #[test]
    fn a_notification_names_its_letter_by_the_address_that_it_came_to() {
        let found = messages(HARD.as_bytes());
        assert_eq!(found.len(), 1);
        let (subscriber, newsletter) = bounced(found[0]).expect("a bounce");
        assert_eq!(
            (subscriber.simple().to_string().as_str(), newsletter.as_str()),
            ("0123456789abcdef0123456789abcdef", "89abcdef")
        );
        assert_eq!(tag(subscriber, Uuid::from_u128(0x89ab_cdef << 96)), "0123456789abcdef0123456789abcdef.89abcdef");
    }

    #[test]
    fn only_what_failed_for_good_counts() {
        let read = |text: &str| bounced(messages(text.as_bytes())[0]).is_some();
        assert!(!read(&HARD.replace("5.1.1", "4.2.2")), "a full mailbox");
        assert!(!read(&HARD.replace("failed", "delayed")));
        assert!(!read(&HARD.replace("message/delivery-status", "text/plain")), "an answer of a person");
        assert!(!read(&HARD.replace("bounces+", "bounces-")));
        assert!(!read(&HARD.replace(".89abcdef@", ".89abcdeg@")));
        assert!(read(&HARD.replace("\r\n", "\n")), "as mailboxes keep it");
    }

    #[test]
    fn a_mailbox_has_many_messages_or_none() {
        assert!(messages(b"").is_empty() && messages(b" \n").is_empty());
        assert_eq!(messages(HARD.repeat(3).as_bytes()).len(), 3);
        assert_eq!(messages(b"To: a@example.org\n\nFrom here on\n").len(), 1);
        assert!(messages(b"From ").is_empty());
        for rubbish in [
            &b"From \n"[..],
            b"From x\n\xff\xfe\x00",
            b"\0\0\0",
            b"--b\r\n--b--",
            b"Content-Type: multipart/report; boundary=\"\"\r\n\r\n--\r\n",
        ] {
            for message in messages(rubbish) {
                assert!(bounced(message).is_none());
            }
        }
    }
}
