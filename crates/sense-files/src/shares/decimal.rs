//! Decimal numbers as people write them, kept as whole numbers: money is never rounded.

/// A decimal number: `digits` divided by 10 to the power of `places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Decimal {
    pub(super) digits: i64,
    pub(super) places: u32,
}

/// How many digits a number may have.
const DIGITS: usize = 17;

impl Decimal {
    /// Reads a number with a point or a comma before its decimals. Zeros at their end are left out.
    pub(super) fn parse(text: &str) -> Option<Decimal> {
        let (sign, number) = match text.strip_prefix('-') {
            Some(number) => (-1, number),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, decimals) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let decimals = decimals.trim_end_matches('0');
        let all = || whole.bytes().chain(decimals.bytes());
        if number.len() < 2 && whole.is_empty() || !all().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if whole.trim_start_matches('0').len() + decimals.len() > DIGITS {
            return None;
        }
        let digits = all().fold(0, |digits, byte| digits * 10 + i64::from(byte - b'0'));
        Some(Decimal { digits: sign * digits, places: u32::try_from(decimals.len()).ok()? })
    }

    /// The number as a multiple of 10 to the power of -`places`, if that is a whole number and not too large.
    pub(super) fn with_places(self, places: u32) -> Option<i64> {
        self.digits.checked_mul(10i64.checked_pow(places.checked_sub(self.places)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let read = |text| Decimal::parse(text).map(|number| (number.digits, number.places));
        assert_eq!(read("8000,0"), Some((8000, 0)));
        assert_eq!(read("8000.50"), Some((80005, 1)));
        assert_eq!(read("-.25"), Some((-25, 2)));
        assert_eq!(read("0"), Some((0, 0)));
        for bad in ["", ".", "-", "1.2.3", "1 000", "1e5", "NaN", "123456789012345678", "½"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(Decimal { digits: 15, places: 1 }.with_places(2), Some(150));
        assert_eq!(Decimal { digits: 15, places: 1 }.with_places(30), None);
    }
}
