//! Who speaks: everything on this page may be left out.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::{Call, Draft, DraftPart, Fields, Line, Respondent, RespondentKind};

use crate::error::{Failure, Outcome};
use crate::form::{SessionForm, Wish};
use crate::frame::{Frame, Section, private};
use crate::locale::Locale;
use crate::page::answer::{changing, kept, save_part};
use crate::page::draft::Writing;
use crate::page::mistake::{Mistake, at, of_line};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "who.html")]
pub(crate) struct WhoPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) call: &'a Call,
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) action: String,
    pub(super) back: String,
    /// Whether it is about a person whom somebody helps.
    pub(super) helping: bool,
}

impl WhoPage<'_> {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        kinds(self.frame.locale, self.call, self.helping)
    }

    /// A text of the page, as it is for oneself or for the person whom one helps.
    fn ask(&self, text: &str) -> &'static str {
        self.frame.locale.word(if self.helping { "who-helping" } else { "who" }, text)
    }

    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    /// Whether there is something to take back.
    fn clearable(&self) -> bool {
        ["kind", "name", "organisation", "members", "asked"].iter().any(|name| self.fields.get(name).is_some())
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.fields.has(name, value)
    }
}

/// The kinds of respondent with their words: those that the call is addressed to, then everybody else.
pub(super) fn kinds(locale: Locale, call: &Call, helping: bool) -> Vec<(&'static str, &'static str)> {
    let others = RespondentKind::ALL.iter().filter(|kind| !call.audiences.contains(kind));
    let word = |kind: &RespondentKind| match kind {
        RespondentKind::Individual if helping => (kind.as_str(), locale.word("kind", "helped")),
        _ => (kind.as_str(), locale.word("kind-ask", kind.as_str())),
    };
    call.audiences.iter().chain(others).map(word).collect()
}

/// `GET /r/{review}/calls/{call}/who`
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> Outcome {
    let writing = Writing::open(&visit, path).await?;
    let fields = fields_of(&writing.draft.content.respondent);
    let part = DraftPart::Respondent(Respondent::default());
    let frame = visit.frame(Some(&writing.review)).writing(&writing.draft, &part);
    private(StatusCode::OK, &page(frame, writing.call()?, &writing.draft, fields, vec![], changing(&visit)))
}

/// `POST /r/{review}/calls/{call}/who`
pub(crate) async fn save(visit: Visit, Path((review, call)): Path<(String, String)>, form: SessionForm) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let (change, switch) = (changing(&visit), form.fields.get("switch").is_some());
    let locale = visit.locale.changed(form.fields.get("switch"));
    let base = locale.link(&format!("/r/{}/calls/{}", review.slug, call.id));
    if form.clears() {
        let part = DraftPart::Respondent(Respondent::default());
        return save_part(&visit, &review, call, &form, part, &format!("{base}/who{}", kept(change))).await;
    }
    match parse(&form.fields, locale) {
        Ok(respondent) => {
            let to = if switch {
                format!("{base}/who{}", kept(change))
            } else if form.wish() == Some(Wish::Back) {
                let writing =
                    Writing::of(&visit, std::sync::Arc::clone(&review), call.id.as_str(), form.writer()?).await?;
                back(&base, call, &writing.draft, change)
            } else {
                format!("{base}/{}", if change { "check" } else { "release" })
            };
            save_part(&visit, &review, call, &form, DraftPart::Respondent(respondent), &to).await
        }
        Err(mistakes) => {
            let writing = Writing::of(&visit, std::sync::Arc::clone(&review), call.id.as_str(), form.writer()?).await?;
            let frame = visit.frame_in(locale, Some(&review)).again(&form.fields);
            let page = page(frame, call, &writing.draft, form.fields, mistakes, change);
            private(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    call: &'a Call,
    draft: &Draft,
    fields: Fields,
    mistakes: Vec<Mistake>,
    change: bool,
) -> WhoPage<'a> {
    let titles = [frame.t("who"), frame.say(&call.title).text];
    frame.form = true;
    frame.error = !mistakes.is_empty();
    let base = format!("{}/calls/{}", frame.base, call.id);
    let back = back(&base, call, draft, change);
    let action = format!("{base}/who{}", kept(change));
    let helping = draft.content.helper.is_some();
    WhoPage { frame: frame.titled(&titles, Section::Give), call, fields, mistakes, action, back, helping }
}

/// The page before: the last question that is asked, or the last look.
fn back(base: &str, call: &Call, draft: &Draft, change: bool) -> String {
    match call.asked(&draft.content.answers).pop() {
        Some(last) if !change => format!("{base}/answer/{}", last.id),
        _ => format!("{base}/check"),
    }
}

pub(super) fn parse(fields: &Fields, locale: Locale) -> Result<Respondent, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut line = |field: &'static str| -> Option<Line> {
        match fields.get(field)?.parse() {
            Ok(line) => Some(line),
            Err(error) => {
                mistakes.push(of_line(locale, field, &error));
                None
            }
        }
    };
    let (name, organisation, asked) = (line("name"), line("organisation"), line("asked"));
    let members = fields.get("members").map_or(Some(None), |typed| Respondent::count(typed).map(Some));
    if members.is_none() {
        mistakes.push(Mistake { field: "members", message: locale.t("mistake-members").to_owned() });
    }
    let kind = fields.get("kind").map(str::parse).transpose().ok();
    if kind.is_none() {
        mistakes.push(Mistake { field: "kind", message: locale.t("mistake-choose").to_owned() });
    }
    match (kind, members) {
        (Some(kind), Some(members)) if mistakes.is_empty() => {
            Ok(Respondent { kind, name, organisation, members, asked })
        }
        _ => Err(mistakes),
    }
}

fn fields_of(respondent: &Respondent) -> Fields {
    let mut fields = Fields::default();
    respondent.kind.iter().for_each(|kind| fields.push("kind", kind.as_str()));
    respondent.name.iter().for_each(|name| fields.push("name", name.as_str()));
    respondent.organisation.iter().for_each(|name| fields.push("organisation", name.as_str()));
    respondent.members.iter().for_each(|members| fields.push("members", members.to_string()));
    respondent.asked.iter().for_each(|asked| fields.push("asked", asked.as_str()));
    fields
}
