//! The words of platforms for where something stands, and the canonical word for each, as `statuses/` declares them.
//!
//! A definition or a mapping names a table instead of writing one. A word no table knows has no canonical one: it is never
//! guessed at, for a status that is wrong sends goods that are not paid.

use std::sync::LazyLock;

use document::{Value, parse_str};

use crate::Kind;

/// The words of one platform for one field of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusTable {
    /// Whose words they are.
    pub platform: String,
    /// The canonical type.
    pub kind: String,
    /// Its field.
    pub field: String,
    /// Where the platform keeps its word, by its own name.
    pub source: String,
    /// Each word of the platform, numbers as their text, and the canonical one.
    pub words: Vec<(String, String)>,
}

const TEXTS: [&str; 8] = [
    include_str!("../statuses/abicart.json"),
    include_str!("../statuses/linnworks.json"),
    include_str!("../statuses/magento.json"),
    include_str!("../statuses/shopify.json"),
    include_str!("../statuses/stripe.json"),
    include_str!("../statuses/tripletex.json"),
    include_str!("../statuses/woocommerce.json"),
    include_str!("../statuses/xero.json"),
];

/// Every table.
pub static STATUSES: LazyLock<Vec<StatusTable>> = LazyLock::new(|| {
    let read = |text: &&str| parse_str(text).ok().and_then(|document| tables(&document));
    TEXTS.iter().flat_map(|text| read(text).expect("the files are part of the program, and a test reads each")).collect()
});

fn tables(document: &Value) -> Option<Vec<StatusTable>> {
    let platform = document.get("platform")?.as_str()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let table = |(name, table): &(String, Value)| {
        let (kind, field) = name.split_once('.')?;
        let words = table.get("words")?.entries()?.iter().map(|(word, meant)| Some((word.clone(), text(meant)?))).collect::<Option<_>>()?;
        Some(StatusTable { platform: platform.to_owned(), kind: kind.to_owned(), field: field.to_owned(), source: text(table.get("source")?)?, words })
    };
    document.get("tables")?.entries()?.iter().map(table).collect()
}

impl Kind {
    /// The canonical word for a platform's word, by a table named `PLATFORM.FIELD`, such as `shopify.fulfillmentStatus`.
    #[must_use]
    pub fn status(&self, table: &str, word: &str) -> Option<&'static str> {
        let (platform, field) = table.split_once('.')?;
        let table = STATUSES.iter().find(|table| table.platform == platform && table.kind == self.name && table.field == field)?;
        table.words.iter().find(|(known, _)| known == word).map(|(_, meant)| meant.as_str())
    }
}
