//! Vectors that others have published.

use folkmoot_register::tile::{Content, MemoryTiles, Tile};
use folkmoot_register::{Checkpoint, Hash, Head, Kind, Note, Prover, SigningKey, Tree, VerifyingKey, proof, witness};

fn hash(hex: &str) -> Hash {
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect();
    Hash(bytes.try_into().expect("32 bytes"))
}

/// The leaves that the reference implementations of Certificate Transparency are tested with.
fn leaves() -> Vec<Vec<u8>> {
    let range = |from: u8, to: u8| (from..=to).collect::<Vec<u8>>();
    vec![
        vec![],
        vec![0],
        vec![0x10],
        range(0x20, 0x21),
        range(0x30, 0x31),
        range(0x40, 0x43),
        range(0x50, 0x57),
        range(0x60, 0x6f),
    ]
}

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn head(size: usize) -> Head {
    Head { size: size as u64, root: hash(ROOTS[size]) }
}

#[test]
fn the_roots_of_certificate_transparency() {
    let mut tree = Tree::default();
    assert_eq!(tree.head(), head(0));
    for (size, leaf) in (1..).zip(leaves()) {
        tree.append(&[leaf]).expect("an entry");
        assert_eq!(tree.head(), head(size));
    }
}

#[test]
fn the_proofs_of_certificate_transparency() {
    let five_f = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
    let bc_one = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
    let ca_eight = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
    let nine_six = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
    let six_b = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
    let nought_e = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
    let b_nought = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f";
    let inclusion: [(usize, usize, Vec<&str>); 4] = [
        (0, 8, vec![nine_six, five_f, six_b]),
        (5, 8, vec![bc_one, ca_eight, ROOTS[4]]),
        (2, 3, vec![ROOTS[2]]),
        (1, 5, vec![ROOTS[1], five_f, bc_one]),
    ];
    for (index, size, expected) in inclusion {
        let expected: Vec<Hash> = expected.into_iter().map(hash).collect();
        let tiles = tiles(size);
        assert_eq!(Prover::new(&tiles, head(size)).inclusion(index as u64), Ok(expected.clone()));
        let leaf = Hash::of_leaf(&leaves()[index]);
        assert_eq!(proof::verify_inclusion(leaf, index as u64, &expected, &head(size)), Ok(()));
    }
    let consistency: [(usize, usize, Vec<&str>); 5] = [
        (1, 1, vec![]),
        (1, 8, vec![nine_six, five_f, six_b]),
        (6, 8, vec![nought_e, ca_eight, ROOTS[4]]),
        (2, 5, vec![five_f, bc_one]),
        (6, 7, vec![nought_e, b_nought, ROOTS[4]]),
    ];
    for (old, new, expected) in consistency {
        let expected: Vec<Hash> = expected.into_iter().map(hash).collect();
        let tiles = tiles(new);
        assert_eq!(Prover::new(&tiles, head(new)).consistency(old as u64), Ok((head(old), expected.clone())));
        assert_eq!(proof::verify_consistency(&head(old), &head(new), &expected), Ok(()));
    }
}

fn tiles(size: usize) -> MemoryTiles {
    Tree::default().append(&leaves()[..size]).expect("entries").into_iter().collect()
}

/// C2SP tlog-tiles, "Partial Tiles" and "Merkle Tree".
#[test]
fn the_tiles_of_the_specification() {
    let count = |content, full| {
        let is_one = move |tile: &Tile| tile.content == content && tile.is_full() == full;
        Tile::all(70_000).filter(is_one).collect::<Vec<Tile>>()
    };
    assert_eq!(count(Content::Hashes(0), true).len(), 273);
    assert_eq!(count(Content::Hashes(0), false)[0].width, 112);
    assert_eq!(count(Content::Hashes(1), true).len(), 1);
    assert_eq!(count(Content::Hashes(1), false)[0].width, 17);
    assert_eq!(count(Content::Hashes(2), false)[0].width, 1);
    assert_eq!(Tile::all(70_000).count(), 273 + 1 + 1 + 1 + 1 + 273 + 1);
    let paths: Vec<String> = Tile::all(256).map(|tile| tile.to_string()).collect();
    assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
    let tile = Tile { content: Content::Hashes(3), index: 1_234_067, width: 256 };
    assert_eq!(tile.to_string(), "tile/3/x001/x234/067");
}

/// C2SP signed-note, the example, and the one in the documentation of Go's sumdb/note, whose secret key is published.
#[test]
fn the_notes_of_the_specification_and_of_go() {
    let text = "This is an example message.\n\n— example.com/foo \
                Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let key: VerifyingKey =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().expect("a key");
    let note = Note::parse(text.as_bytes()).expect("a note");
    assert_eq!(note.verify(&[key]).map(|signed| signed.len()), Ok(1));

    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let key: SigningKey = secret.parse().expect("a key");
    assert_eq!(key.expose(), secret);
    assert_eq!(key.verifying().to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let signed = "— PeterNeumann \
                  x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    assert_eq!(Note::sign(text, &[&key], 0).map(|note| note.to_string()), Ok(format!("{text}\n{signed}\n")));
}

/// C2SP tlog-cosignature: the example has a time, and is longer than a plain signature by that.
#[test]
fn the_cosignature_of_the_specification() {
    let note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
                — example.com/behind-the-sofa \
                Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
                — witness.example.com/w1 \
                jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let read = Note::parse(note.as_bytes()).expect("a note");
    assert_eq!(read.to_string(), note);
    assert_eq!(read.text().parse::<Checkpoint>().expect("a checkpoint").head.size, 20_852_163);
    assert_eq!(read.signatures()[1].bytes[..8], 1_679_315_147_u64.to_be_bytes());
    assert_eq!(read.signatures()[1].bytes.len(), 72);
}

/// The checkpoints, keys and proof that the witness of the Transparency.dev project is tested with.
#[test]
fn a_log_that_other_witnesses_are_tested_with() {
    let log: VerifyingKey = "monkeys+db4d9f7e+AULaJMvTtDLHPUcUrjdDad9vDlh/PTfC2VV60JUtCfWT".parse().expect("a key");
    let first = "monkeys\n5\n41smjBUiAU70EtKlT6lIOIYtRTYxYXsDB+XHfcvu/BE=\n\n\
                 — monkeys 202fftzGl3LVoqjXfwCFZZXs8I+5G22+Ek2K0AOyBuSJ/8/CZawNF+6fNlTKOCd622pbzJNkkJFWuw9DbicZCkEx9AY=\n";
    let second = "monkeys\n8\nV8K9aklZ4EPB+RMOk1/8VsJUdFZR77GDtZUQq84vSbo=\n\n\
                  — monkeys 202ffoUEboiQYpHzICeaFmoy3RNviHTpAxYrq/eO4QQVQMvu9UebKBMX2MJC76NLthZaKsnKbCA8GxrjePZhvDCH7Ag=\n";
    let path = [
        "b9e1d62618f7fee8034e4c5010f727ab24d8e4705cb296c374bf2025a87a10d2",
        "aac66cd7a79ce4012d80762fe8eec3a77f22d1ca4145c3f4cee022e7efcd599d",
        "89d0f753f66a290c483b39cd5e9eafb12021293395fad3d4a2ad053cfbcfdc9e",
        "29e40bb79c966f4c6fe96aff6f30acfce5f3e8d84c02215175d6e018a5dee833",
    ];
    let key = SigningKey::from_seed("witness.example/w1", Kind::Cosignature, &[4; 32]).expect("a key");
    let mut latest = None;
    for (note, old, path) in [(first, 0, &path[..0]), (second, 5, &path[..])] {
        let request = witness::AddCheckpoint {
            old,
            proof: path.iter().map(|hex| hash(hex)).collect(),
            checkpoint: Note::parse(note.as_bytes()).expect("a note"),
        };
        let known = |origin: &str| (origin == "monkeys").then(|| witness::KnownLog { keys: vec![log.clone()], latest });
        let cosigned = witness::cosign(request.to_string().as_bytes(), known, &key, 1).expect("a cosignature");
        latest = Some(cosigned.latest);
    }
    assert_eq!(latest.map(|head| head.size), Some(8));
}
