//! Sets of sorts a value may have; absent is one of them, and whole numbers are apart from others.

use std::ops::BitOr;

/// Which sorts a value may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sorts(u8);

impl Sorts {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const ABSENT: Self = Self(1);
    pub(crate) const NULL: Self = Self(2);
    pub(crate) const BOOL: Self = Self(4);
    pub(crate) const INTEGER: Self = Self(8);
    /// A number with digits behind the point.
    pub(crate) const FRACTION: Self = Self(16);
    pub(crate) const TEXT: Self = Self(32);
    pub(crate) const ARRAY: Self = Self(64);
    pub(crate) const OBJECT: Self = Self(128);
    pub(crate) const NUMBER: Self = Self(8 | 16);
    pub(crate) const SCALAR: Self = Self(4 | 8 | 16 | 32);
    pub(crate) const NOTHING: Self = Self(1 | 2);
    pub(crate) const ANY: Self = Self(255);

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it may be one of these.
    pub(crate) const fn may(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it is one of these for certain.
    pub(crate) const fn is(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// In words: `null or a text`.
    pub(crate) fn words(self) -> String {
        let numbers = if self.is(self.without(Self::NUMBER) | Self::INTEGER) { "a whole number" } else { "a number" };
        let all = [
            (Self::ABSENT, "absent"), (Self::NULL, "null"), (Self::BOOL, "true or false"), (Self::NUMBER, numbers), (Self::TEXT, "a text"), (Self::ARRAY, "an array"), (Self::OBJECT, "an object"),
        ];
        let words: Vec<&str> = all.into_iter().filter(|(sorts, _)| self.may(*sorts)).map(|(_, word)| word).collect();
        words.join(" or ")
    }
}

impl BitOr for Sorts {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
