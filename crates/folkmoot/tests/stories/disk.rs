//! A disk that is full, writes half or does not sync, and a clock that jumps: nothing that was acknowledged is lost, and the register
//! goes on as one.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use domain::Clock as _;
use service::SystemClock;
use trial::{Page, Server};

use crate::told::{BINARY, CALL, Engine, Giving, Told, assert_done, said, until};

on_both_engines!(a_disk_that_fails_loses_nothing, a_clock_that_jumps_forks_nothing);

const RECEIPT: &str = "/r/trial/receipt";
const DAY: i64 = 86_400;

/// A server whose disk and clock fail when they are told to.
struct Failing {
    server: Server,
    faults: PathBuf,
    memory: String,
}

impl Failing {
    fn serve(told: &Told) -> Self {
        let folder = told.folder.path();
        let (library, faults, program) = (folder.join("faults.so"), folder.join("faults"), folder.join("folkmoot"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/disk/faults.c");
        let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).output();
        assert_done(&built.expect("a C compiler, which Rust needs, too"));
        fs::create_dir(&faults).expect("a folder");
        let (library, folder) = (library.display(), faults.display());
        let script = format!("#!/bin/sh\nLD_PRELOAD='{library}' FAULTS='{folder}' exec '{BINARY}' \"$@\"\n");
        fs::write(&program, script).expect("a script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be run");
        let arguments = ["--posts-per-minute", "0", "--sent-per-minute", "0"];
        let at_once = ["--register-interval", "1", "--register-batch", "1"];
        let server =
            Server::start(&program, &told.data(), told.database.as_deref(), &[&arguments[..], &at_once].concat());
        Self { server, faults, memory: told.folder.path().join("remembered").display().to_string() }
    }

    fn fails(&self, fault: &str, how: &str) {
        fs::write(self.faults.join(fault), how).expect("a file");
    }

    fn works(&self, fault: &str) {
        fs::remove_file(self.faults.join(fault)).expect("it was there");
    }

    /// Somebody who has only to send what they wrote.
    async fn written(&self, text: &str) -> io::Result<Giving> {
        let mut giving = Giving::start(&self.server, CALL).await?;
        giving.answer_and_release(text, "public").await?;
        Ok(giving)
    }

    /// Waits until the receipt says that it is counted.
    async fn counted(&self, giving: &mut Giving) -> io::Result<Page> {
        let counted = |page: &Page| page.status == 200 && page.text().contains("/receipt/proof") && !is_promised(page);
        let page = until(&mut giving.browser, RECEIPT, counted).await?;
        assert!(counted(&page), "{}{}", page.text(), self.server.log());
        Ok(page)
    }

    /// What is published is sound, and goes on from what was published before.
    fn verify(&self) {
        let address = self.server.url("/register");
        let command = ["verify", "register", &address, "--remember", &self.memory];
        let output = Command::new(BINARY).args(command).output().expect("it runs");
        assert!(output.status.success(), "{}", said(&output));
    }
}

fn is_promised(page: &Page) -> bool {
    page.text().contains("promise")
}

async fn a_disk_that_fails_loses_nothing(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let failing = Failing::serve(&told);
    for fault in ["fsync", "full", "short"] {
        let mut before = failing.written("Before.").await?;
        before.send().await?;
        failing.counted(&mut before).await?;
        failing.verify();

        let mut meanwhile = failing.written("Meanwhile.").await?;
        let mut undecided = failing.written("Not yet.").await?;
        failing.fails(fault, "");
        let sent = meanwhile.post("send", &[]).await?;
        match engine {
            // The database is on this disk: nothing is acknowledged, and what to do is said.
            Engine::Sqlite => {
                assert_eq!(sent.status, 503, "{fault}: {}", sent.text());
                let typed = undecided.post("answer/long", &[("answer", "Do not lose me.")]).await?;
                assert!(typed.status == 503 && typed.text().contains("Do not lose me."), "{fault}: {}", typed.text());
            }
            Engine::Postgres => {
                assert_eq!(sent.status, 303, "{fault}: {}", sent.text());
                let trouble = |page: &Page| page.text().contains("Nothing is entered just now");
                let page = until(&mut failing.server.browser(), "/register", trouble).await?;
                assert!(trouble(&page), "{fault}: {}", failing.server.log());
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        failing.verify();

        failing.works(fault);
        if engine == Engine::Sqlite {
            let sent = meanwhile.post("send", &[]).await?;
            assert_eq!(sent.status, 303, "{fault}, over: {}{}", sent.text(), failing.server.log());
        }
        failing.counted(&mut meanwhile).await?;
        failing.counted(&mut before).await?;
        undecided.send().await?;
        failing.counted(&mut undecided).await?;
        failing.verify();
    }
    Ok(())
}

async fn a_clock_that_jumps_forks_nothing(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let mut failing = Failing::serve(&told);
    let mut all = Vec::new();
    for jump in [0, 400 * DAY, -30, -2 * DAY, -1_000 * DAY, 7_200, 0] {
        failing.fails("clock", &jump.to_string());
        let mut giving = failing.written(&format!("By {jump} seconds.")).await?;
        giving.send().await?;
        let page = failing.counted(&mut giving).await?;
        if jump == 400 * DAY {
            let then = SystemClock.now() + jiff::SignedDuration::from_secs(jump);
            assert!(page.text().contains(&then.strftime("%Y").to_string()), "the clock of the server is wrong");
        }
        failing.verify();
        all.push(giving);
        // Ended while it may hold a lease, and started by another clock.
        failing.server.kill9();
        failing.fails("clock", &(-jump).to_string());
        failing.server.start_again();
        let mut giving = failing.written("After a start.").await?;
        giving.send().await?;
        failing.counted(&mut giving).await?;
        failing.verify();
        all.push(giving);
    }
    failing.works("clock");
    let doctor = assert_done(&{
        failing.server.terminate();
        told.run(&["doctor"])
    });
    assert!(doctor.contains(&format!("{} leaves: checkpoint, files and database agree", all.len())), "{doctor}");
    Ok(())
}
