//! Our own language: the mappings of `mappings/`, as the product compiles and runs them.

use mapping::{Draft, Mapping, Outcome, Run, Runner};

use crate::contender::{Contender, Refusal};

/// A runner with the mapping it runs.
pub struct Ours {
    runner: Runner<'static>,
}

impl Ours {
    /// Compiles a mapping. It lives as long as the program does: what is measured is made once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let report = Draft::parse(text).expect("the mapping is part of this program").check();
        let mapping: Mapping = report.into_checked().unwrap_or_else(|report| panic!("{:?}", report.findings()));
        Self { runner: Runner::new(Box::leak(Box::new(mapping)), document::Limits::default()) }
    }
}

impl Contender for Ours {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        // The time is the same for a whole run; no mapping here asks for it.
        match self.runner.run(record, &Run::at(jiff::Timestamp::UNIX_EPOCH), out)? {
            Outcome::Mapped => Ok(()),
            other => Err(format!("{other:?}").into()),
        }
    }
}
