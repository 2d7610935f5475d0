//! What the check has to tell: at which operation, and how much it weighs.

use std::{collections::HashSet, rc::Rc};

use document::authored::nearest;
use fault::Finding;

use super::{At, Shape, Sorts, Type, shape::InTheWay};
use crate::field::{Field, Word};

/// So many are told one by one; a mapping with more is another mapping than was meant.
const TOLD: usize = 200;

/// What was found so far, and where the check stands.
#[derive(Debug)]
pub(crate) struct Notes {
    findings: Vec<Finding>,
    /// What was told already.
    told: HashSet<(At, String)>,
    /// The operation at hand.
    pub(crate) at: At,
}

impl Notes {
    pub(crate) fn new() -> Self {
        Self { findings: Vec::new(), told: HashSet::new(), at: Rc::from("") }
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    pub(crate) fn tell(&mut self, finding: Finding) {
        if self.findings.len() < TOLD && self.told.insert((finding.pointer.as_str().into(), finding.message.clone())) {
            self.findings.push(finding);
        }
    }

    fn warn(&mut self, code: &'static str, message: String, hint: impl Into<String>) {
        self.tell(Finding::warning(code, &*self.at, message, hint));
    }

    /// Something may reject a record, and nothing says what happens then.
    pub(crate) fn may_fail(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.warn("mapping_may_fail", message.into(), hint);
    }

    /// Something the source said is not said afterwards.
    pub(crate) fn lossy(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.warn("mapping_lossy", message.into(), hint);
    }

    /// What stands at a place that an operation reads.
    pub(crate) fn read(&mut self, shape: &Shape, field: &Field) -> Type {
        self.look(&shape.root, field.words(), &field.to_string());
        shape.get(field)
    }

    /// Doubts a name on the way that nothing is known of where names are listed.
    pub(crate) fn look(&mut self, root: &Type, words: &[Word], path: &str) {
        let mut found = root.clone();
        for word in words {
            if let (Word::Name(name), Some(members)) = (word, &found.members)
                && found.known
                && found.sorts.may(Sorts::OBJECT)
                && members.doubts(name)
            {
                let hint = match nearest(name, members.names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "correct the path, or leave the operation out".to_owned(),
                };
                return self.warn("mapping_unknown_source", format!("nothing is known to stand at `{path}`"), hint);
            }
            found = match word {
                Word::Name(name) => found.member(name),
                Word::Index(_) => found.element(),
            };
        }
    }

    /// Says that what stands at a place may not be what the operation works on.
    pub(crate) fn needs(&mut self, found: &Type, needed: Sorts, field: &Field) {
        if found.known && !found.sorts.is(needed | Sorts::NOTHING) {
            let wrong = found.sorts.without(needed | Sorts::NOTHING).words();
            self.may_fail(format!("`{field}` may be {wrong}, and {} is needed", needed.words()), "cast it before, or work on another field");
        }
    }

    /// Puts a value at a place as the operation at hand does.
    pub(crate) fn put(&mut self, shape: &mut Shape, field: &Field, value: Type, surely: bool) {
        let value = value.by(&self.at);
        if let Err(InTheWay(found)) = shape.put(field, value, surely) {
            self.may_fail(format!("{} stands on the way to `{field}`", found.words()), "choose another place, or remove what stands there before");
        }
    }

    /// What stands where the operation at hand took something away.
    pub(crate) fn taken(&self) -> Type {
        Type::absent().by(&self.at)
    }
}
