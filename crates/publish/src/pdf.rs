//! Paper: a document of headings, paragraphs and lists as a tagged PDF on A4 (PDF/UA-1, ISO 14289-1), which a screen reader reads
//! in order and in the right language.
//!
//! Text is shaped and broken into lines by parley ([`layout`]), and written by krilla ([`write`]), which refuses to write what
//! the standard forbids and can be found by a program. They stand for about 110 crates together; typst, which uses the
//! same writer, for 370, and for a language that nobody here would write in.

mod layout;
mod write;

use domain::Language;

pub use layout::Fonts;

/// A document.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The language of what is not said to be in another.
    pub language: Language,
    /// Its title, which is its first heading as well.
    pub title: String,
    /// What stands at the head of every page but the first: which document it is a page of.
    pub head: String,
    /// What stands on top if there are characters in it that no font here has: each stands as U+FFFD then.
    pub gaps: String,
    /// What it says.
    pub parts: Vec<Part>,
}

/// A part of a document.
#[derive(Debug, Clone)]
pub enum Part {
    /// A heading below the title, as deep as the number says, from 2.
    Heading(u8, Words),
    /// Paragraphs, one a line.
    Text(Words),
    /// The same in small print.
    Small(Words),
    /// Names, each with what it stands for.
    Rows(Vec<(Words, Words)>),
    /// Numbered steps.
    Steps(Vec<Words>),
    /// A code in words, to be read aloud: large, numbered, in two columns one after the other.
    Code(Vec<String>),
}

/// Some text with its language, if that is not the document's.
#[derive(Debug, Clone)]
pub struct Words {
    /// The text.
    pub text: String,
    /// Its language (RFC 5646).
    pub language: Option<String>,
}

impl<T: Into<String>> From<T> for Words {
    fn from(text: T) -> Self {
        Self { text: text.into(), language: None }
    }
}

impl Words {
    /// Text in that language.
    pub fn of(language: &Language, text: impl Into<String>) -> Self {
        Self { text: text.into(), language: Some(language.as_str().to_owned()) }
    }
}

/// Why there is no PDF. It never quotes the document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font could not be read.
    #[error("a font of the PDF cannot be read")]
    Font,
    /// The document would not conform to PDF/UA-1.
    #[error("the PDF would break {0} rules of PDF/UA-1")]
    Nonconforming(usize),
    /// The writer failed.
    #[error("the PDF cannot be written")]
    Write,
}

impl Paper {
    /// The document as PDF; `page` says which page of how many one is, for its foot.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn pdf(&self, fonts: &Fonts, page: impl Fn(usize, usize) -> String) -> Result<Vec<u8>, Error> {
        write::write(self, &layout::flow(self, fonts), page)
    }
}

#[cfg(test)]
mod tests;
