//! `folkmoot demo`: a Digital Government Review in the midst of its calls, to look at and to try.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use domain::take_up::Said;
use domain::{
    Channel, Clock, Content, Day, Fields, Filter, OfferedHelp, ReceiptCode, Release, Reply, Respondent, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use service::demo::Story;
use service::help_offer::OfferVerdict;
use service::{CurrentReview, Service, SystemClock};
use sha2::{Digest, Sha256};

use crate::install::Install;
use crate::mail::Mail;
use crate::register::Register;
use crate::serve::{Languages, Serve, bind, log_to_stderr};

const REVIEW: &str = include_str!("../demo/review.toml");
const HELP: &[u8] = include_bytes!("../demo/help.csv");
const CONTRIBUTIONS: &str = include_str!("../demo/contributions.jsonl");
/// The file that says from what a demonstration was set up.
const TOLD: &str = "told";
/// The day on which the review is told: its dates are moved by as many days as have gone by since.
const TOLD_ON: &str = "2026-11-23";

/// Bodies that say that they will take up a model, and how.
const TAKE_UPS: [(&str, &str); 4] = [
    ("Wenbury Borough Council", "We begin in April, with the desk at the central library."),
    ("Ardle Valley Health Board", "Our nurses have asked for this for years. We will try it on two wards first."),
    ("Citizens' Help, Marrow and District", "We will offer the same at all four of our rooms."),
    ("Thornby Parish Council", ""),
];

/// The call that the receipt to try is of, which is about buses: the last who answered it is asked about them.
const ASKED_IN: &str = "services-made-together";

/// What the team asks them, and what came back so far.
const ASKED: [(&str, Option<&str>); 2] = [
    ("Which bus do you take in the morning?", Some("The 41, from the hospital to the market.")),
    ("Is there a stop on your way where you could read at what time it really comes?", None),
];

/// Somebody who offers help.
#[derive(Clone, Copy)]
struct Offer {
    /// Name, place, languages, a sentence, how to reach them.
    texts: [&'static str; 5],
    help: &'static str,
    shows_contact: bool,
}

const OFFERS: [Offer; 3] = [
    Offer {
        texts: [
            "Marrow Green Scouts",
            "Leeds",
            "English, Punjabi",
            "We bring a tablet to your door on Saturdays, two of us at a time.",
            "scouts@marrow-green.example.org",
        ],
        help: "home online",
        shows_contact: true,
    },
    Offer {
        texts: [
            "Hedd Bowen",
            "Gwynedd",
            "Cymraeg, English",
            "Retired teacher. I read the questions out and write down what you say.",
            "01632 960 744",
        ],
        help: "writing home",
        shows_contact: false,
    },
    Offer {
        texts: ["Anglian Signers", "", "British Sign Language", "", "signers@example.org"],
        help: "signing",
        shows_contact: true,
    },
];

#[derive(Args)]
pub struct Demo {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: SocketAddr,

    /// The folder to keep it in; by default one among the temporary files, which begins anew when the demonstration tells
    /// another story than it did when the folder was made
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A line of the file of contributions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    call: domain::Slug,
    kind: domain::RespondentKind,
    name: Option<domain::Line>,
    organisation: Option<domain::Line>,
    members: Option<u32>,
    asked: Option<domain::Line>,
    language: domain::Language,
    days_ago: i64,
    release: Release,
    state: String,
    redact: Option<ToldRedaction>,
    answers: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldRedaction {
    question: domain::Slug,
    text: String,
    reason: domain::Line,
}

impl Demo {
    pub async fn run(self) -> anyhow::Result<()> {
        log_to_stderr();
        let temporary = self.data.is_none();
        let data = self.data.unwrap_or_else(|| std::env::temp_dir().join("folkmoot-demo"));
        let install = Install { data, database: None };
        if temporary && told_otherwise(&install.data)? {
            std::fs::remove_dir_all(&install.data)?;
        }
        let service = match install.open_with_search().await {
            // What an older version left among the temporary files is worth nothing: begin anew.
            Err(_) if temporary => {
                std::fs::remove_dir_all(&install.data)?;
                install.open_with_search().await?
            }
            opened => opened?,
        };
        fill(&service).await.context("the demonstration cannot be set up")?;
        std::fs::write(install.data.join(TOLD), digest())?;
        let listener = bind(self.listen).await?;
        // Mail goes nowhere: it can be looked at in a folder.
        let folder = std::path::absolute(install.data.join("mail"))?;
        let mail = Mail {
            smtp: Some(format!("file://{}", folder.display())),
            from: Some("review@digital-government.example.org".parse()?),
            rate: 100,
            ..Mail::default()
        };
        let address = format!("http://{}", listener.local_addr()?);
        let service = mail.equip(service, &install.data, Some(&address))?;
        let register = Register::at_once();
        let service = register.keep(service, &install, None).await?;
        let serve = Serve {
            listen: self.listen,
            install,
            mail,
            register,
            public_url: None,
            posts_per_minute: 120,
            sent_per_minute: 0,
            languages: Languages::default(),
            trust_forwarded: false,
        };
        let ready = |address| {
            println!("Mail that it would send is in {}", folder.display());
            println!("The demonstration is at http://{address} (Ctrl-C ends it)");
        };
        serve.serve(listener, service, ready).await
    }
}

/// Whether the demonstration in a folder was set up from other files than those that are built in now.
fn told_otherwise(data: &Path) -> std::io::Result<bool> {
    Ok(data.try_exists()? && std::fs::read_to_string(data.join(TOLD)).ok() != Some(digest()))
}

/// Tells the files of the demonstration from those of any other version.
fn digest() -> String {
    let files = [REVIEW.as_bytes(), HELP, CONTRIBUTIONS.as_bytes()];
    // Each is digested by itself first, so that nothing can move from one to the next.
    let digest = files.iter().fold(Sha256::new(), |all, file| all.chain_update(Sha256::digest(file))).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sets the review up for today, with its contributions unless they are there already.
async fn fill(service: &Service) -> anyhow::Result<()> {
    let mut definition = service::definition::parse(REVIEW)?;
    service::review::read_lists(&mut definition, &|name| match name {
        "help.csv" => Ok(HELP.to_vec()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    })?;
    let told_on: Day = TOLD_ON.parse()?;
    definition.shift(told_on.days_until(Day::of(SystemClock.now(), &definition.timezone)));
    let slug = definition.slug.clone();
    service.apply_definition(definition, None).await?;
    let review = service.review(slug.as_str()).await?;
    if service.tally(review.id).await?.all().received > 0 {
        return Ok(());
    }
    let stories = CONTRIBUTIONS.lines().zip(1..).map(|(line, number)| {
        let told = serde_json::from_str(line).with_context(|| format!("contribution {number}"))?;
        story(&review, told, number).with_context(|| format!("contribution {number}"))
    });
    let stories = stories.collect::<anyhow::Result<Vec<_>>>()?;
    let asked = stories.iter().rposition(|story| story.call.as_str() == ASKED_IN);
    let codes = service.tell(&review, stories).await?;
    take_up(service, &review).await?;
    offer_help(service, &review).await?;
    if let Some(code) = asked.and_then(|at| codes.get(at)) {
        ask(service, &review, code).await?;
        println!("A receipt to try: {}", code.words().join(" "));
    }
    Ok(())
}

/// Bodies say that they will take up some of the models; the team has let all but the last through.
async fn take_up(service: &Service, review: &CurrentReview) -> anyhow::Result<()> {
    let models = Filter { model: true, verdict: Some(Verdict::Works), ..Filter::default() };
    let listing = service.list(review, &models, None, TAKE_UPS.len()).await?;
    for ((body, sentence), (listed, number)) in TAKE_UPS.into_iter().zip(listing.items.iter().zip(1..)) {
        let mut models = listed.contribution.examples_by_question().filter(|(_, example)| example.model);
        let Some((question, _)) = models.next() else { continue };
        let model = service.model(review, &listed.contribution.reference, question).await?;
        let mut fields = Fields::default();
        for (name, value) in [("body", body), ("contact", "team@example.org"), ("sentence", sentence)] {
            fields.push(name, value);
        }
        let said = Said::read(&fields, review.main_language()).map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
        let id = service.take_up_id(None);
        service.say_take_up(review, &model, id, said).await?;
        if number < TAKE_UPS.len() {
            service.decide_take_up(review, id, service::take_up::Verdict::Show).await?;
        }
    }
    Ok(())
}

/// The team has asked somebody, and has an answer to an earlier question that it has let through.
async fn ask(service: &Service, review: &CurrentReview, code: &ReceiptCode) -> anyhow::Result<()> {
    let (session, _) = service.open_code(review, code, None).await?;
    let reference = service.receipt(review, &session, None).await?.contribution.reference;
    let language = review.main_language();
    for (question, _) in ASKED {
        service.ask(review, &reference, question, language, None).await?;
    }
    for (number, (_, text)) in (1..).zip(ASKED) {
        let Some(text) = text else { continue };
        let (text, at) = (Some(text.to_owned()), service.now());
        let reply = Reply { text, language: language.clone(), publish: true, at, shown_at: None };
        service.reply(review, &session, Some(&reference), &format!("asked-{number}").parse()?, reply).await?;
    }
    Ok(())
}

/// People offer help; the team has let all but the last into the directory.
async fn offer_help(service: &Service, review: &CurrentReview) -> anyhow::Result<()> {
    for (offer, number) in OFFERS.into_iter().zip(1..) {
        let mut fields = Fields::default();
        for (name, value) in ["name", "place", "spoken", "sentence", "contact"].into_iter().zip(offer.texts) {
            fields.push(name, value);
        }
        offer.help.split(' ').for_each(|kind| fields.push("help", kind));
        fields.push("consent", "yes");
        if offer.shows_contact {
            fields.push("show-contact", "yes");
        }
        let offered = OfferedHelp::read(&fields, review.known_places(), review.main_language());
        let offered = offered.map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
        let acknowledged = service.offer_help(review, service.offer_secret(None), offered).await?;
        if number < OFFERS.len() {
            service.decide_help_offer(review, &acknowledged.reference, OfferVerdict::Show).await?;
        }
    }
    Ok(())
}

fn story(review: &CurrentReview, told: Told, number: i64) -> anyhow::Result<Story> {
    let call = review.call(told.call.as_str()).context("no such call")?;
    let respondent = Respondent {
        kind: Some(told.kind),
        name: told.name,
        organisation: told.organisation,
        members: told.members,
        asked: told.asked,
    };
    let mut content = Content { form: call.form, respondent, ..Content::default() };
    for (id, value) in &told.answers {
        let (_, question) = call.question(id).with_context(|| format!("no question {id}"))?;
        let answer = question.answer(&fields(value));
        let answer =
            answer.map_err(|errors| anyhow::anyhow!("{id}: {errors:?}"))?.with_context(|| format!("{id} is empty"))?;
        content.answers.insert(question.id.clone(), answer);
    }
    // Over the working day, each at a moment of its own.
    let day = SystemClock.now() - SignedDuration::from_hours(24 * told.days_ago);
    let received_at = day - SignedDuration::from_secs(3_600 + (number * 7_919) % 36_000);
    let later = |days: i64| -> Timestamp {
        let at =
            received_at + SignedDuration::from_hours(24 * days) + SignedDuration::from_secs((number * 104_729) % 7_200);
        at.min(SystemClock.now() - SignedDuration::from_secs(2_400 - number))
    };
    let open = matches!(told.state.as_str(), "published" | "redacted");
    Ok(Story {
        call: told.call,
        // Four in ten do not come by the pages.
        channel: match number % 10 {
            0 => Channel::Paper,
            1 => Channel::Telephone,
            2 => Channel::Event,
            3 => Channel::Email,
            _ => Channel::Web,
        },
        content,
        language: told.language,
        release: told.release,
        received_at,
        published_at: open.then(|| later(1 + number % 3)),
        redaction: told.redact.map(|redact| (redact.question, redact.text, redact.reason)),
        withdrawn_at: (told.state == "withdrawn").then(|| later(2)),
    })
}

/// An answer of the file as the fields of a form.
fn fields(value: &Value) -> Fields {
    let mut fields = Fields::default();
    match value {
        Value::Array(values) => values.iter().for_each(|value| push(&mut fields, value)),
        Value::Object(parts) if parts.contains_key("verdict") => {
            for (name, part) in parts {
                match part {
                    Value::String(text) => fields.push(name, text),
                    Value::Bool(true) => fields.push(name, "yes"),
                    _ => {}
                }
            }
        }
        Value::Object(rows) if !rows.contains_key(domain::question::OTHER) => {
            for (row, value) in rows {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                fields.push(format!("{}-{row}", domain::question::ANSWER), value);
            }
        }
        value => push(&mut fields, value),
    }
    fields
}

fn push(fields: &mut Fields, value: &Value) {
    match value {
        Value::String(text) => fields.push(domain::question::ANSWER, text),
        Value::Object(parts) => {
            fields.push(domain::question::ANSWER, domain::question::OTHER_OPTION);
            parts.values().filter_map(Value::as_str).for_each(|text| fields.push(domain::question::OTHER, text));
        }
        value => fields.push(domain::question::ANSWER, value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{TOLD, digest, told_otherwise};

    #[test]
    fn what_was_set_up_from_other_files_is_told_apart() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("demo");
        assert!(!told_otherwise(&data)?, "there is none yet");
        fs::create_dir(&data)?;
        assert!(told_otherwise(&data)?, "nobody knows from what it was set up");
        fs::write(data.join(TOLD), digest())?;
        assert!(!told_otherwise(&data)?);
        fs::write(data.join(TOLD), digest().replace(['0', '1', '2'], "3"))?;
        assert!(told_otherwise(&data)?);
        Ok(())
    }
}
