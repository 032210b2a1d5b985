use proptest::prelude::*;

use super::audit::{Plan, Question, draw, plan};
use super::*;

/// Krippendorff 2011 (Computing Krippendorff's Alpha-Reliability, section C): four observers, twelve units, values missing.
const KRIPPENDORFF: [&str; 4] = ["123321412...", "12332241 25.3", ".3332342251.", "12332441 251."];

/// Fleiss 1971 (Psychological Bulletin 76), table 1: thirty patients, six psychiatrists, five diagnoses; how many gave each.
const FLEISS: &str = "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 \
                      00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006";

type Rows = Vec<(String, String, String)>;

fn value(estimate: &Estimate) -> f64 {
    estimate.value.unwrap_or(f64::NAN)
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-12
}

/// Each string is a coder, each character the code of a unit; a dot is missing.
fn coders(strings: &[&str]) -> Rows {
    let coder = |(coder, codes): (usize, &&str)| -> Rows {
        let coded = codes.chars().filter(|code| *code != ' ').enumerate().filter(|(_, code)| *code != '.');
        coded.map(|(unit, code)| (format!("u{unit:02}"), format!("c{coder}"), code.to_string())).collect()
    };
    strings.iter().enumerate().flat_map(coder).collect()
}

fn agreement(rows: Rows) -> Agreement {
    Codings::new(rows).agreement(0, 0).expect("units that two people coded")
}

#[test]
fn krippendorff_s_own_example() {
    let codings = agreement(coders(&KRIPPENDORFF));
    assert!(near(value(&codings.alpha), 0.743_421_052_631_579), "{:?}", codings.alpha);
    assert_eq!((codings.units, codings.compared), (12, 11));
}

#[test]
fn fleiss_s_own_example() {
    let patient = |(unit, counts): (usize, &str)| -> Rows {
        let given = counts.char_indices().flat_map(|(code, count)| {
            std::iter::repeat_n(code, usize::try_from(count.to_digit(10).unwrap_or_default()).unwrap_or_default())
        });
        given.enumerate().map(|(coder, code)| (unit.to_string(), coder.to_string(), code.to_string())).collect()
    };
    let codings = agreement(FLEISS.split_whitespace().enumerate().flat_map(patient).collect());
    assert_eq!(codings.compared, 30);
    assert!((value(&codings.fleiss) - 0.430).abs() < 0.0005, "{:?}", codings.fleiss);
    assert!((value(&codings.agreement) - 0.5556).abs() < 0.0005, "{:?}", codings.agreement);
}

#[test]
fn cohen_s_kappa_of_a_table_of_four_fields() {
    // Of fifty units, 20 both yes, 15 both no, 5 only the first yes, 10 only the second: 0.7 observed, 0.5 expected.
    let one = format!("{}{}", "y".repeat(25), "n".repeat(25));
    let other = format!("{}{}{}{}", "y".repeat(20), "n".repeat(5), "y".repeat(10), "n".repeat(15));
    let codings = agreement(coders(&[&one, &other]));
    assert!(near(value(&codings.cohen), 0.4) && near(value(&codings.agreement), 0.7));
    let [no, yes] = codings.codes.as_slice() else { panic!("two codes") };
    assert!(near(value(&yes.f1), 40.0 / 55.0) && near(value(&no.f1), 30.0 / 45.0));
    assert!(
        near(value(&yes.alpha), value(&codings.alpha)),
        "two codes, of which everybody gives one, are one question"
    );
    assert_eq!((yes.codings, codings.pairs.len()), (55, 1));
}

#[test]
fn combinations_of_codes_by_masi() {
    let rows = [
        ("1", "x", "a b"),
        ("1", "y", "a"),
        ("2", "x", "a b c"),
        ("2", "y", "b c d"),
        ("3", "x", "c"),
        ("3", "y", "c"),
    ];
    let split = |(unit, coder, codes): (&str, &str, &str)| -> Rows {
        codes.split(' ').map(|code| (unit.to_owned(), coder.to_owned(), code.to_owned())).collect()
    };
    let codings = agreement(rows.into_iter().flat_map(split).collect());
    // Distances by hand: ab–a 1 − 1/2·2/3, abc–bcd 1 − 2/4·1/3, and over all pairs of the six codings.
    let observed = 2.0 * (2.0 / 3.0 + 5.0 / 6.0);
    let (ab_abc, ab_bcd, a_abc, abc_c, bcd_c) = (5.0 / 9.0, 11.0 / 12.0, 7.0 / 9.0, 7.0 / 9.0, 7.0 / 9.0);
    let ab = 2.0 / 3.0 + ab_abc + ab_bcd + 2.0;
    let expected = 2.0 * (ab + a_abc + 3.0 + 5.0 / 6.0 + 2.0 * abc_c + 2.0 * bcd_c) / 5.0;
    let masi = codings.alpha_masi.expect("combinations");
    assert!(near(value(&masi), 1.0 - observed / expected), "{masi:?}");
    assert!(near(value(&codings.agreement), 1.0 / 3.0));
}

#[test]
fn what_is_not_defined_is_not_a_number_made_up() {
    assert_eq!(Codings::new(coders(&["12", "..34"])).agreement(10, 0), None);
    assert_eq!(Codings::new(Rows::new()).agreement(10, 0), None);
    let always = Codings::new(coders(&["111", "111"])).agreement(100, 0).expect("three units");
    assert_eq!((always.agreement.value, always.agreement.interval), (Some(1.0), Some([1.0, 1.0])));
    for estimate in [always.cohen, always.fleiss, always.alpha] {
        assert_eq!(estimate, Estimate { value: None, interval: None });
    }
    let never = Codings::new(coders(&["11", "22"])).agreement(100, 0).expect("two units");
    assert_eq!((never.agreement.value, never.cohen.value), (Some(0.0), Some(0.0)));
}

#[test]
fn intervals_narrow_with_more_units() {
    let repeated = |times: usize| [KRIPPENDORFF[1], KRIPPENDORFF[2]].map(|coder| coder.replace(' ', "").repeat(times));
    let width = |times: usize| {
        let [one, other] = repeated(times);
        let rows: Rows = [one, other]
            .iter()
            .enumerate()
            .flat_map(|(coder, codes)| {
                let coded = codes.chars().enumerate().filter(|(_, code)| *code != '.');
                coded
                    .map(move |(unit, code)| (format!("{unit:04}"), coder.to_string(), code.to_string()))
                    .collect::<Rows>()
            })
            .collect();
        let alpha = Codings::new(rows).agreement(400, 7).expect("units").alpha;
        let [low, high] = alpha.interval.expect("an interval");
        assert!(low <= value(&alpha) && value(&alpha) <= high);
        high - low
    };
    let (few, many) = (width(3), width(27));
    assert!(few / many > 2.0 && few / many < 5.0, "nine times the units: a third of the width, not {few} to {many}");
}

#[test]
fn an_audit_answers_its_question() {
    let question = Question { tolerated: 0.05, margin: 0.05, power: 0.9, significance: 0.05 };
    let all = plan(1_000_000, &question).expect("a plan");
    // Lwanga and Lemeshow 1991, one-sided test of a proportion: 5 % against 10 % with 90 % power needs about 239 by the normal
    // approximation; the exact test a little more.
    assert!((230..260).contains(&all.size), "{all:?}");
    assert!(plan(500, &question).expect("a plan").size < all.size, "of few units a smaller part is enough");
    assert_eq!(plan(10, &Question { tolerated: 0.05, margin: 0.05, ..question }), Some(Plan { size: 9, too_many: 1 }));
    assert_eq!(plan(0, &question), None);
    assert_eq!(plan(100, &Question { tolerated: 0.99, margin: 0.05, ..question }), None);
    assert_eq!(plan(3, &Question { tolerated: 0.5, margin: 0.1, ..question }), Some(Plan { size: 3, too_many: 2 }));
}

#[test]
fn a_draw_is_fair_and_can_be_had_again() {
    let units: Vec<usize> = (0..10).collect();
    assert_eq!(draw(&units, 4, 1), draw(&units, 4, 1));
    assert_eq!(draw(&units, 4, 1), draw(&units, 10, 1)[..4], "a larger audit with the same seed contains the smaller");
    assert_ne!(draw(&units, 4, 1), draw(&units, 4, 2));
    let mut times = [0; 10];
    for seed in 0..3000 {
        draw(&units, 3, seed).into_iter().for_each(|unit| times[unit] += 1);
    }
    // 900 each is expected, with a standard deviation of 25.
    assert!(times.iter().all(|times| (775..1025).contains(times)), "{times:?}");
    let mut all = draw(&units, 99, 3);
    all.sort_unstable();
    assert_eq!(all, units);
}

proptest! {
    #[test]
    fn order_and_names_change_nothing(rows in codings(), shift in 0_usize..50) {
        let before = Codings::new(rows.clone()).agreement(20, 5);
        let mut turned = rows.clone();
        turned.rotate_left(shift % rows.len().max(1));
        prop_assert_eq!(&Codings::new(turned).agreement(20, 5), &before);
        let renamed = rows.into_iter().map(|(unit, coder, code)| (unit, coder, format!("x{code}"))).collect::<Rows>();
        let renamed = Codings::new(renamed).agreement(20, 5);
        prop_assert_eq!(renamed.map(|after| after.alpha), before.map(|before| before.alpha));
    }

    #[test]
    fn figures_are_in_their_bounds(rows in codings()) {
        let Some(found) = Codings::new(rows).agreement(30, 1) else { return Ok(()) };
        let coefficients = [Some(found.cohen), Some(found.fleiss), Some(found.alpha), found.alpha_masi];
        let shares = found.codes.iter().flat_map(|code| [code.agreement, code.f1]).chain([found.agreement]);
        let of_codes = found.codes.iter().map(|code| code.alpha);
        for (estimate, least) in coefficients.into_iter().flatten().chain(of_codes).map(|e| (e, -1.0)).chain(shares.map(|e| (e, 0.0))) {
            for value in estimate.value.into_iter().chain(estimate.interval.into_iter().flatten()) {
                prop_assert!(value >= least - 1e-9 && value <= 1.0 + 1e-9, "{estimate:?}");
            }
        }
    }
}

/// Up to twelve units, four coders, three codes, several to a unit.
fn codings() -> impl Strategy<Value = Rows> {
    let row = (0..12_u8, 0..4_u8, 0..3_u8);
    let named = |(unit, coder, code): (u8, u8, u8)| (unit.to_string(), coder.to_string(), code.to_string());
    proptest::collection::vec(row.prop_map(named), 0..80)
}
