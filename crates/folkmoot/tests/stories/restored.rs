//! An old copy of the database, or of everything, is restored: the register does not fork, and there is a way out.

use std::fs;
use std::io;
use std::path::Path;

use trial::Page;

use crate::register::{AT_ONCE, RECEIPT, SLOWLY, entered, give, grown, serve, size, verify, write};
use crate::told::{BINARY, Engine, Told, assert_done, said, until};

on_both_engines!(a_restored_database_signs_nothing, a_witness_sees_what_was_restored);

/// Where the database is kept, so that an old copy can be put in its place.
fn copy_database(told: &Told, name: &str) {
    match &told.database {
        Some(url) => crate::told::postgres().copy(url, name),
        None => {
            for ending in ["", "-wal"] {
                let from = told.data().join(format!("folkmoot.db{ending}"));
                if from.exists() {
                    fs::copy(from, told.folder.path().join(format!("{name}{ending}"))).expect("a copy");
                }
            }
        }
    }
}

fn restore_database(told: &Told, name: &str) {
    match &told.database {
        Some(url) => crate::told::postgres().restore(url, name),
        None => {
            for ending in ["", "-wal", "-shm"] {
                let (from, to) = (told.folder.path().join(format!("{name}{ending}")), format!("folkmoot.db{ending}"));
                let to = told.data().join(to);
                let _ = fs::remove_file(&to);
                if from.exists() {
                    fs::copy(from, to).expect("a copy");
                }
            }
        }
    }
}

async fn a_restored_database_signs_nothing(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let mut server = serve(&told, &SLOWLY);
    let memory = told.folder.path().join("remembered").display().to_string();
    let address = server.url("/register");
    give(&server, "Before.", "public").await?;
    // A copy in which one waits.
    server.terminate();
    copy_database(&told, "old");
    server.start_again();
    give(&server, "Between.", "public").await?;
    give(&server, "After.", "public").await?;
    grown(&server, 3).await?;
    assert_eq!(verify(&["register", &address, "--remember", &memory]).0, Some(0));
    server.terminate();
    restore_database(&told, "old");
    server.start_again();
    // Evidence is taken, and nothing is signed: the page says that.
    let mut giving = give(&server, "Later.", "public").await?;
    let page = until(&mut server.browser(), "/register", |page| page.text().contains("Nothing is entered")).await?;
    assert!(page.text().contains("Nothing is entered just now"), "{}", page.text());
    give(&server, "Later still.", "public").await?;
    give(&server, "And later.", "public").await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(size(&server).await?, 3, "nothing is signed");
    assert_eq!(verify(&["register", &address, "--remember", &memory]).0, Some(0));

    // The way out: what the database has forgotten is taken from the files, and the register goes on.
    server.terminate();
    let doctor = told.run(&["doctor"]);
    assert!(!doctor.status.success() && said(&doctor).contains("an old copy"), "{}", said(&doctor));
    let adopted = assert_done(&told.run(&["register", "adopt"]));
    assert!(adopted.contains("files: 3.") && adopted.contains("still here: 1."), "{adopted}");
    assert!(assert_done(&told.run(&["doctor"])).contains("3 leaves: checkpoint, files and database agree"));
    server.start_again();
    grown(&server, 6).await?;
    entered(&mut giving.browser).await?;
    let (status, text) = verify(&["register", &address, "--remember", &memory]);
    assert!(status == Some(0) && text.contains("It continues the checkpoint of 3 leaves"), "{text}");
    Ok(())
}

async fn a_witness_sees_what_was_restored(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let folder = told.folder.path().join("witness");
    let witness = crate::witness::Running::start(&folder, Some("library.example/witness"));
    let asked = format!("{}={}", witness.known.address, witness.known.key);
    let arguments = [&AT_ONCE[..], &["--register-witness", &asked]].concat();
    let mut server = serve(&told, &arguments);
    let key = server.browser().get("/register/policy").await?.text();
    let key = key.lines().find_map(|line| line.strip_prefix("log ")).expect("a key").to_owned();
    let add = ["witness", "add-log", "--folder", &folder.display().to_string(), &key].map(str::to_owned);
    assert_done(&trial::run(BINARY, &add.iter().map(String::as_str).collect::<Vec<_>>()));
    let mut giving = give(&server, "Seen.", "public").await?;
    let page = until(&mut giving.browser, RECEIPT, |page| page.text().contains("library.example/witness")).await?;
    assert!(page.text().contains("library.example/witness confirmed"), "{}", page.text());
    let policy = write(&told, "policy", &server.browser().get("/register/policy").await?);
    let receipt = write(&told, "receipt.txt", &giving.browser.get(&format!("{RECEIPT}/register")).await?);
    let (status, text) = verify(&["receipt", &receipt, "--policy", &policy]);
    assert!(status == Some(0) && text.contains("cosigned by library.example/witness"), "{text}");

    // Database and files together are an old copy: only the witness knows.
    server.terminate();
    copy_database(&told, "old");
    let files = told.data().join("register");
    copy_folder(&files, &told.folder.path().join("old-register"))?;
    server.start_again();
    give(&server, "Forgotten.", "public").await?;
    grown(&server, 2).await?;
    let mirror = told.folder.path().join("mirror");
    server.terminate();
    copy_folder(&files, &mirror)?;
    restore_database(&told, "old");
    fs::remove_dir_all(&files)?;
    copy_folder(&told.folder.path().join("old-register"), &files)?;
    server.start_again();
    give(&server, "Another.", "public").await?;
    let page = until(&mut server.browser(), "/register", |page| page.text().contains("Nothing is entered")).await?;
    assert!(page.text().contains("Nothing is entered just now"), "{}", page.text());
    assert_eq!(size(&server).await?, 1, "no fork is signed");

    // A mirror has the files that are missing; with them it can go on.
    server.terminate();
    fs::remove_dir_all(&files)?;
    copy_folder(&mirror, &files)?;
    let adopted = assert_done(&told.run(&["register", "adopt"]));
    assert!(adopted.contains("taken from the files: 1."), "{adopted}");
    server.start_again();
    grown(&server, 3).await?;
    let confirmed = |page: &Page| page.text().contains("library.example/witness");
    let page = until(&mut server.browser(), "/register", confirmed).await?;
    assert!(confirmed(&page), "{}{}", page.text(), server.log());
    let (status, text) = verify(&["register", &server.url("/register"), "--policy", &policy]);
    assert!(status == Some(0) && text.contains("3 leaves"), "{text}");

    // The witness goes away. What it has confirmed stays so after a start; what comes is promised until it is back.
    drop(witness);
    server.terminate();
    server.start_again();
    let (status, text) = verify(&["register", &server.url("/register"), "--policy", &policy]);
    assert_eq!(status, Some(0), "{text}");
    assert!(giving.browser.get(&format!("{RECEIPT}/proof")).await?.text().starts_with("c2sp.org/tlog-proof"));
    let mut late = give(&server, "While it was away.", "public").await?;
    grown(&server, 4).await?;
    let promise = late.browser.get(&format!("{RECEIPT}/proof")).await?.text();
    assert!(promise.starts_with("register-promise/v1"), "{promise}");
    let (status, text) = verify(&["receipt", &receipt, "--policy", &policy]);
    assert_eq!(status, Some(0), "{text}");
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
