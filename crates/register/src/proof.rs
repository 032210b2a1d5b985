//! Inclusion and consistency proofs: which hashes they consist of, and whether they hold (RFC 9162, sections 2.1.3 and 2.1.4).

use std::ops::Range;

use crate::{Error, Hash, Head};

/// A proof has at most so many hashes: a tree of 2^64 leaves is no higher, and C2SP tlog-witness allows 63.
pub const LONGEST: usize = 64;

/// Whether the leaf stands at this place of the tree (RFC 9162, section 2.1.3.2). The path begins beside the leaf and ends below
/// the root.
pub fn verify_inclusion(leaf: Hash, index: u64, path: &[Hash], head: &Head) -> Result<(), Error> {
    if index >= head.size {
        return Err(Error::BeyondTheEnd { index, size: head.size });
    }
    let mut place = Place { at: index, last: head.size - 1 };
    let mut root = leaf;
    for beside in path {
        if place.last == 0 {
            return Err(Error::NotIncluded);
        }
        root = if place.is_right() { Hash::of_node(*beside, root) } else { Hash::of_node(root, *beside) };
        place.climb();
    }
    if place.last == 0 && root == head.root { Ok(()) } else { Err(Error::NotIncluded) }
}

/// Whether the new tree begins with all leaves of the old one, in their order (RFC 9162, section 2.1.4.2).
pub fn verify_consistency(old: &Head, new: &Head, path: &[Hash]) -> Result<(), Error> {
    let inconsistent = Error::Inconsistent { old: old.size, new: new.size };
    let holds = match (old.size, old.size.cmp(&new.size)) {
        (0, _) => path.is_empty() && old.root == Hash::of_empty_tree() && (new.size > 0 || new.root == old.root),
        (_, std::cmp::Ordering::Equal) => path.is_empty() && old.root == new.root,
        (_, std::cmp::Ordering::Greater) => false,
        (_, std::cmp::Ordering::Less) => continues(old, new, path),
    };
    if holds { Ok(()) } else { Err(inconsistent) }
}

/// Rebuilds both roots from the path, for 0 < old < new.
fn continues(old: &Head, new: &Head, path: &[Hash]) -> bool {
    let mut place = Place { at: old.size - 1, last: new.size - 1 };
    let shift = place.at.trailing_ones();
    (place.at, place.last) = (place.at.unbounded_shr(shift), place.last.unbounded_shr(shift));
    // Where the old tree is one full subtree its root is known already, and left out of the path.
    let full = old.size.is_power_of_two().then_some(&old.root);
    let mut hashes = full.into_iter().chain(path);
    let (Some(first), false) = (hashes.next(), path.is_empty()) else { return false };
    let (mut old_root, mut new_root) = (*first, *first);
    for beside in hashes {
        if place.last == 0 {
            return false;
        }
        if place.is_right() {
            old_root = Hash::of_node(*beside, old_root);
            new_root = Hash::of_node(*beside, new_root);
        } else {
            new_root = Hash::of_node(new_root, *beside);
        }
        place.climb();
    }
    place.last == 0 && old_root == old.root && new_root == new.root
}

/// Where a node stands in its row, and which is the last of the row.
struct Place {
    at: u64,
    last: u64,
}

impl Place {
    fn is_right(&self) -> bool {
        self.at & 1 == 1 || self.at == self.last
    }

    /// To the row of the parent; a last node without a sister climbs until it has one.
    fn climb(&mut self) {
        if self.at & 1 == 0 && self.at == self.last && self.at != 0 {
            let rows = self.at.trailing_zeros();
            (self.at, self.last) = (self.at >> rows, self.last >> rows);
        }
        (self.at, self.last) = (self.at >> 1, self.last >> 1);
    }
}

/// The subtrees whose roots make up the inclusion proof, in its order. Each is a range of leaves.
pub(crate) fn inclusion_ranges(index: u64, size: u64) -> Vec<Range<u64>> {
    let mut ranges = Vec::new();
    let mut tree = 0..size;
    while tree.end - tree.start > 1 {
        let middle = middle(&tree);
        if index < middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The subtrees whose roots make up the consistency proof, in its order, for `old <= new`.
pub(crate) fn consistency_ranges(old: u64, new: u64) -> Vec<Range<u64>> {
    if old == 0 || old == new {
        return Vec::new();
    }
    let mut ranges = Vec::new();
    let mut tree = 0..new;
    while old != tree.end {
        let middle = middle(&tree);
        if old <= middle {
            ranges.push(middle..tree.end);
            tree.end = middle;
        } else {
            ranges.push(tree.start..middle);
            tree.start = middle;
        }
    }
    if tree.start > 0 {
        ranges.push(tree);
    }
    ranges.reverse();
    ranges
}

/// Where a tree of two or more leaves is parted: the left half is the largest power of two below its size.
fn middle(tree: &Range<u64>) -> u64 {
    tree.start + (1 << (tree.end - tree.start - 1).ilog2())
}
