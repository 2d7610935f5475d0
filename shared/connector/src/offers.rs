//! The names that expressions may use, by the place where they stand: the reference is made of what the checker goes by.

use crate::elements::{apply, auth, canonical_map, derive, errors, incremental, listed, pagination, parent, records, request, snapshot};

/// A place that takes expressions.
#[derive(Debug)]
pub struct Offer {
    /// The place, as the reference says it.
    pub place: &'static str,
    /// The first words of the names it offers.
    pub names: &'static [&'static str],
}

/// A name and what it is.
#[derive(Debug)]
pub struct Name {
    /// Its first word.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
}

/// Every place that takes expressions.
pub const OFFERS: &[Offer] = &[
    Offer { place: "`base_url`, `headers` of the definition, `endpoints.test`", names: request::TEST },
    Offer { place: "`derive` of a value of `config`", names: derive::SEEN },
    Offer { place: "`auth`, with the `request` of a token exchange", names: auth::ROOTS },
    Offer { place: "`apply` of a token exchange", names: apply::ROOTS },
    Offer { place: "`request` of a read or a snapshot, `open` and `close` of a scroll", names: request::READ },
    Offer { place: "`path` of `records`", names: records::place::SEEN },
    Offer { place: "`filter`, `add` and other conditions of `records`", names: &records::FILTER },
    Offer { place: "`pagination`: cursors, variables, `until`", names: pagination::SEEN },
    Offer { place: "`start`, `window` and `lookback` of `incremental`", names: incremental::START },
    Offer { place: "`values` of a `fan_out`", names: listed::ROOTS },
    Offer { place: "`filter` of a parent", names: parent::FILTER },
    Offer { place: "`errors` and `when`: conditions, messages, waits", names: errors::ANSWER },
    Offer { place: "`fields` of a `canonical_map`", names: canonical_map::field::SEEN },
    Offer { place: "`fields` of an `each` in a `canonical_map`", names: canonical_map::field::SEEN_IN_EACH },
    Offer { place: "`absent` of a snapshot", names: snapshot::ABSENT },
    Offer { place: "`request` of `deliver`", names: request::DELIVER },
];

/// What the names are. Which of the members of a name exist, such as `config.shop`, the definition itself says.
pub const NAMES: &[Name] = &[
    Name { name: "config", doc: "`config.NAME`: a value of the connection, declared under `config`" },
    Name { name: "token", doc: "`token.NAME`: what was captured beside a token; in `apply` also `token` alone, the token itself" },
    Name { name: "cursor", doc: "where the source says to go on; absent at the first page of the first run" },
    Name { name: "page", doc: "the number of the page, where the pagination counts pages" },
    Name { name: "offset", doc: "the records before the page, where the pagination counts records" },
    Name { name: "vars", doc: "`vars.NAME`: the variables of `pagination` with the `type` `vars`" },
    Name { name: "window", doc: "`window.start` and `window.end`: the span of `incremental` that is read" },
    Name { name: "parent", doc: "`parent.AS.value` and what is kept of a parent: the values of `fan_out`" },
    Name { name: "field_hint", doc: "the scope a snapshot is asked for, such as a location" },
    Name { name: "record", doc: "a record" },
    Name { name: "item", doc: "an element of the array that `each` goes through" },
    Name { name: "response", doc: "the body of the answer" },
    Name { name: "headers", doc: "`headers['retry-after']`: a header of the answer, by its name in lower case" },
    Name { name: "status", doc: "the status of the answer" },
    Name { name: "last", doc: "the last record of the page" },
    Name { name: "count", doc: "how many records the page holds" },
    Name { name: "key", doc: "the key of the event that is delivered" },
    Name { name: "fields", doc: "its canonical fields" },
    Name { name: "extensions", doc: "what stands beside them" },
];

impl Offer {
    /// The names as they are written: `token` may stand for what was captured, for the token itself, or for both.
    pub fn written(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().map(|name| if name.starts_with("issued") { "token" } else { name })
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::{NAMES, OFFERS};
    use crate::{Draft, template::ASKED};

    #[test]
    fn every_place_an_accepted_definition_uses_is_told_and_every_name_explained() {
        for folder in ["corpus/accept", "../../examples/definitions"] {
            for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
                assert!(Draft::parse(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap().check().is_valid(), "an accepted definition");
            }
        }
        let asked = ASKED.take();
        assert!(asked.len() > 8, "{asked:?}");
        for names in &asked {
            assert!(OFFERS.iter().any(|offer| offer.names == *names), "no place offers {names:?}");
        }
        for offer in OFFERS {
            assert!(asked.contains(offer.names), "nothing uses {}", offer.place);
        }
        let explained: BTreeSet<_> = NAMES.iter().map(|name| name.name).collect();
        assert_eq!(OFFERS.iter().flat_map(super::Offer::written).collect::<BTreeSet<_>>(), explained);
    }
}
