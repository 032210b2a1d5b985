//! Postcodes of the United Kingdom. A whole one can stand for a single house, so of places only its first half is kept.
//!
//! The pattern is that of the government's BS 7666 schema for addresses: the outward code is one or two letters, a digit, and perhaps
//! another digit or letter (`SW1A`, `M1`, `LL57`); the inward code is a digit and two letters out of twenty (`1AA`).

/// The text with every whole postcode cut to its outward code: `12 High Street, sw1a 1aa` becomes `12 High Street, SW1A`.
pub fn without_inward(text: &str) -> String {
    let mut kept = cut(text);
    // What stood on both sides of one may be another.
    loop {
        let again = cut(&kept);
        if again == kept {
            return kept;
        }
        kept = again;
    }
}

fn cut(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        if let Some((outward, length)) = postcode(rest).filter(|_| !after_word) {
            kept.push_str(&outward.to_ascii_uppercase());
            rest = &rest[length..];
            after_word = true;
            continue;
        }
        kept.push(first);
        after_word = first.is_alphanumeric();
        rest = &rest[first.len_utf8()..];
    }
    kept
}

/// The outward code of the postcode that `text` begins with, and the length of the whole in bytes.
fn postcode(text: &str) -> Option<(&str, usize)> {
    // The longest first: of `SW1A1AA` the outward code is `SW1A`.
    (2..=4).rev().find_map(|length| {
        let outward = text.get(..length).filter(|outward| is_outward(outward))?;
        let rest = &text[length..];
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '-']).len();
        let inward = rest[gap..].get(..3).filter(|inward| is_inward(inward))?;
        let whole = length + gap + inward.len();
        let ends = !text[whole..].starts_with(char::is_alphanumeric);
        (ends && gap <= 3).then_some((outward, whole))
    })
}

fn is_outward(code: &str) -> bool {
    let code = code.to_ascii_uppercase();
    let bytes = code.as_bytes();
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let (area, district) = bytes.split_at(letters);
    let area = match area {
        [first] => !b"QVX".contains(first),
        [first, second] => !b"QVX".contains(first) && !b"IJZ".contains(second),
        _ => false,
    };
    let district = match district {
        [digit] => digit.is_ascii_digit(),
        [digit, last] => digit.is_ascii_digit() && last.is_ascii_alphanumeric(),
        _ => false,
    };
    area && district || code == "GIR"
}

fn is_inward(code: &str) -> bool {
    match code.to_ascii_uppercase().as_bytes() {
        [digit, letters @ ..] => {
            let fit = |letter: &u8| letter.is_ascii_uppercase() && !b"CIKMOV".contains(letter);
            digit.is_ascii_digit() && letters.len() == 2 && letters.iter().all(fit)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_a_postcode_the_first_half_is_kept() {
        for (typed, kept) in [
            ("SW1A 1AA", "SW1A"),
            ("sw1a1aa", "SW1A"),
            ("M1 1AE", "M1"),
            ("ll57  2dg", "LL57"),
            ("B33 8TH, Birmingham", "B33, Birmingham"),
            ("12 High Street, (CR2 6XH)", "12 High Street, (CR2)"),
            ("DN55 1PT EC1A 1BB", "DN55 EC1A"),
            ("GIR 0AA", "GIR"),
            ("W1A-0AX", "W1A"),
        ] {
            assert_eq!(without_inward(typed), kept, "{typed}");
        }
    }

    #[test]
    fn what_is_no_whole_postcode_stays() {
        for typed in
            ["SW1A", "Ynys Môn", "Newport", "A5 junction 3", "E06000023", "Ward 7B", "SW1A 1AAB", "XSW1A 1AA", ""]
        {
            assert_eq!(without_inward(typed), typed);
        }
    }

    proptest! {
        /// No whole postcode is left, whatever stands around it and however it is written.
        #[test]
        fn no_whole_postcode_is_kept(
            area in "[A-PR-UWYZ]([A-HK-Y])?", district in "[0-9][0-9A-Z]?", inward in "[0-9][ABD-HJLNP-UW-Z]{2}",
            gap in " {0,2}", upper in any::<bool>(), before in "([a-zé]{1,6}, )?", after in "(, [a-z]{1,6})?",
        ) {
            let code = format!("{area}{district}{gap}{inward}");
            let code = if upper { code } else { code.to_lowercase() };
            let kept = without_inward(&format!("{before}{code}{after}"));
            prop_assert!(!kept.to_uppercase().contains(&inward), "{}", kept);
            prop_assert!(kept.starts_with(&before) && kept.ends_with(&after), "{}", kept);
        }

        /// It breaks nothing, and cutting once is enough.
        #[test]
        fn whatever_is_typed_is_cut_once(typed in "\\PC{0,40}") {
            let kept = without_inward(&typed);
            prop_assert!(kept.len() <= typed.len());
            prop_assert_eq!(without_inward(&kept), kept);
        }
    }
}
