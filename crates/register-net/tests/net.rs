//! Registers by their address, and witnesses, against servers that behave and servers that do not.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use folkmoot_register_net::{Outcome, Site, Witness, Witnesses};
use register::tile::MemoryTiles;
use register::witness::KnownLog;
use register::{
    Checkpoint, Commitment, Event, Head, Kind, Leaf, Note, Policy, SigningKey, Tree, VerifyingKey, witness,
};
use register_files::VerifyLog;

const ORIGIN: &str = "example.org/register";

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, Kind::Note, &[1; 32]).expect("a key")
}

/// A log of so many leaves.
struct Log {
    tree: Tree,
    tiles: MemoryTiles,
}

impl Log {
    fn of(size: u64) -> Log {
        let mut log = Log { tree: Tree::default(), tiles: MemoryTiles::new() };
        log.grow(size);
        log
    }

    fn grow(&mut self, by: u64) {
        let from = self.tree.size();
        let leaf = |number: u64| {
            let mut value = [0; 32];
            value[..8].copy_from_slice(&number.to_be_bytes());
            Leaf { review: [1; 16], day: 20_000, event: Event::Contribution(Commitment(value)) }.to_bytes()
        };
        let entries: Vec<_> = (from..from + by).map(leaf).collect();
        self.tiles.extend(self.tree.append(&entries).expect("short entries"));
    }

    fn checkpoint(&self) -> Note {
        Checkpoint::new(ORIGIN, self.tree.head()).sign(&[&log_key()]).expect("a checkpoint")
    }

    fn files(&self) -> HashMap<String, Vec<u8>> {
        let policy = Policy::new(&[log_key().verifying().clone()], &[], 0).expect("a policy").to_string();
        let tiles = self.tiles.iter().map(|(tile, bytes)| (format!("/register/{tile}"), bytes.clone()));
        let small = [("checkpoint", self.checkpoint().to_string()), ("policy", policy)];
        tiles.chain(small.map(|(name, text)| (format!("/register/{name}"), text.into_bytes()))).collect()
    }
}

/// What a server answers: status and body.
type Answer = (u16, Vec<u8>);

/// A server of one thread for each connection; gives its address.
fn serve(answer: impl Fn(&str, &[u8]) -> Answer + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || while one(&stream, &*answer).is_some() {});
        }
    });
    format!("http://{address}")
}

/// Answers one request of a connection.
fn one(stream: &TcpStream, answer: &dyn Fn(&str, &[u8]) -> Answer) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        lines.push(line);
    }
    let length =
        lines.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let (status, body) = answer(lines.first()?.split(' ').nth(1)?, &body);
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n", body.len()).ok()?;
    stream.write_all(&body).ok()
}

fn serve_files(files: HashMap<String, Vec<u8>>) -> String {
    serve(move |path, _| files.get(path).map_or((404, Vec::new()), |bytes| (200, bytes.clone())))
}

#[test]
fn a_whole_register_is_verified_at_its_address() {
    let log = Log::of(70_000);
    let address = serve_files(log.files());
    let report = VerifyLog::default().run(&Site::new(&format!("{address}/register/"))).expect("a report");
    assert!(report.sound && report.read == 70_000, "{report}");

    let mut files = log.files();
    files.get_mut("/register/tile/entries/005").expect("a tile")[100] ^= 1;
    let address = serve_files(files);
    let report = VerifyLog::default().run(&Site::new(&format!("{address}/register"))).expect("a report");
    assert!(!report.sound, "{report}");

    let mut files = log.files();
    files.remove("/register/tile/entries/007");
    let address = serve_files(files);
    let report = VerifyLog::default().run(&Site::new(&format!("{address}/register"))).expect("a report");
    assert!(report.to_string().contains("tile/entries/007 is missing"), "{report}");
}

#[test]
fn a_server_that_stumbles_is_asked_again_and_one_that_pours_is_cut_off() {
    let (files, asked) = (Log::of(300).files(), AtomicUsize::new(0));
    let address = serve(move |path, _| {
        if asked.fetch_add(1, Ordering::Relaxed) % 5 == 4 {
            return (503, Vec::new());
        }
        files.get(path).map_or((404, Vec::new()), |bytes| (200, bytes.clone()))
    });
    let report = VerifyLog::default().run(&Site::new(&format!("{address}/register"))).expect("a report");
    assert!(report.sound, "{report}");

    let address = serve(|_, _| (200, vec![b'a'; 3 << 20]));
    let error = VerifyLog::default().run(&Site::new(&address)).expect_err("an error");
    assert!(!error.is_unsound() && error.to_string().contains("limit"), "{error}");
    let error = VerifyLog::default().run(&Site::new("http://127.0.0.1:1/register")).expect_err("nobody is there");
    assert!(!error.is_unsound() && error.to_string().contains("http://127.0.0.1:1/register/policy"), "{error}");
    let error = VerifyLog::default().run(&Site::new("no address")).expect_err("no address");
    assert!(!error.is_unsound(), "{error}");
}

/// A witness in memory, as the specification has it.
fn honest(key: SigningKey) -> impl Fn(&str, &[u8]) -> Answer + Send + Sync {
    let latest: Mutex<Option<Head>> = Mutex::new(None);
    move |path, body| {
        assert_eq!(path, "/add-checkpoint");
        let mut latest = latest.lock().expect("a lock");
        let known = |_: &str| Some(KnownLog { keys: vec![log_key().verifying().clone()], latest: *latest });
        match witness::cosign(body, known, &key, 1_728_000_000) {
            Ok(cosigned) => {
                *latest = Some(cosigned.latest);
                (200, format!("{}\n", cosigned.cosignature).into_bytes())
            }
            Err(refusal) => (refusal.status(), refusal.answer().1.into_bytes()),
        }
    }
}

fn witness_key(number: u8) -> SigningKey {
    SigningKey::from_seed(&format!("witness.example/{number}"), Kind::Cosignature, &[number; 32]).expect("a key")
}

fn known(number: u8, address: String) -> Witness {
    Witness { address, key: witness_key(number).verifying().clone() }
}

#[test]
fn witnesses_cosign_and_a_bad_one_costs_no_more_than_its_cosignature() {
    let hung = TcpListener::bind("127.0.0.1:0").expect("a port");
    let line = |key: SigningKey, text: &str| format!("{}\n", key.sign(text, 5)).into_bytes();
    let mut log = Log::of(300);
    let text = log.checkpoint().text().to_owned();
    let stranger = line(witness_key(99), &text);
    let other_text = line(witness_key(4), "another text\n");
    let bad = [
        known(3, serve(move |_, _| (200, stranger.clone()))),
        known(4, serve(move |_, _| (200, other_text.clone()))),
        known(5, serve(|_, _| (200, vec![0xff; 1 << 20]))),
        known(6, serve(|_, _| (409, b"12\n".to_vec()))),
        known(7, serve(|_, body| (409, if body.starts_with(b"old 7\n") { b"8\n" } else { b"7\n" }.to_vec()))),
        known(8, serve(|_, _| (409, b"18446744073709551615\n".to_vec()))),
        known(9, serve(|_, _| (500, b"\x1b[31mdown".to_vec()))),
        known(10, format!("http://{}", hung.local_addr().expect("an address"))),
        known(11, "http://127.0.0.1:1".into()),
        known(12, "no address at all".into()),
    ];
    let good = [known(1, serve(honest(witness_key(1)))), known(2, serve(honest(witness_key(2))) + "/")];
    let keys: Vec<VerifyingKey> = good.iter().chain(&bad).map(|witness| witness.key.clone()).collect();
    let policy = Policy::new(&[log_key().verifying().clone()], &keys, 2).expect("a policy");
    let witnesses = Witnesses::new([good.to_vec(), bad.to_vec()].concat(), Duration::from_secs(5));
    for _ in 0..2 {
        let began = Instant::now();
        let asked = witnesses.ask(&log.checkpoint(), &log.tiles).expect("answers");
        assert!(began.elapsed() < Duration::from_mins(1), "{:?}", began.elapsed());
        assert_eq!(asked.cosigned(), 2, "{asked:?}");
        assert!(asked.answers.iter().zip(&keys).all(|(answer, key)| answer.witness == key.name()));
        assert_eq!(asked.ahead(), [u64::MAX]);
        assert!(matches!(asked.answers[9].outcome, Outcome::Silent(_)), "{asked:?}");
        let seen = format!("{asked:?}");
        assert!(!seen.contains('\u{1b}') && !seen.contains("\\u{1b}"), "{seen}");
        let trusted = policy.open(&asked.checkpoint).expect("two have cosigned");
        assert_eq!(trusted.witnessed.len(), 2);
        assert_eq!(asked.checkpoint.signatures().len(), 3, "nothing else was taken in");
        log.grow(500);
    }
}

#[test]
fn a_witness_that_is_elsewhere_gets_a_proof_from_there() {
    let mut log = Log::of(10);
    let address = serve(honest(witness_key(1)));
    let ask = |log: &Log| {
        let witnesses = Witnesses::new(vec![known(1, address.clone())], Duration::from_secs(5));
        witnesses.ask(&log.checkpoint(), &log.tiles).expect("an answer").answers.remove(0).outcome
    };
    assert_eq!(ask(&log), Outcome::Cosigned);
    log.grow(1000);
    // Another process, which does not know where the witness is.
    assert_eq!(ask(&log), Outcome::Cosigned);
    assert_eq!(ask(&log), Outcome::Cosigned, "the same checkpoint again");
    assert_eq!(ask(&Log::of(10)), Outcome::Ahead(1010), "an old copy");
    let mut fork = Log::of(0);
    fork.tiles.extend(fork.tree.append(&vec![[0_u8; 64]; 2000]).expect("short entries"));
    assert!(matches!(ask(&fork), Outcome::Forked(_)));
}
