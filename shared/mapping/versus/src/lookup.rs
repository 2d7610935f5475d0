//! A table for VRL programs: `lookup(key)` answers the entry of a hash table, or null.
//!
//! VRL alone has no tables; Vector adds them as a function like this one. Without it VRL would build the table for every record.

use std::{collections::HashMap, sync::Arc};

use vrl::compiler::{function::Example, prelude::*};

type Table = Arc<HashMap<Bytes, Value>>;

/// The function, before it is called anywhere.
#[derive(Clone, Debug)]
pub struct Lookup(Table);

impl Lookup {
    /// The function over a table.
    #[must_use]
    pub fn of(table: HashMap<String, String>) -> Self {
        Self(Arc::new(table.into_iter().map(|(key, value)| (Bytes::from(key), Value::from(value))).collect()))
    }
}

impl Function for Lookup {
    fn identifier(&self) -> &'static str {
        "lookup"
    }

    fn usage(&self) -> &'static str {
        "The entry of a key, or null."
    }

    fn category(&self) -> &'static str {
        Category::Map.as_ref()
    }

    fn return_kind(&self) -> u16 {
        kind::BYTES | kind::NULL
    }

    fn examples(&self) -> &'static [Example] {
        &[]
    }

    fn parameters(&self) -> &'static [Parameter] {
        const PARAMETERS: &[Parameter] = &[Parameter::required("key", kind::ANY, "What is looked up.")];
        PARAMETERS
    }

    fn compile(&self, _: &TypeState, _: &mut FunctionCompileContext, arguments: ArgumentList) -> Compiled {
        Ok(Call { key: arguments.required("key"), table: self.0.clone() }.as_expr())
    }
}

/// One call of it in a program.
#[derive(Clone, Debug)]
struct Call {
    key: Box<dyn Expression>,
    table: Table,
}

impl FunctionExpression for Call {
    fn resolve(&self, ctx: &mut Context) -> Resolved {
        let key = self.key.resolve(ctx)?;
        Ok(key.as_bytes().and_then(|key| self.table.get(key)).cloned().unwrap_or(Value::Null))
    }

    fn type_def(&self, _: &TypeState) -> TypeDef {
        TypeDef::bytes().or_null().infallible()
    }
}
