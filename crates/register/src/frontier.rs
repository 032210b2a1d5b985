//! The right edge of a tree: all that one must remember of any number of leaves to go on and to state the root.

use crate::{Error, Hash};

/// The roots of the full subtrees that a tree of this size falls into, the largest first: one for each 1 in the binary form of
/// the size, so at most 64 hashes. Known as the *compact range* from 0.
///
/// ```
/// use folkmoot_register::{Frontier, Hash};
///
/// let leaves: Vec<Hash> = (0..1000_u32).map(|entry| Hash::of_leaf(&entry.to_be_bytes())).collect();
/// let mut frontier = Frontier::default();
/// leaves.iter().for_each(|leaf| frontier.push(*leaf));
/// assert_eq!(frontier.root(), Hash::of_tree(&leaves));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        self.carry(0, leaf);
    }

    /// Appends a full subtree of 2^`height` leaves by its root. Only where such a subtree can begin, at a size that is a multiple
    /// of its own.
    pub fn push_subtree(&mut self, height: u32, root: Hash) -> Result<(), Error> {
        let width = 1_u64.checked_shl(height).ok_or(Error::Unwritable { what: "a subtree", why: "it is too high" })?;
        if !self.size.is_multiple_of(width) || self.size.checked_add(width).is_none() {
            return Err(Error::Unwritable { what: "a subtree", why: "none of its size can begin here" });
        }
        self.carry(height, root);
        Ok(())
    }

    /// The root of the tree so far.
    pub fn root(&self) -> Hash {
        let join = |right, left| Hash::of_node(left, right);
        self.peaks.iter().rev().copied().reduce(join).unwrap_or_else(Hash::of_empty_tree)
    }

    /// Puts a full subtree where one of its size can begin.
    pub(crate) fn carry(&mut self, height: u32, root: Hash) {
        let mut root = root;
        for _ in 0..(self.size >> height).trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                root = Hash::of_node(left, root);
            }
        }
        self.peaks.push(root);
        self.size += 1 << height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_is_the_same_as_its_leaves() {
        let leaves: Vec<Hash> = (0..64_u8).map(|entry| Hash::of_leaf(&[entry])).collect();
        let mut frontier = Frontier::default();
        leaves[..32].iter().for_each(|leaf| frontier.push(*leaf));
        frontier.push_subtree(4, Hash::of_tree(&leaves[32..48])).expect("a place for 16");
        assert!(frontier.push_subtree(5, leaves[0]).is_err(), "48 is no multiple of 32");
        assert_eq!((frontier.size(), frontier.root()), (48, Hash::of_tree(&leaves[..48])));
    }
}
