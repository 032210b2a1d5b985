//! Campaigns are found in dockets of every kind, and what must not change them does not.

mod docket;

use folkmoot_sense::campaigns::{Addition, Campaigns, Kind, Passage, Role, find};
use proptest::prelude::*;

use self::docket::{Docket, Merge, pairs};

fn found(texts: &[String]) -> Campaigns {
    let Ok(found) = find(&mut &texts[..], |_| {});
    found
}

fn family(found: &Campaigns, row: usize) -> Option<u32> {
    found.standing(row).and_then(|standing| standing.family)
}

/// Precision and recall.
fn measured(docket: &Docket) -> (f64, f64) {
    let found = found(&docket.texts);
    pairs(docket, |row| family(&found, row))
}

#[test]
fn letters_of_every_size_among_texts_of_their_own() {
    let mut docket = Docket::new(1);
    for (members, length) in [(400, 120), (60, 60), (12, 200), (5, 100), (3, 90)] {
        docket.letter(members, length);
    }
    docket.own(600);
    let (precision, recall) = measured(&docket);
    assert!(precision >= 0.99 && recall >= 0.97, "precision {precision}, recall {recall}");
}

#[test]
fn mail_merges_of_every_shape() {
    for (seed, members, slots, alternatives, longest, fixed) in [
        (1, 500, 12, 4, 8, 3),
        (2, 200, 20, 6, 8, 1),
        (3, 100, 14, 5, 8, 0),
        (4, 60, 10, 4, 6, 2),
        (5, 30, 12, 3, 8, 4),
        (6, 300, 25, 8, 5, 1),
    ] {
        let mut docket = Docket::new(seed);
        docket.merge(Merge { members, slots, alternatives, longest, fixed });
        docket.merge(Merge { members: 40, slots: 9, alternatives: 3, longest: 8, fixed: 3 });
        docket.own(300);
        let (precision, recall) = measured(&docket);
        assert!(precision >= 0.99 && recall >= 0.95, "seed {seed}: precision {precision}, recall {recall}");
    }
}

#[test]
fn the_slots_of_a_mail_merge_and_their_counts() {
    let topics = ["bus stop at the old mill", "footpath along the river", "library in the market hall"];
    let verbs = ["keep it open every day", "repair it before the winter", "spend more on it this year"];
    let ends = ["thank you for reading this", "my family depends on it", "it is what this town needs"];
    let mut texts = Vec::new();
    for number in 0..81 {
        let (topic, verb, end) = (topics[number % 3], verbs[number / 3 % 3], ends[number / 9 % 3]);
        let extra = if number < 27 { String::new() } else { format!(" copy{}", number / 27) };
        texts.push(format!(
            "Dear council, I write to you about the {topic} because I use it often. I ask you to {verb} and to tell us \
             in public what you decide. Yours sincerely and with hope, {end} as you know well.{extra}"
        ));
    }
    let found = found(&texts);
    assert_eq!(found.families.len(), 1);
    let family = &found.families[0];
    assert_eq!((family.size, family.kind), (81, Kind::Merge));
    let slots: Vec<Vec<(&str, u64)>> = family
        .shared_text
        .iter()
        .filter_map(|passage| match passage {
            Passage::Slot { alternatives, .. } => {
                let mut slot: Vec<_> = alternatives.iter().map(|choice| (choice.text.as_str(), choice.count)).collect();
                slot.sort_unstable();
                Some(slot)
            }
            Passage::Fixed(_) => None,
        })
        .collect();
    assert_eq!(slots[0], topics.map(|topic| (topic, 27)));
    assert!(
        matches!(&family.shared_text[0], Passage::Fixed(words) if words == "Dear council, I write to you about the")
    );
}

#[test]
fn what_people_are_to_their_family() {
    use Role::{Copy, Edited, Empty, Own, Part, WithAddition};
    let letter = "We the residents ask the council to keep the night bus because shift workers have no other way to get home \
                  safely after eleven and because the hospital is served by no other line at that time of the day or night";
    let mine = "My daughter works as a nurse on the children's ward and walked four miles home last winter";
    let texts = [
        letter.to_owned(),
        letter.to_uppercase(),
        letter.replace("residents", "people"),
        letter.replace("safely", "quickly and safely"),
        letter.split(' ').take(20).collect::<Vec<_>>().join(" "),
        format!("{mine}. {letter}"),
        "I never take the bus and I do not care much about it either way, but the hospital should be reached by all"
            .to_owned(),
        " … ".to_owned(),
    ];
    let mut additions = Vec::new();
    let Ok(found) = find(&mut &texts[..], |addition: Addition| additions.push(addition.words));
    let roles: Vec<Role> =
        (0..texts.len()).filter_map(|row| found.standing(row)).map(|standing| standing.role).collect();
    assert_eq!(roles, [Copy, Copy, Edited, Edited, Part, WithAddition, Own, Empty]);
    assert_eq!(additions, [mine]);
    assert_eq!(found.arguments(), 2);
    assert_eq!((found.families[0].size, found.families[0].different, found.families[0].with_additions), (6, 5, 1));
}

#[test]
fn scripts_without_spaces_and_with_accents() {
    let chinese =
        "我们反对市政府关闭夜间公交线路的计划因为医院的护士和工厂的工人下班以后没有别的办法安全回家请重新考虑这个决定";
    let thai = "เราคัดค้านแผนของเทศบาลที่จะยกเลิกรถเมล์กลางคืนเพราะพยาบาลและคนงานไม่มีทางอื่นที่จะกลับบ้านอย่างปลอดภัย";
    let french = "Nous demandons à la mairie de garder le bus de nuit, car les infirmières de l'hôpital n'ont aucun autre moyen de \
                  rentrer chez elles après onze heures du soir";
    let texts = [
        chinese.to_owned(),
        chinese.replace("护士", "医生"),
        format!("{chinese}我的女儿在医院工作每天晚上都要走很远的路才能到家"),
        thai.to_owned(),
        thai.replace("พยาบาล", "แพทย์"),
        french.to_owned(),
        french.replace("bus de nuit", "métro").replace('é', "e\u{301}"),
        "今天天气很好我们去公园散步看见很多花".to_owned(),
    ];
    let found = found(&texts);
    let families: Vec<Option<u32>> = (0..texts.len()).map(|row| family(&found, row)).collect();
    assert_eq!(families[0], families[1]);
    assert_eq!(families[0], families[2]);
    assert_eq!(families[3], families[4]);
    assert_eq!(families[5], families[6]);
    assert_eq!(found.families.len(), 3);
    assert_eq!(families[7], None);
}

#[test]
fn those_who_quote_the_same_thing_are_no_campaign() {
    let mut docket = Docket::new(9);
    let slogan = docket.words(20).join(" ");
    for _ in 0..200 {
        let (before, after) = (docket.words(50).join(" "), docket.words(50).join(" "));
        docket.texts.push(format!("{before} {slogan} {after}"));
    }
    assert_eq!(found(&docket.texts).families, []);
}

#[test]
fn texts_of_every_length() {
    let long = "a word and another ".repeat(100_000);
    let texts = ["", "yes", "yes", "Yes!", "no", &long, &long, &"x".repeat(1 << 20)].map(str::to_owned);
    let found = found(&texts);
    let sizes: Vec<u64> = found.families.iter().map(|family| family.size).collect();
    assert_eq!(sizes, [3, 2]);
    assert!(found.families[0].confidence < 0.1, "one word is said by chance");
    assert_eq!(found.arguments(), 4);
}

/// A small docket with everything in it.
fn mixed(seed: u64) -> Docket {
    let mut docket = Docket::new(seed);
    docket.letter(20, 80);
    docket.letter(6, 40);
    docket.merge(Merge { members: 30, slots: 10, alternatives: 4, longest: 7, fixed: 2 });
    docket.own(40);
    docket
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_rows_changes_nothing(seed in 0_u64..1000, turn in 1_usize..90) {
        let docket = mixed(seed);
        let rows: Vec<usize> = (0..docket.texts.len()).map(|row| (row * 53 + turn) % docket.texts.len()).collect();
        let permuted: Vec<String> = rows.iter().map(|row| docket.texts[*row].clone()).collect();
        let (before, after) = (found(&docket.texts), found(&permuted));
        prop_assert_eq!(&before.families, &after.families);
        for (new, old) in rows.into_iter().enumerate() {
            prop_assert_eq!(before.standing(old), after.standing(new));
        }
    }

    #[test]
    fn a_copy_of_a_text_grows_its_family_by_one(seed in 0_u64..1000, row in 0_usize..96) {
        let mut docket = mixed(seed);
        let before = found(&docket.texts);
        docket.texts.push(docket.texts[row].clone());
        let after = found(&docket.texts);
        let size = |found: &Campaigns, row| family(found, row).map_or(1, |family| found.families[family as usize].size);
        prop_assert_eq!(size(&after, row), size(&before, row) + 1);
        prop_assert_eq!(family(&after, row), family(&after, docket.texts.len() - 1));
    }

    #[test]
    fn any_texts_have_families_of_two_or_more(texts in proptest::collection::vec("\\PC{0,40}", 0..12)) {
        let found = found(&texts);
        for (number, family) in (0..).zip(&found.families) {
            let members = (0..texts.len()).filter(|row| self::family(&found, *row) == Some(number)).count();
            prop_assert_eq!(members as u64, family.size);
            prop_assert!(members > 1 && (0.0..=1.0).contains(&family.confidence) && (0.0..=1.0).contains(&family.similarity));
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let docket = mixed(3);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| found(&docket.texts))
    };
    assert_eq!(with(1), with(4));
}
