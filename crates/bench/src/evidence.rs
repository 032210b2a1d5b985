//! Giving evidence, page by page, as somebody without JavaScript does.

use std::io;

use trial::{Browser, Page};

use crate::site::{CALL, REVIEW};

/// The words of somebody who has something to say.
const STORY: &str = "I went to renew my bus pass at the library because the form at home would not take my photograph. \
The librarian knew the page by heart and said that she helps six people a day with it. It took her four minutes. \
It had taken me three evenings. When I asked the council why the form does not say which photographs it takes, \
nobody could tell me who looks after it.";

/// Three answers of different kinds: question, and what is typed.
const ANSWERS: [(&str, &[(&str, &str)]); 3] = [
    ("barriers", &[("answer", STORY)]),
    ("device", &[("answer", "phone")]),
    (
        "story",
        &[
            ("service", "Bus pass"),
            ("place", "Barry Library"),
            ("verdict", "mixed"),
            ("happened", STORY),
            ("model", "yes"),
        ],
    ),
];

/// A draft that only waits to be sent.
pub struct Ready {
    cookie: String,
    csrf: String,
}

impl Ready {
    /// What names the session of its author.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }
}

/// Begins as somebody who was never there, answers, says who they are and what may be done with it.
pub async fn write(browser: &mut Browser) -> io::Result<String> {
    browser.forget();
    redirected(&browser.post_form(&path("start"), &[]).await?, "")?;
    let page = browser.follow().await?;
    let csrf = page.field("csrf").ok_or_else(|| unexpected("a page with a form", &page))?;
    for (question, typed) in ANSWERS {
        save(browser, &format!("answer/{question}"), typed, &csrf).await?;
    }
    save(browser, "who", &[("kind", "individual"), ("name", "Ada Tully")], &csrf).await?;
    save(browser, "release", &[("release", "public")], &csrf).await?;
    Ok(csrf)
}

/// Everything, from the beginning to the receipt.
pub async fn give(browser: &mut Browser) -> io::Result<()> {
    let csrf = write(browser).await?;
    shown(&browser.get(&path("check")).await?)?;
    redirected(&browser.post_form(&path("send"), &[("csrf", &csrf)]).await?, "/receipt")?;
    shown(&browser.follow().await?)
}

/// A draft, and the name of the session that it belongs to.
pub async fn prepare(browser: &mut Browser) -> io::Result<Ready> {
    let csrf = write(browser).await?;
    let cookie = browser.cookie("folkmoot").ok_or_else(|| io::Error::other("no cookie was set"))?;
    Ok(Ready { cookie: cookie.to_owned(), csrf })
}

/// Sends a draft that was prepared, perhaps by somebody else.
pub async fn send(browser: &mut Browser, ready: Ready) -> io::Result<()> {
    browser.set_cookie("folkmoot", &ready.cookie);
    redirected(&browser.post_form(&path("send"), &[("csrf", &ready.csrf)]).await?, "/receipt")
}

/// The address of a step.
pub fn path(step: &str) -> String {
    format!("/r/{REVIEW}/calls/{CALL}/{step}")
}

async fn save(browser: &mut Browser, step: &str, typed: &[(&str, &str)], csrf: &str) -> io::Result<()> {
    let mut fields = typed.to_vec();
    fields.push(("csrf", csrf));
    redirected(&browser.post_form(&path(step), &fields).await?, "")
}

/// Where a redirect must lead.
fn redirected(page: &Page, to: &str) -> io::Result<()> {
    let right = page.status == 303 && page.location().is_some_and(|location| location.ends_with(to));
    if right { Ok(()) } else { Err(unexpected(&format!("a redirect to …{to}"), page)) }
}

/// A page that was read as it should be.
pub fn shown(page: &Page) -> io::Result<()> {
    if page.status == 200 { Ok(()) } else { Err(unexpected("a page", page)) }
}

fn unexpected(wanted: &str, page: &Page) -> io::Error {
    io::Error::other(format!(
        "{wanted} was expected, and this came: {} {:?}\n{}",
        page.status,
        page.location(),
        page.text()
    ))
}
