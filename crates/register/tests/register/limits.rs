//! How much of anything is read, and which keys and signatures are none.

use folkmoot_register::note::Signature;
use folkmoot_register::tile::{self, Content, MemoryTiles, Tile};
use folkmoot_register::witness::{AddCheckpoint, MOST_HASHES};
use folkmoot_register::{Error, Hash, Kind, Note, Policy, ProofFile, SigningKey, VerifyingKey, proof};

use crate::made::{Log, ORIGIN, log_key, review, witness_keys};

#[test]
fn paths_have_a_bound() {
    let checkpoint = Log::of(&review(1)).checkpoint();
    let request = |count| AddCheckpoint { old: 1, proof: vec![Hash([0; 32]); count], checkpoint: checkpoint.clone() };
    assert!(AddCheckpoint::parse(request(MOST_HASHES).to_string().as_bytes()).is_ok());
    assert!(AddCheckpoint::parse(request(MOST_HASHES + 1).to_string().as_bytes()).is_err());
    let file = |count| {
        let path = vec![Hash([0; 32]); count];
        ProofFile { extra: None, index: 0, path, checkpoint: checkpoint.clone() }.to_string()
    };
    assert!(ProofFile::parse(file(proof::LONGEST).as_bytes()).is_ok());
    assert!(ProofFile::parse(file(proof::LONGEST + 1).as_bytes()).is_err());
}

#[test]
fn texts_have_a_bound() {
    let long = format!("{}\nquorum none\n", "#\n".repeat(5_000));
    assert!(long.parse::<Policy>().is_err());
    let padded = |beginning: &str| {
        let checkpoint = Log::of(&review(1)).checkpoint();
        let extra = "A".repeat(1 << 20);
        format!("{beginning}{extra}\nindex 0\n\n{checkpoint}")
    };
    assert!(ProofFile::parse(padded("c2sp.org/tlog-proof@v1\nextra ").as_bytes()).is_err());
}

/// For keys of small order anybody can make signatures (RFC 8032 leaves it open; `verify_strict` and we refuse them).
#[test]
fn weak_keys_are_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    assert!(VerifyingKey::new(ORIGIN, Kind::Note, &identity).is_err());
    assert!(VerifyingKey::new(ORIGIN, Kind::Note, &[2; 32]).is_err(), "no point of the curve");
    for name in ["", "two words", "a+b", "a\u{a0}b", "a\nb"] {
        assert!(SigningKey::from_seed(name, Kind::Note, &[1; 32]).is_err(), "{name:?}");
    }
}

#[test]
fn a_key_that_is_written_wrongly_is_none() {
    let written = log_key().verifying().to_string();
    let secret = log_key().expose();
    for wrong in [
        written.replace("6923a7ee", "6923a7ef"),
        written.replace("6923a7ee", "6923A7EE"),
        written.replace("6923a7ee", "+6923a7e"),
        written.replace("+AYqI", "+A4qI"),
        written.replace("+AYqI", "+"),
        secret.clone(),
        ORIGIN.into(),
    ] {
        assert!(wrong.parse::<VerifyingKey>().is_err(), "{wrong}");
    }
    assert!(secret.replace("6923a7ee", "6923a7ef").parse::<SigningKey>().is_err());
    assert!(written.parse::<SigningKey>().is_err());
    assert!(!format!("{:?}", log_key()).contains("PRIVATE"));
}

#[test]
fn a_cosignature_has_a_time_that_can_be() {
    let [key, _] = witness_keys();
    let good = key.sign("text\n", u64::MAX);
    assert_eq!(key.verifying().verify("text\n", &good), Ok(Some(i64::MAX as u64)));
    let forged = Err(Error::Forged(key.verifying().name().into()));
    let mut late = good.clone();
    late.bytes[0] |= 0x80;
    assert_eq!(key.verifying().verify("text\n", &late), forged);
    assert_eq!(key.verifying().verify("other\n", &good), forged);
    let cut = Signature { bytes: good.bytes[..7].to_vec(), ..good.clone() };
    assert_eq!(key.verifying().verify("text\n", &cut), forged);
    let plain = SigningKey::from_seed(key.verifying().name(), Kind::Note, &[2; 32]).expect("a key");
    assert_eq!(key.verifying().verify("text\n", &plain.sign("text\n", 0)), forged, "a signature of the other kind");
}

#[test]
fn a_note_takes_no_line_that_it_could_not_write() {
    let mut note = Note::sign("text\n", &[&log_key()], 0).expect("a note");
    let line = note.signatures()[0].clone();
    assert!(note.add(Signature { name: "two words".into(), ..line.clone() }).is_err());
    assert!(note.add(Signature { bytes: vec![0; 1 << 20], ..line.clone() }).is_err());
    assert!(note.add(Signature { bytes: vec![], ..line }).is_err());
    assert_eq!(note.signatures().len(), 1);
}

#[test]
fn tiles_of_another_length_are_refused() {
    let tile = Tile { content: Content::Hashes(0), index: 0, width: 2 };
    for length in [0, 32, 63, 65, 96, 8_192] {
        let tiles = MemoryTiles::from([(tile, vec![0; length])]);
        assert!(tile::read_hashes(&tiles, tile).is_err(), "{length} bytes");
    }
    let bundle = Tile { content: Content::Entries, ..tile };
    for bytes in [&[][..], &[0, 0], &[0, 0, 0, 0, 0, 0], &[0, 0, 0, 1], &[0]] {
        let tiles = MemoryTiles::from([(bundle, bytes.to_vec())]);
        assert!(tile::read_entries(&tiles, bundle).is_err(), "{bytes:?}");
    }
    let tiles = MemoryTiles::from([(bundle.full(), [0, 1, 7].repeat(256))]);
    assert_eq!(tile::read_entries(&tiles, bundle), Ok(vec![0, 1, 7, 0, 1, 7]));
    let short = MemoryTiles::from([(bundle.full(), [0, 1, 7].repeat(255))]);
    assert!(tile::read_entries(&short, bundle).is_err());
}
