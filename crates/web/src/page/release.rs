//! What may be done with the evidence: the one question of the form that must be answered.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::{Call, DraftPart, Release, Review};
use service::CurrentReview;

use crate::error::{Failure, Outcome};
use crate::form::{SessionForm, Wish};
use crate::frame::{Frame, Section, private};
use crate::locale::{Locale, Said};
use crate::page::answer::{changing, kept, save_part};
use crate::page::draft::Writing;
use crate::page::mistake::{Mistake, at};
use crate::visit::Visit;

/// The page that asks, while giving evidence and again from the receipt.
#[derive(Template)]
#[template(path = "release.html")]
pub(crate) struct ReleasePage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a Review,
    /// The line above the heading.
    pub(super) caption: Said<'a>,
    /// Whether somebody chooses for a person whom they help.
    pub(super) helping: bool,
    pub(super) chosen: Option<Release>,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) button: &'a str,
    pub(super) action: String,
    pub(super) back: String,
}

impl ReleasePage<'_> {
    /// The levels, each with what people read of it.
    fn levels(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let locale = self.frame.locale;
        let hints = if self.helping { "release-hint-helping" } else { "release-hint" };
        let words = |level: &Release| {
            (level.as_str(), release_word(locale, *level, self.helping), locale.word(hints, level.as_str()))
        };
        Release::ALL.iter().map(words).collect()
    }

    fn chosen(&self, level: &str) -> bool {
        self.chosen.is_some_and(|chosen| chosen.as_str() == level)
    }

    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }
}

/// `GET /r/{review}/calls/{call}/release`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let part = DraftPart::Release(Release::UseOnly);
    let frame = visit.frame(Some(&writing.review)).writing(&writing.draft, &part);
    let content = &writing.draft.content;
    let (chosen, helping) = (content.release, content.helper.is_some());
    private(StatusCode::OK, &page(frame, &writing.review, writing.call()?, chosen, vec![], (changing(&visit), helping)))
}

/// `POST /r/{review}/calls/{call}/release`
pub(crate) async fn save(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let (change, switch) = (changing(&visit), form.fields.get("switch").is_some());
    let locale = visit.locale.changed(form.fields.get("switch"));
    let base = locale.link(&format!("/r/{}/calls/{}", review.slug, call.id));
    // Whoever goes back, or changes the language, may not have chosen yet.
    let elsewhere = if switch {
        Some(format!("{base}/release{}", kept(change)))
    } else {
        (form.wish() == Some(Wish::Back)).then(|| back_to(&base, change))
    };
    let chosen = form.fields.get("release").and_then(|word| word.parse::<Release>().ok());
    match (chosen, elsewhere) {
        (Some(release), elsewhere) => {
            let writing = Writing::of(&visit, std::sync::Arc::clone(&review), call.id.as_str(), form.writer()?).await?;
            // When everything has been said for somebody, it is read back before the last look.
            let next = if writing.draft.content.helper.is_some() { "read-back" } else { "check" };
            let to = elsewhere.unwrap_or_else(|| format!("{base}/{next}"));
            save_part(&visit, &review, call, &form, DraftPart::Release(release), &to).await
        }
        // Nothing chosen, so nothing to save or to lose.
        (None, Some(elsewhere)) => Ok(Redirect::to(&elsewhere).into_response()),
        (None, None) => {
            let writing = Writing::of(&visit, std::sync::Arc::clone(&review), call.id.as_str(), form.writer()?).await?;
            let helping = writing.draft.content.helper.is_some();
            let mistakes = vec![unchosen(locale)];
            let frame = visit.frame(Some(&review)).again(&form.fields);
            let page = page(frame, &review, call, None, mistakes, (change, helping));
            private(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The page before.
fn back_to(base: &str, change: bool) -> String {
    format!("{base}/{}", if change { "check" } else { "who" })
}

/// What people read of a level, for themselves or for the person whom they help.
pub(super) fn release_word(locale: Locale, release: Release, helping: bool) -> &'static str {
    locale.word(if helping { "release-helping" } else { "release" }, release.as_str())
}

/// What is said when nothing was chosen.
pub(super) fn unchosen(locale: Locale) -> Mistake {
    Mistake { field: "release", message: locale.t("mistake-release").to_owned() }
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    call: &'a Call,
    chosen: Option<Release>,
    mistakes: Vec<Mistake>,
    (change, helping): (bool, bool),
) -> ReleasePage<'a> {
    let heading = if helping { "release-ask-helping" } else { "release-heading" };
    let titles = [frame.t(heading), frame.say(&call.title).text];
    frame.form = true;
    frame.error = !mistakes.is_empty();
    let base = format!("{}/calls/{}", frame.base, call.id);
    ReleasePage {
        review: &review.definition,
        caption: frame.say(&call.title),
        helping,
        chosen,
        mistakes,
        button: frame.t("continue"),
        action: format!("{base}/release{}", kept(change)),
        back: back_to(&base, change),
        frame: frame.titled(&titles, Section::Give),
    }
}
