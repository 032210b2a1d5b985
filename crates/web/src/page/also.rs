//! Which other calls a contribution speaks to: nobody should have to say the same thing twice.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Call, DraftPart, Slug};

use crate::error::{Failure, Outcome};
use crate::form::SessionForm;
use crate::frame::{Frame, Section, private};
use crate::page::answer::save_part;
use crate::page::draft::Writing;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "also.html")]
pub(crate) struct AlsoPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    /// The other calls, each with whether it was chosen.
    pub(super) others: Vec<(&'a Call, bool)>,
    pub(super) base: String,
}

/// `GET /r/{review}/calls/{call}/also`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let (call, review) = (writing.call()?, &writing.review);
    let chosen = &writing.draft.content.also;
    let mut frame = visit.frame(Some(review)).writing(&writing.draft, &DraftPart::Also(vec![]));
    frame.form = true;
    let titles = [frame.t("also-heading"), frame.say(&call.title).text];
    let others = review.calls.iter().filter(|other| other.id != call.id);
    let page = AlsoPage {
        others: others.map(|other| (other, chosen.contains(&other.id))).collect(),
        base: format!("{}/calls/{}", frame.base, call.id),
        frame: frame.titled(&titles, Section::Give),
        call,
    };
    private(StatusCode::OK, &page)
}

/// `POST /r/{review}/calls/{call}/also`
pub(crate) async fn save(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let others = review.calls.iter().filter(|other| other.id != call.id);
    let also: Vec<Slug> =
        others.filter(|other| form.fields.has("also", other.id.as_str())).map(|other| other.id.clone()).collect();
    let base = format!("/r/{}/calls/{}", review.slug, call.id);
    let to = match form.fields.get("switch") {
        tag @ Some(_) => visit.locale.changed(tag).link(&format!("{base}/also")),
        None => visit.locale.link(&format!("{base}/check")),
    };
    save_part(&visit, &review, call, &form, DraftPart::Also(also), &to).await
}
