//! What somebody gave, for themselves: as a page to print, and as a document.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Asked, Call, Contribution};
use publish::pdf::{Paper, Part, Words};
use service::{CurrentReview, ReceiptView};

use crate::error::Outcome;
use crate::frame::{Frame, Section, private};
use crate::locale::{Lang, Locale};
use crate::page::check::who;
use crate::page::receipt::view;
use crate::paper;
use crate::shown::pieces::{Piece, pieces};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "copy.html")]
pub(crate) struct CopyPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) view: &'a ReceiptView,
    /// Names, each with what it stands for.
    pub(super) facts: Vec<(&'a str, String)>,
    pub(super) entries: Vec<Entry<'a>>,
}

/// A question with what was answered.
pub(crate) struct Entry<'a> {
    /// The question.
    pub title: String,
    /// Its language, where it is not the page's.
    pub title_lang: Lang<'a>,
    /// What was answered.
    pub pieces: Vec<Piece<'a>>,
    /// The language of what somebody wrote in it.
    pub lang: Lang<'a>,
}

/// `GET /r/{review}/receipt/copy`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    private(StatusCode::OK, &page(visit.frame(Some(&review)), &review, &view))
}

/// `GET /r/{review}/receipt/copy.pdf`
pub(crate) async fn pdf(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let view = view(&visit, &review).await?;
    let document = document(visit.locale, &review, &view);
    paper::answer(visit.locale, view.contribution.reference.to_string(), "copy", document).await
}

pub(super) fn page<'a>(frame: Frame<'a>, review: &'a CurrentReview, view: &'a ReceiptView) -> CopyPage<'a> {
    let locale = frame.locale;
    let title = frame.with("said-heading-of", "reference", &view.contribution.reference);
    let frame = frame.titled(&[&title], Section::Give);
    CopyPage { facts: facts(locale, review, view), entries: entries(locale, review, view), frame, view }
}

fn document(locale: Locale, review: &CurrentReview, view: &ReceiptView) -> Paper {
    let facts = facts(locale, review, view).into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let mut parts = vec![Part::Rows(facts)];
    let tag = |lang: Lang<'_>| lang.tag().map(str::to_owned);
    for entry in entries(locale, review, view) {
        parts.push(Part::Heading(2, Words { text: entry.title, language: tag(entry.title_lang) }));
        for piece in entry.pieces {
            parts.extend(piece.label.map(|label| Part::Small(label.into())));
            let language = tag(if piece.own { entry.lang } else { piece.lang });
            parts.push(Part::Text(Words { text: piece.text.into_owned(), language }));
        }
    }
    if view.contribution.content.answers.is_empty() {
        parts.push(Part::Text(locale.t("record-empty").into()));
    }
    let reference = view.contribution.reference.as_str();
    Paper {
        language: locale.language().clone(),
        title: locale.t("said-heading").to_owned(),
        head: format!("{} · {reference}", locale.say(&review.title)),
        gaps: locale.t("said-gaps").to_owned(),
        parts,
    }
}

/// The call that it answers, and those that it also speaks to.
pub(super) fn calls_of<'a>(review: &'a CurrentReview, given: &'a Contribution) -> impl Iterator<Item = &'a Call> {
    std::iter::once(&given.call).chain(&given.content.also).filter_map(|call| review.call(call.as_str()))
}

/// What is to be known of it.
pub(super) fn facts<'a>(locale: Locale, review: &'a CurrentReview, view: &'a ReceiptView) -> Vec<(&'a str, String)> {
    let given = &view.contribution;
    let calls: Vec<String> = calls_of(review, given).map(|call| locale.say(&call.title).to_string()).collect();
    let who = who(locale, &given.content.respondent);
    let said = |key: &'static str| word(locale, key);
    let mut facts = vec![(said("review"), locale.say(&review.title).to_string())];
    facts.extend((!calls.is_empty()).then(|| (said("call"), calls.join(", "))));
    facts.push((said("reference"), given.reference.to_string()));
    facts.push((said("received"), locale.moment(given.received_at, &review.timezone)));
    facts.push((said("release"), locale.word("release", given.release.as_str()).to_owned()));
    facts.extend((!who.is_empty()).then(|| (said("who"), who.join(", "))));
    facts
}

fn word(locale: Locale, key: &str) -> &'static str {
    locale.word("record", key)
}

/// Every question that was answered, in the order of the call, those that the call has dropped since, and those that the
/// team asked afterwards.
pub(super) fn entries<'a>(locale: Locale, review: &'a CurrentReview, view: &'a ReceiptView) -> Vec<Entry<'a>> {
    let given = &view.contribution;
    let lang = locale.lang(&given.language);
    let answers = &given.content.answers;
    let questions = review.call(given.call.as_str()).map(|call| call.questions.as_slice()).unwrap_or_default();
    let asked = questions.iter().filter_map(|question| {
        let title = locale.say(&question.title);
        let pieces = pieces(locale, question, answers.get(&question.id)?);
        Some(Entry { title: title.to_string(), title_lang: title.lang, pieces, lang })
    });
    let dropped = answers.iter().filter(|(id, _)| !questions.iter().any(|question| question.id == **id));
    let dropped = dropped.map(|(id, answer)| {
        let pieces = answer.own_words().into_iter().map(|(_, text)| own(text)).collect();
        Entry { title: id.to_string(), title_lang: Lang::default(), pieces, lang }
    });
    let by_team = given.content.asked.iter().map(|asked| of_team(locale, asked));
    asked.chain(dropped).chain(by_team).collect()
}

fn of_team(locale: Locale, asked: &Asked) -> Entry<'_> {
    let (piece, lang) = match &asked.reply {
        Some(reply) => match &reply.text {
            Some(text) => (own(text), locale.lang(&reply.language)),
            None => (ours(locale.word("said", "declined")), Lang::default()),
        },
        None => (ours(locale.word("said", "no-reply")), Lang::default()),
    };
    Entry { title: asked.text.clone(), title_lang: locale.lang(&asked.language), pieces: vec![piece], lang }
}

fn own(text: &str) -> Piece<'_> {
    Piece { label: None, text: text.into(), own: true, prose: true, lang: Lang::default(), file: None }
}

fn ours(text: &'static str) -> Piece<'static> {
    Piece { label: None, text: text.into(), own: false, prose: false, lang: Lang::default(), file: None }
}
