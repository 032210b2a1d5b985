//! What the tables are: their columns, keys and files, and the descriptor that says so.

use domain::{FileKind, Reference, Review};
use serde_json::{Value, json};

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

/// The names of the columns of a table.
pub(super) fn columns(table: &str) -> impl Iterator<Item = &'static str> {
    let found = TABLES.iter().find(|(name, _, _)| *name == table);
    found.into_iter().flat_map(|(_, _, columns)| columns.iter().map(|(column, _, _)| *column))
}

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
