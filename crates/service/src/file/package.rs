//! Documents that are archives of files (ODF, OOXML): what they are, by their table of contents and the one file in them
//! that says it. Nothing else in them is unpacked.

use std::io::{Cursor, Read};

use domain::FileKind;
use zip::ZipArchive;

use super::content::Unfit;

/// The most files that a document may be made of.
const MOST_ENTRIES: usize = 10_000;
/// The most bytes that are read of the file that says what a document is.
const MOST_READ: u64 = 1 << 20;
/// A document may unpack to so many bytes in any case, and otherwise to so many times its size.
const USUAL: u64 = 64 << 20;
const TIMES: u64 = 100;

/// What an archive is.
pub(super) fn kind(bytes: &[u8]) -> Result<FileKind, Unfit> {
    // Counted before they are read: each takes more memory than room in the file.
    if bytes.windows(4).filter(|window| *window == b"PK\x01\x02").take(MOST_ENTRIES + 1).count() > MOST_ENTRIES {
        return Err(Unfit::Archive);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unfit::Damaged)?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.to_lowercase()).collect();
    let document = if let Some(mimetype) = read(&mut archive, "mimetype")? {
        of_mimetype(mimetype.trim())
    } else if let Some(types) = read(&mut archive, "[Content_Types].xml")? {
        of_content_types(&types)
    } else {
        return Err(Unfit::Archive);
    };
    if names.iter().any(|name| is_code(name)) {
        return Err(Unfit::Macros);
    }
    if unpacked(&mut archive)? > USUAL.max(TIMES * bytes.len() as u64) {
        return Err(Unfit::Damaged);
    }
    document
}

/// A file of the archive as text; `None` if there is none.
fn read(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, Unfit> {
    let Some(at) = archive.index_for_name(name) else { return Ok(None) };
    let file = archive.by_index(at).map_err(|_| Unfit::Damaged)?;
    let mut text = Vec::new();
    file.take(MOST_READ).read_to_end(&mut text).map_err(|_| Unfit::Damaged)?;
    Ok(Some(String::from_utf8_lossy(&text).into_owned()))
}

/// ODF says its type in a file of its own (ISO/IEC 26300-2, 3.3).
fn of_mimetype(mimetype: &str) -> Result<FileKind, Unfit> {
    let known = [FileKind::Odt, FileKind::Ods].into_iter().find(|kind| kind.media_type() == mimetype);
    known.ok_or(if mimetype.starts_with("application/vnd.oasis.") { Unfit::NotTaken } else { Unfit::Archive })
}

/// OOXML says the type of its main part in a list of all types (ISO/IEC 29500-2, 7.2.3).
fn of_content_types(types: &str) -> Result<FileKind, Unfit> {
    let says = |what: &str| types.to_lowercase().contains(what);
    if says("macroenabled") || says("vbaproject") {
        Err(Unfit::Macros)
    } else if says("wordprocessingml.document.main+xml") {
        Ok(FileKind::Docx)
    } else if says("spreadsheetml.sheet.main+xml") {
        Ok(FileKind::Xlsx)
    } else if says("openxmlformats-officedocument") {
        Err(Unfit::NotTaken)
    } else {
        Err(Unfit::Archive)
    }
}

/// Whether a file of a document is a program: macros of either family, controls, and programs packed into it.
fn is_code(name: &str) -> bool {
    const ENDINGS: [&str; 8] = [".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".jar"];
    name.ends_with("vbaproject.bin")
        || name.contains("activex/")
        || name.starts_with("basic/")
        || name.starts_with("scripts/")
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// How many bytes it says that it unpacks to.
fn unpacked(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<u64, Unfit> {
    let mut sum: u64 = 0;
    for at in 0..archive.len() {
        let size = archive.by_index_raw(at).map_err(|_| Unfit::Damaged)?.size();
        sum = sum.saturating_add(size);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).expect("a file");
            writer.write_all(bytes).expect("its bytes");
        }
        writer.finish().expect("an archive").into_inner()
    }

    const WORD: &[u8] =
        br#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    const SHEET: &[u8] =
        br#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    const MACROS: &[u8] =
        br#"<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#;
    const SLIDES: &[u8] =
        br#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>"#;
    const TYPES: &str = "[Content_Types].xml";

    #[test]
    fn a_document_is_told_by_what_it_says_of_itself() {
        let odt = FileKind::Odt.media_type().as_bytes();
        let cases: &[(&[(&str, &[u8])], Result<FileKind, Unfit>)] = &[
            (&[(TYPES, WORD), ("word/document.xml", b"<w/>")], Ok(FileKind::Docx)),
            (&[(TYPES, SHEET), ("xl/workbook.xml", b"<w/>")], Ok(FileKind::Xlsx)),
            (&[("mimetype", odt), ("content.xml", b"<o/>")], Ok(FileKind::Odt)),
            (&[("mimetype", FileKind::Ods.media_type().as_bytes())], Ok(FileKind::Ods)),
            (&[("mimetype", b"application/vnd.oasis.opendocument.presentation")], Err(Unfit::NotTaken)),
            (&[("mimetype", b"application/epub+zip")], Err(Unfit::Archive)),
            (&[(TYPES, SLIDES)], Err(Unfit::NotTaken)),
            (&[(TYPES, MACROS)], Err(Unfit::Macros)),
            (&[(TYPES, WORD), ("word/vbaProject.bin", b"x")], Err(Unfit::Macros)),
            (&[(TYPES, WORD), ("word/embeddings/a.EXE", b"x")], Err(Unfit::Macros)),
            (&[("mimetype", odt), ("Basic/Standard/Module1.xml", b"x")], Err(Unfit::Macros)),
            (&[("a.txt", b"x")], Err(Unfit::Archive)),
        ];
        for (files, expected) in cases {
            assert_eq!(kind(&packed(files)), *expected, "{:?}", files.iter().map(|(name, _)| name).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_unpacks_to_very_much_is_not_unpacked() {
        let zeros = vec![0; 70 << 20];
        assert_eq!(kind(&packed(&[(TYPES, WORD), ("word/document.xml", &zeros)])), Err(Unfit::Damaged));
        // Nor is the list of types itself, beyond its first megabyte.
        assert_eq!(kind(&packed(&[(TYPES, &zeros[..2 << 20])])), Err(Unfit::Archive));
        let mut cut = packed(&[(TYPES, WORD)]);
        cut.truncate(cut.len() - 30);
        assert_eq!(kind(&cut), Err(Unfit::Damaged));
    }

    #[test]
    fn very_many_files_are_no_document() {
        let many = b"PK\x01\x02".repeat(MOST_ENTRIES + 1);
        assert_eq!(kind(&[b"PK\x03\x04".as_slice(), &many].concat()), Err(Unfit::Archive));
    }
}
