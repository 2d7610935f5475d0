//! The tables of statuses: each leads to words its type knows, and no word is guessed.

use std::collections::BTreeSet;

use canonical::{Kind, STATUSES};

#[test]
fn a_word_of_a_platform_has_one_canonical_word() {
    for (kind, table, word, expected) in [
        ("order", "shopify.status", "partially_refunded", Some("partially_refunded")), ("order", "shopify.fulfillmentStatus", "partial", Some("partially_fulfilled")),
        ("order", "magento.status", "holded", Some("on_hold")), ("order", "magento.status", "canceled", Some("cancelled")), ("order", "magento.status", "closed", Some("refunded")),
        ("order", "woocommerce.status", "on-hold", Some("on_hold")), ("order", "linnworks.status", "0", Some("pending")), ("order", "linnworks.status", "1", Some("paid")), ("order", "linnworks.status", "2", Some("returned")),
        ("order", "linnworks.status", "3", Some("pending")), ("order", "linnworks.status", "4", Some("processing")), ("order", "tripletex.status", "CANCELLED", Some("cancelled")),
        ("invoice", "stripe.status", "void", Some("voided")), ("invoice", "xero.status", "AUTHORISED", Some("open")), ("payment", "stripe.status", "succeeded", Some("paid")),
        ("order", "shopify.status", "Paid", None), ("order", "shopify.status", "", None), ("order", "linnworks.status", "5", None), ("order", "nobody.status", "paid", None), ("order", "shopify", "paid", None), ("invoice", "shopify.status", "paid", None),
    ] {
        assert_eq!(Kind::of(kind).unwrap().status(table, word), expected, "{kind} {table} {word}");
    }
}

#[test]
fn every_table_leads_to_words_its_field_may_hold() {
    let mut names = BTreeSet::new();
    for table in STATUSES.iter() {
        let name = format!("{} {}.{}", table.platform, table.kind, table.field);
        let words = Kind::of(&table.kind).unwrap().schema.words(&table.field).unwrap_or_else(|| panic!("{name}: the field counts no words"));
        for (word, meant) in &table.words {
            assert!(words.contains(meant), "{name}: {word} leads to {meant}, which is no word of the field");
        }
        assert!(names.insert(name.clone()), "{name} stands twice");
    }
    let files: BTreeSet<String> = super::files("statuses").into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, STATUSES.iter().map(|table| table.platform.clone()).collect(), "each file is named like its platform, and each is read");
}
