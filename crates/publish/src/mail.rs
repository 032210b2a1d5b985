//! Mail: a letter, as a complete message (RFC 5322) with a plain and an HTML part that say the same.
//!
//! Nothing in it is fetched from anywhere and nothing tells that it was opened. Colours of text and ground are left to the
//! reader's program, so it can be read in the dark.

mod dkim;
mod html;
mod text;
pub mod words;

use std::time::{Duration, SystemTime};

use domain::{EmailAddress, Language};
use jiff::Timestamp;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, MultiPartKind, SinglePart};
use serde::{Deserialize, Serialize};

pub use dkim::Dkim;

/// The most code points of a subject or a name.
const LONGEST_LINE: usize = 200;

/// What somebody is told by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The language that it is in.
    pub language: Language,
    /// Its subject, which is its heading as well.
    pub subject: String,
    /// What it says.
    pub parts: Vec<Part>,
    /// What stands at its foot, in small print: why it came, and how to make it stop.
    pub foot: Vec<Part>,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A paragraph. Line breaks stay.
    Text(String),
    /// A heading within the letter.
    Heading(String),
    /// A link on a line of its own: what it is called, and where it leads.
    Link(String, String),
    /// A code in words, which are English in every letter.
    Words(Vec<String>),
    /// What belongs together by twos, as a question and its answer.
    Rows(Vec<(String, String)>),
    /// Markdown that the team wrote. What looks like HTML in it stays text.
    Prose(String),
}

/// How a letter goes out.
#[derive(Debug)]
pub struct Sending<'a> {
    /// Who writes: the title of the review, in the language of the letter.
    pub from_name: &'a str,
    /// From which address.
    pub from: &'a EmailAddress,
    /// Where answers go.
    pub reply_to: Option<&'a EmailAddress>,
    /// To whom.
    pub to: &'a EmailAddress,
    /// Its name, without angle brackets: the same however often it has to be sent.
    pub message_id: &'a str,
    /// When it was written.
    pub date: Timestamp,
    /// The address of the review, for the line above the heading.
    pub home: &'a str,
    /// The colour of the review.
    pub colour: &'a str,
    /// The list that it belongs to, if it went to a list.
    pub list: Option<List<'a>>,
}

/// The list that a letter went to.
#[derive(Debug)]
pub struct List<'a> {
    /// Its name (RFC 2919), without angle brackets.
    pub id: &'a str,
    /// Where one click ends the subscription (RFC 8058).
    pub unsubscribe: &'a str,
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An address that the library does not take. It is not named: errors are logged.
    #[error("an address that cannot be written to")]
    Address,
    /// The library refused.
    #[error("the message cannot be written: {0}")]
    Message(#[from] lettre::error::Error),
    /// The template refused.
    #[error("the message cannot be written: {0}")]
    Template(#[from] askama::Error),
}

impl Letter {
    /// The letter as plain text.
    pub fn text(&self) -> String {
        text::plain(self)
    }

    /// The letter as HTML.
    pub fn html(&self, from_name: &str, home: &str, colour: &str) -> Result<String, Error> {
        Ok(html::page(self, from_name, home, colour)?)
    }

    /// The letter as a complete message, signed if there is a key.
    pub fn message(&self, sending: &Sending<'_>, dkim: Option<&Dkim>) -> Result<Vec<u8>, Error> {
        let mut builder = lettre::Message::builder()
            .from(mailbox(Some(sending.from_name), sending.from)?)
            .to(mailbox(None, sending.to)?)
            .subject(line(&self.subject))
            .message_id(Some(format!("<{}>", sending.message_id)))
            .date(moment(sending.date));
        if let Some(address) = sending.reply_to {
            builder = builder.reply_to(mailbox(Some(sending.from_name), address)?);
        }
        let html = self.html(sending.from_name, sending.home, sending.colour)?;
        // Made of the id, so that a message that has to be sent again is the same to the last byte.
        let boundary = format!("={}=", sending.message_id.split('@').next().unwrap_or_default());
        let parts = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(boundary)
            .singlepart(single(self.text(), ContentType::TEXT_PLAIN))
            .singlepart(single(html, ContentType::TEXT_HTML));
        let mut message = builder.multipart(parts)?;
        let headers = message.headers_mut();
        let mut add = |name: &'static str, value: String| {
            headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
        };
        add("Content-Language", self.language.as_str().to_owned());
        // No out-of-office replies (RFC 3834).
        add("Auto-Submitted", "auto-generated".to_owned());
        if let Some(list) = &sending.list {
            add("List-Id", format!("<{}>", list.id));
            add("List-Unsubscribe", format!("<{}>", list.unsubscribe));
            add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned());
        }
        if let Some(dkim) = dkim {
            dkim.sign(&mut message);
        }
        Ok(message.formatted())
    }
}

/// Quoted-printable throughout: seven bits, short lines, and readable where it is mostly ASCII.
fn single(text: String, kind: ContentType) -> SinglePart {
    let quoted = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable);
    let body = quoted.unwrap_or_else(Body::new);
    SinglePart::builder().header(kind).body(body)
}

fn moment(moment: Timestamp) -> SystemTime {
    let seconds = u64::try_from(moment.as_second()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn mailbox(name: Option<&str>, address: &EmailAddress) -> Result<Mailbox, Error> {
    let address = address.as_str().parse().map_err(|_| Error::Address)?;
    Ok(Mailbox::new(name.map(line), address))
}

/// On one line, and not longer than a header should be.
fn line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests;
