//! Witnesses as processes: asked, refused, killed in the middle, and asked again.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use register::tile::MemoryTiles;
use register::{Checkpoint, Kind, Note, SigningKey, Tree, VerifyingKey};
use register_net::{Client, Outcome, Witness, Witnesses};

use crate::told::{BINARY, assert_done};

const ORIGIN: &str = "example.org/register";

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, Kind::Note, &[1; 32]).expect("a key")
}

/// A witness that runs. Dropping it kills it, as `kill -9` does.
pub struct Running {
    child: Child,
    pub known: Witness,
}

impl Running {
    pub fn start(folder: &Path, name: Option<&str>) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        drop(listener);
        let mut command = Command::new(BINARY);
        command.args(["witness", "serve", "--listen", &address, "--folder"]).arg(folder);
        command.args(name.iter().flat_map(|name| ["--name", name]));
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let key: VerifyingKey = line.trim().parse().expect("the key of the witness");
        Running { child, known: Witness { address: format!("http://{address}"), key } }
    }

    fn ask(&self, log: &Log) -> (Outcome, Note) {
        let asked =
            Witnesses::new(vec![self.known.clone()], Duration::from_secs(10)).ask(&log.checkpoint(), &log.tiles);
        let mut asked = asked.expect("an answer");
        (asked.answers.remove(0).outcome, asked.checkpoint)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[derive(Clone, Default)]
struct Log {
    tree: Tree,
    tiles: MemoryTiles,
}

impl Log {
    fn grow(&mut self, entry: &[u8]) {
        self.tiles.extend(self.tree.append(&[entry]).expect("a short entry"));
    }

    fn checkpoint(&self) -> Note {
        Checkpoint::new(ORIGIN, self.tree.head()).sign(&[&log_key()]).expect("a checkpoint")
    }
}

#[test]
fn a_witness_cosigns_what_grows_and_refuses_forks() {
    let folder = tempfile::tempdir().expect("a folder");
    let add = |key: &VerifyingKey| {
        let folder = folder.path().display().to_string();
        assert_done(&trial::run(BINARY, &["witness", "add-log", "--folder", &folder, &key.to_string()]))
    };
    let witness = Running::start(folder.path(), Some("library.example/witness"));
    let mut log = Log::default();
    log.grow(b"first");
    assert!(matches!(witness.ask(&log).0, Outcome::Refused(why) if why.contains("404")), "it was not told of the log");
    add(log_key().verifying());
    let (outcome, checkpoint) = witness.ask(&log);
    assert_eq!(outcome, Outcome::Cosigned);
    assert_eq!(checkpoint.verify(std::slice::from_ref(&witness.known.key)).expect("a cosignature").len(), 1);
    let mut fork = log.clone();
    log.grow(b"second");
    fork.grow(b"forged");
    assert_eq!(witness.ask(&log).0, Outcome::Cosigned);
    assert!(matches!(witness.ask(&fork).0, Outcome::Forked(_)), "the same size with another root");
    fork.grow(b"third");
    assert!(matches!(witness.ask(&fork).0, Outcome::Forked(_)), "a larger fork");
    let key = Client::new(Duration::from_secs(5)).get(&witness.known.address, 1000).expect("the key");
    assert_eq!(String::from_utf8_lossy(&key).trim(), witness.known.key.to_string());

    // Killed, and started again: it is who it was, and knows what it knew.
    let known = witness.known.key.clone();
    drop(witness);
    let witness = Running::start(folder.path(), None);
    assert_eq!(witness.known.key, known);
    assert!(matches!(witness.ask(&fork).0, Outcome::Forked(_)));
    let mut old = Log::default();
    old.grow(b"first");
    assert_eq!(witness.ask(&old).0, Outcome::Ahead(2), "a log that was rolled back");
    assert_eq!(witness.ask(&log).0, Outcome::Cosigned);
}

/// How often the witness is killed; `FOLKMOOT_KILLS` asks for more.
fn kills() -> u64 {
    std::env::var("FOLKMOOT_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(30)
}

#[test]
fn whenever_it_is_killed_a_witness_knows_what_it_has_cosigned() {
    let folder = tempfile::tempdir().expect("a folder");
    register_files::Witness::add_log(folder.path(), log_key().verifying()).expect("a log");
    let mut log = Log::default();
    let (mut cosigned, mut last) = (0, 0);
    for round in 0..kills() {
        let mut witness = Running::start(folder.path(), Some("library.example/witness"));
        // It knows at least what it has said: a log that stops short of that is behind.
        if last > 0 {
            let mut old = Log::default();
            (1..last).for_each(|number: u64| old.grow(&number.to_be_bytes()));
            assert!(
                matches!(witness.ask(&old).0, Outcome::Ahead(size) if size >= last),
                "round {round}: it forgot {last}"
            );
        }
        let (said, stop) = (AtomicU64::new(last), AtomicBool::new(false));
        let before = log.tree.size();
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let witnesses = Witnesses::new(vec![witness.known.clone()], Duration::from_secs(5));
                while !stop.load(Ordering::Relaxed) {
                    log.grow(&(log.tree.size() + 1).to_be_bytes());
                    let asked = witnesses.ask(&log.checkpoint(), &log.tiles).expect("an answer");
                    if asked.cosigned() == 0 {
                        break;
                    }
                    said.store(log.tree.size(), Ordering::Relaxed);
                }
            });
            let began = Instant::now();
            while said.load(Ordering::Relaxed) < before + 2 && began.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_micros(round * 733 % 9000));
            witness.child.kill().expect("it ran");
            stop.store(true, Ordering::Relaxed);
            asking.join().expect("no panic");
        });
        last = said.into_inner();
        cosigned += last.saturating_sub(before);
    }
    println!("killed {} times; {cosigned} checkpoints cosigned, none forgotten", kills());
    assert!(cosigned > kills(), "there was load: {cosigned}");
}
