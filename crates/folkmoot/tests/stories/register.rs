//! The register: what was given is promised, entered, proved and verified.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use trial::{Browser, Page, Server};

use crate::told::{BINARY, CALL, Engine, Giving, Receipt, Told, assert_done, said, until};

on_both_engines!(
    evidence_is_promised_then_proved,
    a_review_is_closed_with_its_sums,
    keys_are_changed_with_both_signing,
    a_disk_that_fails_loses_nothing,
);

pub(crate) const RECEIPT: &str = "/r/trial/receipt";
/// In time, and three are a batch.
pub(crate) const SLOWLY: [&str; 4] = ["--register-interval", "3600", "--register-batch", "3"];
/// At once.
pub(crate) const AT_ONCE: [&str; 4] = ["--register-interval", "1", "--register-batch", "1"];

pub(crate) fn serve(told: &Told, more: &[&str]) -> Server {
    let always = ["--posts-per-minute", "0", "--sent-per-minute", "0"];
    Server::start(BINARY, &told.data(), told.database.as_deref(), &[&always, more].concat())
}

pub(crate) async fn give(server: &Server, text: &str, release: &str) -> io::Result<Giving> {
    let mut giving = Giving::start(server, CALL).await?;
    giving.answer_and_release(text, release).await?;
    giving.send().await?;
    Ok(giving)
}

/// Waits until the receipt says where it stands.
pub(crate) async fn entered(browser: &mut Browser) -> io::Result<Page> {
    let page = until(browser, RECEIPT, |page| page.text().contains("in the register, there since")).await?;
    assert!(page.text().contains("in the register, there since"), "{}", page.text());
    Ok(page)
}

/// Runs `folkmoot verify`: its exit status, and what it says.
pub(crate) fn verify(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(BINARY).arg("verify").args(arguments).output().expect("it runs");
    (output.status.code(), said(&output))
}

pub(crate) fn write(told: &Told, name: &str, page: &Page) -> String {
    let path = told.folder.path().join(name);
    fs::write(&path, page.text()).expect("a file");
    path.display().to_string()
}

pub(crate) async fn size(server: &Server) -> io::Result<u64> {
    let checkpoint = server.browser().get("/register/checkpoint").await?.text();
    Ok(checkpoint.lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or(0))
}

/// Waits until the register has so many leaves.
pub(crate) async fn grown(server: &Server, to: u64) -> io::Result<()> {
    let says = |page: &Page| page.text().lines().nth(1).and_then(|line| line.parse().ok()).unwrap_or(0) >= to;
    let page = until(&mut server.browser(), "/register/checkpoint", says).await?;
    assert!(says(&page), "{}{}", page.text(), server.log());
    Ok(())
}

async fn evidence_is_promised_then_proved(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = serve(&told, &SLOWLY);
    let mut first = give(&server, "The form asked for my passport twice.", "unnamed").await?;
    // Before its batch is sequenced there is a promise, which anybody can verify.
    let page = first.browser.get(RECEIPT).await?.text();
    assert!(page.contains("The signed promise of that can be downloaded"), "{page}");
    assert!(page.contains("receipt/register?of=") && page.contains("receipt/proof?of="), "{page}");
    let policy = write(&told, "policy", &server.browser().get("/register/policy").await?);
    let promise = first.browser.get(&format!("{RECEIPT}/register")).await?;
    assert_eq!(promise.header("cache-control"), Some("no-store"));
    let promise = write(&told, "promise.txt", &promise);
    let (status, text) = verify(&["receipt", &promise, "--policy", &policy]);
    assert!(status == Some(0) && text.contains("promised"), "{text}");
    assert_eq!(size(&server).await?, 0, "nothing is entered before its batch is due");

    // The third makes a batch.
    let mut second = give(&server, "No bus came.", "use-only").await?;
    let mut third = give(&server, "The nurse was kind.", "public").await?;
    for browser in [&mut first.browser, &mut second.browser, &mut third.browser] {
        let page = entered(browser).await?.text();
        assert!(page.contains("of 3 in the register, there since") && page.contains("No witness"), "{page}");
    }
    let receipt = write(&told, "receipt.txt", &first.browser.get(&format!("{RECEIPT}/register")).await?);
    let (status, text) = verify(&["receipt", &receipt, "--policy", &policy]);
    assert!(status == Some(0) && text.contains("This receipt holds"), "{text}");
    let forged = fs::read_to_string(&receipt)?.replace("passport twice", "passport once");
    assert!(forged.contains("passport once"), "{forged}");
    fs::write(told.folder.path().join("forged.txt"), forged)?;
    let forged = told.folder.path().join("forged.txt").display().to_string();
    assert_eq!(verify(&["receipt", &forged, "--policy", &policy]).0, Some(1));
    let proof = first.browser.get(&format!("{RECEIPT}/proof")).await?;
    assert!(proof.text().starts_with("c2sp.org/tlog-proof@v1\n") && !proof.text().contains("passport"));
    let proof = write(&told, "evidence.tlog-proof", &proof);
    // A verifier in another language, written from the specifications alone, says the same.
    let key = fs::read_to_string(&policy)?.lines().find_map(|line| line.strip_prefix("log ").map(str::to_owned));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../register/tests/register/verify.py");
    let python =
        |file: &str| Command::new("python3").arg(&script).args([file, key.as_deref().unwrap_or_default()]).output();
    if Command::new("python3").args(["-c", "import cryptography"]).output().is_ok_and(|there| there.status.success()) {
        let checkpoint = write(&told, "checkpoint", &server.browser().get("/register/checkpoint").await?);
        for file in [&proof, &checkpoint] {
            let verified = python(file)?;
            assert!(verified.status.success(), "{}", said(&verified));
        }
    } else {
        println!("skipped: python3 with the package cryptography is not there");
    }
    assert_eq!(verify(&["receipt", &proof, "--policy", &policy]).0, Some(0));
    let stranger = server.browser().get(&format!("{RECEIPT}/register")).await?;
    assert_ne!(stranger.status, 200, "a receipt is for its holder");

    // The whole register, by its address and in its folder; and that the promise was kept.
    let address = server.url("/register");
    let (status, text) = verify(&["register", &address, "--policy", &policy, "--promise", &promise]);
    assert!(status == Some(0) && text.contains("3 contributions") && text.contains("kept, at leaf"), "{text}");
    let folder = told.data().join("register").display().to_string();
    assert_eq!(verify(&["register", &folder, "--policy", &policy]).0, Some(0));
    let tile = server.browser().get("/register/tile/entries/000.p/3").await?;
    let kept = tile.header("cache-control").unwrap_or_default().to_owned();
    assert!(kept.contains("immutable") && tile.header("access-control-allow-origin") == Some("*"), "{kept}");
    for wrong in ["tile/entries/000.p/9", "tile/../checkpoint", "tile/0/0", "statement/00", "secret"] {
        assert_eq!(server.browser().get(&format!("/register/{wrong}")).await?.status, 404, "{wrong}");
    }
    let page = server.browser().get("/cy/register").await?;
    assert!(page.status == 200 && page.text().contains("Y gofrestr"), "{}", page.text());

    // An export is stated, and held against the register.
    assert_done(&told.run(&["spam", "clear", "--review", "trial", "--sign", "quick"]));
    assert_done(&told.run(&["publish", "--review", "trial", "--all"]));
    let export = told.folder.path().join("export").display().to_string();
    assert_done(&told.run(&["export", &export, "--review", "trial"]));
    grown(&server, 6).await?;
    let (status, text) = verify(&["export", &export, "--register", &address, "--policy", &policy]);
    assert!(status == Some(0) && text.contains("2 contributions to it stand in it as published"), "{text}");
    let table = Path::new(&export).join("contributions.csv");
    let mut csv = fs::read_to_string(&table)?;
    csv.push('\n');
    fs::write(&table, csv)?;
    assert_eq!(verify(&["export", &export, "--register", &address, "--policy", &policy]).0, Some(1));
    // A link is no part of an export, least of all to something that has no end.
    fs::remove_file(&table)?;
    std::os::unix::fs::symlink("/dev/zero", &table)?;
    let (status, text) = verify(&["export", &export, "--register", &address]);
    assert!(status == Some(1) && text.contains("a link") && text.contains("from the register itself"), "{text}");

    // What is withdrawn is not entered at once, and its proof stays while what was written is gone.
    first.post_receipt("withdraw").await?;
    let page = first.browser.get(RECEIPT).await?.text();
    assert!(page.contains("in the register, there since") && !page.contains("receipt/register?of="), "{page}");
    assert_eq!(first.browser.get(&format!("{RECEIPT}/register")).await?.status, 404);
    assert_eq!(first.browser.get(&format!("{RECEIPT}/proof")).await?.status, 200);
    Ok(())
}

async fn a_review_is_closed_with_its_sums(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = serve(&told, &AT_ONCE);
    let mut browsers = Vec::new();
    for release in ["public", "public", "use-only", "unnamed"] {
        browsers.push(give(&server, "Said in a word.", release).await?);
    }
    for giving in &mut browsers {
        entered(&mut giving.browser).await?;
    }
    assert_done(&told.run(&["spam", "clear", "--review", "trial", "--sign", "quick"]));
    let reference = Receipt::read(&browsers[0].browser.get(RECEIPT).await?).reference;
    assert_done(&told.run(&["publish", "--review", "trial", &reference]));
    browsers[1].post_receipt("withdraw").await?;
    let open = told.run(&["review", "close", "trial"]);
    assert!(!open.status.success() && said(&open).contains("still takes evidence"), "{}", said(&open));

    // A call that closes on another day is stated; then the review can be closed.
    let trial = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/trial.toml");
    let moved = fs::read_to_string(trial)?.replace("2099-12-31", "2021-01-31");
    let file = told.folder.path().join("trial.toml");
    fs::write(&file, moved)?;
    assert_done(&told.run(&["review", "apply", &file.display().to_string()]));
    assert!(assert_done(&told.run(&["review", "close", "trial"])).contains("closed"));
    assert!(assert_done(&told.run(&["review", "close", "trial"])).contains("already"));
    // Four contributions, one published, the calls that moved; at the close three outcomes and the sums.
    let address = server.url("/register");
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(2);
    let text = loop {
        let (status, text) = verify(&["register", &address]);
        assert_eq!(status, Some(0), "{text}");
        if text.contains("closed at leaf") || std::time::Instant::now() > deadline {
            break text;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    let sums = "1 published, 2 considered and not published, 1 withdrawn, 0 excluded, 0 erased, 0 not yet disposed of";
    assert!(text.contains(sums) && text.contains("closed at leaf"), "{text}");
    // After the close somebody may still withdraw.
    let before = size(&server).await?;
    browsers[2].post_receipt("withdraw").await?;
    grown(&server, before + 1).await?;
    let (status, text) = verify(&["register", &address]);
    assert!(status == Some(0) && text.contains("1 considered and not published, 2 withdrawn"), "{text}");
    Ok(())
}

/// Only `init` and the server make a key: a command that came first would name the register for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_begun_with_its_name() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let data = path("data");
    for command in [["doctor"].as_slice(), &["register", "keys"], &["register", "adopt"]] {
        let refused = trial::run(BINARY, &[command, &["--data", &data]].concat());
        assert!(!refused.status.success() && said(&refused).contains("no key yet"), "{}", said(&refused));
    }
    let address = ["--public-url", "https://review.example.org", "--data", &data];
    let begun = assert_done(&trial::run(BINARY, &[&["init", &path("review.toml")][..], &address].concat()));
    assert!(begun.contains("signed by review.example.org/register+") && begun.contains("keep a copy"), "{begun}");
    let keys = assert_done(&trial::run(BINARY, &["register", "keys", "--data", &data]));
    assert!(keys.starts_with("review.example.org/register+"), "{keys}");
    assert!(assert_done(&trial::run(BINARY, &["doctor", "--data", &data])).contains("No witness is asked"));
    Ok(())
}

async fn keys_are_changed_with_both_signing(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let mut server = serve(&told, &AT_ONCE);
    give(&server, "First.", "public").await?;
    grown(&server, 1).await?;
    let old = write(&told, "old-policy", &server.browser().get("/register/policy").await?);
    let mut first = give(&server, "With the first key.", "public").await?;
    grown(&server, 2).await?;
    entered(&mut first.browser).await?;
    let proof = write(&told, "first.tlog-proof", &first.browser.get(&format!("{RECEIPT}/proof")).await?);
    server.terminate();
    let rotated = assert_done(&told.run(&["register", "rotate"]));
    assert!(
        rotated.contains("witness add-log") && rotated.lines().filter(|line| line.contains("/register+")).count() == 2
    );
    let early = told.run(&["register", "retire"]);
    assert!(!early.status.success() && said(&early).contains("has not signed yet"), "{}", said(&early));
    server.start_again();
    give(&server, "Second.", "public").await?;
    grown(&server, 3).await?;
    let address = server.url("/register");
    // Whoever knows the old key only, and whoever knows both, believes it.
    assert_eq!(verify(&["register", &address, "--policy", &old]).0, Some(0));
    let new = write(&told, "new-policy", &server.browser().get("/register/policy").await?);
    assert_eq!(fs::read_to_string(&new)?.matches("log ").count(), 2);
    let retired = assert_done(&told.run(&["register", "retire"]));
    assert!(retired.starts_with("Destroyed: ") && retired.lines().count() == 2, "{retired}");
    let last = told.run(&["register", "retire"]);
    assert!(!last.status.success() && said(&last).contains("one key only"), "{}", said(&last));
    give(&server, "Third.", "public").await?;
    grown(&server, 4).await?;
    assert_eq!(verify(&["register", &address, "--policy", &new]).0, Some(0));
    // What the old key has signed still holds, by what the register says of itself now.
    let now = write(&told, "policy-now", &server.browser().get("/register/policy").await?);
    let (status, text) = verify(&["receipt", &proof, "--policy", &now]);
    assert_eq!(status, Some(0), "{text}");
    assert_ne!(verify(&["register", &address, "--policy", &old]).0, Some(0));
    // Without its secret an installation does not begin to sign anew.
    server.terminate();
    fs::write(told.data().join("secret"), "00".repeat(32))?;
    let refused = told.run(&["register", "keys"]);
    assert!(!refused.status.success() && said(&refused).contains("secret"), "{}", said(&refused));
    Ok(())
}

async fn a_disk_that_fails_loses_nothing(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let mut server = serve(&told, &AT_ONCE);
    give(&server, "Before.", "public").await?;
    grown(&server, 1).await?;
    let memory = told.folder.path().join("remembered").display().to_string();
    let address = server.url("/register");
    assert_eq!(verify(&["register", &address, "--remember", &memory]).0, Some(0));
    // Where the next tile belongs stands something else: it cannot be written.
    let tile = told.data().join("register/tile/0/000.p/2");
    fs::create_dir_all(tile.join("in the way"))?;
    let mut giving = give(&server, "Meanwhile.", "public").await?;
    let page = until(&mut server.browser(), "/register", |page| page.text().contains("Nothing is entered")).await?;
    assert!(page.text().contains("Nothing is entered just now"), "{}", page.text());
    let promised = giving.browser.get(RECEIPT).await?.text();
    assert!(promised.contains("The signed promise of that can be downloaded"), "{promised}");
    assert_eq!(verify(&["register", &address, "--remember", &memory]).0, Some(0), "what is published stays sound");
    fs::remove_dir_all(&tile)?;
    grown(&server, 2).await?;
    entered(&mut giving.browser).await?;
    assert_eq!(verify(&["register", &address, "--remember", &memory]).0, Some(0));

    // A tile that was damaged since is not built upon.
    server.terminate();
    let leaves = told.data().join("register/tile/entries/000.p/2");
    let mut bytes = fs::read(&leaves)?;
    bytes[40] ^= 1;
    fs::write(&leaves, bytes)?;
    server.start_again();
    give(&server, "After.", "public").await?;
    let page = until(&mut server.browser(), "/register", |page| page.text().contains("Nothing is entered")).await?;
    assert!(page.text().contains("Nothing is entered just now"), "{}", page.text());
    Ok(())
}

/// Each node has files of its own; they are the same, for they follow from one database.
#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_keep_one_register() -> io::Result<()> {
    let told = Told::on(Engine::Postgres);
    let secret = told.secret();
    let node = |name: &str| {
        let data = told.folder.path().join(name);
        let always = ["--posts-per-minute", "0", "--sent-per-minute", "0", "--secret", &secret];
        Server::start(BINARY, &data, told.database.as_deref(), &[&always[..], &AT_ONCE].concat())
    };
    let (one, other) = (node("one"), node("other"));
    for number in 0..20 {
        give(if number % 2 == 0 { &one } else { &other }, &format!("Number {number}."), "public").await?;
    }
    let memory = told.folder.path().join("remembered").display().to_string();
    for server in [&one, &other] {
        grown(server, 20).await?;
        let (status, text) = verify(&["register", &server.url("/register"), "--remember", &memory]);
        assert!(status == Some(0) && text.contains("20 contributions"), "{text}");
    }
    let tile = "/register/tile/entries/000.p/20";
    let (here, there) = (one.browser().get(tile).await?, other.browser().get(tile).await?);
    assert!(here.status == 200 && here.body == there.body);
    // A stranger's node, with another secret, does not begin.
    let strange = told.folder.path().join("strange").display().to_string();
    let refused = told.run(&["doctor", "--secret", &strange]);
    assert!(!refused.status.success() && said(&refused).contains("secret"), "{}", said(&refused));
    Ok(())
}
