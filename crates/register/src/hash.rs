//! SHA-256 as a Merkle tree uses it: one prefix for leaves, another for nodes, so that neither can pass for the other
//! (RFC 9162, section 2.1.1; the same as RFC 6962, section 2.1).

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::Error;

/// A SHA-256 hash of a leaf, a node or a tree. Written as base64 (RFC 4648, section 4), as all the C2SP formats do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The root of a tree without leaves: the hash of nothing.
    pub fn of_empty_tree() -> Hash {
        Hash(Sha256::digest([]).into())
    }

    /// The hash of a leaf: `SHA-256(0x00 ‖ entry)`.
    pub fn of_leaf(entry: &[u8]) -> Hash {
        Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
    }

    /// The hash of a node: `SHA-256(0x01 ‖ left ‖ right)`.
    pub fn of_node(left: Hash, right: Hash) -> Hash {
        Hash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
    }

    /// The root of the tree over these hashes, in this order. Pairing from the left and carrying up what is left over gives the
    /// same tree as the recursive definition.
    ///
    /// ```
    /// use folkmoot_register::Hash;
    ///
    /// let [a, b, c] = ["a", "b", "c"].map(|entry| Hash::of_leaf(entry.as_bytes()));
    /// assert_eq!(Hash::of_tree(&[a, b, c]), Hash::of_node(Hash::of_node(a, b), c));
    /// ```
    pub fn of_tree(hashes: &[Hash]) -> Hash {
        let mut row = hashes.to_vec();
        while row.len() > 1 {
            let width = row.len();
            for at in 0..width / 2 {
                row[at] = Hash::of_node(row[2 * at], row[2 * at + 1]);
            }
            if width % 2 == 1 {
                row[width / 2] = row[width - 1];
            }
            row.truncate(width.div_ceil(2));
        }
        row.first().copied().unwrap_or_else(Hash::of_empty_tree)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Hash, Error> {
        let bytes = STANDARD.decode(text).map_err(|_| Error::malformed("hash", "it is not base64"))?;
        let bytes = bytes.try_into().map_err(|_| Error::malformed("hash", "it has not 32 bytes"))?;
        Ok(Hash(bytes))
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
