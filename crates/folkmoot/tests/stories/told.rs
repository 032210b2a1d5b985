//! What the stories are told with: an installation of either engine, and somebody who gives evidence.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Mutex, OnceLock, PoisonError};

use trial::{Browser, Page, Postgres, Server};

/// Tells stories on each engine.
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$story(super::Engine::Sqlite).await.expect("the story");
            }
            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$story(super::Engine::Postgres).await.expect("the story");
            }
        }
    )+};
}

pub const BINARY: &str = env!("CARGO_BIN_EXE_folkmoot");
pub const CALL: &str = "/r/trial/calls/all-kinds";

/// Which engine a story is told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// An installation with the trial review.
pub struct Told {
    pub folder: tempfile::TempDir,
    pub database: Option<String>,
}

/// One `PostgreSQL` for all stories that do not stop it.
pub fn postgres() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    SERVER.get_or_init(Postgres::start)
}

impl Told {
    pub fn on(engine: Engine) -> Self {
        let database = (engine == Engine::Postgres).then(|| postgres().create_database());
        let told = Self { folder: tempfile::tempdir().expect("a temporary folder"), database };
        let review = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/trial.toml");
        assert_done(&told.run(&["review", "apply", &review.display().to_string()]));
        told
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn serve(&self) -> Server {
        self.serve_from("data")
    }

    /// The secret that all nodes share.
    pub fn secret(&self) -> String {
        self.data().join("secret").display().to_string()
    }

    /// Another node has a folder of its own.
    pub fn serve_from(&self, folder: &str) -> Server {
        let data = self.folder.path().join(folder);
        let secret = self.secret();
        let always = ["--posts-per-minute", "0", "--sent-per-minute", "0", "--secret", &secret];
        Server::start(BINARY, &data, self.database.as_deref(), &always)
    }

    /// Runs a command on this installation.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let data = self.data().display().to_string();
        let mut all = arguments.to_vec();
        all.extend(["--data", &data]);
        if let Some(url) = &self.database {
            all.extend(["--database", url.as_str()]);
        }
        trial::run(BINARY, &all)
    }
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub fn assert_done(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    said(output)
}

/// Reads again until the page says what is awaited: what is behind the pages takes a moment.
pub async fn until(browser: &mut Browser, path: &str, holds: impl Fn(&Page) -> bool) -> io::Result<Page> {
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(2);
    loop {
        let page = browser.get(path).await?;
        if holds(&page) || std::time::Instant::now() > deadline {
            return Ok(page);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Somebody with a draft.
pub struct Giving {
    pub browser: Browser,
    pub csrf: String,
    pub call: String,
}

impl Giving {
    /// Starts a draft.
    pub async fn start(server: &Server, call: &str) -> io::Result<Self> {
        let mut browser = server.browser();
        let started = browser.post_form(&format!("{call}/start"), &[]).await?;
        assert_eq!(started.status, 303, "{}", started.text());
        let first = browser.follow().await?;
        let csrf = first.field("csrf").unwrap_or_else(|| panic!("no csrf field: {}", first.text()));
        Ok(Self { browser, csrf, call: call.to_owned() })
    }

    /// Sends the form of one page.
    pub async fn post(&mut self, page: &str, fields: &[(&str, &str)]) -> io::Result<Page> {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        self.browser.post_form(&format!("{}/{page}", self.call), &all).await
    }

    /// Saves the answer to one question, and says what may be done with it.
    pub async fn answer_and_release(&mut self, text: &str, release: &str) -> io::Result<()> {
        assert_eq!(self.post("answer/long", &[("answer", text)]).await?.status, 303);
        assert_eq!(self.post("release", &[("release", release)]).await?.status, 303);
        Ok(())
    }

    /// Sends the form of a page of the receipt.
    pub async fn post_receipt(&mut self, page: &str) -> io::Result<()> {
        let fields = [("csrf", self.csrf.as_str())];
        let done = self.browser.post_form(&format!("/r/trial/receipt/{page}"), &fields).await?;
        assert_eq!(done.status, 303, "{}", done.text());
        Ok(())
    }

    /// Sends it, and reads the receipt.
    pub async fn send(&mut self) -> io::Result<Receipt> {
        let sent = self.post("send", &[]).await?;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let page = self.browser.follow().await?;
        Ok(Receipt::read(&page))
    }
}

/// What a receipt page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub reference: String,
    pub words: Vec<String>,
}

impl Receipt {
    pub fn read(page: &Page) -> Self {
        assert_eq!(page.status, 200);
        let html = page.text();
        let inside = |from: &str, to: &str| {
            html.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(text, _)| text.to_owned())
        };
        let reference = inside("fm-receipt__ref\">", "</p>").unwrap_or_else(|| panic!("no reference: {html}"));
        Self { reference: reference.trim().to_owned(), words: words(page) }
    }
}

/// The words of a code on a page.
pub fn words(page: &Page) -> Vec<String> {
    let html = page.text();
    let (_, list) = html.split_once("class=\"fm-words\"").unwrap_or_default();
    let (list, _) = list.split_once("</ol>").unwrap_or_default();
    let items = list.split("<li>").skip(1).filter_map(|item| item.split_once("</li>"));
    items.map(|(word, _)| word.trim().to_owned()).collect()
}
