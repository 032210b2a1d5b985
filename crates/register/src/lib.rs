//! An append-only register that anybody can verify: a Merkle tree in files, signed notes, witnesses, and a verifier.
//!
//! Evidence that is given to a review becomes a [`Leaf`] of 64 bytes: a [`Commitment`], from which nobody can learn the text, and
//! with which its contributor can prove that it was given. What becomes of it becomes another leaf. The leaves are the entries of
//! a log in the formats of the C2SP: [tlog-tiles], [tlog-checkpoint], [signed-note], [tlog-cosignature], [tlog-witness],
//! [tlog-proof] and [tlog-policy], so that the tools of others read it too. `docs/register.md` explains the whole for those who
//! want to verify, or to write a verifier of their own.
//!
//! The crate knows nothing of Folkmoot. It opens no file and no connection, has no clock and draws no random numbers: time and
//! seeds are arguments, and files are read through [`tile::TileSource`]. Nothing that it reads makes it panic.
//!
//! | to | use |
//! |---|---|
//! | write a log | [`batch::sequence`], [`Tree::append`], [`Checkpoint::sign`], [`Promise::sign`] |
//! | have it witnessed | [`witness::AddCheckpoint`], [`witness::collect`], [`witness::check_not_behind`] |
//! | be a witness | [`witness::cosign`] |
//! | give a proof | [`Prover`], [`ProofFile`], [`Receipt`] |
//! | verify a proof | [`ProofFile::verify`], [`Policy`], [`Commitment::opens`] |
//! | verify a whole log | [`audit::Audit`] |
//!
//! From a contribution to a proof in its contributor's hands:
//!
//! ```
//! use folkmoot_register::tile::MemoryTiles;
//! use folkmoot_register::{
//!     Checkpoint, Class, Commitment, Event, Kind, Leaf, Policy, ProofFile, Prover, Salt, SigningKey, Tree, batch,
//! };
//!
//! // The contributor, or the receipt's words, have a salt; the register has a key.
//! let salt = Salt([7; 32]);
//! let key = SigningKey::from_seed("example.org/register", Kind::Note, &[1; 32])?;
//!
//! // A batch is sequenced: leaves, tiles, and then the signature.
//! let text = b"The form asked for my passport twice.";
//! let commitment = Commitment::new(&salt, Class::Unnamed, text);
//! let leaves = batch::sequence(&[([1; 16], Event::Contribution(commitment))], 20_000, &[3; 32]);
//! let mut tree = Tree::default();
//! let entries: Vec<[u8; 64]> = leaves.iter().map(Leaf::to_bytes).collect();
//! let tiles: MemoryTiles = tree.append(&entries)?.into_iter().collect();
//! let checkpoint = Checkpoint::new("example.org/register", tree.head()).sign(&[&key])?;
//!
//! // The proof is a file.
//! let path = Prover::new(&tiles, tree.head()).inclusion(0)?;
//! let file = ProofFile { extra: Some(entries[0].to_vec()), index: 0, path, checkpoint }.to_string();
//!
//! // Anybody verifies it, with no more than the public key.
//! let policy = Policy::new(&[key.verifying().clone()], &[], 0)?;
//! let proof = ProofFile::parse(file.as_bytes())?;
//! let entry = proof.extra.clone().unwrap_or_default();
//! proof.verify(&entry, &policy)?;
//! assert_eq!(Leaf::parse(&entry)?.event, Event::Contribution(commitment));
//! assert!(commitment.opens(&salt, Class::Unnamed, text));
//! # Ok::<(), folkmoot_register::Error>(())
//! ```
//!
//! [tlog-tiles]: https://c2sp.org/tlog-tiles
//! [tlog-checkpoint]: https://c2sp.org/tlog-checkpoint
//! [signed-note]: https://c2sp.org/signed-note
//! [tlog-cosignature]: https://c2sp.org/tlog-cosignature
//! [tlog-witness]: https://c2sp.org/tlog-witness
//! [tlog-proof]: https://c2sp.org/tlog-proof
//! [tlog-policy]: https://c2sp.org/tlog-policy

pub mod audit;
pub mod batch;
mod checkpoint;
mod commitment;
mod disposition;
mod error;
mod frontier;
mod hash;
mod key;
mod leaf;
pub mod note;
mod policy;
mod promise;
pub mod proof;
mod proof_file;
mod prove;
mod receipt;
mod statement;
pub mod tile;
mod tree;
pub mod witness;

pub use checkpoint::{Checkpoint, Head};
pub use commitment::{Class, Commitment, Salt};
pub use disposition::{Disposition, Exclusion, Outcome, Sums};
pub use error::Error;
pub use frontier::Frontier;
pub use hash::Hash;
pub use key::{Kind, SigningKey, VerifyingKey};
pub use leaf::{Event, Leaf};
pub use note::Note;
pub use policy::{Policy, Trusted};
pub use promise::{Promise, Standing};
pub use proof_file::ProofFile;
pub use prove::Prover;
pub use receipt::{Evidence, Receipt};
pub use statement::{Stated, Statement};
pub use tree::{Tree, Written};

/// What this crate gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;
