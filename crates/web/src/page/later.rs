//! Leaving and coming back: the eight words that lead back to a draft, on any device.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Call, DraftPart};
use jiff::Timestamp;

use crate::error::Outcome;
use crate::frame::{Frame, Section, private};
use crate::page::draft::Writing;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "later.html")]
pub(crate) struct LaterPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) words: [&'static str; 8],
    /// The address at which the words are typed, to be read out or written down.
    pub(super) address: String,
    pub(super) until: Timestamp,
    pub(super) base: String,
    /// Whether the words can be sent by e-mail.
    pub(super) mail: bool,
}

/// `GET /r/{review}/calls/{call}/later`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let call = writing.call()?;
    let session = visit.session.as_ref().ok_or(crate::error::Failure::NoDraft)?;
    let code = visit.app.service.draft_code(&writing.review, call, session.into()).await?;
    let frame = visit.frame(Some(&writing.review)).writing(&writing.draft, &DraftPart::Also(vec![]));
    let titles = [frame.t("later-heading"), frame.say(&call.title).text];
    let origin = visit.origin();
    let shown = origin.split_once("://").map_or(origin.as_str(), |(_, host)| host);
    let page = LaterPage {
        words: code.words(),
        address: format!("{shown}{}/receipt", frame.base),
        until: writing.draft.expires_at,
        base: format!("{}/calls/{}", frame.base, call.id),
        mail: visit.app.service.sends_mail(),
        frame: frame.titled(&titles, Section::Give),
        call,
    };
    private(StatusCode::OK, &page)
}
