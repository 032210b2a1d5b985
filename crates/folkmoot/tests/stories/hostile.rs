//! Whatever is typed into any field of the public pages, or stands in any address or header: no answer says that something is
//! broken here, nothing typed becomes markup or a header, and nothing of it stands in the log.

use std::fs;
use std::io;
use std::path::Path;

use trial::{Browser, Page, Server};

use crate::told::{BINARY, CALL, Engine, Giving, Told, assert_done};

/// Stands in everything that is typed, to look for it where it must not be.
const CANARY: &str = "kestrelcanary";

/// What must never stand in a page, however it was typed.
const MARKUP: [&str; 6] =
    ["<script>alert", "<img src=x", "<svg/onload", "<a href=\"javascript:", "src=\"http://tracker", "<iframe"];

/// What people type who mean no good, and what machines type who mean nothing.
fn payloads() -> Vec<String> {
    let mut all: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' autofocus onfocus=alert(1) x='",
        "<svg/onload=alert(1)>",
        "</textarea><iframe srcdoc=x>",
        "--><!-- ]]>",
        "[x](javascript:alert(1)) ![](http://tracker.example/p.gif)",
        "{{7*7}} {% include \"x\" %} ${7*7}",
        "' or '1'='1'; drop table draft; --",
        "\0\u{1}\u{7f}\u{85}",
        "\u{202e}gpj.exe\u{2066}\u{feff}",
        "x\r\nSet-Cookie: evil=1\r\n\r\n<h1>",
        "../../../../etc/passwd",
        "=HYPERLINK(\"http://x\")",
        "&lt;b&gt;&#0;&amp",
        "\u{fffd}\u{fffe}\u{10ffff}\u{e000}",
        "-1",
        "1e999",
        "NaN",
        "\u{663}\u{664}",
        "99999999999999999999999999",
        "0x10",
        "2025-02-31",
        "",
        " \t\u{a0}\u{3000}",
    ]
    .map(|text| format!("{text}{CANARY}"))
    .to_vec();
    // Without the canary: numbers and dates that are read as such.
    all.extend(["-1", "NaN", "1e999", "9223372036854775808", "", "\0"].map(str::to_owned));
    all.push("👩‍👩‍👧‍👦".repeat(500));
    all.push("e\u{301}".repeat(3_000));
    all.push(format!("{}{CANARY}", "Zalgo\u{336}\u{35c}".repeat(2_000)));
    all.push("a".repeat(150_000));
    all
}

/// The fields of a draft's forms, page by page.
const DRAFT: [(&str, &[&str]); 15] = [
    ("answer/short", &["answer", "seen", "draft", "go", "switch", "easy", "clear"]),
    ("answer/long", &["answer", "csrf"]),
    ("answer/yes", &["answer"]),
    ("answer/one", &["answer", "other"]),
    ("answer/many", &["answer"]),
    ("answer/scale", &["answer"]),
    ("answer/number", &["answer"]),
    ("answer/date", &["answer-day", "answer-month", "answer-year"]),
    ("answer/example", &["service", "place", "verdict", "happened", "model"]),
    ("who", &["kind", "name", "organisation", "members", "asked"]),
    ("release", &["release", "go"]),
    ("also", &["also", "answer"]),
    ("read-back", &["read-back", "answer"]),
    ("helping", &["way", "role", "agreed", "helper-name", "helper-organisation"]),
    ("later/mail", &["address", "holds"]),
];

/// The forms that anybody may send.
const OPEN: [(&str, &[&str]); 8] = [
    ("/r/trial/receipt", &["words", "of", "csrf"]),
    ("/r/trial/newsletter", &["address", "reason", "website"]),
    ("/r/trial/newsletter/leave", &["t"]),
    ("/r/trial/newsletter/confirm?t=x", &["t"]),
    ("/r/trial/receipt/withdraw", &["of", "csrf"]),
    ("/r/trial/calls/all-kinds/start", &["draft", "switch"]),
    (
        "/r/trial/help",
        &[
            "name",
            "place",
            "place-offer",
            "place-pick",
            "help",
            "spoken",
            "sentence",
            "contact",
            "show-contact",
            "consent",
            "once",
            "switch",
        ],
    ),
    ("/r/trial/help/withdraw", &["code"]),
];

/// The forms of whoever holds a receipt.
const HELD: [(&str, &[&str]); 4] = [
    ("reply", &["asked", "reply", "publish", "decline", "csrf"]),
    ("mail", &["address", "holds"]),
    ("release", &["release"]),
    ("letter", &["of"]),
];

/// The form by which a body takes up a model.
const TAKING_UP: [&str; 6] = ["once", "body", "contact", "sentence", "consent", "switch"];

/// The pages of a story, which asks first what happened.
const STORY: [(&str, &[&str]); 3] =
    [("answer/happened", &["answer", "seen", "go", "clear"]), ("who", &["name"]), ("release", &["release"])];

/// What can be asked of a page by its address.
const ASKED: [(&str, &[&str]); 10] = [
    (
        "/r/trial/contributions",
        &[
            "q", "call", "kind", "verdict", "service", "place", "model", "example", "from", "until", "channel",
            "language", "late", "after", "page",
        ],
    ),
    ("/r/trial/contributions.atom", &["q", "call", "place"]),
    ("/r/trial/examples", &["q", "service", "place", "after"]),
    ("/r/trial/heard.csv", &["figure", "call"]),
    ("/r/trial/receipt", &["of", "said"]),
    ("/r/trial/newsletter/leave", &["t", "once"]),
    ("/r/trial/calls", &["x"]),
    ("/r/trial/calls/all-kinds/questionnaire", &["easy"]),
    ("/r/trial/help", &["place", "kind", "page"]),
    ("/r/trial/picture.png", &["x"]),
];

/// Addresses with something in the place of `{}`.
const PATHS: [&str; 16] = [
    "/{}",
    "/cy/{}",
    "/r/{}",
    "/r/trial/{}",
    "/r/trial/calls/{}",
    "/r/trial/calls/all-kinds/answer/{}",
    "/r/trial/contributions/{}",
    "/r/trial/contributions/{}/cite",
    "/r/trial/models/{}/example",
    "/r/trial/learn/{}",
    "/r/trial/calls/{}/before",
    "/r/trial/calls/{}/questionnaire",
    "/r/trial/calls/{}/picture.png",
    "/r/trial/heard/{}",
    "/r/{}/sitemap.xml",
    "/assets/{}",
];

const HEADERS: [&str; 7] =
    ["accept-language", "cookie", "referer", "accept-encoding", "x-forwarded-for", "if-none-match", "origin"];

struct Siege<'a> {
    server: &'a Server,
    cases: usize,
}

impl Siege<'_> {
    /// What must hold of every answer.
    fn hold(&mut self, what: &str, page: &Page) {
        self.cases += 1;
        assert!(page.status < 500, "{what}: {}", page.status);
        let text = page.text();
        for markup in MARKUP {
            assert!(!text.contains(markup), "{what}: {markup} in {text}");
        }
        assert!(!text.contains("panicked") && !text.contains("/src/"), "{what}: {text}");
        let cookies = page.headers.get_all("set-cookie").iter();
        let ours = |value: &hyper::header::HeaderValue| value.to_str().is_ok_and(|value| !value.starts_with("evil"));
        assert!(cookies.into_iter().all(ours), "{what}: {:?}", page.headers);
        if page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            let policy = page.header("content-security-policy").unwrap_or_default();
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{what}: {policy}");
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{what}");
        }
    }

    fn browser(&self) -> Browser {
        self.server.browser()
    }

    async fn drafts(&mut self, payloads: &[String]) -> io::Result<()> {
        let mut giving = Giving::start(self.server, CALL).await?;
        for (page, fields) in DRAFT {
            for field in fields {
                for payload in payloads {
                    let own = giving.csrf.clone();
                    let path = format!("{CALL}/{page}");
                    let answer = if *field == "csrf" {
                        giving.browser.post_form(&path, &[("answer", "x"), ("csrf", payload)]).await?
                    } else {
                        giving.browser.post_form(&path, &[("csrf", own.as_str()), (field, payload.as_str())]).await?
                    };
                    self.hold(&format!("{page} {field} {payload:.60?}"), &answer);
                }
            }
            let shown = giving.browser.get(&format!("{CALL}/{page}")).await?;
            self.hold(page, &shown);
        }
        for page in ["check", "questions", "later", "about-you"] {
            let shown = giving.browser.get(&format!("{CALL}/{page}")).await?;
            self.hold(page, &shown);
        }
        Ok(())
    }

    async fn open_forms(&mut self, payloads: &[String]) -> io::Result<()> {
        for (path, fields) in OPEN {
            for field in fields {
                for payload in payloads {
                    let answer = self.browser().post_form(path, &[(field, payload.as_str())]).await?;
                    self.hold(&format!("{path} {field} {payload:.60?}"), &answer);
                }
            }
        }
        Ok(())
    }

    /// Forms about what was sent: answers to the team, mail to oneself.
    async fn receipts(&mut self, told: &Told, payloads: &[String]) -> io::Result<()> {
        let mut giving = Giving::start(self.server, CALL).await?;
        giving.answer_and_release("An office with a green door.", "public").await?;
        let reference = giving.send().await?.reference;
        assert_done(&told.run(&["ask", &reference, "Which office was it?", "--review", "trial"]));
        for (page, fields) in HELD {
            let path = format!("/r/trial/receipt/{page}");
            for field in fields {
                for payload in payloads {
                    let (own, payload) = (giving.csrf.clone(), payload.as_str());
                    let csrf = if *field == "csrf" { payload } else { &own };
                    let asked = if *field == "asked" { payload } else { "asked-1" };
                    let mut sent = vec![("csrf", csrf), ("asked", asked)];
                    sent.extend((!["csrf", "asked"].contains(field)).then_some((*field, payload)));
                    let answer = giving.browser.post_form(&path, &sent).await?;
                    self.hold(&format!("{path} {field} {payload:.60?}"), &answer);
                }
            }
            for shown in ["/r/trial/receipt", "/r/trial/receipt/copy", "/r/trial/receipt/letter"] {
                let page = giving.browser.get(shown).await?;
                assert_eq!(page.status, 200, "{shown}");
                self.hold(shown, &page);
            }
        }
        let paper = giving.browser.get("/r/trial/receipt/copy.pdf").await?;
        assert_eq!(paper.status, 200, "whatever was answered can be put on paper");
        Ok(())
    }

    /// Says of a model that a body will take it up.
    async fn models(&mut self, told: &Told, payloads: &[String]) -> io::Result<()> {
        let mut giving = Giving::start(self.server, CALL).await?;
        let example =
            [("verdict", "works"), ("happened", "It was quick."), ("service", "Bus passes"), ("model", "yes")];
        giving.post("answer/example", &example).await?;
        giving.post("release", &[("release", "public")]).await?;
        let reference = giving.send().await?.reference;
        assert_done(&told.run(&["spam", "clear", "--review", "trial", "--sign", "quick"]));
        assert_done(&told.run(&["publish", "--review", "trial", &reference]));
        let path = format!("/r/trial/models/{reference}/example");
        let mut browser = self.browser();
        assert_eq!(browser.get(&path).await?.status, 200, "there is a model");
        for field in TAKING_UP {
            for payload in payloads {
                let sent = [("body", "A council"), ("contact", "a@example.org"), (field, payload.as_str())];
                let answer = browser.post_form(&path, &sent).await?;
                self.hold(&format!("{path} {field} {payload:.60?}"), &answer);
            }
        }
        let shown = browser.get(&path).await?;
        self.hold(&path, &shown);
        Ok(())
    }

    async fn stories(&mut self, payloads: &[String]) -> io::Result<()> {
        let mut telling = Giving::start(self.server, "/r/support/calls/story").await?;
        for (page, fields) in STORY {
            for field in fields {
                for payload in payloads {
                    let answer = telling.post(page, &[(field, payload.as_str())]).await?;
                    self.hold(&format!("story {page} {field} {payload:.60?}"), &answer);
                }
            }
            let shown = telling.browser.get(&format!("{}/{page}", telling.call)).await?;
            self.hold(page, &shown);
        }
        Ok(())
    }

    async fn addresses(&mut self, payloads: &[String]) -> io::Result<()> {
        let mut browser = self.browser();
        for payload in payloads.iter().filter(|payload| payload.len() < 4_000) {
            let encoded: String = form_urlencoded::byte_serialize(payload.as_bytes()).collect();
            for (path, names) in ASKED {
                for name in names {
                    let answer = browser.get(&format!("{path}?{name}={encoded}")).await?;
                    self.hold(&format!("{path}?{name}={encoded:.60}"), &answer);
                }
            }
            for path in PATHS {
                let path = path.replace("{}", &encoded.replace('+', "%20"));
                let answer = browser.get(&path).await?;
                self.hold(&path, &answer);
            }
        }
        for broken in
            ["/r/trial/contributions?q=%", "/r/trial/%ff%fe", "/r/trial/contributions?%ff=%fe&&&=", "//", "/%2e%2e/"]
        {
            let answer = browser.get(broken).await?;
            self.hold(broken, &answer);
        }
        Ok(())
    }

    async fn headers(&mut self, payloads: &[String]) -> io::Result<()> {
        let sent = |text: &&String| hyper::header::HeaderValue::from_str(text).is_ok() && text.len() < 8_000;
        for payload in payloads.iter().filter(sent) {
            for header in HEADERS {
                let mut browser = self.browser().with_header(header, payload);
                let answer = browser.get("/r/trial/contributions").await?;
                self.hold(&format!("{header}: {payload:.60?}"), &answer);
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_typed_breaks_anything() -> io::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let told = Told::on(engine);
        let support = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/support.toml");
        assert_done(&told.run(&["review", "apply", &support.display().to_string()]));
        let server = told.serve();
        let payloads = payloads();
        let mut siege = Siege { server: &server, cases: 0 };
        siege.drafts(&payloads).await?;
        siege.open_forms(&payloads).await?;
        siege.receipts(&told, &payloads).await?;
        siege.models(&told, &payloads).await?;
        siege.stories(&payloads).await?;
        siege.addresses(&payloads).await?;
        siege.headers(&payloads).await?;
        println!("{engine:?}: {} cases", siege.cases);
        assert!(siege.cases > 3_500, "{}", siege.cases);
        let log = server.log();
        assert!(!log.contains(CANARY), "what was typed stands in the log");
        assert!(!log.contains("\"ERROR\""), "{log}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_published_is_shown_as_it_was_typed() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = Server::start(BINARY, &told.data(), None, &["--posts-per-minute", "0", "--sent-per-minute", "0"]);
    let mut siege = Siege { server: &server, cases: 0 };
    let mut references = Vec::new();
    for payload in payloads().iter().filter(|payload| (20..200).contains(&payload.chars().count())) {
        let mut giving = Giving::start(&server, CALL).await?;
        giving.post("answer/short", &[("answer", payload)]).await?;
        giving.post("answer/long", &[("answer", payload)]).await?;
        giving.post("who", &[("kind", "individual"), ("name", payload)]).await?;
        giving.post("release", &[("release", "public")]).await?;
        let sent = giving.post("send", &[]).await?;
        if sent.status == 303 && sent.location().is_some_and(|to| to.ends_with("/receipt")) {
            let receipt = giving.browser.follow().await?;
            siege.hold("the receipt", &receipt);
            references.push(crate::told::Receipt::read(&receipt).reference);
        }
    }
    assert!(references.len() > 10, "{references:?}");
    let mut publish = vec!["publish", "--review", "trial"];
    publish.extend(references.iter().map(String::as_str));
    assert_done(&told.run(&publish));
    let mut reader = server.browser();
    for reference in &references {
        for page in ["", "/cite"] {
            let path = format!("/r/trial/contributions/{reference}{page}");
            let shown = reader.get(&path).await?;
            assert_eq!(shown.status, 200, "{path}");
            siege.hold(&path, &shown);
        }
    }
    for path in ["/r/trial/contributions", "/r/trial/contributions.atom", "/r/trial"] {
        let shown = reader.get(path).await?;
        siege.hold(path, &shown);
    }
    // The tables hold what was typed, letter for letter, and no cell breaks out of its row.
    let out = told.folder.path().join("out").display().to_string();
    assert_done(&told.run(&["export", "--review", "trial", &out]));
    let answers = fs::read_to_string(Path::new(&out).join("answers.csv"))?;
    let mut cells = 0;
    for row in csv::Reader::from_reader(answers.as_bytes()).records() {
        cells += row.map_err(io::Error::other)?.iter().filter(|cell| cell.ends_with(CANARY)).count();
    }
    assert!(cells >= 2 * references.len(), "{cells} of {}", references.len());
    Ok(())
}
