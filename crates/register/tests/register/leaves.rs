//! The bytes of leaves, as `docs/register.md` has them.

use folkmoot_register::{Class, Commitment, Disposition, Event, Exclusion, Leaf, Outcome, Salt, Sums};
use proptest::prelude::*;

use crate::made::{REVIEW, leaf};

fn sums() -> Sums {
    Sums { contributions: 15, published: 1, considered: 2, withdrawn: 3, excluded: 4, erased: 0x0500_0005 }
}

#[test]
fn each_event_has_its_kind_value_and_reference() {
    let disposed = |outcome, replaces| Event::Disposition { of: 258, disposition: Disposition { outcome, replaces } };
    let digest = [9; 32];
    let beginning = |bytes: &[u8]| {
        let mut value = [0; 32];
        value[..bytes.len()].copy_from_slice(bytes);
        value
    };
    let numbers: Vec<u8> = [15, 1, 2, 3, 4, 0x0500_0005_u32].iter().flat_map(|number| number.to_be_bytes()).collect();
    for (event, kind, value, reference) in [
        (Event::Contribution(Commitment(digest)), 1, digest, 0_u64),
        (disposed(Outcome::Published, None), 2, beginning(&[1]), 258),
        (disposed(Outcome::Considered, None), 2, beginning(&[2]), 258),
        (disposed(Outcome::Withdrawn, Some(1)), 2, beginning(&[3, 0, 1]), 258),
        (disposed(Outcome::Excluded(Exclusion::OutOfScope), None), 2, beginning(&[4, 1]), 258),
        (disposed(Outcome::Excluded(Exclusion::Duplicate), None), 2, beginning(&[4, 2]), 258),
        (disposed(Outcome::Excluded(Exclusion::Unlawful), Some(2)), 2, beginning(&[4, 3, 2]), 258),
        (disposed(Outcome::Excluded(Exclusion::Abusive), None), 2, beginning(&[4, 4]), 258),
        (disposed(Outcome::Excluded(Exclusion::NotGenuine), None), 2, beginning(&[4, 5]), 258),
        (disposed(Outcome::Excluded(Exclusion::Other), None), 2, beginning(&[4, 255]), 258),
        (disposed(Outcome::Erased, Some(4)), 2, beginning(&[5, 0, 4]), 258),
        (Event::Manifest { epoch: 3, digest }, 3, digest, 3),
        (Event::Unseal { digest }, 4, digest, 0),
        (Event::TokensIssued { count: 20, digest }, 5, digest, 20),
        (Event::Close(sums()), 6, beginning(&numbers), 0),
        (Event::Policy { digest }, 7, digest, 0),
    ] {
        let leaf = leaf(event);
        let expected =
            [b"ev1", &[kind][..], &REVIEW, &20_000_u32.to_be_bytes(), &value, &reference.to_be_bytes()].concat();
        assert_eq!(leaf.to_bytes().to_vec(), expected);
        assert_eq!(Leaf::parse(&expected), Ok(leaf));
        // Each byte of a field that has no meaning here must be nought.
        let free = match kind {
            1 | 4 | 7 => 56..64,
            2 => 27..56,
            6 => 48..64,
            _ => 0..3,
        };
        for place in free {
            let mut altered = expected.clone();
            altered[place] ^= 1;
            assert!(Leaf::parse(&altered).is_err(), "byte {place} of {event:?}");
        }
        assert!(Leaf::parse(&expected[..63]).is_err() && Leaf::parse(&[&expected[..], &[0]].concat()).is_err());
    }
}

#[test]
fn what_no_leaf_says_is_refused() {
    let bytes = |kind: u8, value: &[u8]| {
        let mut bytes = leaf(Event::Policy { digest: [0; 32] }).to_bytes();
        bytes[3] = kind;
        bytes[24..24 + value.len()].copy_from_slice(value);
        bytes
    };
    for (kind, value) in [
        (0, &[][..]),
        (8, &[]),
        (2, &[0]),
        (2, &[6]),
        (2, &[1, 1]),
        (2, &[4, 0]),
        (2, &[4, 6]),
        (2, &[1, 0, 1]),
        (2, &[1, 0, 3]),
        (2, &[2, 0, 5]),
        (2, &[3, 0, 3]),
        (2, &[3, 0, 5]),
        (2, &[5, 0, 3]),
        (2, &[5, 0, 6]),
    ] {
        assert!(Leaf::parse(&bytes(kind, value)).is_err(), "kind {kind} with {value:?}");
    }
}

#[test]
fn sums_add_up_or_do_not() {
    assert!(!sums().add_up());
    assert!(Sums { erased: 5, ..sums() }.add_up());
    let beyond = Sums { contributions: 0, published: u32::MAX, considered: 1, ..Sums::default() };
    assert!(!beyond.add_up(), "a sum beyond 32 bits does not come round to nought");
    let mut sums = sums();
    assert_eq!(
        [0, 1, 2, 3, 4, 5, 6].map(|number| sums.of(number).copied()),
        [None, Some(1), Some(2), Some(3), Some(4), Some(0x0500_0005), None]
    );
}

#[test]
fn a_salt_is_not_printed() {
    assert_eq!(format!("{:?}", Salt([7; 32])), "Salt(…)");
}

proptest! {
    /// Other text, other terms, another salt: another commitment.
    #[test]
    fn a_commitment_opens_to_one_thing(text: Vec<u8>, other: Vec<u8>, salt: [u8; 32], another: [u8; 32]) {
        prop_assume!(text != other && salt != another);
        let [salt, another] = [salt, another].map(Salt);
        let commitment = Commitment::new(&salt, Class::UseOnly, &text);
        prop_assert!(commitment.opens(&salt, Class::UseOnly, &text));
        prop_assert!(!commitment.opens(&salt, Class::UseOnly, &other));
        prop_assert!(!commitment.opens(&another, Class::UseOnly, &text));
        for class in [Class::Public, Class::Unnamed, Class::Sealed] {
            prop_assert!(!commitment.opens(&salt, class, &text));
        }
    }
}
