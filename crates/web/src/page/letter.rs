//! The receipt as a letter on one sheet, for whoever has no e-mail: the reference, the eight words to be read aloud, and how to see
//! what becomes of it. As a page to print, and as a document.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Day, ReceiptCode};
use publish::pdf::{Paper, Part, Words};
use service::{CurrentReview, ReceiptView};

use crate::error::Outcome;
use crate::frame::{Frame, Section, private};
use crate::page::copy::facts;
use crate::page::receipt::view;
use crate::paper;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "letter.html")]
pub(crate) struct LetterPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) view: &'a ReceiptView,
    pub(super) facts: Vec<(&'a str, String)>,
    /// The words in groups of four; none if this session has not kept them.
    pub(super) words: Option<[Vec<&'static str>; 2]>,
    /// Where the words are typed, as it is read out or written down.
    pub(super) address: String,
    /// How to see what becomes of it.
    pub(super) steps: [String; 3],
    /// Whom to telephone, if the team has given a number.
    pub(super) telephone: Option<String>,
    pub(super) made: String,
}

/// `GET /r/{review}/receipt/letter`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    private(StatusCode::OK, &page(visit.frame(Some(&review)), &review, &view, &visit.origin()))
}

/// `GET /r/{review}/receipt/letter.pdf`
pub(crate) async fn pdf(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    let document = document(&page(visit.frame(Some(&review)), &review, &view, &visit.origin()));
    paper::answer(visit.locale, view.contribution.reference.to_string(), "letter", document).await
}

/// `origin` is the address of the installation, as in `https://review.example.org`.
pub(super) fn page<'a>(
    frame: Frame<'a>,
    review: &'a CurrentReview,
    view: &'a ReceiptView,
    origin: &str,
) -> LetterPage<'a> {
    let locale = frame.locale;
    let shown = origin.split_once("://").map_or(origin, |(_, host)| host);
    let address = format!("{shown}{}/receipt", frame.base);
    let contact = &review.contact;
    let telephone = contact.telephone.as_ref().map(|number| match &contact.hours {
        Some(hours) => format!("{number} ({})", locale.say(hours)),
        None => number.to_string(),
    });
    let four = |words: &[&'static str]| words.to_vec();
    let made = frame.with("letter-made", "date", frame.day(&Day::of(frame.now, &review.timezone)));
    let words = view.code.as_ref().map(ReceiptCode::words);
    let title = frame.t("letter-heading");
    // Who they are and what they allow they know, and somebody else might find the sheet.
    let mut facts = facts(locale, review, view);
    facts.retain(|(name, _)| !["record-who", "record-release"].iter().any(|key| *name == frame.t(key)));
    LetterPage {
        facts,
        words: words.map(|words| [four(&words[..4]), four(&words[4..])]),
        address,
        steps: [
            frame.t("letter-step-address").to_owned(),
            frame.t("letter-step-words").to_owned(),
            frame.t("letter-step-see").to_owned(),
        ],
        telephone: telephone.map(|telephone| frame.with("letter-telephone", "telephone", telephone)),
        made,
        frame: frame.titled(&[title, view.contribution.reference.as_str()], Section::Give),
        view,
    }
}

fn document(page: &LetterPage<'_>) -> Paper {
    let t = |key: &str| Words::from(page.frame.t(key));
    let facts = page.facts.iter().map(|(name, value)| ((*name).into(), value.as_str().into())).collect();
    let mut parts = vec![Part::Text(t("letter-text")), Part::Rows(facts), Part::Heading(2, t("letter-words"))];
    match &page.words {
        Some(groups) => {
            parts.push(Part::Text(t("letter-words-text")));
            parts.push(Part::Code(groups.iter().flatten().map(|word| (*word).to_owned()).collect()));
        }
        None => parts.push(Part::Text(t("letter-no-words"))),
    }
    parts.push(Part::Small(t("later-address")));
    parts.push(Part::Text(page.address.as_str().into()));
    parts.push(Part::Heading(2, t("letter-how")));
    parts.push(Part::Steps(page.steps.iter().map(|step| step.as_str().into()).collect()));
    parts.push(Part::Text(t("letter-trusted")));
    parts.extend(page.telephone.as_deref().map(|telephone| Part::Text(telephone.into())));
    parts.push(Part::Small(page.made.as_str().into()));
    Paper {
        language: page.frame.locale.language().clone(),
        title: page.frame.t("letter-heading").to_owned(),
        head: page.view.contribution.reference.to_string(),
        gaps: page.frame.t("said-gaps").to_owned(),
        parts,
    }
}
