//! From a JSON Pointer to the line and column of a text.

/// The line and column (from 1, columns in bytes) of what a pointer names, or of the nearest thing around it that exists.
///
/// The text is known to be JSON; for a member, the place is that of its key.
pub(crate) fn place(text: &str, pointer: &str) -> (usize, usize) {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    scan.space();
    let mut best = scan.at;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        match scan.enter(&token) {
            Some(found) => best = found,
            None => break,
        }
    }
    let before = &text.as_bytes()[..best];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (1 + before.iter().filter(|byte| **byte == b'\n').count(), best - line_start + 1)
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn space(&mut self) {
        while self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// Moves from the start of a value to the start of one child; the answer is where the child (its key) stands.
    fn enter(&mut self, token: &str) -> Option<usize> {
        let object = match self.peek() {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        self.at += 1;
        for index in 0_usize.. {
            self.space();
            let start = self.at;
            let matches = match self.peek() {
                b'"' if object => {
                    let key = self.string();
                    self.space();
                    self.at += 1;
                    self.space();
                    key == token
                }
                b']' | b'}' | 0 => return None,
                _ => !object && index.to_string() == token,
            };
            if matches {
                return Some(start);
            }
            self.skip();
            self.space();
            self.at += usize::from(self.peek() == b',');
        }
        None
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.skip();
        let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        document::parse_str(text).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Moves past one value.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    while !matches!(self.peek(), b'"' | 0) {
                        self.at += 1 + usize::from(self.peek() == b'\\');
                    }
                    self.at += 1;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' if depth == 0 => return,
                0 => return,
                _ if depth > 0 => self.at += 1,
                _ => {
                    while !matches!(self.peek(), b',' | b'}' | b']' | 0) && !self.peek().is_ascii_whitespace() {
                        self.at += 1;
                    }
                    return;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn pointers_lead_to_their_line_and_column() {
        let text = "{\n  \"a\": {\"b\": [1, {\"c\": \"x,}\"}], \"d/e\": null},\n  \"f\": true\n}";
        for (pointer, expected) in [("", (1, 1)), ("/a", (2, 3)), ("/a/b/1/c", (2, 19)), ("/a/d~1e", (2, 33)), ("/f", (3, 3)), ("/a/missing", (2, 3)), ("/f/x", (3, 3))] {
            assert_eq!(place(text, pointer), expected, "{pointer}");
        }
    }
}
