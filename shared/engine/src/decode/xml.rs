//! XML: elements become JSON by the convention [`connector::Xml`] tells. A document type is passed over:
//! what it names is never fetched, and one that declares anything itself is refused, so that no entity can be declared.

use std::collections::HashSet;

use connector::Xml;
use document::Limits;
use fault::Simple;
use quick_xml::{Error, Reader, XmlVersion, errors::{IllFormedError, SyntaxError}, escape::resolve_predefined_entity, events::{BytesRef, BytesStart, Event}};

use super::{damaged, element::{Element, is_space}, too_large, wrong};

/// Levels of elements; records have no more of arrays and objects.
const DEPTH: usize = 64;

/// The document as an object with its root element as the key.
pub(crate) fn json(text: &str, xml: &Xml, most: usize) -> Result<Vec<u8>, Simple> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let listed = xml.always_list.iter().map(String::as_str).collect();
    let mut tree = Tree { xml, listed, open: vec![Element::default()], left: most, nodes: Limits::default().nodes, typed: false };
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(unread(&error, reader.error_position())),
        };
        if matches!(event, Event::Eof) {
            return tree.end();
        }
        tree.take(event).map_err(|refused| match refused {
            Refused::Wrong(message) => wrong(format!("{message}, before byte {}", reader.buffer_position())),
            Refused::TooLarge => too_large(most),
            Refused::TooMany => Simple::reject("response_too_large", format!("the answer has more than {} elements and attributes: ask for smaller pages", Limits::default().nodes)),
        })?;
    }
}

fn unread(error: &Error, at: u64) -> Simple {
    match error {
        Error::Syntax(SyntaxError::InvalidBangMarkup) => wrong(format!("a markup is none of XML, at byte {at}")),
        Error::Syntax(_) | Error::IllFormed(IllFormedError::MissingEndTag(_)) => damaged("the XML ends too early"),
        Error::IllFormed(IllFormedError::UnmatchedEndTag(_) | IllFormedError::MismatchedEndTag { .. }) => wrong(format!("an end tag is not that of the open element, at byte {at}")),
        _ => wrong(format!("the XML is malformed at byte {at}")),
    }
}

/// Why an event is not taken.
enum Refused {
    Wrong(&'static str),
    TooLarge,
    TooMany,
}

/// The elements that are open, outermost first; the first is the document itself.
struct Tree<'x> {
    xml: &'x Xml,
    listed: HashSet<&'x str>,
    open: Vec<Element>,
    /// The bytes of names and texts that may still come.
    left: usize,
    /// The elements and attributes that may; a document has no more values.
    nodes: usize,
    /// A document type was there.
    typed: bool,
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>) -> Result<(), Refused> {
        match event {
            Event::Start(start) => self.start(&start),
            Event::Empty(start) => {
                self.start(&start)?;
                self.close()
            }
            Event::End(_) => self.close(),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(entity) => self.text(referred(&entity)?.encode_utf8(&mut [0; 4])),
            Event::DocType(doctype) => self.doctype(&doctype),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Refused> {
        let name = start.name().0;
        if self.open.len() > DEPTH {
            return Err(Refused::Wrong("elements stand more than 64 deep"));
        }
        if name.is_empty() || name.contains(['<', '&', '=', '"', '\'']) {
            return Err(Refused::Wrong("an element has no name, or none that can be one"));
        }
        if self.open.len() == 1 && self.open.iter().any(|document| !document.is_leaf()) {
            return Err(Refused::Wrong("a second root element stands"));
        }
        self.count()?;
        self.spend(name)?;
        let mut element = Element::named(name);
        // The reader would compare every attribute with every other.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Refused::Wrong("an attribute is malformed"))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Refused::Wrong("an attribute refers to something unknown"))?;
            let key = format!("{}{}", self.xml.attributes, attribute.key.0);
            self.count()?;
            self.spend(&key)?;
            self.spend(&value)?;
            if !element.attribute(key, &value) {
                return Err(Refused::Wrong("an attribute stands twice"));
            }
        }
        self.open.push(element);
        Ok(())
    }

    fn doctype(&mut self, doctype: &str) -> Result<(), Refused> {
        let begun = self.open.len() > 1 || self.open.iter().any(|document| !document.is_leaf());
        if std::mem::replace(&mut self.typed, true) || begun {
            return Err(Refused::Wrong("a document type stands where none can"));
        }
        if doctype.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html")) {
            return Err(Refused::Wrong("the document is a page for people"));
        }
        // Where it names something else, that stands in quotes.
        let mut quote = None;
        for char in doctype.chars() {
            match quote {
                Some(open) if open == char => quote = None,
                None if matches!(char, '"' | '\'') => quote = Some(char),
                None if char == '[' => return Err(Refused::Wrong("a document type declares something of its own")),
                _ => {}
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Refused> {
        self.spend(text)?;
        match self.open.as_mut_slice() {
            [_] if text.chars().all(is_space) => {}
            [.., element] if element.name.is_empty() => return Err(Refused::Wrong("a text stands outside of the root element")),
            [.., element] => element.text.push_str(text),
            [] => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refused> {
        self.left = self.left.checked_sub(self.xml.text.len()).ok_or(Refused::TooLarge)?;
        let Some(element) = self.open.pop() else { return Ok(()) };
        let mut value = Vec::new();
        if !element.write(&mut value, &self.xml.text, &self.listed) {
            return Err(Refused::Wrong("the text has the key of an attribute or of another element"));
        }
        let apart = self.open.last_mut().is_none_or(|around| around.child(element.name, &value));
        if apart { Ok(()) } else { Err(Refused::Wrong("an element has the key of an attribute")) }
    }

    fn spend(&mut self, text: &str) -> Result<(), Refused> {
        if text.bytes().any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) {
            return Err(Refused::Wrong("a control character stands that XML does not have"));
        }
        self.left = self.left.checked_sub(text.len()).ok_or(Refused::TooLarge)?;
        Ok(())
    }

    fn count(&mut self) -> Result<(), Refused> {
        self.nodes = self.nodes.checked_sub(1).ok_or(Refused::TooMany)?;
        Ok(())
    }

    fn end(self) -> Result<Vec<u8>, Simple> {
        match self.open.as_slice() {
            [document] if document.is_leaf() => Err(wrong("the answer has no element")),
            [document] => {
                let mut out = Vec::new();
                document.write(&mut out, &self.xml.text, &self.listed);
                Ok(out)
            }
            _ => Err(damaged("the XML ends too early")),
        }
    }
}

/// The character a reference stands for: one of the five of XML, or one told by its number.
fn referred(entity: &BytesRef<'_>) -> Result<char, Refused> {
    let named = || resolve_predefined_entity(entity).and_then(|text| text.chars().next());
    entity.resolve_char_ref().ok().and_then(|char| char.or_else(named)).ok_or(Refused::Wrong("a text refers to something unknown"))
}
