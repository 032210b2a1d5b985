//! Files that people add to their evidence: which kinds there are, how they are named, and what is kept of each beside
//! its bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, AnswerError};
use crate::id::{Entropy, FileId, Slug};
use crate::question::{Kind, Question};
use crate::text;

crate::words! {
    /// What a file is, by its content.
    FileKind {
        /// Portable Document Format (ISO 32000).
        Pdf = "pdf",
        /// Portable Network Graphics.
        Png = "png",
        /// A photograph.
        Jpeg = "jpeg",
        /// A WebP picture.
        Webp = "webp",
        /// Plain text, in UTF-8.
        Text = "text",
        /// A table of comma-separated values, in UTF-8.
        Csv = "csv",
        /// An `OpenDocument` text (ISO/IEC 26300).
        Odt = "odt",
        /// An Office Open XML text (ISO/IEC 29500), without macros.
        Docx = "docx",
        /// An `OpenDocument` spreadsheet.
        Ods = "ods",
        /// An Office Open XML spreadsheet, without macros.
        Xlsx = "xlsx",
    }
}

impl FileKind {
    /// What it is called in headers and tables (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// What the names of such files end in; the first is the one that we write.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
            Self::Text => &["txt"],
            Self::Csv => &["csv"],
            Self::Odt => &["odt"],
            Self::Docx => &["docx"],
            Self::Ods => &["ods"],
            Self::Xlsx => &["xlsx"],
        }
    }

    /// Whether a browser can show it beside text.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Webp)
    }
}

/// A file of somebody's evidence: everything but its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenFile {
    /// Its name in addresses and in the store: random.
    pub id: FileId,
    /// What it is, by its content.
    pub kind: FileKind,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub digest: String,
    /// What the person calls it, cleaned: see [`file_name`].
    pub name: String,
    /// What it shows, in the person's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is struck out: then its name says why, and nobody gets its bytes. Only what may be shown has such.
    #[serde(skip)]
    pub struck: bool,
}

/// What a redaction calls a whole file; see [`crate::Redaction::field`].
pub(crate) const WHOLE: &str = "file-";
/// What a redaction calls the name of a file.
const NAME: &str = "name-";
/// The field for what a file shows.
const WHAT: &str = "what-";

impl GivenFile {
    /// The name of the field that says what it shows.
    pub fn description_field(&self) -> String {
        format!("{WHAT}{}", self.id)
    }

    /// What a redaction calls all of it.
    pub(crate) fn whole(&self) -> String {
        format!("{WHOLE}{}", self.id)
    }

    /// Its texts, with the names of their fields.
    pub(crate) fn own_words(&self) -> impl Iterator<Item = (String, &str)> {
        let name = (format!("{NAME}{}", self.id), self.name.as_str());
        std::iter::once(name).chain(self.description.as_deref().map(|text| (self.description_field(), text)))
    }

    /// The text that a redaction calls `field`.
    pub(crate) fn own_words_mut(&mut self, field: &str) -> Option<&mut String> {
        let of = |prefix| field.strip_prefix(prefix).is_some_and(|id| id == self.id.to_string());
        if of(NAME) {
            Some(&mut self.name)
        } else if of(WHAT) {
            self.description.as_mut()
        } else {
            None
        }
    }

    /// Strikes it out: `mark` stands in its place.
    pub(crate) fn strike_out(&mut self, mark: String) {
        (self.struck, self.name, self.description) = (true, mark, None);
        (self.digest, self.size) = (String::new(), 0);
    }
}

impl FileId {
    /// A random id, which tells nothing.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        let mut random = [0; 16];
        entropy.fill(&mut random);
        Self(uuid::Builder::from_random_bytes(random).into_uuid())
    }
}

/// The files among answers, each with the question that it answers.
pub fn files(answers: &BTreeMap<Slug, Answer>) -> impl Iterator<Item = (&Slug, &GivenFile)> {
    answers.iter().flat_map(|(question, answer)| answer.files().iter().map(move |file| (question, file)))
}

/// The most code points of the name of a file.
const LONGEST_NAME: usize = 100;

/// The name of a file as it is kept: what stands behind the last slash or backslash, without control characters and those
/// that are not seen or turn the direction of what follows, at most 100 code points, and with an ending that says what it is.
pub fn file_name(given: &str, kind: FileKind) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().map(|c| if unseen(c) { ' ' } else { c }).collect();
    let words = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = words.trim_matches(['.', ' ']);
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if kind.endings().contains(&ending.to_lowercase().as_str()) => (stem, ending),
        _ => (name, kind.endings().first().copied().unwrap_or_default()),
    };
    let stem: String = stem.chars().take(LONGEST_NAME - ending.len() - 1).collect();
    let stem = if stem.trim().is_empty() { "file" } else { stem.trim_end_matches(['.', ' ']) };
    format!("{stem}.{ending}")
}

/// Control characters, those of no width, and those that change the direction of writing (UAX #9).
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

/// The most code points of what is said of a file.
pub const LONGEST_DESCRIPTION: usize = 300;

/// What a file shows, as it was typed; `None` if nothing was.
pub fn description(typed: &str) -> Result<Option<String>, AnswerError> {
    let text = text::tidy(typed).replace(['\n', '\t'], " ");
    match text::check(&text, LONGEST_DESCRIPTION) {
        Err(text::TextError::TooLong { max, by }) => Err(AnswerError::TooLong { field: FILE, max, by }),
        Err(_) => Err(AnswerError::Control { field: FILE }),
        Ok(()) => Ok(Some(text).filter(|text| !text.is_empty())),
    }
}

/// The field that files come in.
pub const FILE: &str = "file";
/// Bytes of a megabyte, as limits are given in.
pub const MEGABYTE: u64 = 1 << 20;
/// How many files a question may take at most.
pub(crate) const MOST_FILES: i64 = 20;
/// How many megabytes a file may have at most.
pub(crate) const MOST_MEGABYTES: i64 = 50;

impl Question {
    /// How many files it takes.
    pub fn most_files(&self) -> usize {
        self.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(5)
    }

    /// How many megabytes each may have.
    pub fn most_megabytes(&self) -> u64 {
        self.megabytes.and_then(|most| u64::try_from(most).ok()).unwrap_or(10)
    }

    /// Which kinds of file it takes.
    pub fn file_kinds(&self) -> &[FileKind] {
        if self.files.is_empty() { FileKind::ALL } else { &self.files }
    }

    /// Whether something that was saved is still an answer to it.
    pub fn fits(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Files(files) => {
                let known = files.iter().all(|file| self.file_kinds().contains(&file.kind));
                self.kind == Kind::File && known && (1..=self.most_files()).contains(&files.len())
            }
            other => self.kind != Kind::File && self.answer(&other.fields()).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cleaned_and_says_what_the_file_is() {
        let long = "é".repeat(300);
        let cases = [
            ("letter.pdf", FileKind::Pdf, "letter.pdf"),
            ("C:\\fakepath\\My letter.PDF", FileKind::Pdf, "My letter.PDF"),
            ("../../etc/passwd", FileKind::Text, "passwd.txt"),
            ("photo.jpeg", FileKind::Jpeg, "photo.jpeg"),
            ("page.html", FileKind::Text, "page.html.txt"),
            ("a\0b\r\nc.png", FileKind::Png, "a b c.png"),
            ("invoice\u{202e}fdp.exe", FileKind::Pdf, "invoice fdp.exe.pdf"),
            ("", FileKind::Csv, "file.csv"),
            ("..", FileKind::Csv, "file.csv"),
            (".png", FileKind::Png, "png.png"),
            (".htaccess", FileKind::Text, "htaccess.txt"),
            ("/", FileKind::Odt, "file.odt"),
        ];
        for (given, kind, expected) in cases {
            assert_eq!(file_name(given, kind), expected, "{given:?}");
        }
        assert_eq!(file_name(&format!("{long}.pdf"), FileKind::Pdf).chars().count(), 100);
    }

    proptest::proptest! {
        #[test]
        fn no_name_leads_elsewhere(given in ".{0,200}") {
            let name = file_name(&given, FileKind::Pdf);
            proptest::prop_assert!(name.to_lowercase().ends_with(".pdf") && name.chars().count() <= 100);
            proptest::prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\']) && !name.contains(unseen));
            proptest::prop_assert_eq!(file_name(&name, FileKind::Pdf), name);
        }
    }
}
