//! Records through a VRL program: parsed into VRL's value, resolved, written.
//!
//! As VRL is embedded: compiled once, one runtime, cleared between records. Its timestamps are written by its own value,
//! which is quicker than to format them in the program.

use std::collections::{BTreeMap, HashMap};

use vrl::{
    compiler::{Program, TargetValue, TimeZone, compile, runtime::Runtime},
    value::{Secrets, Value},
};

use crate::{contender::{Contender, Refusal}, lookup::Lookup};

/// A compiled program and what it runs in.
pub struct Compiled {
    program: Program,
    runtime: Runtime,
    target: TargetValue,
}

impl Compiled {
    /// Compiles a program; `lookup(key)` in it looks a text up in the table.
    ///
    /// # Panics
    /// The program is wrong. All programs are part of this package.
    #[must_use]
    pub fn new(source: &str, table: HashMap<String, String>) -> Self {
        let mut functions = vrl::stdlib::all();
        functions.push(Box::new(Lookup::of(table)));
        let compiled = compile(source, &functions).unwrap_or_else(|wrong| panic!("{:?}", wrong.iter().map(|one| one.message.clone()).collect::<Vec<_>>()));
        let target = TargetValue { value: Value::Null, metadata: Value::Object(BTreeMap::new()), secrets: Secrets::default() };
        Self { program: compiled.program, runtime: Runtime::default(), target }
    }
}

impl Contender for Compiled {
    fn run(&mut self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        self.target.value = serde_json::from_slice(record)?;
        self.runtime.clear();
        self.runtime.resolve(&mut self.target, &self.program, &TimeZone::default())?;
        Ok(serde_json::to_writer(out, &self.target.value)?)
    }
}
