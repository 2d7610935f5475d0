//! I-Regexp (RFC 9485): checks a pattern and writes the same for the crate `regex`.
//!
//! Called by `pattern` before anything is compiled. Says of what other dialects know how it is written here; never
//! recurses, and never passes a character on that the other side could read as something else.

/// The most a counted repeat may ask for.
const REPEATS: u32 = 100;
/// How deep groups may stand in each other.
const DEEPEST: usize = 16;

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
}

/// The pattern as the crate `regex` writes it.
pub(super) fn translated(text: &str) -> Result<String, Refusal> {
    Translation { chars: text.chars().peekable(), out: String::with_capacity(text.len() + 16) }.whole()
}

impl Translation<'_> {
    fn whole(mut self) -> Result<String, Refusal> {
        let this = &mut self;
        let mut groups = 0_usize;
        // Whether a repeat may follow.
        let mut atom = false;
        while let Some(char) = this.chars.next() {
            atom = match char {
                '(' => {
                    groups += 1;
                    if groups > DEEPEST {
                        return Err(costly("groups of a pattern stand in each other more than 16 deep", "write it flatter"));
                    }
                    if this.chars.peek() == Some(&'?') {
                        return Err(wrong("a pattern has no flags, named groups or looking around", "write a plain group: `(…)`"));
                    }
                    this.out.push_str("(?:");
                    false
                }
                ')' => {
                    groups = groups.checked_sub(1).ok_or_else(|| wrong("a group of the pattern was not opened", "write a parenthesis itself as `\\(`"))?;
                    this.out.push(')');
                    true
                }
                '|' => {
                    this.out.push('|');
                    false
                }
                '*' | '+' | '?' | '{' if !atom => return Err(wrong("a repeat of the pattern has nothing to repeat", "write the character itself with a backslash before it")),
                '*' | '+' | '?' => {
                    this.out.push(char);
                    false
                }
                '{' => this.counted()?,
                '.' => this.write(r"[^\n\r]"),
                '[' => this.class()?,
                '\\' => this.escape(false)?,
                ']' | '}' => return Err(wrong("a bracket of the pattern was not opened", "write the bracket itself with a backslash before it")),
                '^' | '$' => {
                    this.out.push(char);
                    false
                }
                char => this.plain(char),
            };
        }
        if groups > 0 { Err(wrong("a group of the pattern is not closed", "end it with `)`")) } else { Ok(self.out) }
    }

    fn write(&mut self, text: &str) -> bool {
        self.out.push_str(text);
        true
    }

    /// A character that stands for itself.
    fn plain(&mut self, char: char) -> bool {
        if char.is_ascii_punctuation() && !matches!(char, '<' | '>') {
            self.out.push('\\');
        }
        self.out.push(char);
        true
    }

    /// `{2}`, `{2,}` or `{2,4}`, behind its brace.
    fn counted(&mut self) -> Result<bool, Refusal> {
        const WRONG: Refusal = wrong("a counted repeat is not written as `{2}`, `{2,}` or `{2,4}`", "write a brace itself as `\\{`");
        let least = self.count()?.ok_or(WRONG)?;
        let most = if self.chars.next_if_eq(&',').is_some() { self.count()? } else { Some(least) };
        if self.chars.next() != Some('}') || most.is_some_and(|most| most < least) {
            return Err(WRONG);
        }
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
    fn escape(&mut self, in_class: bool) -> Result<bool, Refusal> {
        match self.chars.next() {
            Some(char @ ('n' | 'r' | 't')) => {
                self.out.push('\\');
                self.out.push(char);
                Ok(true)
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
    fn category(&mut self, p: char) -> Result<bool, Refusal> {
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
        Ok(true)
    }

    /// `[a-z]`, behind its bracket.
    fn class(&mut self) -> Result<bool, Refusal> {
        const OPEN: Refusal = wrong("a bracket of the pattern is not closed", "end it with `]`");
        self.out.push('[');
        if self.chars.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut empty = true;
        loop {
            let Some(char) = self.chars.next() else { return Err(OPEN) };
            match char {
                ']' if empty => return Err(wrong("a bracket of the pattern is empty", "name the characters it stands for")),
                ']' => {
                    self.out.push(']');
                    return Ok(true);
                }
                '[' => return Err(wrong("a bracket of the pattern stands in another", "write the bracket itself as `\\[`")),
                '-' if empty || self.chars.peek() == Some(&']') => _ = self.plain('-'),
                '-' => return Err(wrong("a dash of the pattern stands between no two characters", "write it first, last or as `\\-`")),
                '\\' if matches!(self.chars.peek(), Some('p' | 'P')) => _ = self.escape(true)?,
                char => self.member(char)?,
            }
            empty = false;
        }
    }

    /// A character of a class, or a range of them.
    fn member(&mut self, char: char) -> Result<(), Refusal> {
        const RANGE: Refusal = wrong("a range of the pattern does not rise from one character to another", "write it as `a-z`");
        let from = self.single(char)?;
        let mut ahead = self.chars.clone();
        if ahead.next() != Some('-') || ahead.next().is_none_or(|next| next == ']') {
            return Ok(());
        }
        self.chars.next();
        self.out.push('-');
        let to = match self.chars.next() {
            Some('-' | '[') | None => return Err(RANGE),
            Some('\\') if matches!(self.chars.peek(), Some('p' | 'P')) => return Err(RANGE),
            Some(char) => self.single(char)?,
        };
        if to < from { Err(RANGE) } else { Ok(()) }
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
