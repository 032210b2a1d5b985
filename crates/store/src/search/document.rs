//! What the index knows of a contribution: of what may be shown, and of nothing else.

use domain::catalogue;
use domain::{Answer, Contribution, Example, Publishable, ReviewId};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
    TokenizerManager,
};
use tantivy::{Index, TantivyDocument};

/// The name of the tokenizer that folds case and accents.
pub(super) const FOLDED: &str = "folded";
/// The name of the tokenizer that also reduces English words to their stems.
pub(super) const ENGLISH: &str = "english";
/// How many examples of one contribution are told apart. What is asked for must be true of one of them; beyond so many,
/// two share a number, and only then can something be found whose parts come from two examples.
pub(super) const EXAMPLES: usize = 16;

/// Names how documents are made of contributions: change it with that. An index without a field of this name is made anew.
const FORM: &str = "form-3";

/// The fields of the index.
pub(super) struct Fields {
    pub(super) review: Field,
    pub(super) id: Field,
    pub(super) call: Field,
    pub(super) form: Field,
    pub(super) kind: Field,
    pub(super) channel: Field,
    pub(super) language: Field,
    pub(super) late: Field,
    pub(super) example: Field,
    pub(super) published_at: Field,
    pub(super) text: Field,
    pub(super) english: Field,
}

pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = |tokenizer: &str| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer);
        TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqsAndPositions))
    };
    let fields = Fields {
        review: builder.add_text_field("review", STRING),
        id: builder.add_text_field("id", STRING | STORED),
        call: builder.add_text_field("call", STRING),
        form: builder.add_text_field("form", STRING),
        kind: builder.add_text_field("kind", STRING),
        channel: builder.add_text_field("channel", STRING),
        language: builder.add_text_field("language", STRING),
        late: builder.add_text_field("late", STRING),
        example: builder.add_text_field("example", STRING),
        published_at: builder.add_i64_field("published_at", INDEXED | FAST),
        text: builder.add_text_field("text", text(FOLDED)),
        english: builder.add_text_field("english", text(ENGLISH)),
    };
    builder.add_text_field(FORM, STRING);
    (builder.build(), fields)
}

pub(super) fn register_tokenizers(tokenizers: &TokenizerManager) {
    let words = || {
        let tokens = TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(60));
        tokens.filter(LowerCaser).filter(AsciiFoldingFilter)
    };
    tokenizers.register(FOLDED, words().build());
    tokenizers.register(ENGLISH, words().filter(Stemmer::new(Language::English)).build());
}

/// The words of a text as the index keeps them.
pub(super) fn words(index: &Index, tokenizer: &str, text: &str) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(mut analyzer) = index.tokenizers().get(tokenizer) {
        analyzer.token_stream(text).process(&mut |token| words.push(token.text.clone()));
    }
    words
}

pub(super) fn document(fields: &Fields, review: ReviewId, contribution: &Publishable<Contribution>) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_text(fields.review, review.0.to_string());
    document.add_text(fields.id, contribution.id.0.to_string());
    for call in std::iter::once(&contribution.call).chain(&contribution.content.also) {
        document.add_text(fields.call, call.as_str());
    }
    document.add_text(fields.form, contribution.content.form.as_str());
    if let Some(kind) = contribution.content.respondent.kind {
        document.add_text(fields.kind, kind.as_str());
    }
    document.add_text(fields.channel, contribution.channel.as_str());
    document.add_text(fields.language, contribution.language.as_str());
    document.add_text(fields.late, if contribution.late { "yes" } else { "no" });
    let of_examples = contribution.examples().map(marks);
    let of_all = of_all(contribution);
    for (marks, number) in of_examples.chain([of_all]).zip((0..EXAMPLES).cycle()) {
        for mark in marks {
            document.add_text(fields.example, numbered(number, &mark));
        }
    }
    document.add_i64(fields.published_at, contribution.published_at.map_or(0, jiff::Timestamp::as_microsecond));
    add_words(&mut document, fields, contribution);
    document
}

fn add_words(document: &mut TantivyDocument, fields: &Fields, contribution: &Publishable<Contribution>) {
    let respondent = &contribution.content.respondent;
    let names = respondent.name.iter().chain(&respondent.organisation).map(domain::Line::as_str);
    let words = contribution.content.answers.values().flat_map(Answer::words);
    let english = contribution.language.as_str() == "en";
    // A reference is read out and typed without its hyphens, and "e-mail" without its own.
    let reference = contribution.reference.as_str();
    for text in words.chain(names).chain([reference]) {
        document.add_text(fields.text, text);
        let hyphens = text.split_whitespace().filter(|word| word.contains('-'));
        let joined = hyphens.map(|word| word.replace('-', "")).collect::<Vec<_>>().join(" ");
        if !joined.is_empty() {
            document.add_text(fields.text, joined);
        }
        if english {
            document.add_text(fields.english, text);
        }
    }
}

/// What can be asked of an example, one mark each.
fn marks(example: &Example) -> Vec<String> {
    let mut marks = vec![ANY.to_owned(), verdict_mark(example.verdict)];
    if example.model {
        marks.push(MODEL.to_owned());
    }
    marks.extend(named(&SERVICE, example.service.as_deref(), example.service_id.as_deref()));
    marks.extend(named(&PLACE, example.place.as_deref(), example.place_code.as_deref()));
    marks
}

/// What can be asked of a contribution as of one example, though it is none: the services and places that questions of their own
/// asked for.
fn of_all(contribution: &Contribution) -> Vec<String> {
    let marks = contribution.content.answers.values().flat_map(|answer| match answer {
        Answer::Service(one) => named(&SERVICE, Some(&one.name), one.code.as_deref()),
        Answer::Place(one) => named(&PLACE, Some(&one.name), one.code.as_deref()),
        _ => vec![],
    });
    marks.collect()
}

/// What is listed is found by its code, whatever it is called; anything else by its words.
fn named(marks: &Marks, name: Option<&str>, code: Option<&str>) -> Vec<String> {
    match code {
        Some(code) => vec![marks.code(code)],
        None => catalogue::words(name.unwrap_or_default()).iter().map(|word| marks.word(word)).collect(),
    }
}

/// The mark of every example.
pub(super) const ANY: &str = "any";
/// The mark of a model.
pub(super) const MODEL: &str = "model";
/// The marks of a service.
pub(super) const SERVICE: Marks = Marks("service");
/// The marks of a place.
pub(super) const PLACE: Marks = Marks("place");

/// The marks of something that is named, by one's own words or by its code in a list.
pub(super) struct Marks(&'static str);

impl Marks {
    pub(super) fn word(&self, word: &str) -> String {
        format!("{}={word}", self.0)
    }

    pub(super) fn code(&self, code: &str) -> String {
        format!("{}#{code}", self.0)
    }
}

pub(super) fn verdict_mark(verdict: domain::Verdict) -> String {
    format!("verdict={verdict}")
}

/// A mark as one example of a contribution bears it.
pub(super) fn numbered(example: usize, mark: &str) -> String {
    format!("{example}:{mark}")
}
