//! What the smallest pieces cost: an answer read from a form, the door to showing it, a receipt code read, and durable
//! writes with and without company.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::contribution::{Channel, Content, State};
use domain::{
    Answer, Contribution, ContributionId, DraftContent, DraftId, Fields, Language, Question, ReceiptCode, Release,
    ReviewId,
};
use jiff::Timestamp;
use store::Db;
use store::draft::{DraftKey, StartDraft};
use uuid::Uuid;

const WORDS: &str = "The form asked for a photograph, and Dr Jones of Barry would not say which ones it takes. ";

fn question() -> Question {
    let question = r#"{"id": "story", "kind": "example", "title": {"en": "What happened?"}, "max": 4000}"#;
    serde_json::from_str(question).expect("a question")
}

fn contribution() -> Contribution {
    let mut content = Content::default();
    let question: domain::Slug = "barriers".parse().expect("a slug");
    content.answers.insert(question.clone(), Answer::Text(format!("{WORDS}{}", "It took three evenings. ".repeat(40))));
    let mut contribution = Contribution {
        id: ContributionId(Uuid::nil()),
        reference: "DGR-234-5678".parse().expect("a reference"),
        call: "access".parse().expect("a slug"),
        version: 1,
        channel: Channel::Web,
        release: Release::Unnamed,
        state: State::Received,
        late: false,
        language: "en".parse().expect("a language"),
        content,
        source: None,
        received_at: Timestamp::UNIX_EPOCH,
        published_at: None,
    };
    let reason: domain::Line = "names a person".parse().expect("a line");
    contribution.redact(&question, "Dr Jones of Barry", reason, Timestamp::UNIX_EPOCH).expect("redacted");
    contribution.publish(Timestamp::UNIX_EPOCH).expect("published");
    contribution
}

fn rules(criterion: &mut Criterion) {
    let question = question();
    let happened = WORDS.repeat(10);
    let typed =
        [("service", "Bus pass"), ("place", "Barry"), ("verdict", "mixed"), ("happened", &happened), ("model", "yes")];
    let fields: Fields = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec().into();
    criterion.bench_function("read an example of 900 characters from a form", |bencher| {
        bencher.iter(|| question.answer(black_box(&fields)));
    });

    let given = contribution();
    criterion.bench_function("make a contribution of 1 kB publishable, with one redaction", |bencher| {
        bencher.iter_batched(|| given.clone(), domain::publishable, criterion::BatchSize::SmallInput);
    });

    let code = ReceiptCode::from_bytes(*b"eleven byte").words().join(" ");
    criterion.bench_function("read a receipt code", |bencher| {
        bencher.iter(|| black_box(&code).parse::<ReceiptCode>());
    });
}

/// A draft of a session that nobody else has.
fn start() -> StartDraft {
    let (id, session) = (Uuid::new_v4(), Uuid::new_v4());
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(session.as_bytes());
    StartDraft {
        key: DraftKey {
            review: ReviewId(Uuid::nil()),
            call: "access".parse().expect("a slug"),
            session: digest,
            draft: None,
        },
        id: DraftId(id),
        code: digest,
        sealed: [0; ReceiptCode::BYTES],
        content: DraftContent { language: "en".parse::<Language>().ok(), ..DraftContent::default() },
        another: false,
        now: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::MAX,
    }
}

fn writes(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let db = runtime.block_on(Db::open_sqlite(&folder.path().join("bench.db"))).expect("a database");
    let db = Arc::new(db);
    let mut group = criterion.benchmark_group("write durably (SQLite)");
    group.sample_size(20);
    for people in [1_u64, 64] {
        group.throughput(Throughput::Elements(people));
        group.bench_function(format!("{people} at once"), |bencher| {
            bencher.to_async(&runtime).iter(|| async {
                let writing: Vec<_> = (0..people)
                    .map(|_| {
                        let db = Arc::clone(&db);
                        tokio::spawn(async move { db.write(start()).await })
                    })
                    .collect();
                for write in writing {
                    write.await.expect("a task that ends").expect("a draft that is begun");
                }
            });
        });
    }
    group.finish();
}

criterion_group!(functions, rules, writes);
criterion_main!(functions);
