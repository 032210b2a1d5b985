//! Helping somebody to give evidence, or answering for them: who helps, what is read out before, and what is read back after.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::{Call, DraftPart, Fields, Helper, HelpingRole, HelpingWay, Line, ReadBack, Release};

use crate::error::{Failure, Outcome};
use crate::form::{OpenForm, SessionForm};
use crate::frame::{Frame, Section, private};
use crate::locale::Locale;
use crate::page::answer::save_part;
use crate::page::check::{Given, given, who};
use crate::page::draft::Writing;
use crate::page::mistake::{Mistake, at, of_line};
use crate::page::questions::MANY;
use crate::page::release::release_word;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "helping.html")]
pub(crate) struct HelpingPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) base: String,
}

impl HelpingPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.fields.has(name, value)
    }

    fn ways(&self) -> Vec<(&'static str, &'static str)> {
        let word = |way: &HelpingWay| (way.as_str(), self.frame.locale.word("helping-way", way.as_str()));
        HelpingWay::ALL.iter().map(word).collect()
    }

    /// What is said to the person before: to one who is there, and to one who is not.
    fn scripts(&self) -> [(&'static str, [&'static str; 3]); 2] {
        let script = |way: &'static str| {
            let sentence = |part: &str| self.frame.locale.word("helping-script", &format!("{way}-{part}"));
            (sentence("heading"), ["what", "free", "after"].map(sentence))
        };
        [HelpingWay::Together.as_str(), HelpingWay::OnBehalf.as_str()].map(script)
    }

    fn roles(&self) -> Vec<(&'static str, &'static str)> {
        let word = |role: &HelpingRole| (role.as_str(), self.frame.locale.word("helping-role", role.as_str()));
        HelpingRole::ALL.iter().map(word).collect()
    }
}

/// `GET /r/{review}/calls/{call}/helping`
pub(crate) async fn show(visit: Visit, Path((review, call)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    private(StatusCode::OK, &page(visit.frame(Some(&review)), call, Fields::default(), vec![]))
}

/// `POST /r/{review}/calls/{call}/helping`: begins a draft for the person who is helped.
pub(crate) async fn start(
    visit: Visit,
    Path((review, call)): Path<(String, String)>,
    OpenForm(fields): OpenForm,
) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    if fields.get("switch").is_some() {
        let locale = visit.locale.changed(fields.get("switch"));
        return private(StatusCode::OK, &page(visit.frame_in(locale, Some(&review)), call, fields, vec![]));
    }
    let helper = match parse(&fields, visit.locale) {
        Ok(helper) => helper,
        Err(mistakes) => {
            let page = page(visit.frame(Some(&review)), call, fields, mistakes);
            return private(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let base = visit.locale.link(&format!("/r/{}/calls/{}", review.slug, call.id));
    let (session, language) = (visit.session.as_ref(), visit.written_in(&review));
    match visit.app.service.start_draft(&review, call, session, language, Some(helper)).await {
        Ok((secret, _)) => match call.questions.first() {
            Some(first) if call.questions.len() <= MANY => visit.go_on(&format!("{base}/answer/{}", first.id), &secret),
            _ => visit.go_on(&format!("{base}/questions"), &secret),
        },
        Err(service::Error::NotOpen(_)) => Ok(Redirect::to(&base).into_response()),
        Err(other) => Err(other.into()),
    }
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    call: &'a Call,
    fields: Fields,
    mistakes: Vec<Mistake>,
) -> HelpingPage<'a> {
    let titles = [frame.t("helping-heading"), frame.say(&call.title).text];
    frame.error = !mistakes.is_empty();
    frame.form = true;
    let base = format!("{}/calls/{}", frame.base, call.id);
    HelpingPage { frame: frame.titled(&titles, Section::Give), call, fields, mistakes, base }
}

fn parse(fields: &Fields, locale: Locale) -> Result<Helper, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let way: Option<HelpingWay> = fields.get("way").and_then(|word| word.parse().ok());
    let role: Option<HelpingRole> = fields.get("role").and_then(|word| word.parse().ok());
    let agreed = fields.get("agreed").is_some();
    let missing = [(way.is_none(), "way", "mistake-way"), (role.is_none(), "role", "mistake-role")];
    for (missing, field, key) in missing.into_iter().chain([(!agreed, "agreed", "mistake-agreed")]) {
        if missing {
            mistakes.push(Mistake { field, message: locale.t(key).to_owned() });
        }
    }
    let mut line = |field: &'static str| -> Option<Line> {
        let parsed = fields.get(field)?.parse();
        parsed.map_err(|error| mistakes.push(of_line(locale, field, &error))).ok()
    };
    let (name, organisation) = (line("helper-name"), line("helper-organisation"));
    match (way, role) {
        (Some(way), Some(role)) if mistakes.is_empty() => {
            Ok(Helper { way, role, name, organisation, read_back: None, reason: None })
        }
        _ => Err(mistakes),
    }
}

#[derive(Template)]
#[template(path = "read-back.html")]
pub(crate) struct ReadBackPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) answers: Vec<Given<'a>>,
    pub(super) who: Vec<String>,
    /// What may be done with it, if that has been said.
    pub(super) release: Option<&'static str>,
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) base: String,
}

impl ReadBackPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.fields.has(name, value)
    }

    fn ways(&self) -> Vec<(&'static str, &'static str)> {
        let word = |way: &ReadBack| (way.as_str(), self.frame.locale.word("read-back", way.as_str()));
        ReadBack::ALL.iter().map(word).collect()
    }
}

/// `GET /r/{review}/calls/{call}/read-back`
pub(crate) async fn ask(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let helper = writing.draft.content.helper.as_ref().ok_or(Failure::NotFound)?;
    let mut fields = Fields::default();
    helper.read_back.iter().for_each(|way| fields.push("read-back", way.as_str()));
    helper.reason.iter().for_each(|reason| fields.push("reason", reason.as_str()));
    let frame = visit.frame(Some(&writing.review)).writing(&writing.draft, &settled(&writing)?);
    private(StatusCode::OK, &read_back_page(frame, &writing, fields, vec![])?)
}

/// `POST /r/{review}/calls/{call}/read-back`
pub(crate) async fn agree(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let writing = Writing::of(&visit, std::sync::Arc::clone(&review), &call, form.writer()?).await?;
    let call = writing.call()?;
    let helper = writing.draft.content.helper.clone().ok_or(Failure::NotFound)?;
    let locale = visit.locale.changed(form.fields.get("switch"));
    let again = |status, mistakes| {
        let frame = visit.frame_in(locale, Some(&review)).again(&form.fields);
        private(status, &read_back_page(frame, &writing, form.fields.clone(), mistakes)?)
    };
    if form.fields.get("switch").is_some() {
        return again(StatusCode::OK, vec![]);
    }
    let helper = match agreed(helper, &form.fields, locale) {
        Ok(helper) => helper,
        Err(mistakes) => return again(StatusCode::UNPROCESSABLE_ENTITY, mistakes),
    };
    let to = locale.link(&format!("/r/{}/calls/{}/check", review.slug, call.id));
    match save_part(&visit, &review, call, &form, DraftPart::Helper(helper), &to).await {
        // What stands here now is not what was read out.
        Err(Failure::ChangedSince) => {
            let message = locale.t("mistake-read-back-changed").to_owned();
            let frame = visit.frame(Some(&review)).writing(&writing.draft, &settled(&writing)?);
            let mistakes = vec![Mistake { field: "read-back", message }];
            private(StatusCode::CONFLICT, &read_back_page(frame, &writing, Fields::default(), mistakes)?)
        }
        outcome => outcome,
    }
}

/// The part of the draft that the page saves.
fn settled(writing: &Writing) -> Result<DraftPart, Failure> {
    writing.draft.content.helper.clone().map(DraftPart::Helper).ok_or(Failure::NotFound)
}

/// Whether the person agrees, as the form says.
fn agreed(helper: Helper, fields: &Fields, locale: Locale) -> Result<Helper, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let read_back: Option<ReadBack> = fields.get("read-back").and_then(|word| word.parse().ok());
    let reason: Option<Line> = fields.get("reason").map(str::parse).transpose().unwrap_or_else(|error| {
        mistakes.push(of_line(locale, "reason", &error));
        None
    });
    let mut wrong = |field, key| mistakes.push(Mistake { field, message: locale.t(key).to_owned() });
    match read_back {
        None => wrong("read-back", "mistake-read-back"),
        Some(ReadBack::NotPossible) if reason.is_none() => wrong("reason", "mistake-reason"),
        Some(_) => {}
    }
    if mistakes.is_empty() { Ok(Helper { read_back, reason, ..helper }) } else { Err(mistakes) }
}

fn read_back_page<'a>(
    mut frame: Frame<'a>,
    writing: &'a Writing,
    fields: Fields,
    mistakes: Vec<Mistake>,
) -> Result<ReadBackPage<'a>, Failure> {
    let (call, content) = (writing.call()?, &writing.draft.content);
    frame.error = !mistakes.is_empty();
    frame.form = true;
    let titles = [frame.t("read-back-heading"), frame.say(&call.title).text];
    let locale = frame.locale;
    let answers = call.asked(&content.answers).into_iter().map(|question| given(locale, question, &writing.draft));
    Ok(ReadBackPage {
        answers: answers.filter(|given| !given.pieces.is_empty()).collect(),
        who: who(locale, &content.respondent),
        release: content.release.map(|release: Release| release_word(locale, release, true)),
        base: format!("{}/calls/{}", frame.base, call.id),
        frame: frame.titled(&titles, Section::Give),
        call,
        fields,
        mistakes,
    })
}
