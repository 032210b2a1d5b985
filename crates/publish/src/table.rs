//! The open tables of a review: eleven CSV files (RFC 4180, UTF-8, header row) that point to each other, and a descriptor
//! (Data Package version 2) that says what each column holds. Rows are written as they come, so memory does not grow.

use std::io::Write;

use domain::take_up::TakeUp;
use domain::{
    Answer, Call, Chosen, Contribution, Day, Event, FileKind, GivenFile, Happened, HelpOffer, Kind, Language, Line,
    Publishable, Question,
};
use domain::{Reference, Review};
use serde_json::{Value, json};

/// The result of writing.
pub type Result<T> = std::result::Result<T, Error>;

/// The tables could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The file system, through the CSV writer.
    #[error(transparent)]
    Csv(#[from] csv::Error),
}

/// A column: name, type in the words of Table Schema, and what it holds.
type Column = (&'static str, &'static str, &'static str);

/// The tables with their columns; the first columns of each, as many as the number says, are its key.
const TABLES: &[(&str, usize, &[Column])] = &[
    (
        "contributions",
        1,
        &[
            ("contribution", "string", "Reference of the contribution"),
            ("call", "string", "The call that it answers"),
            ("respondent", "string", "Who gave it: see respondents"),
            ("channel", "string", "How it came: web, email, paper, telephone, event, import, api"),
            ("release", "string", "What its author allows: public, unnamed"),
            ("late", "boolean", "Whether it came after the call had closed"),
            ("language", "string", "Language of what was written (RFC 5646)"),
            ("received", "date", "Day on which it came"),
            ("published", "datetime", "Moment at which it was published, UTC"),
            ("source", "string", "Its name in the system that it was brought over from"),
            ("also", "string", "Other calls that it speaks to, by id, with semicolons between them"),
            ("helper", "string", "In what role somebody helped to give it, if somebody did"),
            ("form", "string", "How it was asked for: questions, story"),
        ],
    ),
    (
        "respondents",
        1,
        &[
            ("respondent", "string", "One for each contribution"),
            ("kind", "string", "In what capacity they speak"),
            ("name", "string", "Name of the person, if it may be shown"),
            ("organisation", "string", "Name of the body, if it may be shown"),
            ("members", "integer", "For how many members the body speaks"),
            ("asked", "string", "How those members were asked"),
        ],
    ),
    (
        "answers",
        3,
        &[
            ("contribution", "string", "The contribution"),
            ("call", "string", "The call"),
            ("question", "string", "The question, within the call"),
            (
                "options",
                "string",
                "Options chosen, by id, with semicolons between them, the first one first where they are in order; row=option for a grid; yes, no, unsure; works, failed, mixed",
            ),
            ("text", "string", "What was said in the author's own words; for an example, what happened"),
            ("number", "number", "A number; for a scale 1 (strongly disagree) to 5 (strongly agree)"),
            ("date", "date", "A day"),
            ("service", "string", "Which service, by its name or in the author's own words"),
            ("service_id", "string", "The same by its id, if it is one of services"),
            ("place", "string", "Where, by its name or in the author's own words"),
            ("place_code", "string", "The same by its code, if it is one of places"),
            ("model", "boolean", "Of an example: whether it is held up as a model for others"),
            ("files", "string", "Files, by path, with semicolons between them"),
        ],
    ),
    (
        "files",
        4,
        &[
            ("contribution", "string", "The contribution"),
            ("call", "string", "The call"),
            ("question", "string", "The question that it answers"),
            ("number", "integer", "Its place among the files of the answer, from 1"),
            ("path", "string", "Where it is in this folder; empty if it was struck out"),
            ("name", "string", "What its author calls it; or why it was struck out"),
            ("description", "string", "What it shows, in the author's own words"),
            ("type", "string", "Media type (RFC 6838), by its content"),
            ("bytes", "integer", "How many bytes it has"),
            ("sha256", "string", "SHA-256 of its bytes, in hexadecimal digits"),
        ],
    ),
    (
        "questions",
        2,
        &[
            ("call", "string", "The call"),
            ("question", "string", "The question, within the call"),
            ("number", "integer", "Its place in the call, from 1"),
            ("kind", "string", "How it is answered"),
            ("title", "string", "The question, in the main language of the review"),
            ("required", "boolean", "Whether it had to be answered"),
        ],
    ),
    (
        "options",
        3,
        &[
            ("call", "string", "The call"),
            ("question", "string", "The question"),
            ("option", "string", "The option, within the question"),
            ("label", "string", "What people read, in the main language of the review"),
        ],
    ),
    (
        "rows",
        3,
        &[
            ("call", "string", "The call"),
            ("question", "string", "The question, a grid"),
            ("row", "string", "The row, within the question"),
            ("label", "string", "What people read, in the main language of the review"),
        ],
    ),
    (
        "services",
        1,
        &[
            ("service_id", "string", "The service, within the review"),
            ("name", "string", "What it is called, in the main language of the review"),
        ],
    ),
    (
        "places",
        1,
        &[
            ("place_code", "string", "Code of the place"),
            ("name", "string", "What it is called, in the main language of the review"),
            ("kind", "string", "nation, region, authority, or what the review's own list says"),
            ("part_of", "string", "The place that it lies in, by its code"),
        ],
    ),
    (
        "take_ups",
        0,
        &[
            ("contribution", "string", "The contribution that holds a model"),
            ("call", "string", "The call"),
            ("question", "string", "The question that the model answers"),
            ("body", "string", "A body that says that it will take it up"),
            ("sentence", "string", "What it means to do, in its own words"),
            ("language", "string", "Language of the sentence (RFC 5646)"),
            ("shown", "date", "Day on which the team let it through"),
        ],
    ),
    (
        "replies",
        2,
        &[
            ("contribution", "string", "The contribution"),
            ("asked", "string", "A question that the team asked its author afterwards"),
            ("question", "string", "What the team asked"),
            ("question_language", "string", "Language of that (RFC 5646)"),
            ("text", "string", "What the author answered, if they allow it to be shown and the team let it through"),
            ("language", "string", "Language of the answer (RFC 5646)"),
            ("answered", "date", "Day on which it came"),
        ],
    ),
    (
        "help",
        0,
        &[
            ("name", "string", "Who helps: a place that the team lists, or whoever offered it"),
            ("offer", "string", "Reference of the offer; nothing if the team lists it"),
            ("address", "string", "Where to go"),
            ("place_code", "string", "The place that it is in or serves, if it is one of places; nothing for anywhere"),
            ("help", "string", "What it helps with, with semicolons between"),
            ("languages", "string", "Languages spoken: tags (RFC 5646), or in the words of whoever offered it"),
            ("access", "string", "What makes it easier to use, with semicolons between"),
            ("telephone", "string", "Telephone number"),
            ("web", "string", "Its own page"),
            ("note", "string", "What else was said of it"),
            ("shown", "date", "Of an offer: day on which the team let it through"),
        ],
    ),
    (
        "events",
        1,
        &[
            ("position", "integer", "Place in the log of the review; numbers of what may not be shown are missing"),
            ("day", "date", "When"),
            ("kind", "string", "What happened"),
            ("call", "string", "The call that it concerns"),
            ("contribution", "string", "The contribution that it happened to"),
            ("detail", "string", "What else is to be said, as JSON"),
        ],
    ),
];

/// The folder of an export that holds the files that people gave.
pub const FILE_FOLDER: &str = "files";

/// Where an export keeps a file of an answer; `number` counts them from 1.
pub fn file_path(contribution: &Reference, question: &domain::Slug, number: usize, kind: FileKind) -> String {
    format!("{FILE_FOLDER}/{contribution}/{question}-{number}.{}", kind.endings()[0])
}

/// What stands in the folder of an export.
pub const FILES: &[&str] = &[
    "contributions.csv",
    "respondents.csv",
    "answers.csv",
    "files.csv",
    FILE_FOLDER,
    "questions.csv",
    "options.csv",
    "rows.csv",
    "services.csv",
    "places.csv",
    "take_ups.csv",
    "replies.csv",
    "help.csv",
    "events.csv",
    "datapackage.json",
];

/// What shows that a descriptor is one of ours.
pub const MARK: &str = "folkmoot:review";

/// The foreign keys: table, columns, and the table that they point to.
const REFERENCES: &[(&str, &[&str], &str)] = &[
    ("contributions", &["respondent"], "respondents"),
    ("answers", &["contribution"], "contributions"),
    ("answers", &["call", "question"], "questions"),
    ("answers", &["service_id"], "services"),
    ("answers", &["place_code"], "places"),
    ("files", &["contribution"], "contributions"),
    ("files", &["call", "question"], "questions"),
    ("options", &["call", "question"], "questions"),
    ("rows", &["call", "question"], "questions"),
    ("take_ups", &["contribution"], "contributions"),
    ("replies", &["contribution"], "contributions"),
    ("help", &["place_code"], "places"),
    ("take_ups", &["call", "question"], "questions"),
];

/// Tables that are being written.
pub struct Tables<W: Write> {
    contributions: csv::Writer<W>,
    respondents: csv::Writer<W>,
    answers: csv::Writer<W>,
    files: csv::Writer<W>,
    questions: csv::Writer<W>,
    options: csv::Writer<W>,
    rows: csv::Writer<W>,
    services: csv::Writer<W>,
    places: csv::Writer<W>,
    take_ups: csv::Writer<W>,
    replies: csv::Writer<W>,
    help: csv::Writer<W>,
    events: csv::Writer<W>,
}

impl<W: Write> Tables<W> {
    /// Begins the tables in what `open` gives for each file name.
    pub fn begin(mut open: impl FnMut(&str) -> std::io::Result<W>) -> Result<Self> {
        let mut table = |at: usize| -> Result<csv::Writer<W>> {
            let (name, _, columns) = TABLES[at];
            let mut writer = csv::Writer::from_writer(open(&format!("{name}.csv"))?);
            writer.write_record(columns.iter().map(|(column, _, _)| column))?;
            Ok(writer)
        };
        Ok(Self {
            contributions: table(0)?,
            respondents: table(1)?,
            answers: table(2)?,
            files: table(3)?,
            questions: table(4)?,
            options: table(5)?,
            rows: table(6)?,
            services: table(7)?,
            places: table(8)?,
            take_ups: table(9)?,
            replies: table(10)?,
            help: table(11)?,
            events: table(12)?,
        })
    }

    /// Writes a contribution, its respondent and its answers. What was given cannot be written, only what may be shown:
    ///
    /// ```compile_fail
    /// fn leak(tables: &mut publish::table::Tables<Vec<u8>>, contribution: &domain::Contribution) {
    ///     tables.contribution(contribution, &"UTC".parse().unwrap()).unwrap(); // not publishable: does not compile
    /// }
    /// ```
    pub fn contribution(&mut self, contribution: &Publishable<Contribution>, zone: &domain::Zone) -> Result<()> {
        let c: &Contribution = contribution;
        self.contributions.write_record([
            c.reference.as_str(),
            c.call.as_str(),
            c.reference.as_str(),
            c.channel.as_str(),
            c.release.as_str(),
            truth(c.late),
            c.language.as_str(),
            &Day::of(c.received_at, zone).to_string(),
            &c.published_at.map(|at| at.to_string()).unwrap_or_default(),
            c.source.as_deref().unwrap_or_default(),
            &c.content.also.iter().map(domain::Slug::as_str).collect::<Vec<_>>().join(";"),
            c.content.helper.as_ref().map_or("", |helper| helper.role.as_str()),
            c.content.form.as_str(),
        ])?;
        let who = &c.content.respondent;
        self.respondents.write_record([
            c.reference.as_str(),
            who.kind.map_or("", domain::RespondentKind::as_str),
            who.name.as_ref().map_or("", |name| name.as_str()),
            who.organisation.as_ref().map_or("", |name| name.as_str()),
            &who.members.map(|members| members.to_string()).unwrap_or_default(),
            who.asked.as_ref().map_or("", |asked| asked.as_str()),
        ])?;
        for (question, answer) in &c.content.answers {
            self.answer(&c.reference, &c.call, question, answer)?;
        }
        for asked in &c.content.asked {
            let Some(reply) = &asked.reply else { continue };
            self.replies.write_record([
                c.reference.as_str(),
                asked.id.as_str(),
                &asked.text,
                asked.language.as_str(),
                asked.text_of_reply().unwrap_or_default(),
                reply.language.as_str(),
                &Day::of(reply.at, zone).to_string(),
            ])?;
        }
        Ok(())
    }

    fn answer(
        &mut self,
        contribution: &Reference,
        call: &domain::Slug,
        question: &domain::Slug,
        answer: &Answer,
    ) -> Result<()> {
        let (mut options, mut text, mut number, mut date) = (String::new(), "", String::new(), String::new());
        let (mut service, mut place, mut model, mut files) = (("", ""), ("", ""), "", String::new());
        match answer {
            Answer::Text(words) => text = words,
            Answer::YesNoUnsure(word) => options.push_str(word.as_str()),
            Answer::Choice(chosen) => (options, text) = columns_of(std::slice::from_ref(chosen)),
            Answer::Choices(all) => (options, text) = columns_of(all),
            Answer::Scale(step) => number = step.to_string(),
            Answer::Number(value) => number = value.to_string(),
            Answer::Date(day) => date = day.to_string(),
            Answer::Place(named) => place = (&named.name, filled(named.code.as_ref())),
            Answer::Service(named) => service = (&named.name, filled(named.code.as_ref())),
            Answer::Ranking(order) => options = joined(order.iter().map(ToString::to_string)),
            Answer::Grid(rows) => options = joined(rows.iter().map(|(row, column)| format!("{row}={column}"))),
            Answer::Example(example) => {
                options.push_str(example.verdict.as_str());
                text = &example.happened;
                service = (filled(example.service.as_ref()), filled(example.service_id.as_ref()));
                place = (filled(example.place.as_ref()), filled(example.place_code.as_ref()));
                model = truth(example.model);
            }
            Answer::Files(given) => files = self.files(contribution, call, question, given)?,
        }
        let row = [
            contribution.as_str(),
            call.as_str(),
            question.as_str(),
            &options,
            text,
            &number,
            &date,
            service.0,
            service.1,
            place.0,
            place.1,
            model,
            &files,
        ];
        Ok(self.answers.write_record(row)?)
    }

    /// Writes the files of an answer; where they are, with semicolons between.
    fn files(
        &mut self,
        contribution: &Reference,
        call: &domain::Slug,
        question: &domain::Slug,
        files: &[GivenFile],
    ) -> Result<String> {
        let mut paths = Vec::new();
        for (file, number) in files.iter().zip(1..) {
            let path = file_path(contribution, question, number, file.kind);
            let kept = |text: String| if file.struck { String::new() } else { text };
            self.files.write_record([
                contribution.as_str(),
                call.as_str(),
                question.as_str(),
                &number.to_string(),
                &kept(path.clone()),
                &file.name,
                filled(file.description.as_ref()),
                file.kind.media_type(),
                &kept(file.size.to_string()),
                &file.digest,
            ])?;
            if !file.struck {
                paths.push(path);
            }
        }
        Ok(paths.join(";"))
    }

    /// Writes the lists of the review: its services, its directory of help, and the places if anything refers to one; `offers` says
    /// whether offers of help do.
    pub fn lists(&mut self, review: &Review, offers: bool) -> Result<()> {
        let language = review.main_language();
        for service in &review.services {
            self.services.write_record([service.id.as_str(), service.name.text(language)])?;
        }
        let mut questions = review.calls.iter().flat_map(|call| &call.questions);
        let asked = questions.any(|question| matches!(question.kind, Kind::Place | Kind::Example));
        if asked || offers || !review.help_place_list.is_empty() {
            for place in review.known_places().all() {
                let part_of = place.parent.as_deref().unwrap_or_default();
                self.places.write_record([&place.code, place.name_in(language), &place.kind, part_of])?;
            }
        }
        for place in &review.help_place_list {
            let words = |list: Vec<&str>| list.join(";");
            let note = place.note.as_ref().map_or("", |note| note.text(language));
            self.help.write_record([
                place.name.as_str(),
                "",
                place.address.as_ref().map_or("", Line::as_str),
                place.place.as_deref().unwrap_or_default(),
                &words(place.help.iter().map(|kind| kind.as_str()).collect()),
                &words(place.languages.iter().map(Language::as_str).collect()),
                &words(place.access.iter().map(|access| access.as_str()).collect()),
                place.telephone.as_ref().map_or("", Line::as_str),
                place.web.as_ref().map_or("", domain::WebAddress::as_str),
                note,
                "",
            ])?;
        }
        Ok(())
    }

    /// Writes an offer of help as the team has let it through. How to reach whoever made it is for readers of the page, and
    /// not for those who come by a table years later.
    pub fn help_offer(&mut self, offer: &HelpOffer, reference: &Reference, shown: Day) -> Result<()> {
        let help: Vec<&str> = offer.help.iter().map(|kind| kind.as_str()).collect();
        Ok(self.help.write_record([
            offer.name.as_str(),
            reference.as_str(),
            "",
            offer.place.as_deref().unwrap_or_default(),
            &help.join(";"),
            offer.spoken.as_ref().map_or("", Line::as_str),
            "",
            "",
            "",
            offer.sentence.as_deref().unwrap_or_default(),
            &shown.to_string(),
        ])?)
    }

    /// Writes a question, its options and its rows.
    pub fn question(&mut self, call: &Call, number: usize, question: &Question, language: &Language) -> Result<()> {
        self.questions.write_record([
            call.id.as_str(),
            question.id.as_str(),
            &number.to_string(),
            question.kind.as_str(),
            question.title.text(language),
            truth(question.required),
        ])?;
        for option in &question.options {
            self.options.write_record([
                call.id.as_str(),
                question.id.as_str(),
                option.id.as_str(),
                option.label.text(language),
            ])?;
        }
        for row in &question.rows {
            let record = [call.id.as_str(), question.id.as_str(), row.id.as_str(), row.label.text(language)];
            self.rows.write_record(record)?;
        }
        Ok(())
    }

    /// Writes what a body says of a model, as the team has let it through.
    pub fn take_up(
        &mut self,
        contribution: &Reference,
        [call, question]: [&domain::Slug; 2],
        said: &TakeUp,
        shown: Day,
    ) -> Result<()> {
        Ok(self.take_ups.write_record([
            contribution.as_str(),
            call.as_str(),
            question.as_str(),
            said.body.as_str(),
            said.sentence.as_deref().unwrap_or_default(),
            said.language.as_str(),
            &shown.to_string(),
        ])?)
    }

    /// Writes an event; `contribution` is the reference of the published contribution that it happened to.
    pub fn event(&mut self, event: &Event, contribution: Option<&Reference>, zone: &domain::Zone) -> Result<()> {
        let detail = match &event.happened {
            Happened::ReviewApplied { version } => json!({ "version": version }).to_string(),
            Happened::Received { channel, late, .. } => json!({ "channel": channel, "late": late }).to_string(),
            Happened::Redacted { question, reason, .. } => {
                json!({ "question": question, "reason": reason }).to_string()
            }
            Happened::TakenUp { question, .. } | Happened::TakeUpEnded { question, .. } => {
                json!({ "question": question }).to_string()
            }
            Happened::ReplyShown { asked, .. } => json!({ "asked": asked }).to_string(),
            Happened::HelpShown { offer } | Happened::HelpEnded { offer } => json!({ "offer": offer }).to_string(),
            Happened::ReleaseChanged { from, to, .. } => json!({ "from": from, "to": to }).to_string(),
            _ => String::new(),
        };
        let row = [
            event.position.to_string(),
            Day::of(event.at, zone).to_string(),
            event.happened.kind().to_owned(),
            event.happened.call().map(ToString::to_string).unwrap_or_default(),
            contribution.map(ToString::to_string).unwrap_or_default(),
            detail,
        ];
        Ok(self.events.write_record(row)?)
    }

    /// Ends the tables and gives back what they were written to, each flushed.
    pub fn end(self) -> Result<Vec<W>> {
        let given = [self.contributions, self.respondents, self.answers, self.files];
        let asked = [self.questions, self.options, self.rows, self.services, self.places];
        let all = given.into_iter().chain(asked).chain([self.take_ups, self.replies, self.help, self.events]);
        all.map(|table| table.into_inner().map_err(|error| error.into_error().into())).collect()
    }
}

fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn filled(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(";")
}

/// The ids of what was chosen, and what was said instead in the person's own words.
fn columns_of(chosen: &[Chosen]) -> (String, &str) {
    let mut options = Vec::new();
    let mut text = "";
    for one in chosen {
        match one {
            Chosen::Option(id) => options.push(id.as_str()),
            Chosen::Other(words) => text = words,
        }
    }
    (options.join(";"), text)
}

/// The descriptor of the tables: `datapackage.json`.
pub fn descriptor(review: &Review, made_at: jiff::Timestamp) -> Value {
    let language = review.main_language();
    let resources: Vec<Value> = TABLES.iter().map(|(name, key, columns)| resource(name, *key, columns)).collect();
    let licence = review.licence.as_ref().map(|licence| licence.text(language));
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": review.slug,
        "title": review.title.text(language),
        "description": review.summary.text(language),
        "created": made_at.to_string(),
        "version": "1",
        "keywords": ["review", "call for evidence"],
        "contributors": [{ "title": review.contact.name.text(language), "roles": ["publisher"] }],
        MARK: review.slug,
        "folkmoot:licence": licence,
        "resources": resources,
    })
}

fn resource(name: &str, key: usize, columns: &[Column]) -> Value {
    let keys: Vec<&str> = columns[..key].iter().map(|(column, _, _)| *column).collect();
    let field = |(at, (name, kind, text)): (usize, &Column)| {
        let required = at < key;
        json!({ "name": name, "type": kind, "description": text, "constraints": { "required": required } })
    };
    let foreign: Vec<Value> = REFERENCES
        .iter()
        .filter(|(from, _, _)| *from == name)
        .map(|(_, fields, to)| json!({ "fields": fields, "reference": { "resource": to, "fields": fields } }))
        .collect();
    let mut resource = json!({
        "name": name,
        "type": "table",
        "path": format!("{name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": { "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "header": true },
        "schema": {
            "fields": columns.iter().enumerate().map(field).collect::<Vec<_>>(),
            "foreignKeys": foreign,
            "missingValues": [""],
        },
    });
    if !keys.is_empty() {
        resource["schema"]["primaryKey"] = json!(keys);
    }
    resource
}
