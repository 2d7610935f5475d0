//! Looks for secrets in what a reader would see of a text, however it is written.

use std::{cell::Cell, ops::Range};

use crate::{encoded, resolved, secret::{FORMS, SHORTEST, is_cased}};

/// What is shorter has a base64 that may stand in what is no secret.
pub(crate) const SHORTEST_BASE64: usize = 6;

/// Secrets in the ways they are looked for.
pub(crate) struct Sought(Vec<Needle>);

struct Needle {
    bytes: Vec<u8>,
    /// Which secret it is.
    of: usize,
    /// Whether small letters are as good as large ones.
    any_case: bool,
}

impl Sought {
    /// The secrets to look for; those that are too short are not.
    pub(crate) fn new<'s>(secrets: impl Iterator<Item = &'s str>) -> Self {
        let mut needles: Vec<Needle> = Vec::new();
        for (of, secret) in secrets.enumerate().filter(|(_, secret)| secret.len() >= SHORTEST) {
            let mut add = |bytes: Vec<u8>, any_case: bool| {
                if bytes.len() >= SHORTEST && !needles.iter().any(|known| known.bytes == bytes && known.of == of) {
                    needles.push(Needle { bytes, of, any_case });
                }
            };
            // One that is itself written otherwise may come back as it is meant.
            resolved::each(secret, |now| add(now.bytes.clone(), is_cased(&now.bytes)));
            for (name, form) in FORMS.iter().filter(|(name, _)| *name == "hex" || (name.starts_with("base64") && secret.len() >= SHORTEST_BASE64)) {
                add(form(secret).into_bytes(), *name == "hex");
            }
        }
        Self(needles)
    }

    /// The text with something else in the place of every secret in it; `None` where it holds none.
    pub(crate) fn over(&self, text: &str, put: &dyn Fn(usize) -> String) -> Option<String> {
        if text.len() < SHORTEST || self.0.is_empty() {
            return None;
        }
        let (places, packed) = self.places(text);
        let left = placed(text, places, put);
        let within = encoded::within(left.as_deref().unwrap_or(text), &|inner| placed(inner, self.places(inner).0, put));
        // What stands in base64 that is itself written otherwise has no place of its own: then all of it goes.
        match packed.and_then(|_| self.places(&within).1) {
            Some(of) => Some(put(of)),
            None => (within != text).then_some(within),
        }
    }

    /// Where secrets stand, in order, and one that stands in base64 behind another writing.
    fn places(&self, text: &str) -> (Vec<(Range<usize>, usize)>, Option<usize>) {
        let (mut places, packed, mut first) = (Vec::new(), Cell::new(None), true);
        resolved::each(text, |now| {
            self.each(&now.bytes, |range, of| places.push((now.place(range), of)));
            if !std::mem::take(&mut first) && packed.get().is_none() {
                encoded::within(&String::from_utf8_lossy(&now.bytes), &|inner| {
                    resolved::each(inner, |now| self.each(&now.bytes, |_, of| packed.set(Some(of))));
                    None
                });
            }
        });
        places.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        (places, packed.get())
    }

    fn each(&self, hay: &[u8], mut found: impl FnMut(Range<usize>, usize)) {
        self.0.iter().for_each(|needle| needle.each(hay, |range| found(range, needle.of)));
    }
}

impl Needle {
    fn each(&self, hay: &[u8], mut found: impl FnMut(Range<usize>)) {
        let mut at = 0;
        while at + self.bytes.len() <= hay.len() {
            let Some(skip) = hay[at..].iter().position(|byte| self.is(*byte, self.bytes[0])) else { return };
            at += skip;
            let Some(here) = hay.get(at..at + self.bytes.len()) else { return };
            if here.iter().zip(&self.bytes).all(|(byte, own)| self.is(*byte, *own)) {
                found(at..at + self.bytes.len());
                at += self.bytes.len();
            } else {
                at += 1;
            }
        }
    }

    fn is(&self, byte: u8, own: u8) -> bool {
        // A plus is a space in a form.
        byte == own || (self.any_case && byte.eq_ignore_ascii_case(&own)) || (matches!(byte, b'+' | b' ') && matches!(own, b'+' | b' '))
    }
}

/// The text with something else at some places, of which those that overlap are one; `None` where there are none.
fn placed(text: &str, places: Vec<(Range<usize>, usize)>, put: &dyn Fn(usize) -> String) -> Option<String> {
    let mut apart: Vec<(Range<usize>, usize)> = Vec::new();
    for (range, of) in places {
        let range = text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end);
        match apart.last_mut() {
            Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push((range, of)),
        }
    }
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for (range, of) in &apart {
        out.push_str(&text[end..range.start]);
        out.push_str(&put(*of));
        end = range.end;
    }
    out.push_str(&text[end..]);
    (!apart.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::Sought;

    #[test]
    fn a_secret_is_found_as_a_reader_would_see_it() {
        let sought = Sought::new(["s3/cr+t", "clé&x", "abc", "ab%2Fcd\\e"].into_iter());
        for (text, expected) in [
            (r"bad s3\/cr+t!", "bad <0>!"), ("bad s3&#x2F;cr%2bt!", "bad <0>!"), ("s3%2fcr t s3/cr+t", "<0> <0>"), (r"cl\u00e9&amp;x", "<1>"), ("cl&eacute;&x", "<1>"), (r"cl\\u00e9\\u0026x", "<1>"), ("abc", ""), ("nothing", ""), ("", ""),
            ("ab/cd\\e", "<3>"), (r"ab%2Fcd\\e", "<3>"), ("73332f63722B74", "<0>"), (r"a czMvY3IrdA== b", "a <0> b"), (r#"{"a":"am9lOnMzXC9jcit0"}"#, r#"{"a":"am9lOjwwPg"}"#), (r"it says am9lO\u006eMzL2NyK3Q= here", "<0>"),
        ] {
            let found = sought.over(text, &|of| format!("<{of}>")).unwrap_or_default();
            assert_eq!(found, expected, "{text}");
        }
    }
}
