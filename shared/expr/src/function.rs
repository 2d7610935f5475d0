//! What a function is to the language: its name, what it takes, its sentence, its examples and its code.
//!
//! One file a group in `functions/` declares them as constants. The parser checks calls against `params`, the reference is made of
//! the rest, and a test runs every example.

use crate::{args::Args, failure::Stop, functions, value::Val};

/// One function of the language.
#[derive(Debug)]
pub struct Function {
    /// What it is called by.
    pub name: &'static str,
    /// The group it is told with.
    pub group: Group,
    /// What it takes, in order.
    pub params: &'static [Param],
    /// What it does, one sentence.
    pub doc: &'static str,
    /// What becomes of an argument without a value.
    pub empty: Empty,
    /// Expressions and what they give, as JSON; `absent` when nothing.
    pub examples: &'static [(&'static str, &'static str)],
    /// What it gives where it gives anything.
    pub gives: Gives,
    pub(crate) run: Run,
}

pub(crate) type Run = for<'a> fn(&Args<'a, '_>) -> Result<Val<'a>, Stop>;

/// The groups of functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// What is there and what is not.
    Logic,
    /// Instants, dates and durations.
    Date,
    /// Lists and objects.
    List,
    /// Encodings and hashes.
    Codec,
}

/// What becomes of a call with an argument that is absent or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// The call is absent, or null: what has no value has none afterwards.
    Passes,
    /// The function looks at it.
    Sees,
}

/// What a function gives, as far as it can be said without its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// Any value.
    Any,
    /// A text.
    Text,
    /// A text that is an instant.
    Instant,
    /// A text that is a date.
    Date,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A list.
    List,
    /// An object.
    Object,
    /// A value of the kind of the first argument.
    First,
}

/// One parameter.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// What it is called in the signature.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// How often it may stand.
    pub times: Times,
}

/// How often an argument stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Once.
    Once,
    /// Once or not at all.
    Maybe,
    /// Any number of times; only the last parameter.
    Any,
}

/// What a parameter takes. A constant argument is checked against it before anything runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Any value.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// A list.
    List,
    /// A constant text that is a regular expression.
    Pattern,
    /// A text that is one of these.
    Word(&'static [&'static str]),
    /// A text that names a time zone.
    Zone,
    /// A text that says how an instant is written.
    Format,
    /// A text that is either a format or, last, a time zone.
    FormatOrZone,
    /// A text that is an ISO 8601 duration.
    Duration,
    /// A path as constant text, or an expression in which `item` is the element at hand.
    Each,
}

pub(crate) const fn one(name: &'static str, takes: Takes) -> Param {
    Param { name, takes, times: Times::Once }
}

pub(crate) const fn maybe(name: &'static str, takes: Takes) -> Param {
    Param { name, takes, times: Times::Maybe }
}

pub(crate) const fn any(name: &'static str, takes: Takes) -> Param {
    Param { name, takes, times: Times::Any }
}

impl Function {
    /// The function of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().copied().find(|function| function.name == name)
    }

    /// How it is written, such as `round(number, scale?, mode?)`.
    #[must_use]
    pub fn signature(&self) -> String {
        let param = |param: &Param| match param.times {
            Times::Once => param.name.to_owned(),
            Times::Maybe => format!("{}?", param.name),
            Times::Any => format!("{}…", param.name),
        };
        format!("{}({})", self.name, self.params.iter().map(param).collect::<Vec<_>>().join(", "))
    }

    /// The parameter of an argument, if there may be such an argument.
    pub(crate) fn param(&self, at: usize) -> Option<&'static Param> {
        self.params.get(at).or_else(|| self.params.last().filter(|last| last.times == Times::Any))
    }

    /// The fewest arguments.
    pub(crate) fn least(&self) -> usize {
        self.params.iter().filter(|param| param.times == Times::Once).count()
    }
}

/// Every function of the language, by group.
pub const FUNCTIONS: &[&Function] = &functions::ALL;

/// One operator, for the reference.
#[derive(Debug, Clone, Copy)]
pub struct OperatorEntry {
    /// How it is written.
    pub form: &'static str,
    /// What it does, one sentence.
    pub doc: &'static str,
    /// Expressions and what they give, as JSON; `absent` when nothing.
    pub examples: &'static [(&'static str, &'static str)],
}

const fn operator(form: &'static str, doc: &'static str, examples: &'static [(&'static str, &'static str)]) -> OperatorEntry {
    OperatorEntry { form, doc, examples }
}

/// Every operator, the loosest first.
pub const OPERATORS: &[OperatorEntry] = &[
    operator("value if condition else other", "One of two values; conditions are booleans, and are asked in turn.", &[("'big' if 3 > 2 else 'small'", "\"big\"")]),
    operator("a or b", "Whether one holds; what stands behind is not asked when it does. Both are booleans.", &[("false or true", "true")]),
    operator("a and b", "Whether both hold; what stands behind is not asked when one does not. Both are booleans.", &[("true and false", "false")]),
    operator("not a", "The opposite of a boolean.", &[("not true", "false")]),
    operator("a == b, a != b", "Equal by value: a number never equals a text. Absent on either side gives absent; in a condition of a definition it is compared as null.", &[("1 == 1.0", "true"), ("'1' == 1", "false"), ("null == null", "true")]),
    operator("a < b, a <= b, a > b, a >= b", "Order of two numbers, or of two texts by code point.", &[("2 < 10", "true"), ("'2' < '10'", "false")]),
    operator("a in b, a not in b", "Whether a list holds the value, an object the key, or a text the text.", &[("'a' in ['a', 'b']", "true"), ("'z' not in 'abc'", "true")]),
    operator("a ?? b", "The first that is neither absent nor null.", &[("null ?? 'x'", "\"x\"")]),
    operator("a ~ b", "Both as one text.", &[("'n ' ~ 1.50", "\"n 1.50\""), ("'sum ' ~ 1 + 2", "\"sum 3\"")]),
    operator("a + b, a - b", "Exact sum and difference; also an instant and a duration.", &[("0.1 + 0.2", "0.3"), ("'2026-01-31T00:00:00Z' + 'P1M'", "\"2026-02-28T00:00:00Z\"")]),
    operator("a * b, a / b, a % b", "Exact product; quotient to 28 digits; remainder with the sign of the first.", &[("19.99 * 3", "59.97"), ("1 / 8", "0.125"), ("-7 % 3", "-1")]),
    operator("-a", "The number with the other sign.", &[("-(2 + 3)", "-5")]),
    operator("a.name, a['name'], a[0], a[-1]", "A member or an element; absent when there is none.", &[("[1, 2][-1]", "2"), ("{a: 1}.b", "absent")]),
    operator("a[from:to]", "Elements of a list or characters of a text, from the first up to the second place.", &[("'abcdef'[1:3]", "\"bc\""), ("[1, 2, 3][-2:]", "[2,3]")]),
    operator("a | f(b)", "The same as f(a, b).", &[("' x ' | trim | upper", "\"X\"")]),
];
