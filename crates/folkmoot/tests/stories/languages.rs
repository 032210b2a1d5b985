//! Languages that an installation adds by dropping in files of messages, and words that it changes.

use std::fs;
use std::io;
use std::path::Path;

use trial::{Server, Smtp};

use crate::told::{BINARY, CALL, Engine, Giving, Told, said};

fn put(folder: &Path, tag: &str, messages: &str) -> io::Result<()> {
    fs::create_dir_all(folder.join(tag))?;
    fs::write(folder.join(tag).join("ours.ftl"), messages)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_added_by_dropping_in_its_messages() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let folder = told.folder.path().join("languages");
    put(
        &folder,
        "pl",
        "language-name = Polski\nnav-home = Początek\nday-month-year = { $day }. { $month } { $year }\nmonth-12 = grudnia\n",
    )?;
    put(&folder, "ar", "language-name = العربية\ndirection = rtl\nnav-home = الرئيسية\n")?;
    put(&folder, "en", "nav-home = Front page\nno-page-asks = for this\n")?;
    let languages = folder.display().to_string();
    let server = Server::start(BINARY, &told.data(), None, &["--posts-per-minute", "0", "--languages", &languages]);
    let mut browser = server.browser();

    let english = browser.get("/r/trial").await?.text();
    assert!(english.contains(">Front page</a>"), "words that are built in can be changed: {english}");
    for offered in ["/cy/r/trial", "/pl/r/trial", "/ar/r/trial"] {
        assert!(english.contains(&format!("href=\"{offered}\"")), "{offered} is not in {english}");
    }
    assert!(english.contains("hreflang=\"pl\"") && english.contains(">Polski</a>"), "{english}");

    let polish = browser.get("/pl/r/trial/calls/all-kinds").await?.text();
    assert!(polish.contains("<html lang=\"pl\" class"), "{polish}");
    assert!(polish.contains("Początek") && polish.contains("31. grudnia 2099"), "{polish}");
    assert!(polish.contains(" lang=\"en\">All kinds"), "what the team wrote says in what language: {polish}");
    assert!(polish.contains(">About</a>"), "what is not translated yet is in English: {polish}");

    let arabic = browser.get("/ar/r/trial").await?.text();
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\"") && arabic.contains("core.rtl."), "{arabic}");
    assert_eq!(browser.get("/xx/r/trial").await?.status, 404);

    // The language is changed in the midst of an answer, and nothing typed is lost.
    let mut giving = Giving::start(&server, CALL).await?;
    let changed = giving.post("answer/short", &[("answer", "Half a line"), ("switch", "pl")]).await?;
    assert!(changed.location().is_some_and(|to| to.starts_with("/pl/")), "{changed:?}");
    assert!(giving.browser.follow().await?.text().contains("Half a line"));
    let nonsense = giving.post("answer/short", &[("answer", "Half a line"), ("switch", "xx")]).await?;
    assert!(nonsense.location().is_some_and(|to| to.starts_with("/r/")), "{nonsense:?}");
    assert!(server.log().contains("no-page-asks"), "{}", server.log());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_in_a_language_that_was_added() -> io::Result<()> {
    const PUBLIC: &str = "https://review.example.org";
    let told = Told::on(Engine::Sqlite);
    let folder = told.folder.path().join("languages");
    put(&folder, "pl", "confirm-subject = Proszę potwierdzić: { $review }\nconfirm-link = Potwierdzam\n")?;
    put(&folder, "ar", "nav-home = الرئيسية\n")?;
    let smtp = Smtp::start().await?;
    let (languages, smtp_url) = (folder.display().to_string(), smtp.url());
    let mail = ["--smtp", &smtp_url, "--mail-from", "review@review.example.org", "--public-url", PUBLIC];
    let server = Server::start(BINARY, &told.data(), None, &[mail.as_slice(), &["--languages", &languages]].concat());
    let mut browser = server.browser().with_header("origin", PUBLIC);
    for (place, (prefix, name)) in (1..).zip([("/pl", "ola"), ("/ar", "noor"), ("", "ada")]) {
        let address = format!("{name}@example.net");
        browser.post_form(&format!("{prefix}/r/trial/newsletter"), &[("address", &address)]).await?;
        let letter = smtp.wait_for(place).await?.pop().expect("the letter");
        let text = letter.text();
        assert_eq!(letter.to, address);
        assert!(text.contains(&format!("{PUBLIC}{prefix}/r/trial/newsletter/confirm?t=")), "{text}");
        assert_eq!(text.contains("Potwierdzam"), name == "ola", "{text}");
        // What is not translated yet is in English; where nothing is, nothing says that it is in another language.
        assert!(text.contains("If it was not you, do nothing."), "{text}");
        assert_eq!(text.contains("<html lang=\"en\">"), name != "ola", "{text}");
    }
    Ok(())
}

#[test]
fn damaged_messages_are_refused_with_their_line() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let refused = |name: &str, tag: &str, text: &str| -> io::Result<String> {
        let folder = told.folder.path().join(name);
        put(&folder, tag, text)?;
        let output = told.run(&["serve", "--listen", "127.0.0.1:0", "--languages", &folder.display().to_string()]);
        assert!(!output.status.success());
        Ok(said(&output))
    };
    let damaged = refused("damaged", "pl", "nav-home = Początek\nnav-give = { $broken\n")?;
    assert!(damaged.contains("ours.ftl line 2"), "{damaged}");
    let unnamed = refused("unnamed", "r", "nav-home = x\n")?;
    assert!(unnamed.contains("must be named by the tag of its language"), "{unnamed}");
    let nowhere = said(&told.run(&["serve", "--languages", "/nowhere/at/all"]));
    assert!(nowhere.contains("/nowhere/at/all"), "{nowhere}");
    Ok(())
}
