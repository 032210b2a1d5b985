//! Writes amounts for people: with the decimals that the file has, or two, and a space before every three digits.

/// How the amounts of a file are written.
#[derive(Debug, Clone)]
pub(super) struct Money {
    /// How many decimals its whole numbers stand for.
    pub(super) places: u32,
    /// The currency, if the file names one.
    pub(super) currency: String,
}

impl Money {
    /// An amount of the file, exactly.
    pub(super) fn exact(&self, amount: i64) -> String {
        let power = 10u64.pow(self.places.min(18));
        let (sign, amount) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
        let decimals = match amount % power {
            0 => String::new(),
            // Nobody writes half a pound as 0.5.
            rest => format!(".{:0<2}", format!("{rest:0width$}", width = self.places as usize)),
        };
        format!("{sign}{}{decimals}", grouped(amount / power))
    }

    /// An amount of the file, with the currency.
    pub(super) fn with_currency(&self, amount: i64) -> String {
        format!("{} {}", self.exact(amount), self.currency).trim_end().to_owned()
    }

    /// An amount that is not a whole number, in units of money.
    pub(super) fn value(&self, amount: f64) -> f64 {
        amount / 10f64.powi(i32::try_from(self.places).unwrap_or(0))
    }

    /// An amount that is not a whole number: two decimals, or as many as it takes to see a small one.
    pub(super) fn rounded(&self, amount: f64) -> String {
        let value = self.value(amount);
        let decimals =
            if value == 0.0 || value.abs() >= 1.0 { 2.0 } else { (2.0 - value.abs().log10()).ceil().min(12.0) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 2 and 12")]
        let text = format!("{value:.*}", decimals as usize);
        match text.split_once('.').map(|(whole, rest)| (whole.parse::<u64>(), rest)) {
            Some((Ok(whole), rest)) => format!("{}.{rest}", grouped(whole)),
            _ => text,
        }
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            // A space that does not break.
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn amounts_are_easy_to_read() {
        let money = Money { places: 2, currency: "GBP".to_owned() };
        assert_eq!(money.with_currency(123_456_700), "1\u{a0}234\u{a0}567 GBP");
        assert_eq!(money.exact(1205), "12.05");
        assert_eq!(Money { places: 1, currency: String::new() }.exact(-125), "-12.50");
        assert_eq!(money.rounded(123_456.0), "1\u{a0}234.56");
        assert_eq!(money.rounded(0.1), "0.00100");
    }
}
