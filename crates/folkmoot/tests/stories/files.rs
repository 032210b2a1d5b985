//! Files of evidence: added without an account, cleaned, kept with what they belong to, shown when that is, and gone with it.

use std::fs;
use std::io::{self, Cursor, Write};
use std::path::Path;

use trial::{Browser, Page, Server};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::told::{Engine, Giving, Told, assert_done, said, until};

mod hostile;

const CALL: &str = "/r/files/calls/all";
const DEFINITION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stories/files.toml");
const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

const MAP: &str = r#"
source = "contribution"
release = "public"
[[answer]]
question = "papers"
column = "files"
between = ";"
"#;

fn told(engine: Engine) -> Told {
    let told = Told::on(engine);
    assert_done(&told.run(&["review", "apply", DEFINITION]));
    told
}

/// A PNG of one pixel, with texts that say too much.
fn png() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let chunks: [(&[u8; 4], &[u8]); 4] = [
        (b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
        (b"tEXt", b"Author\0Ada of Barry"),
        (b"IDAT", &[0x78, 0x01, 0x01, 0x02, 0, 0xfd, 0xff, 0, 0, 0, 2, 0, 1]),
        (b"IEND", b""),
    ];
    for (name, data) in chunks {
        let named = [name.as_slice(), data].concat();
        png.extend_from_slice(&u32::try_from(data.len()).expect("small").to_be_bytes());
        png.extend_from_slice(&named);
        png.extend_from_slice(&crc(&named).to_be_bytes());
    }
    png
}

/// The sum of ISO 3309, as PNG uses it.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// An archive of files.
fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a file");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

/// How many files of evidence are on disk.
fn on_disk(told: &Told) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&told.data().join("files"))
}

/// Waits until so many files are on disk: what is not wanted any more goes within a moment.
async fn assert_on_disk(told: &Told, expected: usize) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(2);
    while on_disk(told) != expected && std::time::Instant::now() < deadline {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(on_disk(told), expected);
}

impl Giving {
    async fn upload(&mut self, question: &str, files: &[(&str, &[u8])]) -> io::Result<Page> {
        let files: Vec<_> = files.iter().map(|(name, bytes)| ("file", *name, *bytes)).collect();
        let fields = [("csrf", self.csrf.as_str()), ("upload", "yes")];
        self.browser.post_files(&format!("{}/answer/{question}", self.call), &fields, &files).await
    }

    async fn page(&mut self, page: &str) -> io::Result<String> {
        Ok(self.browser.get(&format!("{}/{page}", self.call)).await?.text())
    }
}

/// The ids of the files on a page, each of which stands there in a hidden field.
fn ids(page: &str) -> Vec<String> {
    (1..=20).filter_map(|number| trial::field(page, &format!("file-{number}"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_with_its_contribution_from_first_to_last() -> io::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let told = told(engine);
        let server = told.serve();
        let mut giving = Giving::start(&server, CALL).await?;
        add_describe_and_remove(&mut giving).await?;
        assert_on_disk(&told, 2).await;
        go_on_elsewhere(&server, &mut giving).await?;
        let picture = look_at_ones_own(&mut giving).await?;
        giving.post("answer/words", &[("answer", "The roof leaks")]).await?;
        assert_eq!(giving.post("release", &[("release", "public")]).await?.status, 303);
        let receipt = giving.send().await?;
        let record = giving.browser.get("/r/files/receipt/download").await?.text();
        assert!(record.contains("roof.png (PNG, 1KB, SHA-256 "), "{record}");
        assert!(record.contains("The roof, from <the> north"), "{record}");

        let mut reader = server.browser();
        let address = format!("/r/files/contributions/{}/files/{picture}", receipt.reference);
        assert_eq!(reader.get(&address).await?.status, 404, "nobody has published it");
        assert_done(&told.run(&["publish", "--review", "files", &receipt.reference]));
        read_it(&mut reader, &receipt.reference, &address).await?;
        export_and_import(&told, &server).await?;
        strike_out(&told, &mut reader, &receipt.reference, &address).await?;

        let before = on_disk(&told);
        assert_eq!(giving.browser.get("/r/files/receipt/withdraw").await?.status, 200);
        let fields = [("csrf", giving.csrf.as_str())];
        assert_eq!(giving.browser.post_form("/r/files/receipt/withdraw", &fields).await?.status, 303);
        assert_eq!(reader.get(&address).await?.status, 410);
        assert_on_disk(&told, before - 2).await;
    }
    Ok(())
}

async fn add_describe_and_remove(giving: &mut Giving) -> io::Result<()> {
    let none = giving.upload("papers", &[("", b"")]).await?;
    assert_eq!(none.status, 422);
    assert!(none.text().contains("Select a file") && none.text().contains("href=\"#file\""), "{}", none.text());
    let two = giving.upload("papers", &[("roof.png", &png()), ("C:\\fakepath\\letter.pdf", PDF)]).await?;
    assert_eq!(two.status, 303, "{}", two.text());
    assert!(two.location().is_some_and(|to| to.ends_with("/answer/papers#added")), "{two:?}");
    // Another window, whose page does not show the two yet.
    assert_eq!(giving.upload("papers", &[("table.csv", b"a,b\n1,2\n")]).await?.status, 303);
    let page = giving.page("answer/papers").await?;
    let ids = ids(&page);
    assert_eq!(ids.len(), 3);
    for shown in ["roof.png", "letter.pdf", "table.csv", "(PNG, 1KB)", "(PDF, 1KB)"] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    assert!(!page.contains("fakepath"));
    // A program among what is sent: the others are taken, what was typed stays, and it is said which one it was.
    let long = "x".repeat(301);
    let fields = [
        ("csrf", giving.csrf.as_str()),
        ("file-1", &ids[0]),
        ("what-1", "The roof, from <the> north"),
        ("file-2", &ids[1]),
        ("what-2", &long),
        ("upload", "yes"),
    ];
    let files: [(&str, &str, &[u8]); 2] = [("file", "run.exe", b"MZ\x90\0\x03\0\0\0"), ("file", "note.txt", b"Noted.")];
    let mixed = giving.browser.post_files(&format!("{CALL}/answer/papers"), &fields, &files).await?;
    assert_eq!(mixed.status, 422);
    let html = mixed.text();
    for shown in
        ["run.exe: The selected file must be a PDF, PNG", "It is a program", "Shorten this by 1 character", &long]
    {
        assert!(html.contains(shown), "{shown} is not in {html}");
    }
    assert!(html.contains("value=\"The roof, from &#60;the&#62; north\"") && html.contains("note.txt"), "{html}");
    for id in &ids[1..] {
        assert_eq!(giving.post("answer/papers", &[("remove", id)]).await?.status, 303);
    }
    let left = giving.page("answer/papers").await?;
    assert!(left.contains("roof.png") && left.contains("note.txt") && !left.contains("letter.pdf"), "{left}");
    Ok(())
}

/// The eight words lead there from another device, and its files with it.
async fn go_on_elsewhere(server: &Server, giving: &mut Giving) -> io::Result<()> {
    let words = crate::told::words(&giving.browser.get(&format!("{CALL}/later")).await?).join(" ");
    let mut elsewhere = server.browser();
    assert_eq!(elsewhere.post_form("/r/files/receipt", &[("code", &words)]).await?.status, 303);
    let page = elsewhere.get(&format!("{CALL}/answer/papers")).await?.text();
    assert!(page.contains("roof.png") && page.contains("The roof, from"), "{page}");
    Ok(())
}

async fn look_at_ones_own(giving: &mut Giving) -> io::Result<String> {
    let check = giving.page("check").await?;
    assert!(check.contains("roof.png</a>") && check.contains("The roof, from &#60;the&#62; north"), "{check}");
    let picture = ids(&giving.page("answer/papers").await?).swap_remove(0);
    let own = giving.browser.get(&format!("{CALL}/files/{picture}")).await?;
    assert_eq!((own.status, own.header("cache-control")), (200, Some("no-store")));
    assert!(own.body.starts_with(b"\x89PNG") && !own.text().contains("Ada of Barry"), "who made it is taken out");
    let mut stranger = Browser::new(giving.browser.address());
    assert_eq!(stranger.get(&format!("{CALL}/files/{picture}")).await?.status, 404);
    Ok(picture)
}

async fn read_it(reader: &mut Browser, reference: &str, address: &str) -> io::Result<()> {
    let page = reader.get(&format!("/r/files/contributions/{reference}")).await?.text();
    assert!(page.contains(&format!("href=\"{address}\">roof.png</a>")), "{page}");
    assert!(page.contains("The roof, from &#60;the&#62; north"), "{page}");
    let given = reader.get(address).await?;
    let header = |name| given.header(name).unwrap_or_default().to_owned();
    assert_eq!((given.status, header("content-type")), (200, "image/png".to_owned()));
    assert_eq!(header("content-disposition"), "inline; filename=\"roof.png\"; filename*=UTF-8''roof.png");
    assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(
        (header("x-content-type-options"), header("cache-control")),
        ("nosniff".to_owned(), "no-cache".to_owned())
    );
    assert_eq!(header("content-length"), given.body.len().to_string());
    let mut again = Browser::new(reader.address()).with_header("if-none-match", &header("etag"));
    let unchanged = again.get(address).await?;
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    for words in ["roof", "north"] {
        let holds = |page: &Page| page.text().contains(reference);
        let found = until(reader, &format!("/r/files/contributions?q={words}"), holds).await?;
        assert!(holds(&found), "found by {words}: {}", found.text());
    }
    Ok(())
}

/// What is exported can be brought over again, and holds the same bytes.
async fn export_and_import(told: &Told, server: &Server) -> io::Result<()> {
    let path = |name: &str| told.folder.path().join(name);
    let text = |name: &str| path(name).display().to_string();
    assert_done(&told.run(&["export", "--review", "files", &text("out")]));
    let table = |name: &str| csv::Reader::from_path(path("out").join(name)).expect("a table");
    let mut rows = table("files.csv").into_records().collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|row| row[3].to_owned());
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0][5], &rows[0][6], &rows[0][7]), ("roof.png", "The roof, from <the> north", "image/png"));
    let picture = fs::read(path("out").join(&rows[0][4]))?;
    assert_eq!(picture.len().to_string(), &rows[0][8]);

    let answers = table("answers.csv").into_records().collect::<Result<Vec<_>, _>>()?;
    let files =
        answers.iter().find(|row| &row[2] == "papers").map(|row| row[12].to_owned()).expect("an answer of files");
    fs::write(path("map.toml"), MAP)?;
    fs::write(path("rows.csv"), format!("contribution,files\n1,{files}\n2,../../map.toml\n3,files/none.pdf\n"))?;
    let (rows_file, map, out) = (text("rows.csv"), text("map.toml"), text("out"));
    let import = ["import", "csv", &rows_file, "--review", "files", "--call", "all", "--map", &map, "--files", &out];
    let before = on_disk(told);
    let tried = said(&told.run(&[&import[..], &["--dry-run"]].concat()));
    assert!(tried.contains("Would be taken: 1. There already: 0. Refused: 2."), "{tried}");
    assert!(tried.contains("\"../../map.toml\" must be a path within") && tried.contains("cannot be read"), "{tried}");
    assert_eq!(on_disk(told), before, "a dry run keeps nothing");
    assert!(said(&told.run(&import)).contains("Taken: 1."));
    assert!(said(&told.run(&import)).contains("Taken: 0. There already: 1."));
    assert_on_disk(told, before + 2).await;
    assert_done(&told.run(&["publish", "--review", "files", "--all"]));
    let list = server.browser().get("/r/files/contributions").await?.text();
    let brought =
        list.split("/contributions/FI-").nth(1).map(|rest| format!("FI-{}", &rest[..8])).expect("a contribution");
    let page = server.browser().get(&format!("/r/files/contributions/{brought}")).await?.text();
    let (_, rest) = page.split_once(&format!("{brought}/files/")).unwrap_or_else(|| panic!("no file: {page}"));
    let address = format!("/r/files/contributions/{brought}/files/{}", rest.split('"').next().unwrap_or_default());
    assert_eq!(server.browser().get(&address).await?.body, picture);
    Ok(())
}

/// A file that is struck out is not given to anybody, and readers see why; so it is with all files, if the team wishes.
async fn strike_out(told: &Told, reader: &mut Browser, reference: &str, address: &str) -> io::Result<()> {
    let redact =
        ["redact", reference, "--review", "files", "--question", "papers", "--reason", "Shows a neighbour", "--file"];
    let none = told.run(&[&redact[..], &["none.png"]].concat());
    assert!(said(&none).contains("has no such file"), "{}", said(&none));
    assert_done(&told.run(&[&redact[..], &["roof.png"]].concat()));
    assert_eq!(reader.get(address).await?.status, 404);
    let page = reader.get(&format!("/r/files/contributions/{reference}")).await?.text();
    assert!(page.contains("[redacted: Shows a neighbour]") && !page.contains("roof.png"), "{page}");
    assert!(!page.contains("from &#60;the&#62; north") && page.contains("note.txt"), "{page}");
    let out = told.folder.path().join("again").display().to_string();
    assert_done(&told.run(&["export", "--review", "files", &out]));
    let files = fs::read_to_string(Path::new(&out).join("files.csv"))?;
    assert!(files.contains("[redacted: Shows a neighbour]") && !files.contains("roof"), "{files}");
    assert!(!Path::new(&out).join(format!("files/{reference}/papers-1.png")).exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_can_be_published_without_the_files() -> io::Result<()> {
    let told = told(Engine::Sqlite);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    assert_eq!(giving.upload("papers", &[("letter.pdf", PDF)]).await?.status, 303);
    let id = ids(&giving.page("answer/papers").await?).swap_remove(0);
    giving.post("answer/words", &[("answer", "The roof leaks")]).await?;
    giving.post("release", &[("release", "unnamed")]).await?;
    let reference = giving.send().await?.reference;
    let without = ["publish", "--review", "files", "--without-files", "Not looked at yet", &reference];
    assert_done(&told.run(&without));
    let mut reader = server.browser();
    let page = reader.get(&format!("/r/files/contributions/{reference}")).await?.text();
    assert!(page.contains("The roof leaks") && page.contains("[redacted: Not looked at yet]"), "{page}");
    assert!(!page.contains("letter.pdf"), "{page}");
    let file = format!("/r/files/contributions/{reference}/files/{id}");
    assert_eq!(reader.get(&file).await?.status, 404);

    // Looked at in the meantime.
    assert_done(&told.run(&["publish", "--review", "files", "--files", &reference]));
    let page = reader.get(&format!("/r/files/contributions/{reference}")).await?.text();
    assert!(page.contains("letter.pdf") && !page.contains("Not looked at yet"), "{page}");
    assert_eq!(reader.get(&file).await?.status, 200);
    let receipt = giving.browser.get("/r/files/receipt").await?.text();
    assert!(receipt.contains("Your files were published"), "{receipt}");
    let again = told.run(&["publish", "--review", "files", "--files", &reference]);
    assert!(!again.status.success() && said(&again).contains("no file of it was held back"), "{}", said(&again));

    // What was struck out by itself stays so.
    let mut giving = Giving::start(&server, CALL).await?;
    assert_eq!(giving.upload("papers", &[("letter.pdf", PDF)]).await?.status, 303);
    giving.post("release", &[("release", "unnamed")]).await?;
    let other = giving.send().await?.reference;
    let early = told.run(&["publish", "--review", "files", "--files", &other]);
    assert!(said(&early).contains("publish it first"), "{}", said(&early));
    let strike = ["redact", &other, "--review", "files", "--question", "papers", "--file", "1", "--reason", "A name"];
    assert_done(&told.run(&strike));
    assert_done(&told.run(&["publish", "--review", "files", &other]));
    assert!(!told.run(&["publish", "--review", "files", "--files", &other]).status.success());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_with_what_they_belong_to() -> io::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let told = told(engine);
        let server = told.serve();
        let mut deleted = Giving::start(&server, CALL).await?;
        assert_eq!(deleted.upload("papers", &[("letter.pdf", PDF), ("again.pdf", PDF)]).await?.status, 303);
        let mut kept = Giving::start(&server, CALL).await?;
        // The same bytes in somebody else's evidence.
        assert_eq!(kept.upload("papers", &[("letter.pdf", PDF)]).await?.status, 303);
        assert_on_disk(&told, 3).await;
        assert_eq!(deleted.post("delete", &[]).await?.status, 303);
        assert_on_disk(&told, 1).await;

        // Asked only if an earlier answer says so; changed back, its file is not sent, and goes.
        kept.post("answer/photo", &[("answer", "yes")]).await?;
        let missing = kept.post("answer/picture", &[]).await?;
        assert_eq!(missing.status, 422);
        assert!(missing.text().contains("Select a file"), "{}", missing.text());
        let wrong = kept.upload("picture", &[("letter.pdf", PDF)]).await?;
        assert!(wrong.text().contains("The selected file must be a PNG or JPEG"), "{}", wrong.text());
        let welsh = format!("/cy{CALL}/answer/picture");
        let fields = [("csrf", kept.csrf.as_str()), ("upload", "yes")];
        let wrong = kept.browser.post_files(&welsh, &fields, &[("file", "letter.pdf", PDF)]).await?;
        assert!(wrong.text().contains("fod yn PNG neu JPEG"), "{}", wrong.text());
        assert_eq!(kept.upload("picture", &[("roof.png", &png())]).await?.status, 303);
        let second = kept.upload("picture", &[("roof.png", &png())]).await?;
        assert!(second.text().contains("You can only add one file"), "{}", second.text());
        assert_on_disk(&told, 2).await;
        kept.post("answer/photo", &[("answer", "no")]).await?;
        kept.post("release", &[("release", "public")]).await?;
        kept.send().await?;
        assert_on_disk(&told, 1).await;
        assert!(fs::read(told.folder.path().join("data/files")).is_err(), "it is a folder");
    }
    Ok(())
}
