//! What a file is, by its content alone, and what must be taken out of it before it is kept.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use domain::FileKind;
use encoding_rs::{Encoding, UTF_8};
use infer::MatcherType;

use super::{package, picture};

/// What a file is that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// HTML, SVG, or another markup that a browser would run.
    #[error("it is a web page or a drawing that can hold programs")]
    WebPage,
    /// A program or a script.
    #[error("it is a program")]
    Program,
    /// Several files in one.
    #[error("it is an archive")]
    Archive,
    /// A document with macros.
    #[error("it holds macros")]
    Macros,
    /// A document of an old kind, or one behind a password.
    #[error("it is a document of an old kind, or behind a password")]
    OldDocument,
    /// A picture of another kind.
    #[error("it is a picture of another kind")]
    OtherPicture,
    /// Sound or moving pictures.
    #[error("it is sound or video")]
    SoundOrVideo,
    /// It begins like a file of a kind that is taken, and does not go on like one.
    #[error("it is damaged")]
    Damaged,
    /// Of a kind that this question does not take.
    #[error("the question does not take this kind")]
    NotTaken,
    /// Nothing that we know.
    #[error("it is of no kind that we know")]
    Unknown,
}

impl Unfit {
    /// The word that its message is found by.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WebPage => "web-page",
            Self::Program => "program",
            Self::Archive => "archive",
            Self::Macros => "macros",
            Self::OldDocument => "old-document",
            Self::OtherPicture => "other-picture",
            Self::SoundOrVideo => "sound-or-video",
            Self::Damaged => "damaged",
            Self::NotTaken => "not-taken",
            Self::Unknown => "unknown",
        }
    }
}

/// What a file is, and its bytes as they are to be kept: pictures without what was noted in them but the picture itself,
/// texts in UTF-8. The name decides nothing but whether a text is a table.
pub(super) fn clean(name: &str, bytes: Vec<u8>) -> Result<(FileKind, Vec<u8>), Unfit> {
    let damaged = |cleaned: Option<Vec<u8>>, kind| cleaned.map(|bytes| (kind, bytes)).ok_or(Unfit::Damaged);
    match bytes.as_slice() {
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok((FileKind::Pdf, bytes)),
        [0x89, b'P', b'N', b'G', ..] => damaged(picture::png(&bytes), FileKind::Png),
        [0xff, 0xd8, 0xff, ..] => damaged(picture::jpeg(&bytes), FileKind::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            damaged(picture::webp(&bytes), FileKind::Webp)
        }
        [b'P', b'K', 3, 4, ..] => package::kind(&bytes).map(|kind| (kind, bytes)),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Unfit::OldDocument),
        _ => match text(&bytes) {
            Some(text) => refuse_code(name, &text).map(|()| (text_kind(name), text.into_bytes())),
            None => Err(binary(&bytes)),
        },
    }
}

/// What other bytes are.
fn binary(bytes: &[u8]) -> Unfit {
    match infer::get(bytes).map(|found| found.matcher_type()) {
        Some(MatcherType::App) => Unfit::Program,
        Some(MatcherType::Archive) => Unfit::Archive,
        Some(MatcherType::Doc) => Unfit::OldDocument,
        Some(MatcherType::Image) => Unfit::OtherPicture,
        Some(MatcherType::Audio | MatcherType::Video) => Unfit::SoundOrVideo,
        _ => Unfit::Unknown,
    }
}

/// The text that bytes stand for, if they stand for any: UTF-8, what a byte order mark says, or what they look like.
fn text(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(encoding, &bytes[mark..]);
    }
    if bytes.iter().any(|byte| is_control(char::from(*byte)) && *byte < 0x80) {
        return None;
    }
    decoded(UTF_8, bytes).or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        decoded(detector.guess(None, Utf8Detection::Deny), bytes)
    })
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    (!text.chars().any(is_control)).then(|| text.into_owned())
}

/// A control character that no text needs.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}')
}

fn text_kind(name: &str) -> FileKind {
    if ending(name) == "csv" { FileKind::Csv } else { FileKind::Text }
}

/// What the name of a file ends in, in small letters.
fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.trim().to_lowercase()).unwrap_or_default()
}

/// Endings by which computers run texts.
const SCRIPTS: &[&str] = &[
    "bash", "bat", "cmd", "hta", "js", "jse", "mjs", "php", "pl", "ps1", "psm1", "py", "reg", "sh", "url", "vbe",
    "vbs", "wsf",
];
/// Endings by which browsers show texts as pages.
const PAGES: &[&str] = &["htm", "html", "mhtml", "shtml", "svg", "xht", "xhtml", "xml", "xsl"];
/// What markup begins with. Only the beginning is looked at: somebody may well write about HTML.
const MARKUP: &[&str] =
    &["<!", "<?", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<img", "<style", "<meta"];

/// Refuses texts that a computer or a browser would run.
fn refuse_code(name: &str, text: &str) -> Result<(), Unfit> {
    let ending = ending(name);
    let beginning: String = text.trim_start().chars().take(16).flat_map(char::to_lowercase).collect();
    if PAGES.contains(&ending.as_str()) || MARKUP.iter().any(|markup| beginning.starts_with(markup)) {
        Err(Unfit::WebPage)
    } else if SCRIPTS.contains(&ending.as_str())
        || ["#!", "%!ps", "@echo off"].iter().any(|code| beginning.starts_with(code))
    {
        Err(Unfit::Program)
    } else if beginning.starts_with("{\\rtf") {
        Err(Unfit::OldDocument)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &str, bytes: &[u8]) -> Result<FileKind, Unfit> {
        clean(name, bytes.to_vec()).map(|(kind, _)| kind)
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        let cases: &[(&str, &[u8], Result<FileKind, Unfit>)] = &[
            ("a.exe", b"%PDF-1.7\n", Ok(FileKind::Pdf)),
            ("a.txt", b"BMA response to the call", Ok(FileKind::Text)),
            ("a.pdf", b"MZ is short for a name", Ok(FileKind::Text)),
            ("a.csv", b"a,b\n1,2\n", Ok(FileKind::Csv)),
            ("a.pdf", b"MZ\x90\0\x03\0\0\0", Err(Unfit::Program)),
            ("a.txt", &[b"\x7fELF\x02\x01\x01".as_slice(), &[0; 60]].concat(), Err(Unfit::Program)),
            ("a.txt", b"#!/bin/sh\nrm -rf ~\n", Err(Unfit::Program)),
            ("a.ps1", b"Write-Host hello", Err(Unfit::Program)),
            ("a.txt", b"\n <!DOCTYPE html><p>hello", Err(Unfit::WebPage)),
            ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Err(Unfit::WebPage)),
            ("a.html", b"hello", Err(Unfit::WebPage)),
            ("a.txt", b"We wrote <b> where <i> was meant", Ok(FileKind::Text)),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Err(Unfit::OldDocument)),
            ("a.rtf", b"{\\rtf1 hello}", Err(Unfit::OldDocument)),
            ("a.gif", b"GIF89a\x01\0\x01\0", Err(Unfit::OtherPicture)),
            ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Err(Unfit::OtherPicture)),
            ("a.mp3", b"ID3\x03\0\0\0\0", Err(Unfit::SoundOrVideo)),
            ("a.7z", b"7z\xbc\xaf\x27\x1c\0\x04", Err(Unfit::Archive)),
            ("a.gz", b"\x1f\x8b\x08\0\0\0\0\0", Err(Unfit::Archive)),
            ("a.png", b"\x89PNG\r\n\x1a\n", Err(Unfit::Damaged)),
            ("a.bin", b"\0\x01\x02\x03", Err(Unfit::Unknown)),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(outcome(name, bytes), *expected, "{name} {:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn texts_are_kept_in_utf_8() {
        let kept = |bytes: &[u8]| clean("a.txt", bytes.to_vec()).map(|(_, bytes)| String::from_utf8(bytes));
        assert_eq!(kept("caf\u{e9}".as_bytes()), Ok(Ok("café".to_owned())));
        assert_eq!(kept(b"\xef\xbb\xbfcaf\xc3\xa9"), Ok(Ok("café".to_owned())));
        assert_eq!(kept(b"\xff\xfec\0a\0f\0\xe9\0"), Ok(Ok("café".to_owned())));
        assert_eq!(
            kept(b"Un caf\xe9 au lait, s'il vous pla\xeet"),
            Ok(Ok("Un café au lait, s'il vous plaît".to_owned()))
        );
        assert_eq!(kept(b"\xff\xfea\0\0\0"), Err(Unfit::Unknown), "NUL is no text in any encoding");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_much_for_it(start in 0..6_usize, bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let starts: [&[u8]; 6] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"PK\x03\x04", b"%PDF-"];
            let whole = [starts[start], &bytes].concat();
            if let Ok((kind, cleaned)) = clean("a.txt", whole) {
                proptest::prop_assert_eq!(clean("a.txt", cleaned.clone()), Ok((kind, cleaned)), "cleaning twice changes nothing");
            }
        }
    }
}
