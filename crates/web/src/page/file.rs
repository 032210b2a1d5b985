//! Files in answer to a question: added, described and removed on one page, and given out again to whom they may be shown.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::file::{FILE, description};
use domain::{AnswerError, Call, DraftPart, FileId, FileKind, GivenFile, Question, Reference};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use service::file::{FileRefused, Reading, Unfit, kinds};
use service::{CurrentReview, Writer};

use crate::error::{Failure, Outcome};
use crate::form::SessionForm;
use crate::frame::private;
use crate::locale::Locale;
use crate::page::answer::{AnswerPage, Asked, changing};
use crate::page::draft::Writing;
use crate::page::mistake::{Mistake, at, of_answer};
use crate::shown::pieces::file_note;
use crate::upload::{self, FileForm, Received};
use crate::visit::Visit;

/// The fields that say what the files on a page show, in their order.
pub(crate) const WHAT: [&str; 20] = [
    "what-1", "what-2", "what-3", "what-4", "what-5", "what-6", "what-7", "what-8", "what-9", "what-10", "what-11",
    "what-12", "what-13", "what-14", "what-15", "what-16", "what-17", "what-18", "what-19", "what-20",
];

/// A file on the page of its question.
pub(crate) struct FileRow<'a> {
    /// The file.
    pub file: &'a GivenFile,
    /// "PDF, 1.2MB"
    pub note: String,
    /// The field that says what it shows.
    pub field: &'static str,
    /// The field that says which file it is about: another window may have changed their order.
    pub id_field: String,
    /// What was typed or saved.
    pub typed: &'a str,
    /// What is wrong with that.
    pub mistake: Option<&'a str>,
}

impl AnswerPage<'_> {
    /// The files that were added, with what is said of each.
    pub(super) fn rows(&self) -> Vec<FileRow<'_>> {
        let row = |(file, field): (&'_ GivenFile, &'static str)| -> FileRow<'_> {
            let file = self.files.iter().find(|known| known.id == file.id).unwrap_or(&self.files[0]);
            let typed = WHAT.iter().find(|what| self.fields.has(&id_field(what), &file.id.to_string()));
            let typed = typed.map(|what| self.fields.raw(what));
            FileRow {
                file,
                note: file_note(self.frame.locale, file),
                field,
                id_field: id_field(field),
                typed: typed.or(file.description.as_deref()).unwrap_or_default(),
                mistake: at(&self.mistakes, field),
            }
        };
        self.files.iter().zip(WHAT).map(row).collect()
    }

    /// How many files, of which kinds and how large.
    pub(super) fn file_limits(&self) -> String {
        let locale = self.frame.locale;
        let kinds = kinds_said(locale, self.question);
        let most = self.question.most_files();
        let key = if most == 1 { "file-limits-one" } else { "file-limits" };
        let size = self.question.most_megabytes().to_string();
        locale.t_with(key, &[("most", most.to_string().into()), ("kinds", kinds.into()), ("size", size.into())])
    }

    /// What is wrong with the files that were sent, a line each.
    pub(super) fn file_mistakes(&self) -> String {
        let ours = self.mistakes.iter().filter(|mistake| mistake.field == FILE);
        ours.map(|mistake| mistake.message.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// What the names of files that are taken end in: a browser offers such first.
    pub(super) fn file_endings(&self) -> String {
        let endings = kinds(self.question).into_iter().flat_map(FileKind::endings);
        endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(",")
    }
}

fn id_field(what: &str) -> String {
    what.replace("what", "file")
}

/// "PDF, PNG or JPEG"
fn kinds_said(locale: Locale, question: &Question) -> String {
    let words: Vec<_> = kinds(question).iter().map(|kind| locale.word("file-kind", kind.as_str())).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => {
            locale.t_with("file-or", &[("others", others.join(", ").into()), ("last", (*last).into())])
        }
        None => String::new(),
    }
}

/// `POST /r/{review}/calls/{call}/answer/{question}`, for a question that takes files.
pub(super) async fn save(
    visit: &Visit,
    review: &std::sync::Arc<CurrentReview>,
    call: &Call,
    question: &Question,
    request: Request,
) -> Outcome {
    let FileForm { form, files } = upload::read(request, &visit.app, question).await?;
    let (place, question) = call.question(question.id.as_str()).ok_or(Failure::NotFound)?;
    let asked = Asked { call, place, question, change: changing(visit) };
    let saving = Saving { visit, review, call, question, form: &form };
    let before = saving.writing().await?;
    let switch = form.fields.get("switch").is_some();
    let locale = visit.locale.changed(form.fields.get("switch"));
    let mut mistakes = saving.describe(locale, &before).await?;
    if let Some(easy) = form.fields.get("easy") {
        saving.save(DraftPart::Easy(easy == "yes")).await?;
    }
    let remove = form.fields.get("remove").and_then(|id| id.parse().ok());
    if let Some(id) = remove {
        saving.save(DraftPart::RemoveFile(question.id.clone(), id)).await?;
    }
    let chosen = !files.is_empty();
    mistakes.extend(saving.add(locale, files).await?);
    let now = saving.writing().await?;
    let uploads = form.fields.get("upload").is_some();
    let stays = uploads || remove.is_some() || form.fields.get("easy").is_some();
    let missing =
        uploads && !chosen || question.required && !stays && !now.draft.content.answers.contains_key(&question.id);
    if missing && mistakes.is_empty() {
        mistakes.push(of_answer(locale, question, &AnswerError::Missing { field: FILE }));
    }
    if !mistakes.is_empty() {
        let page = asked.page(visit.frame_in(locale, Some(review)), form.fields.clone(), mistakes, &now.draft);
        return private(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let here = asked.address(&review.slug);
    let to = if stays && now.draft.content.answers.contains_key(&question.id) {
        visit.locale.link(&format!("{here}#added"))
    } else if stays || switch {
        locale.link(&here)
    } else if let Some(wish) = form.wish() {
        asked.wished(wish, visit, review, &now.draft.content.answers)
    } else {
        asked.next(visit, review, &before.draft.content.answers, &now.draft.content.answers)
    };
    visit.go_on(&to, form.session()?)
}

/// What the page of a question that takes files saves.
struct Saving<'a> {
    visit: &'a Visit,
    review: &'a std::sync::Arc<CurrentReview>,
    call: &'a Call,
    question: &'a Question,
    form: &'a SessionForm,
}

impl Saving<'_> {
    async fn writing(&self) -> Result<Writing, Failure> {
        Writing::of(self.visit, std::sync::Arc::clone(self.review), self.call.id.as_str(), self.form.writer()?).await
    }

    async fn save(&self, part: DraftPart) -> Result<(), Failure> {
        let (writer, language) = (self.form.writer()?, self.visit.written_in(self.review));
        Ok(self.visit.app.service.save_draft(self.review, self.call, writer, language, part, None).await?)
    }

    /// Saves what was typed of each file, if it is something new; what is wrong with it.
    async fn describe(&self, locale: Locale, before: &Writing) -> Result<Vec<Mistake>, Failure> {
        let (mut said, mut mistakes) = (BTreeMap::new(), Vec::new());
        let files = before.draft.content.answers.get(&self.question.id).map(domain::Answer::files).unwrap_or_default();
        for field in WHAT.into_iter().filter(|field| self.form.fields.given(field)) {
            let id = self.form.fields.get(&id_field(field)).and_then(|id| id.parse::<FileId>().ok());
            let Some(file) = files.iter().find(|file| Some(file.id) == id) else { continue };
            match description(self.form.fields.raw(field)) {
                Ok(description) if description != file.description => {
                    said.insert(file.id, description);
                }
                Ok(_) => {}
                Err(error) => {
                    let place = files.iter().position(|known| known.id == file.id).and_then(|at| WHAT.get(at));
                    let message = of_answer(locale, self.question, &error).message;
                    mistakes.push(Mistake { field: place.copied().unwrap_or(FILE), message });
                }
            }
        }
        if !said.is_empty() {
            self.save(DraftPart::DescribeFiles(self.question.id.clone(), said)).await?;
        }
        Ok(mistakes)
    }

    /// Adds the files that came; what is wrong with those that were not taken.
    async fn add(&self, locale: Locale, files: Vec<Received>) -> Result<Vec<Mistake>, Failure> {
        let several = files.len() > 1;
        let mut mistakes = Vec::new();
        for Received { name, file } in files {
            let added = match file {
                Ok(upload) => {
                    let (writer, language) = (self.form.writer()?, self.visit.written_in(self.review));
                    let service = &self.visit.app.service;
                    service.add_file(self.review, self.call, writer, language, self.question, upload).await?
                }
                Err(refused) => Err(refused),
            };
            if let Err(refused) = added {
                let message = refused_said(locale, self.question, &refused);
                let message = if several {
                    locale.t_with("file-named", &[("name", shown_name(&name).into()), ("message", message.into())])
                } else {
                    message
                };
                mistakes.push(Mistake { field: FILE, message });
            }
        }
        Ok(mistakes)
    }
}

/// The name of a file that was not taken.
fn shown_name(name: &str) -> String {
    // Its true ending is of interest here, so the one that a text would get is taken off again.
    let name = domain::file::file_name(name, FileKind::Text);
    name.strip_suffix(".txt").unwrap_or(&name).to_owned()
}

/// Why a file was not taken, and what to do.
fn refused_said(locale: Locale, question: &Question, refused: &FileRefused) -> String {
    match refused {
        FileRefused::Empty => locale.t("mistake-file-empty").to_owned(),
        FileRefused::TooLarge(most) => locale.t_with("mistake-file-too-large", &[("size", most.to_string().into())]),
        FileRefused::TooMany(most) => locale.count("mistake-file-too-many", i64::try_from(*most).unwrap_or(i64::MAX)),
        FileRefused::Unfit(why @ (Unfit::Damaged | Unfit::Macros)) => locale.word("unfit", why.as_str()).to_owned(),
        FileRefused::Unfit(why) => {
            let must = locale.t_with("mistake-file-kind", &[("kinds", kinds_said(locale, question).into())]);
            let why = locale.word("unfit", why.as_str());
            if why.is_empty() { must } else { format!("{must}. {why}") }
        }
    }
}

/// `GET /r/{review}/calls/{call}/files/{file}?draft=…`: a file of one's own draft.
pub(crate) async fn own(visit: Visit, Path((review, call, file)): Path<(String, String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let id: FileId = file.parse().map_err(|_| Failure::NotFound)?;
    let session = visit.session.as_ref().ok_or(Failure::NoDraft)?;
    let draft = visit.asked().get("draft").and_then(|id| id.parse().ok());
    let reading = visit.app.service.draft_file(&review, call, Writer { session, draft }, id).await?;
    given_out(reading, "no-store")
}

/// `GET /r/{review}/contributions/{reference}/files/{file}`: a file that everybody may see.
pub(crate) async fn published(
    visit: Visit,
    Path((review, reference, file)): Path<(String, String, String)>,
    asked: HeaderMap,
) -> Outcome {
    let review = visit.review(&review).await?;
    let reference: Reference = reference.parse().map_err(|_| Failure::NotFound)?;
    let id: FileId = file.parse().map_err(|_| Failure::NotFound)?;
    let reading = visit.app.service.published_file(&review, &reference, id).await?;
    let tag = tag(&reading.file);
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if known.flat_map(|tags| tags.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag) {
        let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, "no-cache".to_owned())];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    given_out(reading, "no-cache")
}

/// What a browser may do with a file: nothing but show or keep it.
const SANDBOX: &str = "sandbox; default-src 'none'";

fn given_out(Reading { file, pieces }: Reading, control: &'static str) -> Outcome {
    let how = if file.kind.is_picture() { "inline" } else { "attachment" };
    let headers: [(HeaderName, HeaderValue); 7] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type())),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size)),
        (header::CONTENT_DISPOSITION, header_value(&disposition(how, &file.name))?),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static(control)),
        (header::ETAG, header_value(&tag(&file))?),
    ];
    let body = Body::from_stream(pieces);
    let mut response = Response::new(body);
    response.headers_mut().extend(headers);
    Ok(response)
}

fn header_value(text: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(text).map_err(|_| Failure::Broken)
}

fn tag(file: &GivenFile) -> String {
    format!("\"{}\"", file.digest)
}

/// What may stand as it is in an extended parameter (RFC 8187).
const ATTRIBUTE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// The name in ASCII for old programs, and as it is for all others (RFC 6266).
fn disposition(how: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ' ') { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ATTRIBUTE))
}

#[cfg(test)]
mod tests {
    use domain::Fields;

    use super::*;

    #[test]
    fn no_name_breaks_out_of_its_header() {
        let said = disposition("attachment", "a\"; x=\"é.pdf");
        assert_eq!(said, "attachment; filename=\"a__ x___.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%22%C3%A9.pdf");
        assert!(header_value(&said).is_ok());
    }

    #[test]
    fn what_is_typed_belongs_to_its_file() {
        assert_eq!(id_field("what-12"), "file-12");
        let fields = Fields::from(vec![("file-1".to_owned(), "x".to_owned())]);
        assert!(fields.has(&id_field(WHAT[0]), "x"));
    }
}
