//! What the review is, how it treats what people tell it, and how accessible its pages are.

use askama::Template;
use axum::extract::Path;

use crate::error::Outcome;
use crate::frame::{Frame, Section, public};
use crate::page::home::{Step, steps};
use crate::visit::{Visit, cookie_name};

#[derive(Template)]
#[template(path = "about.html")]
pub(crate) struct AboutPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a domain::Review,
    pub(super) steps: Vec<Step<'a>>,
}

#[derive(Template)]
#[template(path = "privacy.html")]
pub(crate) struct PrivacyPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a domain::Review,
    /// What the one cookie is called.
    pub(super) cookie: &'static str,
    /// Whether mail is sent.
    pub(super) mail: bool,
}

#[derive(Template)]
#[template(path = "accessibility.html")]
pub(crate) struct AccessibilityPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a domain::Review,
}

/// `GET /r/{review}/about`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let frame = visit.frame(Some(&review));
    let title = frame.t("about");
    let steps = steps(&frame, &review);
    public(&AboutPage { frame: frame.titled(&[title], Section::About), review: &review, steps })
}

/// `GET /r/{review}/privacy`
pub(crate) async fn privacy(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let frame = visit.frame(Some(&review));
    let title = frame.t("privacy");
    let (cookie, mail) = (cookie_name(&visit.app.settings), visit.app.service.sends_mail());
    public(&PrivacyPage { frame: frame.titled(&[title], Section::None), review: &review, cookie, mail })
}

/// `GET /r/{review}/accessibility`
pub(crate) async fn accessibility(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let frame = visit.frame(Some(&review));
    let title = frame.t("accessibility");
    public(&AccessibilityPage { frame: frame.titled(&[title], Section::None), review: &review })
}
