//! Numbers as people read them.

/// A share as whole per cent, such as `38 %`.
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// The share of `part` in `whole` as whole per cent; of nothing it is `0 %`.
#[expect(clippy::cast_precision_loss, reason = "whole per cent of counts far below 2^53")]
pub fn percent_of(part: usize, whole: usize) -> String {
    percent(part as f64 / whole.max(1) as f64)
}

/// A number of things, such as `1 unit` and `12,000 units`.
pub fn count(number: usize, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A whole number with commas between thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = digits.get(..first).into_iter().filter(|group| !group.is_empty()).collect();
    groups.extend((first..digits.len()).step_by(3).filter_map(|place| digits.get(place..place + 3)));
    groups.join(",")
}
