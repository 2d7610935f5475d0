//! Lists of `each` in records of XML: whether they are lists also where there is one element.

use document::token;
use mapping::Source;

use crate::{Connector, Format, Xml, check::Check, elements::records::lone};

pub(super) fn check(cx: &mut Check, connector: &Connector) {
    for map in &connector.canonical_maps {
        let Some(read) = connector.entity(&map.entity).and_then(|entity| entity.read.as_ref()) else { continue };
        if let Format::Xml(xml) = &read.records.decode.format {
            fields(cx, &format!("/canonical_map/{}/fields", token(&map.entity)), &map.plan.fields, xml);
        }
    }
}

fn fields(cx: &mut Check, at: &str, fields: &[(String, Source)], xml: &Xml) {
    for (name, source) in fields {
        if let Source::Each { path, fields } = source {
            let at = format!("{at}/{}", token(name));
            lone::tell(cx, &format!("{at}/each"), path, xml);
            self::fields(cx, &format!("{at}/fields"), fields, xml);
        }
    }
}
