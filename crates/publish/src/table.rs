//! The open tables of a review: CSV files (RFC 4180, UTF-8, header row) that point to each other, and a descriptor
//! (Data Package version 2) that says what each column holds. Rows are written as they come, so memory does not grow.

mod schema;

use std::io::Write;

use domain::take_up::TakeUp;
use domain::{
    Answer, Call, Chosen, Contribution, Day, Event, GivenFile, Happened, HelpOffer, Kind, Language, Line, Publishable,
    Question,
};
use domain::{Reference, Review};
use serde_json::json;

pub use schema::{FILE_FOLDER, FILES, MARK, descriptor, file_path};

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
        let mut table = |name: &str| -> Result<csv::Writer<W>> {
            let mut writer = csv::Writer::from_writer(open(&format!("{name}.csv"))?);
            writer.write_record(schema::columns(name))?;
            Ok(writer)
        };
        Ok(Self {
            contributions: table("contributions")?,
            respondents: table("respondents")?,
            answers: table("answers")?,
            files: table("files")?,
            questions: table("questions")?,
            options: table("options")?,
            rows: table("rows")?,
            services: table("services")?,
            places: table("places")?,
            take_ups: table("take_ups")?,
            replies: table("replies")?,
            help: table("help")?,
            events: table("events")?,
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
