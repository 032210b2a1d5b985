//! Forms that bring files, as they arrive: fields first, then files, piece by piece into files that have no name.
//!
//! Nothing is held in memory but a few pieces: what waits to be taken apart is bounded, too, so that a form without any
//! end of a part does not gather. `multer` is used by itself, because only so what it reads can be counted before it does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::BodyDataStream;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header, request};
use domain::Question;
use domain::file::{FILE, MEGABYTE};
use futures_util::{StreamExt, stream};
use multer::{Field, Multipart};
use service::file::{FileRefused, Upload};
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;

use crate::app::App;
use crate::error::Failure;
use crate::form::{MOST, SessionForm, Typed};
use crate::visit::session;

/// How long nothing may come.
const PAUSE: Duration = Duration::from_secs(20);
/// The most parts of a form.
const MOST_PARTS: usize = 200;
/// The most bytes that wait to be taken apart, besides what one reading brings.
const WAITING: u64 = 1 << 20;
/// The most bytes that are read on for nothing.
const DRAINED: usize = 64 << 20;
/// The most bytes of the name of a file.
const LONGEST_NAME: usize = 2_000;

/// A form that may bring files.
pub(crate) struct FileForm {
    /// Everything else in it.
    pub form: SessionForm,
    /// The files, each with its name.
    pub files: Vec<Received>,
}

/// A file as it came, or why it was not let in.
pub(crate) struct Received {
    /// What the sender calls it.
    pub name: String,
    /// Its bytes.
    pub file: Result<Upload, FileRefused>,
}

/// Whether a request brings a form that can hold files.
pub(crate) fn brings_files(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Reads a form that belongs to a session, with as many files as `question` takes and as large.
pub(crate) async fn read(request: Request, app: &App, question: &Question) -> Result<FileForm, Failure> {
    if !brings_files(request.headers()) {
        let form = SessionForm::from_request(request, app).await?;
        return Ok(FileForm { form, files: vec![] });
    }
    let (head, body) = request.into_parts();
    let body = Arc::new(Mutex::new(body.into_data_stream()));
    let read = read_parts(&head, &body, app, question).await;
    if read.is_err() {
        drain(&body).await;
    }
    read
}

/// Reads on what nobody wants, so that a browser that is still sending gets to see the answer.
async fn drain(body: &Mutex<BodyDataStream>) {
    let mut body = body.lock().await;
    let mut left = DRAINED;
    while let Ok(Some(Ok(piece))) = tokio::time::timeout(PAUSE, body.next()).await {
        match left.checked_sub(piece.len()) {
            Some(less) => left = less,
            None => return,
        }
    }
}

async fn read_parts(
    head: &request::Parts,
    body: &Arc<Mutex<BodyDataStream>>,
    app: &App,
    question: &Question,
) -> Result<FileForm, Failure> {
    let typed = head.extensions.get::<Typed>().cloned().unwrap_or_default();
    let session = session(&head.headers, &app.settings);
    let (mut pairs, mut files, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut parts = Parts::of(&head.headers, Arc::clone(body), question)?;
    while let Some(part) = parts.next().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        match file_name {
            Some(file_name) if name == FILE => {
                // The fields stand before the files: from a page of another site nothing is let in.
                SessionForm::of(pairs.clone().into(), session.clone(), bytes)?;
                let room = files.len() < question.most_files();
                files.extend(receive(part, file_name, room, app, question, &parts.taken).await?);
            }
            _ => {
                let text = read_text(part, MOST.saturating_sub(bytes), &parts.taken).await?;
                bytes += name.len() + text.len();
                pairs.push((name, text));
            }
        }
    }
    let form = SessionForm::of(typed.keep(pairs.into()), session, bytes)?;
    Ok(FileForm { form, files })
}

/// The parts of a form.
struct Parts {
    form: Multipart<'static>,
    count: usize,
    taken: Taken,
}

/// How many bytes have been taken apart.
type Taken = Arc<AtomicU64>;

impl Parts {
    fn of(headers: &HeaderMap, body: Arc<Mutex<BodyDataStream>>, question: &Question) -> Result<Self, Failure> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|_| Failure::NoForm)?;
        let taken = Taken::default();
        let (seen, mut pulled) = (Arc::clone(&taken), 0_u64);
        // Twice what is allowed is read, so that a browser gets to see the page that says that it was too much.
        let most = (question.most_files() as u64 * question.most_megabytes() * MEGABYTE).saturating_mul(2) + WAITING;
        let pieces = stream::unfold(body, |body| async move {
            let piece = body.lock().await.next().await?;
            Some((piece, body))
        });
        let stream = pieces.map(move |piece| {
            let piece: bytes::Bytes = piece.map_err(std::io::Error::other)?;
            let waiting = pulled.saturating_sub(seen.load(Ordering::Relaxed));
            pulled += piece.len() as u64;
            if waiting > WAITING || pulled > most {
                Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge))
            } else {
                Ok(piece)
            }
        });
        Ok(Self { form: Multipart::new(stream, boundary), count: 0, taken })
    }

    async fn next(&mut self) -> Result<Option<Field<'static>>, Failure> {
        let part = in_time(self.form.next_field()).await?;
        self.count += 1;
        if self.count > MOST_PARTS { Err(Failure::TooLarge) } else { Ok(part) }
    }
}

/// What is read next, if it comes in time and is a form.
async fn in_time<T>(reading: impl Future<Output = multer::Result<T>>) -> Result<T, Failure> {
    let too_much = |error: &multer::Error| {
        let multer::Error::StreamReadFailed(inner) = error else { return false };
        let inner = inner.downcast_ref::<std::io::Error>();
        inner.is_some_and(|error| error.kind() == std::io::ErrorKind::FileTooLarge)
    };
    match tokio::time::timeout(PAUSE, reading).await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) if too_much(&error) => Err(Failure::TooLarge),
        Ok(Err(_)) => Err(Failure::NoForm),
        Err(_) => Err(Failure::Slow),
    }
}

async fn piece(part: &mut Field<'static>, taken: &Taken) -> Result<Option<bytes::Bytes>, Failure> {
    let piece = in_time(part.chunk()).await?;
    taken.fetch_add(piece.as_ref().map_or(0, bytes::Bytes::len) as u64, Ordering::Relaxed);
    Ok(piece)
}

async fn read_text(mut part: Field<'static>, most: usize, taken: &Taken) -> Result<String, Failure> {
    let mut text = Vec::new();
    while let Some(piece) = piece(&mut part, taken).await? {
        if text.len() + piece.len() > most {
            return Err(Failure::TooLarge);
        }
        text.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Receives a file; `None` if no file was chosen. What is too much is read on, and kept nowhere.
async fn receive(
    mut part: Field<'static>,
    mut name: String,
    room: bool,
    app: &App,
    question: &Question,
    taken: &Taken,
) -> Result<Option<Received>, Failure> {
    if let Some((end, _)) = name.char_indices().find(|(at, _)| *at > LONGEST_NAME) {
        name.truncate(end);
    }
    let (mut size, most) = (0, question.most_megabytes() * MEGABYTE);
    let mut scratch = None;
    while let Some(piece) = piece(&mut part, taken).await? {
        size += piece.len() as u64;
        if !room || size > most {
            scratch = None;
            continue;
        }
        let file = match &mut scratch {
            Some(file) => file,
            None => scratch.insert(tokio::fs::File::from_std(app.service.scratch()?)),
        };
        file.write_all(&piece).await.map_err(|error| unwritten(&error))?;
    }
    let file = match scratch {
        _ if size == 0 && name.is_empty() => return Ok(None),
        _ if size == 0 => Err(FileRefused::Empty),
        _ if !room => Err(FileRefused::TooMany(question.most_files())),
        Some(mut file) if size <= most => {
            file.flush().await.map_err(|error| unwritten(&error))?;
            Ok(Upload { name: name.clone(), bytes: file.into_std().await })
        }
        _ => Err(FileRefused::TooLarge(question.most_megabytes())),
    };
    Ok(Some(Received { name, file }))
}

fn unwritten(error: &std::io::Error) -> Failure {
    tracing::error!(%error, "a file that comes in cannot be written");
    Failure::Unavailable
}
