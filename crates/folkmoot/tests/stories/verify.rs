//! What anybody can verify with the program alone: receipts, registers and exports, and with which status it ends.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use register::{
    Checkpoint, Class, Commitment, Disposition, Event, Evidence, Kind, Leaf, Outcome, Policy, Promise, ProofFile,
    Prover, Receipt, Salt, SigningKey, Tree,
};
use register_files::Folder;
use sha2::{Digest, Sha256};

use crate::told::{BINARY, said};

const ORIGIN: &str = "example.org/register";
const CONTENT: &str = r#"{"given":"The form asked for my passport twice."}"#;

/// A folder with a register in it, and its key.
struct Kept {
    folder: tempfile::TempDir,
    key: SigningKey,
    tree: Tree,
}

impl Kept {
    fn new() -> Kept {
        let folder = tempfile::tempdir().expect("a folder");
        let key = SigningKey::from_seed(ORIGIN, Kind::Note, &[1; 32]).expect("a key");
        let kept = Kept { folder, key, tree: Tree::default() };
        let policy = Policy::new(&[kept.key.verifying().clone()], &[], 0).expect("a policy").to_string();
        kept.write("policy", &policy);
        kept.write("register/policy", &policy);
        kept
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
        path.display().to_string()
    }

    fn append(&mut self, events: &[Event]) {
        let leaf = |event: &Event| Leaf { review: [1; 16], day: 20_000, event: *event }.to_bytes();
        let entries: Vec<_> = events.iter().map(leaf).collect();
        for (tile, bytes) in self.tree.append(&entries).expect("short entries") {
            self.write(&format!("register/{tile}"), bytes);
        }
        let checkpoint = Checkpoint::new(ORIGIN, self.tree.head()).sign(&[&self.key]).expect("a checkpoint");
        self.write("register/checkpoint", checkpoint.to_string());
    }

    fn promise(&self, content: &str) -> Receipt {
        let (salt, class) = (Salt([7; 32]), Class::Unnamed);
        let commitment = Commitment::new(&salt, class, content.as_bytes());
        let promise = Promise { origin: ORIGIN.into(), review: [1; 16], commitment, deadline: 1_728_000_000 };
        let note = promise.sign(&[&self.key]).expect("a promise");
        Receipt { salt, class, content: content.into(), evidence: Evidence::Promise(note) }
    }

    fn proof(&self, index: u64) -> ProofFile {
        let folder = Folder::new(&self.path("register"));
        let prover = Prover::new(&folder, self.tree.head());
        let checkpoint = Checkpoint::new(ORIGIN, self.tree.head()).sign(&[&self.key]).expect("a checkpoint");
        let (path, extra) = (prover.inclusion(index).expect("a proof"), prover.entry(index).expect("an entry"));
        ProofFile { extra: Some(extra), index, path, checkpoint }
    }
}

/// Runs `folkmoot verify`; the status, and what it says.
fn verify(arguments: &[&str]) -> (i32, String) {
    let output = trial::run(BINARY, &[&["verify"], arguments].concat());
    (output.status.code().expect("no signal"), said(&output))
}

#[test]
fn a_receipt_is_sound_or_not_or_cannot_be_verified() {
    let mut kept = Kept::new();
    let promised = kept.promise(CONTENT);
    kept.append(&[Event::Policy { digest: [1; 32] }, Event::Contribution(promised.commitment())]);
    let receipt = Receipt { evidence: Evidence::Proof(kept.proof(1)), ..promised.clone() };
    let policy = kept.path("policy").display().to_string();
    let bring = |content: String| {
        let file = kept.write("receipt.txt", content);
        verify(&["receipt", &file, "--policy", &policy])
    };
    let (status, text) = bring(receipt.to_string());
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("This receipt holds") && text.contains("entry 2 of 2 entries (leaf 1)"), "{text}");
    let (status, text) = bring(promised.to_string());
    assert!(status == 0 && text.contains("has promised") && text.contains("That time is over"), "{text}");
    let (status, text) = bring(kept.proof(0).to_string());
    assert!(status == 0 && text.contains("something was stated in public"), "{text}");

    let (status, text) = bring(receipt.to_string().replace("twice", "once"));
    assert!(status == 1 && text.contains("DOES NOT HOLD"), "{text}");
    let (status, text) = bring(receipt.to_string().replace("\nindex 1\n", "\nindex 0\n"));
    assert!(status == 1 && text.contains("NOT SOUND"), "{text}");
    let (status, text) = bring("nothing of the kind".into());
    assert!(status == 2 && text.contains("could not be verified"), "{text}");
    let (status, text) = verify(&["receipt", "/nonexistent", "--policy", &policy]);
    assert!(status == 2 && text.contains("/nonexistent cannot be read"), "{text}");

    let file = kept.write("receipt.txt", receipt.to_string());
    let (status, json) = verify(&["receipt", &file, "--policy", &policy, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((status, &json["sound"], &json["kind"]), (0, &true.into(), &"proof".into()));
}

#[test]
fn a_register_must_continue_what_was_remembered() {
    let mut kept = Kept::new();
    let promised = kept.promise(CONTENT);
    kept.append(&[Event::Contribution(promised.commitment())]);
    let register = kept.path("register").display().to_string();
    let memory = kept.path("remembered").display().to_string();
    let promise = kept.write("promise.txt", promised.to_string());
    let again = || verify(&["register", &register, "--remember", &memory, "--promise", &promise]);
    let (status, text) = again();
    assert!(status == 0 && text.contains("is sound") && text.contains("kept, at leaf 0"), "{text}");
    assert_eq!(fs::read(&memory).ok(), fs::read(kept.path("register/checkpoint")).ok(), "it is remembered");

    kept.append(&[Event::Disposition { of: 0, disposition: Disposition::first(Outcome::Published) }]);
    let (status, text) = again();
    assert!(status == 0 && text.contains("It continues the checkpoint of 1 leaf that was kept"), "{text}");

    // A proof does for a promise, and its leaf must stand there still.
    let proof = kept.write("proof.txt", kept.proof(0).to_string());
    let (status, text) = verify(&["register", &register, "--promise", &proof]);
    assert!(status == 0 && text.contains("proof.txt: kept, at leaf 0"), "{text}");

    // What was stated in public is there as it was committed to, or is missed.
    let stated = "register-statement/v1\nreview 01010101010101010101010101010101\ncall-closes access 2026-12-19\n";
    let digest: [u8; 32] = Sha256::digest(stated).into();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    kept.append(&[Event::Policy { digest }]);
    kept.write(&format!("register/statement/{hex}"), stated);
    let (status, text) = again();
    assert!(status == 0 && text.contains("Stated in public:\n  - call-closes access 2026-12-19"), "{text}");
    kept.write(&format!("register/statement/{hex}"), stated.replace("12-19", "12-20"));
    let (status, text) = again();
    assert!(status == 1 && text.contains(&format!("statement {hex} is missing, or is not the text")), "{text}");

    // The register forgets: that is seen, and what was remembered stays.
    let before = fs::read(&memory).expect("a checkpoint");
    kept.tree = Tree::default();
    kept.append(&[
        Event::Policy { digest: [1; 32] },
        Event::Policy { digest: [2; 32] },
        Event::Policy { digest: [3; 32] },
    ]);
    let (status, text) = again();
    assert!(status == 1 && text.contains("it was forked") && text.contains("OVERDUE"), "{text}");
    assert_eq!(fs::read(&memory).expect("a checkpoint"), before);

    let (status, text) = verify(&["register", "http://127.0.0.1:1/register"]);
    assert!(status == 2 && text.contains("could not be verified"), "{text}");
    let (status, json) = verify(&["register", &kept.path("none").display().to_string(), "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((status, &json["sound"]), (2, &serde_json::Value::Null));
}

/// A register behind TLS: it is read from whom the system believes, and from nobody else.
#[test]
fn a_register_is_read_over_https() {
    let mut kept = Kept::new();
    let commitment = Commitment::new(&Salt([7; 32]), Class::Unnamed, CONTENT.as_bytes());
    kept.append(&[Event::Contribution(commitment)]);
    let (key, certificate) = (kept.write("key.pem", ""), kept.write("certificate.pem", ""));
    let asked = "[req]\ndistinguished_name=name\nx509_extensions=of\n[name]\n[of]\n\
                 basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost\n";
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-config", &kept.write("asked", asked), "-subj", "/CN=localhost", "-keyout", &key, "-out", &certificate])
        .output()
        .expect("openssl, as the tests need it");
    assert!(made.status.success(), "{}", said(&made));
    let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).expect("a port").port();
    let mut server = Command::new("openssl")
        .args(["s_server", "-quiet", "-WWW", "-accept", &format!("127.0.0.1:{port}"), "-key", &key])
        .args(["-cert", &certificate])
        .current_dir(kept.folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("openssl");
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(server.try_wait().expect("a process").is_none(), "it has ended");
        std::thread::sleep(Duration::from_millis(20));
    }
    let verify = |believed: &str| {
        let address = format!("https://localhost:{port}/register");
        let mut command = Command::new(BINARY);
        command.args(["verify", "register", &address]).env("SSL_CERT_FILE", believed);
        command.output().expect("it runs")
    };
    let (believed, stranger) = (verify(&certificate), verify("/dev/null"));
    server.kill().and_then(|()| server.wait()).expect("it ends");
    assert!(believed.status.success() && said(&believed).contains("is sound"), "{}", said(&believed));
    assert!(stranger.status.code() == Some(2) && said(&stranger).contains("ertificate"), "{}", said(&stranger));
}
