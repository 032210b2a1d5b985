//! The register as strangers use it: against published vectors, against other implementations, and against those who tamper.

mod audits;
mod documented;
mod independent;
mod leaves;
mod limits;
mod made;
mod oracles;
mod parsers;
mod policies;
mod receipts;
mod tampering;
mod trees;
mod vectors;
mod witnesses;
