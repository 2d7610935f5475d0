//! I-Regexp (RFC 9485): checks a pattern and writes the same for the crate `regex`.
//!
//! Called by `pattern` before anything is compiled. Says of what other dialects know how it is written here; never
//! recurses, and never passes a character on that the other side could read as something else.

/// The most a counted repeat may ask for.
const REPEATS: u32 = 100;
/// How deep groups may stand in each other.
const DEEPEST: usize = 16;
/// The most bytes of a compiled pattern, by our count.
pub(super) const LARGEST: usize = 64 << 10;
/// About the bytes of a character or a range of ASCII, of one beyond, and of a category.
const ASCII: usize = 75;
const BEYOND: usize = 450;
const CATEGORY: usize = 16_000;

/// Why a text is no pattern of ours.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) costly: bool,
    pub(super) reason: &'static str,
    pub(super) hint: &'static str,
}

const fn wrong(reason: &'static str, hint: &'static str) -> Refusal {
    Refusal { costly: false, reason, hint }
}

pub(super) const fn costly(reason: &'static str, hint: &'static str) -> Refusal {
    Refusal { costly: true, reason, hint }
}

/// The walk over an I-Regexp that checks it and writes the same for the crate `regex`.
struct Translation<'t> {
    chars: std::iter::Peekable<std::str::Chars<'t>>,
    out: String,
    /// Of the whole and of each open group.
    weights: Vec<Weight>,
    /// Of the last atom, which a count multiplies.
    last: Weight,
}

/// What a part of a pattern costs, told from its text alone: the same in every program, whatever the crate is built with.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// Characters that can be waited for at once.
    positions: usize,
    /// About how many bytes it takes when compiled.
    bytes: usize,
}

/// A pattern for the crate `regex`.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) text: String,
    /// How many characters matching may wait for at once: what each byte of a text costs.
    pub(super) positions: usize,
}

/// The pattern as the crate `regex` writes it.
pub(super) fn translated(text: &str) -> Result<Translated, Refusal> {
    Translation { chars: text.chars().peekable(), out: String::with_capacity(text.len() + 16), weights: vec![Weight::default()], last: Weight::default() }.whole()
}

impl Translation<'_> {
    fn whole(mut self) -> Result<Translated, Refusal> {
        // Whether a repeat may follow.
        let mut atom = false;
        while let Some(char) = self.chars.next() {
            atom = match char {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' | '^' | '$' => {
                    self.out.push(char);
                    false
                }
                '*' | '+' | '?' | '{' if !atom => return Err(wrong("a repeat of the pattern has nothing to repeat", "write the character itself with a backslash before it")),
                '*' | '+' | '?' => {
                    self.out.push(char);
                    false
                }
                '{' => self.counted()?,
                '.' => {
                    self.out.push_str(r"[^\n\r]");
                    self.one(BEYOND)
                }
                '[' => {
                    let bytes = self.class()?;
                    self.one(bytes)
                }
                '\\' => {
                    let bytes = self.escape(false)?;
                    self.one(bytes)
                }
                ']' | '}' => return Err(wrong("a bracket of the pattern was not opened", "write the bracket itself with a backslash before it")),
                char => {
                    let bytes = self.plain(char);
                    self.one(bytes)
                }
            };
        }
        match self.weights.as_slice() {
            [Weight { bytes, .. }] if *bytes > LARGEST => Err(costly("the pattern needs more than 64 KB", "use smaller repeats, and at most four categories of characters")),
            [Weight { positions, .. }] => Ok(Translated { text: self.out, positions: *positions }),
            _ => Err(wrong("a group of the pattern is not closed", "end it with `)`")),
        }
    }

    /// Counts an atom, or more copies of the last one.
    fn atom(&mut self, weight: Weight) -> bool {
        self.last = weight;
        if let Some(sum) = self.weights.last_mut() {
            *sum = Weight { positions: sum.positions.saturating_add(weight.positions), bytes: sum.bytes.saturating_add(weight.bytes) };
        }
        true
    }

    fn one(&mut self, bytes: usize) -> bool {
        self.atom(Weight { positions: 1, bytes })
    }

    fn open(&mut self) -> Result<bool, Refusal> {
        self.weights.push(Weight::default());
        if self.weights.len() > DEEPEST + 1 {
            return Err(costly("groups of a pattern stand in each other more than 16 deep", "write it flatter"));
        }
        if self.chars.peek() == Some(&'?') {
            return Err(wrong("a pattern has no flags, named groups or looking around", "write a plain group: `(…)`"));
        }
        self.out.push_str("(?:");
        Ok(false)
    }

    fn close(&mut self) -> Result<bool, Refusal> {
        let inner = self.weights.pop().filter(|_| !self.weights.is_empty());
        self.out.push(')');
        inner.map(|inner| self.atom(inner)).ok_or_else(|| wrong("a group of the pattern was not opened", "write a parenthesis itself as `\\(`"))
    }

    /// A character that stands for itself, and its bytes.
    fn plain(&mut self, char: char) -> usize {
        if char.is_ascii_punctuation() && !matches!(char, '<' | '>') {
            self.out.push('\\');
        }
        self.out.push(char);
        if char.is_ascii() { ASCII } else { BEYOND }
    }

    /// `{2}`, `{2,}` or `{2,4}`, behind its brace.
    fn counted(&mut self) -> Result<bool, Refusal> {
        const WRONG: Refusal = wrong("a counted repeat is not written as `{2}`, `{2,}` or `{2,4}`", "write a brace itself as `\\{`");
        let least = self.count()?.ok_or(WRONG)?;
        let most = if self.chars.next_if_eq(&',').is_some() { self.count()? } else { Some(least) };
        if self.chars.next() != Some('}') || most.is_some_and(|most| most < least) {
            return Err(WRONG);
        }
        let copies = usize::try_from(most.unwrap_or(least + 1)).unwrap_or(usize::MAX).max(1);
        let more = |one: usize| one.saturating_mul(copies - 1);
        self.atom(Weight { positions: more(self.last.positions), bytes: more(self.last.bytes) });
        let most = most.map_or(String::new(), |most| most.to_string());
        self.out.push_str(&format!("{{{least},{most}}}"));
        Ok(false)
    }

    fn count(&mut self) -> Result<Option<u32>, Refusal> {
        let mut number: Option<u32> = None;
        while let Some(digit) = self.chars.next_if(char::is_ascii_digit).and_then(|char| char.to_digit(10)) {
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
        }
        match number {
            Some(number) if number > REPEATS => Err(costly("a counted repeat asks for at most 100", "use `*` or `+`, or a smaller count")),
            number => Ok(number),
        }
    }

    /// `\n`, `\.` or `\p{Lu}`, behind its backslash.
    fn escape(&mut self, in_class: bool) -> Result<usize, Refusal> {
        match self.chars.next() {
            Some(char @ ('n' | 'r' | 't')) => {
                self.out.push('\\');
                self.out.push(char);
                Ok(ASCII)
            }
            Some(char @ ('(' | ')' | '*' | '+' | '-' | '.' | '?' | '[' | '\\' | ']' | '^' | '{' | '|' | '}')) => Ok(self.plain(char)),
            Some(char @ ('p' | 'P')) => self.category(char),
            Some('d' | 'D') => Err(wrong("a pattern has no `\\d`", if in_class { "write the digits as `0-9`" } else { "write a digit as `[0-9]`" })),
            Some('w' | 'W') => Err(wrong("a pattern has no `\\w`", "write the characters out, as in `[A-Za-z0-9_]`, or as a category: `\\p{L}`")),
            Some('s' | 'S') => Err(wrong("a pattern has no `\\s`", "write a blank as `[ \\t\\n\\r]`")),
            Some('$') => Err(wrong("a pattern has no `\\$`", "write the character itself as `[$]`")),
            _ => Err(wrong("the pattern has an escape that is not known", "known are `\\n \\r \\t`, `\\p{L}` and a backslash before one of `( ) * + - . ? [ \\ ] ^ { | }`")),
        }
    }

    /// A category of characters, behind its `p`.
    fn category(&mut self, p: char) -> Result<usize, Refusal> {
        const KNOWN: &[&str] = &[
            "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Z", "Zl", "Zp", "Zs", "S", "Sc", "Sk", "Sm", "So", "C", "Cc",
            "Cf", "Cn", "Co",
        ];
        const WRONG: Refusal = wrong("the pattern names no category of characters", "write it as `\\p{L}`, `\\p{Lu}`, `\\p{Nd}`");
        if self.chars.next() != Some('{') {
            return Err(WRONG);
        }
        let name: String = std::iter::from_fn(|| self.chars.next_if(char::is_ascii_alphabetic)).collect();
        if self.chars.next() != Some('}') || !KNOWN.contains(&name.as_str()) {
            return Err(WRONG);
        }
        self.out.push_str(&format!("\\{p}{{{name}}}"));
        Ok(CATEGORY)
    }

    /// `[a-z]`, behind its bracket.
    fn class(&mut self) -> Result<usize, Refusal> {
        const OPEN: Refusal = wrong("a bracket of the pattern is not closed", "end it with `]`");
        self.out.push('[');
        let mut bytes = ASCII;
        if self.chars.next_if_eq(&'^').is_some() {
            self.out.push('^');
            bytes = BEYOND;
        }
        let mut empty = true;
        loop {
            let Some(char) = self.chars.next() else { return Err(OPEN) };
            match char {
                ']' if empty => return Err(wrong("a bracket of the pattern is empty", "name the characters it stands for")),
                ']' => {
                    self.out.push(']');
                    return Ok(bytes);
                }
                '[' => return Err(wrong("a bracket of the pattern stands in another", "write the bracket itself as `\\[`")),
                '-' if empty || self.chars.peek() == Some(&']') => bytes += self.plain('-'),
                '-' => return Err(wrong("a dash of the pattern stands between no two characters", "write it first, last or as `\\-`")),
                '\\' if matches!(self.chars.peek(), Some('p' | 'P')) => bytes += self.escape(true)?,
                char => bytes += self.member(char)?,
            }
            empty = false;
        }
    }

    /// A character of a class, or a range of them.
    fn member(&mut self, char: char) -> Result<usize, Refusal> {
        const RANGE: Refusal = wrong("a range of the pattern does not rise from one character to another", "write it as `a-z`");
        let from = self.single(char)?;
        let mut ahead = self.chars.clone();
        if ahead.next() != Some('-') || ahead.next().is_none_or(|next| next == ']') {
            return Ok(if from.is_ascii() { ASCII } else { BEYOND });
        }
        self.chars.next();
        self.out.push('-');
        let to = match self.chars.next() {
            Some('-' | '[') | None => return Err(RANGE),
            Some('\\') if matches!(self.chars.peek(), Some('p' | 'P')) => return Err(RANGE),
            Some(char) => self.single(char)?,
        };
        match to {
            to if to < from => Err(RANGE),
            to if to.is_ascii() => Ok(ASCII),
            _ => Ok(2 * BEYOND),
        }
    }

    /// Writes one character of a class and says which it is.
    fn single(&mut self, char: char) -> Result<char, Refusal> {
        if char != '\\' {
            self.plain(char);
            return Ok(char);
        }
        let escaped = self.chars.peek().copied();
        self.escape(true)?;
        Ok(match escaped {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            other => other.unwrap_or('\\'),
        })
    }
}
